/**
 * Everybody's log as a stream that never ends, for a host that keeps a copy of its own.
 * Decides when there may be more: at once where this process wrote it, else at the next look. What a store tells again, because
 * its index lags, is left out as long as it is known here; whoever begins anew may hear some of it twice.
 */
import { Clock, Effect, Option, Schedule, Stream } from "effect"
import type { ChangeId } from "../../domain/Ids.ts"
import { followLimits } from "../../domain/Limits.ts"
import type { LoggedChange } from "../../domain/LoggedChange.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { ChangeSignal } from "../account/ChangeSignal.ts"
import type { FollowedChange } from "../contract/Contract.ts"
import type { LogPlace } from "../contract/FollowContract.ts"
import { earliestOf, keptSince } from "./LogAge.ts"
import { PlaceExpired } from "./PlaceExpired.ts"

/** `place` null: before all that is kept. */
type StreamPlace = LogPlace<string | null>

const textOf = ({ place, since }: StreamPlace): string => `${Math.floor(since)}.${place ?? ""}`

/** Null: nobody has made it. */
const placeIn = (text: string): StreamPlace | null => {
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

const beginningAt = Effect.fnUntraced(function* (after: string | null): Effect.fn.Return<StreamPlace, PlaceExpired> {
  const asked = after === null ? null : placeIn(after)
  if (asked === null) return { since: yield* Clock.currentTimeMillis, place: null }
  const earliest = yield* keptSince
  if (asked.since >= earliest) return asked
  return yield* new PlaceExpired({ earliest })
})

/** What there is beyond a place, and where that ends. Waits where there is nothing, though not for ever. */
const look = Effect.fnUntraced(function* (from: StreamPlace, isNew: (change: LoggedChange) => boolean) {
  const store = yield* Store
  const written = yield* (yield* ChangeSignal).next
  const now = yield* Clock.currentTimeMillis
  const page = yield* (
    store
      .allChanges({ after: from.place, workspaceId: null, types: null, limit: followLimits.pageMax })
      // Storage that is out of reach is told by whoever watches it; whoever follows waits.
      .pipe(Effect.retry(Schedule.spaced(followLimits.awayMillis)), Effect.orDie)
  )
  const earliest = earliestOf(page.items)
  const next: StreamPlace = { since: page.hasMore ? (earliest ?? from.since) : now, place: page.next }
  // The beginning is as old as what is found there.
  const before: StreamPlace = from.place === null ? { ...from, since: earliest ?? from.since } : from
  const items = page.items.filter(isNew)
  if (items.length === 0 && !page.hasMore) yield* Effect.timeoutOption(written, followLimits.lookMillis)
  const last = items.length - 1
  return [
    items.map((change, n): FollowedChange => ({ ...change, place: textOf(n === last ? next : before) })),
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
