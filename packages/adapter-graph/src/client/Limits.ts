/**
 * Every number this adapter is bound by, with its unit. A host may lower or raise them; tests shrink them.
 * Four requests at once is Outlook's own limit for an app and a mailbox.
 */
import { type ServiceLimits, usualLimits } from "@punctual/core/http"

export interface Limits extends ServiceLimits {
  /** Besides the burst: together they never pass Outlook's 10,000 in any ten minutes. */
  readonly requestsPerTenMinutes: number
  /** Life asked for a subscription. Outlook refuses more than 10,070 minutes. */
  readonly subscriptionMinutes: number
}

export const defaultLimits: Limits = {
  ...usualLimits,
  burstMax: 2_000,
  requestsPerTenMinutes: 8_000,
  pageSize: 50,
  smallPageSize: 5,
  subscriptionMinutes: 10_000
}
