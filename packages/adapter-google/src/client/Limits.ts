/**
 * Every number this adapter is bound by, with its unit. A host may lower or raise them; tests shrink them.
 */
export interface Limits {
  /** Requests under way at once for one mailbox. */
  readonly concurrencyMax: number
  /**
   * Requests one mailbox may be sent at once after a quiet time, and per minute besides. Together they never pass Google's
   * 600 in any minute.
   */
  readonly burstMax: number
  readonly requestsPerMinute: number
  /** Callers that may queue for one mailbox. */
  readonly waitingMax: number
  /** A wait up to this is waited out; a longer one is handed back as `Throttled`. */
  readonly waitMaxMillis: number
  /** From sending a request to having read its answer. */
  readonly deadlineMillis: number
  /** How often one request is sent at most, the first time included. */
  readonly attemptsMax: number
  readonly backoffMinMillis: number
  readonly backoffMaxMillis: number
  /** Google asks to wait without saying how long: this at first, twice as long each time, up to that. */
  readonly throttledMinMillis: number
  readonly throttledMaxMillis: number
  /** Failures in a row after which a mailbox is left alone; then one request at a time tries it. */
  readonly failuresMax: number
  /** For how long: this at first, twice as long after each try that fails, up to that. */
  readonly pauseMinMillis: number
  readonly pauseMaxMillis: number
  /** Somebody who waits has it tried sooner, but no oftener than this. */
  readonly askedMillis: number
  /** Answers larger than this are not read. */
  readonly bodyMaxBytes: number
  /** Items asked for per page, and when a page was too large to read. Google allows 2,500, and 250 calendars. */
  readonly pageSize: number
  readonly smallPageSize: number
  /** Pages of one round or list. */
  readonly pagesMax: number
  /** How far back a series is asked for what differs from its rule. */
  readonly seriesBackMillis: number
  /** An access token is renewed this long before it ends. */
  readonly renewEarlyMillis: number
  /** How long a definite refusal of a refresh token is remembered instead of asking again. */
  readonly refusedForMillis: number
  /** How long saving rotated credentials may take. */
  readonly saveMaxMillis: number
  /** Connections and mailboxes remembered at once; the longest unused are forgotten. */
  readonly rememberedMax: number
  /** A connection that nobody opened for so long is forgotten, with its tokens. */
  readonly idleMillis: number
  /** Life asked for a channel. Google grants about seven days, whatever is asked. */
  readonly channelMillis: number
}

const dayMillis = 86_400_000

export const defaultLimits: Limits = {
  concurrencyMax: 4,
  burstMax: 100,
  requestsPerMinute: 480,
  waitingMax: 1_000,
  waitMaxMillis: 10_000,
  deadlineMillis: 30_000,
  attemptsMax: 4,
  backoffMinMillis: 500,
  backoffMaxMillis: 8_000,
  throttledMinMillis: 2_000,
  throttledMaxMillis: 120_000,
  failuresMax: 8,
  pauseMinMillis: 2_000,
  pauseMaxMillis: 30_000,
  askedMillis: 2_000,
  bodyMaxBytes: 16 * 1_048_576,
  pageSize: 250,
  smallPageSize: 10,
  pagesMax: 2_000,
  seriesBackMillis: 400 * dayMillis,
  renewEarlyMillis: 300_000,
  refusedForMillis: 300_000,
  saveMaxMillis: 10_000,
  rememberedMax: 10_000,
  idleMillis: 2 * 3_600_000,
  channelMillis: 30 * dayMillis
}
