/**
 * Slices of a user's state, and which users have something to decide.
 *
 * Decides what belongs to a slice: what the port promises. Never decides about bots. A slice is read in several requests;
 * when the user's state moved meanwhile it is read again, and what still moves then is decided again anyway: its
 * mirror number, its version and the revisions of its bots are those of the first look.
 */
import {
  type Account,
  type Instant,
  type MeetingKey,
  type Scope,
  type SeriesKey,
  type Slice,
  type UserId,
  relevantBots,
  seriesOfMeeting
} from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import { allOf, merged, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { account, calendarsIn } from "./Calendars.ts"
import { isBotItem, toBot } from "./items/Bot.ts"
import { compareEvents, isEventItem, isSeriesItem, toEvent, toSeries } from "./items/Mirrored.ts"
import { isCalendarItem } from "./items/Calendar.ts"
import { connectionsIn, isConnectionItem } from "./items/Connection.ts"
import { type State, autoList, behindList, decideList } from "./items/State.ts"
import { isIntentItem, isOverrideItem, toIntent, toOverride } from "./items/Intent.ts"
import { finish } from "./Journal.ts"
import { allOfKind, changeKey, everyShard, ordered, ownerOf, partitionOf } from "./items/Keys.ts"
import { eventsIn } from "./Pages.ts"
import { type Seed, sliceClosure } from "./SliceClosure.ts"
import { type HeldState, readState, usersIn } from "./States.ts"
import { workspace } from "./Workspaces.ts"

/** A user who is written to all the time is decided again all the time. */
const looksMax = 3

export const slice = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  scope: Scope,
  now: Instant
): Effect.fn.Return<Slice, TableError> {
  let before = yield* finish(table, yield* readState(table, userId))
  for (let look = 1; ; look++) {
    const found = yield* read(table, before, scope, now)
    const after = yield* readState(table, userId)
    if (after.item?.["writer"] === before.item?.["writer"] || look >= looksMax) return found
    before = yield* finish(table, after)
  }
})

const read = Effect.fnUntraced(function* (
  table: Table,
  { state }: HeldState,
  scope: Scope,
  now: Instant
): Effect.fn.Return<Slice, TableError> {
  const { userId, workspaceId } = state
  const [parts, of] = yield* Effect.all(
    [partsIn(table, state, scope, now), workspaceId === null ? Effect.succeed(null) : workspace(table, workspaceId)],
    { concurrency: 2 }
  )
  return {
    userId,
    version: state.version,
    mirrorNumber: state.mirrorNumber,
    decided: state.decided,
    decideAt: state.decideAt,
    judgeMark: state.judgeMark,
    connections: parts.connections,
    auto: state.auto,
    pausedUntil: state.pausedUntil,
    workspace: of,
    calendars: parts.calendars,
    events: parts.items
      .filter(isEventItem)
      .map(toEvent)
      .filter(parts.isOfMeeting)
      .map((row) => (scope.kind === "all" || row.isVirtual ? row : { ...row, raw: null }))
      .toSorted(compareEvents),
    series: parts.items
      .filter(isSeriesItem)
      .map(toSeries)
      .filter(({ key }) => parts.isOfSeries(key))
      .toSorted(byId),
    intents: parts.items
      .filter(isIntentItem)
      .map(toIntent)
      .filter((intent) => ("meeting" in intent ? parts.isOfMeeting(intent) : parts.isOfSeries(intent.series)))
      .toSorted(byId),
    overrides: parts.items
      .filter(isOverrideItem)
      .map(toOverride)
      .filter(parts.isOfMeeting)
      .toSorted((a, b) => (a.meeting < b.meeting ? -1 : 1)),
    bots: relevantBots(parts.items.filter(isBotItem).map(toBot).filter(parts.isOfMeeting))
  }
})

const partsIn = Effect.fnUntraced(function* (
  table: Table,
  { decided, userId }: State,
  scope: Scope,
  now: Instant
): Effect.fn.Return<Parts, TableError> {
  if (scope.kind === "all") return everythingIn(userId, yield* allOf(table.page, { partition: partitionOf(userId) }))
  const closure = yield* sliceClosure(table, userId, yield* seedOf(table, userId, scope, decided), now)
  return partsOf(closure, yield* account(table, userId))
})

interface Parts extends Account {
  readonly items: ReadonlyArray<Item>
  readonly isOfMeeting: (row: { readonly meeting: MeetingKey }) => boolean
  readonly isOfSeries: (key: SeriesKey) => boolean
}

const everythingIn = (userId: UserId, items: ReadonlyArray<Item>): Parts => {
  const connections = connectionsIn(items.filter(isConnectionItem))
  return {
    items,
    connections,
    calendars: calendarsIn(userId, items.filter(isCalendarItem), connections),
    isOfMeeting: () => true,
    isOfSeries: () => true
  }
}

const partsOf = ({ items, meetings, series }: Effect.Success<ReturnType<typeof sliceClosure>>, of: Account): Parts => ({
  ...of,
  items,
  isOfMeeting: ({ meeting }) => meetings.has(meeting),
  isOfSeries: (key) => series.has(key)
})

/** Where a slice begins. */
const seedOf = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  scope: Exclude<Scope, { readonly kind: "all" }>,
  decided: number
): Effect.fn.Return<Seed, TableError> {
  const partition = partitionOf(userId)
  const inTime = (kind: string) => allOf(table.page, { index: "by_time", partition, ...prefixed(kind) })
  switch (scope.kind) {
    case "changed": {
      const { high } = prefixed("CHG#")
      const changes = yield* allOf(table.page, { partition, low: changeKey(userId, decided + 1).sk, high })
      const chains = (yield* inTime("R#")).map(toIntent)
      return {
        meetings: scope.meetings ?? [],
        families: changes.flatMap(({ families }) => JSON.parse(String(families)) as ReadonlyArray<MeetingKey>),
        series: [
          ...(scope.series ?? []),
          ...changes.flatMap(({ series }) => JSON.parse(String(series)) as ReadonlyArray<SeriesKey>),
          ...chains.flatMap((intent) => ("series" in intent ? [intent.series] : []))
        ]
      }
    }
    case "meetings":
      return scope
    case "span": {
      const events = yield* eventsIn(table, userId, scope.span)
      const bots = [...(yield* inTime("B#")), ...(yield* inTime("J#"))].map(toBot)
      return { meetings: [...events, ...bots].map(({ meeting }) => meeting), series: [] }
    }
    case "intended": {
      const intents = (yield* allOf(table.page, allOfKind(userId, "INT#"))).map(toIntent)
      const asked = intents.filter(({ kind }) => kind !== "exclusion" && kind !== "series-exclusion")
      const bots = [...(yield* inTime("B#")), ...(yield* inTime("J#"))].map(toBot)
      return {
        meetings: [...asked, ...bots].flatMap((row) => ("meeting" in row ? [row.meeting] : [])),
        series: asked.flatMap((intent) => ("series" in intent ? [intent.series] : []))
      }
    }
  }
})

export const intendedSeries = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId
): Effect.fn.Return<ReadonlyArray<SeriesKey>, TableError> {
  yield* finish(table, yield* readState(table, userId))
  const intents = (yield* allOf(table.page, allOfKind(userId, "INT#"))).map(toIntent)
  const overrides = (yield* allOf(table.page, allOfKind(userId, "OVR#"))).map(toOverride)
  const named = intents.flatMap((intent) => ("series" in intent ? [intent.series] : []))
  const meetings = [...intents, ...overrides].flatMap((row) => ("meeting" in row ? [row.meeting] : []))
  return [...new Set([...named, ...meetings.flatMap((meeting) => seriesOfMeeting(meeting) ?? [])])]
})

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)

/**
 * Users whose state is ahead of what was decided, who are marked, or for whom time alone may have changed it; in doubt one too many, who
 * has nothing to decide then.
 */
export const lagging = Effect.fnUntraced(function* (
  table: Table,
  now: Instant,
  after: UserId | null,
  limit: number
): Effect.fn.Return<ReadonlyArray<UserId>, TableError> {
  const behind = yield* firstOf(usersIn(table, "by_instant", behindList, after), limit)
  const ranges = everyShard("by_instant", decideList, prefixedUntil(now))
  const waiting = merged(table.page, ranges, (item) => String(item["isk"]), pageSize)
  const due = (yield* firstOf(waiting, Infinity)).filter((userId) => after === null || userId > after)
  return [...new Set([...behind, ...due])].toSorted().slice(0, limit)
})

const prefixedUntil = (now: Instant) => ({ high: prefixed(ordered(now)).high })

export const autoUsers = (
  table: Table,
  after: UserId | null,
  limit: number
): Effect.Effect<ReadonlyArray<UserId>, TableError> => firstOf(usersIn(table, "by_work", autoList, after), limit)

const pageSize = 500

const firstOf = Effect.fnUntraced(function* (
  begin: ReturnType<typeof usersIn>,
  limit: number
): Effect.fn.Return<ReadonlyArray<UserId>, TableError> {
  const cursor = yield* begin
  const users: Array<UserId> = []
  while (users.length < limit) {
    const found = yield* cursor.next
    if (found === null) break
    users.push(ownerOf(found["pk"]))
  }
  return users
})
