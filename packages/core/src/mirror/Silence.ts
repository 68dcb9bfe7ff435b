/**
 * Subscriptions that bring nothing.
 *
 * Decides when one counts as silent: twice running a look at the calendar, after a while in which any notification would
 * have come, found changes that none had told of. Once is not enough: the notification may have been on its way. The
 * first one that comes ends it.
 */
import type { Calendar } from "../domain/Calendar.ts"
import type { Policy } from "../domain/Policy.ts"
import type { Instant } from "../domain/Time.ts"

/** Why a calendar is polled though it has a subscription: none of its notifications arrives here. */
export const notificationsNotArriving = "notifications_not_arriving"

/** Noted in the same place and shown to nobody: one look found what nobody had told of. */
const overdue = "notification_overdue"

export interface PassMade {
  /** When it was begun. */
  readonly now: Instant
  /** Rows that it changed. */
  readonly changed: number
  /** Of a full pass one can't tell: its window has moved. */
  readonly isIncremental: boolean
}

type Intervals = Pick<Policy, "pollMillis" | "safetyPollMillis">

/** How often a calendar with a subscription is read. */
export const intervalOf = (
  { pollingReason }: Pick<Calendar, "pollingReason">,
  { pollMillis, safetyPollMillis }: Intervals
): number => (pollingReason === notificationsNotArriving ? pollMillis : safetyPollMillis)

/** What is to be noted as the reason to poll after a pass over a calendar that was subscribed when it was claimed. */
export const pollingReasonAfter = (
  calendar: Pick<Calendar, "dueAt" | "lastSyncedAt" | "pollingReason" | "syncStatus">,
  { changed, isIncremental, now }: PassMade,
  policy: Intervals
): string | null => {
  const { dueAt, lastSyncedAt, pollingReason, syncStatus } = calendar
  if (lastSyncedAt === null || syncStatus !== "ok") return pollingReason
  // Due before its interval was over: it was marked, and that is what notifications do.
  if (dueAt - lastSyncedAt < intervalOf(calendar, policy)) return null
  if (changed === 0 || !isIncremental || now - lastSyncedAt < policy.pollMillis) return pollingReason
  return pollingReason === null ? overdue : notificationsNotArriving
}

/** Why a calendar is polled, as people are told; null: it is not, or has just begun to be doubted. */
export const shownPollingReason = ({ pollingReason, subscription }: Calendar): string | null =>
  subscription === null || pollingReason === notificationsNotArriving ? pollingReason : null
