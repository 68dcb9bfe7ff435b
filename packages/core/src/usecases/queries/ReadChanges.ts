/**
 * Reads the log of changes, a user's own or everybody's, and waits for an entry where there is none yet.
 *
 * Decides when a place is too old to go on from: entries are kept so long and no longer, whether or not those that are older
 * were removed by now. Never writes; without a connection there is a log all the same.
 */
import { Clock, Effect } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import { Refusal } from "../../domain/Refusal.ts"
import { changeWaitLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import { type ChangesPage, Store, type StoreError } from "../../ports/Store.ts"
import type { Failure } from "../contract/Contract.ts"
import type { AllLogRequest, LogPage, OwnLogRequest } from "../contract/FollowContract.ts"
import { ChangeSignal, type Whose } from "../account/ChangeSignal.ts"
import { earliestOf, keptSince } from "./LogAge.ts"

/** A user's own entries. Refused: `cursor_expired`. */
export const readChanges = Effect.fn("Punctual.readChanges")(function* (
  userId: UserId,
  { after, limit, types, waitMillis }: OwnLogRequest
): Effect.fn.Return<LogPage<number>, Failure, ChangeSignal | Store> {
  const store = yield* Store
  const keptFrom = yield* keptSince
  const since = after === null ? keptFrom : "at" in after ? after.at : after.since
  if (since < keptFrom) return yield* Effect.fail(yield* expired(userId, keptFrom))
  const place = after !== null && "place" in after ? after.place : yield* store.changePlace(userId, since)
  return yield* waited<number>({ whose: userId, waitMillis, restMillis: 0, place }, (from) =>
    store.changes({ userId, after: from ?? 0, types, limit })
  )
})

/** Everybody's entries, in order for each user; some may come again. Refused: `cursor_expired`. */
export const readAllChanges = Effect.fn("Punctual.readAllChanges")(function* ({
  after,
  limit,
  types,
  waitMillis,
  workspaceId
}: AllLogRequest): Effect.fn.Return<LogPage<string>, Failure, ChangeSignal | Store> {
  const store = yield* Store
  const keptFrom = yield* keptSince
  if (after !== null && after.since < keptFrom) return yield* Effect.fail(tooOld(keptFrom))
  const { restMillis } = changeWaitLimits
  return yield* waited<string>({ whose: null, waitMillis, restMillis, place: after?.place ?? null }, (from) =>
    Effect.map(store.allChanges({ after: from, workspaceId, types, limit }), ({ items, ...rest }) => ({
      items: items.filter(({ occurredAt }) => occurredAt >= keptFrom),
      ...rest
    }))
  )
})

const tooOld = (earliest: Instant): Refusal =>
  new Refusal({
    code: "cursor_expired",
    detail:
      "Entries from there on are not all kept any more. Read anew what you keep a copy of, then go on with `earliest` as the cursor, or with none.",
    earliest
  })

/** With the time of the first entry that is kept; where there is none, of now. */
const expired = Effect.fnUntraced(function* (
  userId: UserId,
  keptFrom: Instant
): Effect.fn.Return<Refusal, StoreError, Store> {
  const store = yield* Store
  const after = yield* store.changePlace(userId, keptFrom)
  const [first] = (yield* store.changes({ userId, after, types: null, limit: 1 })).items
  return tooOld(first?.occurredAt ?? (yield* Clock.currentTimeMillis))
})

interface Waiting<Where> {
  readonly whose: Whose
  readonly waitMillis: number
  /** After a look that found nothing. */
  readonly restMillis: number
  readonly place: Where | null
}

/** Reads on from the place until there is an entry, or the time is over: then what the last look came to. */
const waited = Effect.fnUntraced(function* <Where>(
  { place, restMillis, waitMillis, whose }: Waiting<Where>,
  read: (from: Where | null) => Effect.Effect<ChangesPage<Where>, StoreError>
): Effect.fn.Return<LogPage<Where>, StoreError, ChangeSignal> {
  const begunAt = yield* Clock.currentTimeMillis
  const first = pageOf(yield* read(place), begunAt, whose)
  if (waitMillis === 0 || first.items.length > 0) return first
  let last = first
  const lookOnce = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    last = pageOf(yield* read(last.next.place), now, whose)
    return last
  })
  const { listening } = yield* ChangeSignal
  const lookUntilFound = listening(
    whose,
    Effect.fnUntraced(function* (arrival) {
      while ((yield* lookOnce).items.length === 0) {
        if (last.hasMore) continue
        yield* Effect.andThen(arrival, Effect.sleep(restMillis))
      }
    })
  )
  yield* Effect.timeoutOption(lookUntilFound, waitMillis)
  return last
})

/** Beyond the end of a log there is what happens from now on. */
const pageOf = <Where>({ hasMore, items, next }: ChangesPage<Where>, now: Instant, whose: Whose): LogPage<Where> => ({
  items,
  hasMore,
  next: { place: next, since: hasMore ? (sinceOf(items, whose) ?? now) : now }
})

/** Times rise within a user, so none beyond a part of a log is earlier than its last; among everybody's they are mixed. */
const sinceOf = (items: ReadonlyArray<LoggedChange>, whose: Whose): Instant | undefined =>
  whose === null ? earliestOf(items) : items.at(-1)?.occurredAt
