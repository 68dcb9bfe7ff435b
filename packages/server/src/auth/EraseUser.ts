/**
 * Erasing a user: calendar, bots, schedules, credentials, keys, name.
 *
 * Decides the order, so that it can be asked for again wherever it broke off: keys stop working first, then the calendar
 * goes as when it is disconnected, the user leaves the workspace, and is forgotten last, until when it is found.
 */
import { Clock, Effect } from "effect"
import type { Punctual, RefusalCode, SecretsError, StoreError, UserId } from "@punctual/core"
import type { Accounts, AccountsUnavailable } from "@punctual/core/accounts"

export interface ErasedUser {
  readonly userId: string
  readonly eventsDeleted: number
  readonly schedulesCancelled: number
  /** False: a provider did not confirm it yet; it lapses by itself. */
  readonly subscriptionsStopped: boolean
}

/** There is nothing to disconnect, or no more. */
const nothingThere: ReadonlySet<RefusalCode> = new Set(["calendar_not_connected", "calendar_not_found"])

export const eraseUser = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  punctual: Punctual["Service"],
  userId: UserId
): Effect.fn.Return<ErasedUser, AccountsUnavailable | SecretsError | StoreError> {
  const now = yield* Clock.currentTimeMillis
  const keys = yield* accounts.keys(userId)
  // Through the port, so that whoever remembers keys forgets these.
  yield* Effect.forEach(keys, ({ id }) => accounts.revokeKey(userId, id, now), { discard: true })
  const { eventsDeleted, schedulesCancelled, subscriptionsStopped } = yield* punctual.disconnect(userId).pipe(
    Effect.catchTag("Refusal", (refusal) =>
      nothingThere.has(refusal.code)
        ? Effect.succeed({ eventsDeleted: 0, schedulesCancelled: 0, subscriptionsStopped: true })
        : // Nothing else is answered to a disconnect; were it, erasing must not seem done.
          Effect.die(refusal)
    )
  )
  // Of what is stored of the user counters stay, under the id.
  yield* punctual.joinWorkspace(userId, null)
  yield* accounts.eraseUser(userId)
  return { userId, eventsDeleted, schedulesCancelled, subscriptionsStopped }
})
