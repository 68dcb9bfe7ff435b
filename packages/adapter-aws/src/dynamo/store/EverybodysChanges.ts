/**
 * Everybody's log, by an index over all users that lags behind what is written.
 *
 * Decides what a place is: how far each shard was read, and from when on what was read may have lacked something. A look at
 * what is younger than the index may lag is no last word; once there is no more to read the next one begins there again. So
 * entries are told at least once, and none is left out as long as the index keeps up within those seconds.
 */
import type { AllChangesQuery, ChangesPage, Instant, LoggedChange, UserId } from "@punctual/core"
import { Clock, Effect } from "effect"
import type { Item } from "../table/Item.ts"
import type { Table } from "../table/Table.ts"
import { sortable } from "../table/TableDefinition.ts"
import type { TableError } from "../table/TableError.ts"
import { everybodysList, toLogged } from "./items/Change.ts"
import { entryKey, everyShard, feedOf, feedOwner, ordered, workShards } from "./items/Keys.ts"

/** 10 seconds, a hundred times what the index usually takes. */
const lagMillisMax = 10_000

/** Keys looked at by one question that is about some entries alone. */
const looksMax = 200

/** At once. */
const usersAtOnce = 8

interface Place {
  /** For each shard the sort key up to which it was read. */
  readonly read: ReadonlyArray<string>
  /** What was written later may lack something, although it was read; null: nothing may. */
  readonly doubtedFrom: Instant | null
}

const beginning: Place = { read: Array.from({ length: workShards }, () => ""), doubtedFrom: null }

const textOf = ({ doubtedFrom, read }: Place): string => JSON.stringify([doubtedFrom, ...read])

const placeIn = (text: string | null): Place => {
  if (text === null) return beginning
  try {
    const [doubtedFrom, ...read]: ReadonlyArray<unknown> = JSON.parse(text) as ReadonlyArray<unknown>
    const isSound = read.length === workShards && read.every((each) => typeof each === "string")
    const isInstant = doubtedFrom === null || typeof doubtedFrom === "number"
    return isSound && isInstant ? { read: read as ReadonlyArray<string>, doubtedFrom } : beginning
  } catch {
    return beginning
  }
}

export const changesEnd = (): Effect.Effect<string> =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    textOf({ read: beginning.read.map(() => ordered(now - lagMillisMax)), doubtedFrom: null })
  )

export const allChanges = Effect.fnUntraced(function* (
  table: Table,
  { after, limit, types, workspaceId }: AllChangesQuery
): Effect.fn.Return<ChangesPage<string>, TableError> {
  const place = placeIn(after)
  const now = yield* Clock.currentTimeMillis
  const looks = types === null && workspaceId === null ? limit : Math.max(limit, looksMax)
  const { hasMore: hasMoreKeys, keys } = yield* keysBeyond(table, place, looks)
  const looked = yield* entriesFor(table, place, keys)
  const isWanted = ({ change }: Looked): boolean =>
    change !== null &&
    (types === null || types.includes(change.type)) &&
    (workspaceId === null || change.workspaceId === workspaceId)
  const wanted = looked.filter(isWanted)
  const isCut = wanted.length > limit
  const end = isCut ? wanted[limit - 1] : looked.at(-1)
  const hasMore = isCut || hasMoreKeys
  const read = place.read.map((from, shard) => {
    const own = end === undefined ? undefined : looked.findLast((each) => each.shard === shard && each.at <= end.at)
    return own === undefined || own.at < from ? from : own.at
  })
  const doubted = read.some((at) => at > ordered(now - lagMillisMax))
    ? Math.min(place.doubtedFrom ?? now, now - lagMillisMax)
    : place.doubtedFrom
  return {
    items: wanted.slice(0, limit).flatMap(({ change }) => change ?? []),
    next: textOf(hasMore ? { read, doubtedFrom: doubted } : settled(read, doubted)),
    hasMore
  }
})

/** Nothing more for now: the next look begins where the first doubt was. */
const settled = (read: ReadonlyArray<string>, doubtedFrom: Instant | null): Place => ({
  read: doubtedFrom === null ? read : read.map((at) => (at > ordered(doubtedFrom) ? ordered(doubtedFrom) : at)),
  doubtedFrom: null
})

interface Found {
  readonly shard: number
  /** The sort key in the index. */
  readonly at: string
  readonly userId: UserId
  readonly sequence: number
}

const foundIn = (shard: number, item: Item): Found => ({
  shard,
  at: String(item["usk"]),
  userId: feedOwner(item["pk"]),
  sequence: Number(String(item["sk"]).slice("E#".length))
})

/** So many keys, from the earliest on, whichever shard they are in. */
const keysBeyond = Effect.fnUntraced(function* (table: Table, { read }: Place, limit: number) {
  const ranges = everyShard("by_standing", everybodysList, {})
  const pages = yield* Effect.forEach(
    ranges,
    (range, shard) =>
      Effect.map(table.page({ ...range, low: `${read[shard] ?? ""}\0` }, limit + 1, null), ({ items, next }) => ({
        found: items.map((item) => foundIn(shard, item)),
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

/** A key in the order of the index, with its entry; null: it is gone. */
interface Looked extends Found {
  readonly change: LoggedChange | null
}

/**
 * Each found user's entries up to the last one found, as their log has them: an entry that the index does not show yet comes
 * before those it shows.
 */
const entriesFor = Effect.fnUntraced(function* (
  table: Table,
  { read }: Place,
  keys: ReadonlyArray<Found>
): Effect.fn.Return<ReadonlyArray<Looked>, TableError> {
  const byUser = [...Map.groupBy(keys, ({ userId }) => userId)]
  const logs = yield* Effect.forEach(byUser, ([userId, found]) => logUpTo(table, userId, found, read), {
    concurrency: usersAtOnce
  })
  const held = new Map(logs.flat().map((each) => [each.at, each]))
  for (const key of keys) if (!held.has(key.at)) held.set(key.at, { ...key, change: null })
  return [...held.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1))
})

/** Backwards from the last one found to the place that the shard was read up to. */
const logUpTo = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  found: ReadonlyArray<Found>,
  read: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Looked>, TableError> {
  const [first] = found
  if (first === undefined) return []
  const from = read[first.shard] ?? ""
  const high = `E#${sortable(Math.max(...found.map(({ sequence }) => sequence)))}`
  const entries: Array<Looked> = []
  let next: Item | null = null
  do {
    const page: Effect.Success<ReturnType<Table["page"]>> = yield* table.page(
      { partition: feedOf(userId), low: entryKey(userId, 0).sk, high, backwards: true },
      found.length + 1,
      next
    )
    for (const item of page.items) {
      const entry = foundIn(first.shard, item)
      if (entry.at <= from) return entries
      entries.push({ ...entry, change: toLogged(item) })
    }
    next = page.next
  } while (next !== null)
  return entries
})
