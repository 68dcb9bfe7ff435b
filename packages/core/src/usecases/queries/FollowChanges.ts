/**
 * Everybody's log as a stream that never ends, for a host that keeps a copy of its own.
 * Decides when there may be more: at once where this process wrote it, else at the next look. What a store tells again, because
 * its index lags, is left out as long as it is known here; whoever begins anew may hear some of it twice.
 */
import { Clock, Effect, Option, Schedule, Stream } from "effect"
import type { ChangeId } from "../../domain/Ids.ts"
import { followLimits } from "../../domain/Limits.ts"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { ChangeSignal } from "../account/ChangeSignal.ts"
import type { FollowedChange } from "../contract/Contract.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { PlaceExpired } from "./PlaceExpired.ts"

/** Where somebody stands in the log. */
interface LogPlace {
  /** Nothing beyond it happened earlier, so that a place that is older than the log is of no use. */
  readonly since: Instant
  /** As the store has told it; null: before all that is kept. */
  readonly place: string | null
}

const textOf = ({ place, since }: LogPlace): string => `${Math.floor(since)}.${place ?? ""}`

/** Null: nobody has made it. */
const placeIn = (text: string): LogPlace | null => {
  const [, since, place] = /^(\d{1,16})\.(.*)$/s.exec(text) ?? []
  return since === undefined ? null : { since: Number(since), place: place === "" ? null : (place ?? null) }
}

/** A place before all that is written from now on. */
export const changesEnd: Effect.Effect<string, StoreError, Store> = Effect.gen(function* () {
  const store = yield* Store
  const since = yield* Clock.currentTimeMillis
  return textOf({ since, place: yield* store.changesEnd })
})

export const followChanges = (
  after: string | null
): Stream.Stream<FollowedChange, PlaceExpired, ChangeSignal | Store> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const begin = yield* beginningAt(after)
      const known = makeKnown()
      return Stream.paginate(begin, (place) =>
        Effect.map(look(place, known), ([items, next]) => [items, Option.some(next)])
      )
    })
  )

const beginningAt = Effect.fnUntraced(function* (after: string | null): Effect.fn.Return<LogPlace, PlaceExpired> {
  const { changesKeptMillis } = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const asked = after === null ? null : placeIn(after)
  if (asked === null) return { since: now, place: null }
  const earliest = now - changesKeptMillis
  if (asked.since >= earliest) return asked
  return yield* new PlaceExpired({ earliest })
})

/** What there is beyond a place, and where that ends. Waits where there is nothing, though not for ever. */
const look = Effect.fnUntraced(function* (from: LogPlace, isNew: (change: LoggedChange) => boolean) {
  const store = yield* Store
  const written = yield* (yield* ChangeSignal).next
  const now = yield* Clock.currentTimeMillis
  const page = yield* (
    store
      .allChanges({ after: from.place, workspaceId: null, types: null, limit: followLimits.pageMax })
      // Storage that is out of reach is told by whoever watches it; whoever follows waits.
      .pipe(Effect.retry(Schedule.spaced(followLimits.awayMillis)), Effect.orDie)
  )
  const since = page.hasMore ? Math.max(from.since, page.items.at(-1)?.occurredAt ?? 0) : now
  const next: LogPlace = { since, place: page.next }
  const items = page.items.filter(isNew)
  if (items.length === 0 && !page.hasMore) yield* Effect.timeoutOption(written, followLimits.lookMillis)
  const last = items.length - 1
  return [
    items.map((change, n): FollowedChange => ({ ...change, place: textOf(n === last ? next : from) })),
    next
  ] as const
})

/** Of the latest entries, which have been told. */
const makeKnown = (): ((change: LoggedChange) => boolean) => {
  const known = new Set<ChangeId>()
  return ({ id }) => {
    if (known.has(id)) return false
    known.add(id)
    if (known.size > followLimits.knownMax) known.delete(known.values().next().value ?? id)
    return true
  }
}
