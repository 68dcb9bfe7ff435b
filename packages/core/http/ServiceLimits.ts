/**
 * The numbers that a client of any calendar service is bound by, with their units. A service adds its own.
 */
import type { BackoffLimits } from "./Backoff.ts"
import type { MailboxLimits } from "./Mailbox.ts"

export interface ServiceLimits extends BackoffLimits, MailboxLimits {
  /** Requests one mailbox may be sent at once after a quiet time. */
  readonly burstMax: number
  /** From sending a request to having read its answer. */
  readonly deadlineMillis: number
  /** How often one request is sent at most, the first time included. */
  readonly attemptsMax: number
  /** Answers larger than this are not read. */
  readonly bodyMaxBytes: number
  /** Items asked for per page, and when a page was too large to read; after that they come one by one. */
  readonly pageSize: number
  readonly smallPageSize: number
  /** Pages of one round or list. */
  readonly pagesMax: number
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
}

/** Where a service says nothing else. */
export const usualLimits = {
  concurrencyMax: 4,
  waitingMax: 1_000,
  waitMaxMillis: 10_000,
  deadlineMillis: 30_000,
  attemptsMax: 4,
  backoffMinMillis: 500,
  backoffMaxMillis: 8_000,
  failuresMax: 8,
  pauseMinMillis: 2_000,
  pauseMaxMillis: 30_000,
  askedMillis: 2_000,
  bodyMaxBytes: 16 * 1_048_576,
  pagesMax: 2_000,
  renewEarlyMillis: 300_000,
  refusedForMillis: 300_000,
  saveMaxMillis: 10_000,
  rememberedMax: 10_000,
  idleMillis: 2 * 3_600_000
} as const satisfies Partial<ServiceLimits>
