/**
 * Every number this adapter is bound by, with its unit. A host may lower or raise them; tests shrink them.
 */
import { type HoldLimits, type ServiceLimits, usualLimits } from "@punctual/core/http"

export interface Limits extends HoldLimits, ServiceLimits {
  /** Besides the burst: together they never pass Google's 600 in any minute. */
  readonly requestsPerMinute: number
  /** How far back a series is asked for what differs from its rule. */
  readonly seriesBackMillis: number
  /** Life asked for a channel. Google grants about seven days, whatever is asked. */
  readonly channelMillis: number
}

const dayMillis = 86_400_000

export const defaultLimits: Limits = {
  ...usualLimits,
  burstMax: 100,
  requestsPerMinute: 480,
  throttledMinMillis: 2_000,
  throttledMaxMillis: 120_000,
  // Google allows 2,500, and 250 calendars.
  pageSize: 250,
  smallPageSize: 10,
  seriesBackMillis: 400 * dayMillis,
  channelMillis: 30 * dayMillis
}
