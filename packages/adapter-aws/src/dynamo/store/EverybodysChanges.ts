/**
 * Everybody's log, by an index over all users that lags behind what is written.
 *
 * Decides what a place is: how far was read, and from when on what was read may have lacked something. A look at what is
 * younger than the index may lag is no last word; once there is no more to read, or the index has had its time, the next one
 * begins there again. So entries are told at least once, and none is left out as long as the index keeps up within those
 * seconds. Whoever is found is read from their own log, in which nothing lags, from the first doubt on: so theirs come in
 * order, some of them again.
 */
import type { AllChangesQuery, ChangesPage, Instant, LoggedChange, UserId } from "@punctual/core"
import { Clock, Effect } from "effect"
import type { Item } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { bareChange, everybodysList, toLogged } from "./items/Change.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"
import { configsIn } from "./SharedConfigs.ts"
import { entryKey, everyShard, feedOf, feedOwner, ordered } from "./items/Keys.ts"

/** 10 seconds, a hundred times what the index usually takes. */
const lagMillisMax = 10_000

/** Keys looked at by one question that is about some entries alone. */
const looksMax = 200

/** At once. */
const usersAtOnce = 8

interface Place {
  /** The sort key up to which the index was read. */
  readonly read: string
  /** What was written later may lack something, although it was read; null: nothing may. */
  readonly doubtedFrom: Instant | null
  /** Whose entries a page broke off in, and the last one told; null: of nobody's. */
  readonly brokenOff: { readonly userId: UserId; readonly sequence: number } | null
}

const beginning: Place = { read: "", doubtedFrom: null, brokenOff: null }

const textOf = ({ brokenOff, doubtedFrom, read }: Place): string =>
  JSON.stringify([read, doubtedFrom, ...(brokenOff === null ? [] : [brokenOff.userId, brokenOff.sequence])])

const placeIn = (text: string | null): Place => {
  try {
    const [read, doubtedFrom, userId, sequence] = JSON.parse(text ?? "[]") as ReadonlyArray<unknown>
    if (typeof read !== "string") return beginning
    return {
      read,
      doubtedFrom: typeof doubtedFrom === "number" ? doubtedFrom : null,
      brokenOff:
        typeof userId === "string" && typeof sequence === "number" ? { userId: userId as UserId, sequence } : null
    }
  } catch {
    return beginning
  }
}

export const changesEnd = (): Effect.Effect<string> =>
  Effect.map(Clock.currentTimeMillis, (now) => textOf({ ...beginning, read: ordered(now - lagMillisMax) }))

export const allChanges = Effect.fnUntraced(function* (
  table: Table,
  { after, limit, types, workspaceId }: AllChangesQuery
): Effect.fn.Return<ChangesPage<string>, TableError> {
  const now = yield* Clock.currentTimeMillis
  const place = trusted(placeIn(after), now)
  const looks = types === null && workspaceId === null ? limit : Math.max(limit, looksMax)
  const { hasMore, keys } = yield* keysBeyond(table, place, looks)
  const entries = yield* entriesFor(table, place, keys)
  const isWanted = ({ item, type }: Entry): boolean =>
    (types === null || types.includes(type)) && (workspaceId === null || item["workspaceId"] === workspaceId)
  const wanted = entries.filter(isWanted)
  const items = wanted.slice(0, limit)
  const configOf = yield* configsIn(
    table,
    items.map(({ item }) => item)
  )
  const last = items.at(-1)
  const isCut = wanted.length > limit
  const brokenOff = isCut && last !== undefined ? { userId: last.userId, sequence: last.sequence } : null
  const read = last !== undefined && isCut ? readUpTo(place, keys, entries, entries.indexOf(last) + 1) : keys.at(-1)?.at
  const next = doubting({ ...place, read: read ?? place.read, brokenOff }, now)
  return {
    items: items.map(({ item }) => toLogged(item, configOf)),
    next: textOf(hasMore || isCut ? next : settled(next)),
    hasMore: hasMore || isCut
  }
}, optimisticRetry)

/** Keys one after the other, as long as what they lead to was told, or is gone. */
const readUpTo = (
  { read }: Place,
  keys: ReadonlyArray<Found>,
  entries: ReadonlyArray<Entry>,
  toldCount: number
): string => {
  const nameOf = ({ sequence, userId }: Pick<Found, "sequence" | "userId">): string => `${sequence} ${userId}`
  const left = new Set(entries.slice(toldCount).map(nameOf))
  const open = keys.findIndex((key) => left.has(nameOf(key)))
  return keys[(open === -1 ? keys.length : open) - 1]?.at ?? read
}

/** The place with what a look at this instant leaves in doubt. */
const doubting = (place: Place, now: Instant): Place =>
  place.read > ordered(now - lagMillisMax)
    ? { ...place, doubtedFrom: Math.min(place.doubtedFrom ?? Infinity, now - lagMillisMax) }
    : place

/**
 * Once the index has had its time for the look that left the first doubt, it is looked at again from there on, and what it
 * shows holds. Whoever goes on from the doubt instead is told everything since with every page.
 */
const trusted = (place: Place, now: Instant): Place =>
  place.doubtedFrom !== null && place.doubtedFrom + 2 * lagMillisMax <= now ? settled(place) : place

/** Nothing more for now: the next look begins where the first doubt was. */
const settled = (place: Place): Place => ({ ...beginning, read: firstUnsure(place) })

/** Up to here everything was told. */
const firstUnsure = ({ doubtedFrom, read }: Place): string => {
  const unsure = doubtedFrom === null ? read : ordered(doubtedFrom)
  return unsure < read ? unsure : read
}

/** Of a user's log, and not yet whole. */
interface Entry {
  readonly item: Item
  readonly userId: UserId
  readonly sequence: number
  readonly type: LoggedChange["type"]
}

interface Found {
  /** The sort key in the index. */
  readonly at: string
  readonly userId: UserId
  readonly sequence: number
}

const foundIn = (item: Item): Found => ({
  at: String(item["usk"]),
  userId: feedOwner(item["pk"]),
  sequence: Number(String(item["sk"]).slice("E#".length))
})

/** So many keys, from the earliest on, whichever shard they are in. */
const keysBeyond = Effect.fnUntraced(function* (table: Table, { read }: Place, limit: number) {
  const ranges = everyShard("by_standing", everybodysList, {})
  const pages = yield* Effect.forEach(
    ranges,
    (range) =>
      Effect.map(table.page({ ...range, low: `${read}\0` }, limit + 1, null), ({ items, next }) => ({
        found: items.map(foundIn),
        isCut: next !== null
      })),
    { concurrency: "unbounded" }
  )
  const all = pages.flatMap(({ found }) => found).toSorted((a, b) => (a.at < b.at ? -1 : 1))
  // Beyond the last key of a shard that was cut nothing is known of it.
  const cuts = pages.flatMap(({ found, isCut }) => (isCut ? [found.at(-1)?.at ?? ""] : []))
  const known = all.filter(({ at }) => cuts.every((cut) => at <= cut))
  return { keys: known.slice(0, limit), hasMore: cuts.length > 0 || known.length > limit }
})

/**
 * User after user, each one's entries up to the last one found, as their log has them: an entry that the index does not show
 * yet comes before those it shows.
 */
const entriesFor = Effect.fnUntraced(function* (
  table: Table,
  place: Place,
  keys: ReadonlyArray<Found>
): Effect.fn.Return<ReadonlyArray<Entry>, TableError> {
  const byUser = [...Map.groupBy(keys, ({ userId }) => userId)]
  const logs = yield* Effect.forEach(
    byUser,
    ([userId, found]) => {
      const until = Math.max(...found.map(({ sequence }) => sequence))
      const after = place.brokenOff?.userId === userId ? place.brokenOff.sequence : 0
      return logBetween(table, userId, { after, until, from: firstUnsure(place) }, found.length + 1)
    },
    { concurrency: usersAtOnce }
  )
  return logs.flat()
})

interface Stretch {
  readonly after: number
  readonly until: number
  /** A key of the index, before which nothing is missing. */
  readonly from: string
}

/** Read backwards, told forwards. */
const logBetween = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  { after, from, until }: Stretch,
  pageSize: number
): Effect.fn.Return<ReadonlyArray<Entry>, TableError> {
  const range = {
    partition: feedOf(userId),
    low: entryKey(userId, after + 1).sk,
    high: entryKey(userId, until).sk,
    backwards: true
  }
  const entries: Array<Entry> = []
  let next: Item | null = null
  do {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(range, pageSize, next)
    for (const item of page.items) {
      const { at, sequence } = foundIn(item)
      if (at <= from) return entries.toReversed()
      entries.push({ item, userId, sequence, type: bareChange(item).type })
    }
    next = page.next
  } while (next !== null)
  return entries.toReversed()
})
