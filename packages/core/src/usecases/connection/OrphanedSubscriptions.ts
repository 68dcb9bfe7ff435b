/**
 * Subscriptions at the provider that no connection holds, left behind by a lost answer or a crash.
 * Decides what counts as orphaned: it carries this server's address, no connection in this store holds its id, and that
 * was so in two listings an hour apart, since a row may not be written yet. Subscriptions that other deployments made,
 * or other users of the same mailbox, are left alone.
 */
import { Effect } from "effect"
import type { CalendarError } from "../../ports/CalendarProvider.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { OpenAccount } from "../account/OpenAccount.ts"

const secondLookMillis = 3_600_000

/** Counts subscriptions that look orphaned now. Those that still do in an hour are deleted then. */
export const findOrphans = Effect.fn("Punctual.findOrphans")(function* (
  account: OpenAccount
): Effect.fn.Return<number, CalendarError | StoreError, Store> {
  const first = yield* listStrays(account)
  if (first.length > 0) yield* Effect.forkDetach(deleteLater(account, new Set(first)))
  return first.length
})

const deleteLater = (account: OpenAccount, suspects: ReadonlySet<string>): Effect.Effect<void, never, Store> =>
  Effect.sleep(secondLookMillis).pipe(
    Effect.andThen(listStrays(account)),
    Effect.flatMap((again) =>
      Effect.forEach(
        again.filter((id) => suspects.has(id)),
        (id) => account.session.unsubscribe(id),
        { concurrency: 2, discard: true }
      )
    ),
    Effect.catch((error) => Effect.logInfo("strays left for the next daily look", error._tag))
  )

const listStrays = Effect.fnUntraced(function* ({ provider, session }: OpenAccount) {
  const store = yield* Store
  const { notificationUrl } = provider.capabilities
  if (notificationUrl === null) return []
  const listed = (yield* session.subscriptions).filter((listing) => listing.notificationUrl === notificationUrl)
  const ids = listed.map(({ id }) => id)
  const held = new Set((yield* store.subscriptions(ids)).map(({ subscription }) => subscription.id))
  return ids.filter((id) => !held.has(id))
})
