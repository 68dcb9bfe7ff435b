/**
 * Bots outside decisions: the launch protocol's writes, and what is due or behind.
 * Decides whether a bot's row may be written. Never launches. Indexes lead to bots; their rows say whether they are due.
 */
import {
  type Bot,
  type BotChange,
  type BotId,
  Conflict,
  type Instant,
  type MeetingKey,
  type OwnedBot,
  type Place,
  type UserId,
  isHeldBy,
  released
} from "@punctual/core"
import { Effect, Option } from "effect"
import { type Item, unchanged } from "../table/Item.ts"
import { allOf, merged, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import {
  botItem,
  compareBots,
  inMeetingList,
  isBotItem,
  isDue,
  isInMeeting,
  joinList,
  relaunchList,
  toBot,
  unappliedList,
  writtenOver
} from "./items/Bot.ts"
import { appending } from "./Appending.ts"
import { botKey, everyShard, fit, headKey, ofMeeting, ordered, ownerOf, partitionOf, stateKey } from "./items/Keys.ts"
import { heldState, verified } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

export const bot = (table: Table, userId: UserId, botId: BotId): Effect.Effect<Option.Option<Bot>, TableError> =>
  Effect.map(table.get(botKey(userId, botId)), (item) => Option.map(Option.fromNullOr(item), toBot))

export const liveBots = (table: Table, userId: UserId): Effect.Effect<number, TableError> =>
  Effect.map(
    Effect.forEach(
      ["B#", "J#"],
      (kind) =>
        allOf(table.page, { index: "by_time", partition: partitionOf(userId), isKeysOnly: true, ...prefixed(kind) }),
      { concurrency: 2 }
    ),
    (found) => found.flat().length
  )

export const writeBot = (
  table: Table,
  userId: UserId,
  row: Bot,
  expected: number,
  change: BotChange | null = null
): Effect.Effect<void, TableError | Conflict> =>
  optimisticRetry(
    Effect.gen(function* () {
      const [item = null, head = null, state = null] = yield* table.getMany([
        botKey(userId, row.id),
        ...(change === null ? [] : [headKey(userId), stateKey(userId)])
      ])
      if (item === null || item["revision"] !== expected) return yield* new Conflict()
      const put = botItem(userId, writtenOver(toBot(item), row))
      if (change === null) return yield* putIfUnchanged(table, put, item)
      const { workspaceId } = heldState(userId, state).state
      const told = yield* appending({ userId, head, workspaceId }, [change])
      yield* table.transact([{ put, condition: unchanged(item) }, ...told])
    })
  )

/** Few launches wait at any time; all that are due are looked at, to find where they stand among the others. */
export const dueBots = Effect.fnUntraced(function* (
  table: Table,
  before: Instant,
  limit: number
): Effect.fn.Return<ReadonlyArray<OwnedBot>, TableError> {
  const until = { high: prefixed(ordered(before)).high }
  const of = (list: string) =>
    merged(table.page, everyShard("by_instant", list, until), (item) => String(item["isk"]), pageSize)
  const keep = owned(({ bot: row }) => isDue(row, before))
  const joining = yield* verified(table, of(joinList), limit, keep)
  const relaunched = yield* verified(table, of(relaunchList), Infinity, keep)
  return [...joining, ...relaunched].toSorted((a, b) => byJoin(a.bot, b.bot)).slice(0, limit)
})

/** Few launches wait at any time: those of one process are found among all, and written one by one. */
export const releaseLaunches = Effect.fnUntraced(function* (
  table: Table,
  owner: string,
  now: Instant
): Effect.fn.Return<number, TableError> {
  const all = merged(table.page, everyShard("by_instant", relaunchList, {}), (item) => String(item["isk"]), pageSize)
  const held = yield* verified(
    table,
    all,
    Infinity,
    owned(({ bot: row }) => isHeldBy(row, owner))
  )
  const written = yield* Effect.forEach(
    held,
    ({ bot: row, userId }) =>
      writeBot(table, userId, released(row, now), row.revision).pipe(
        Effect.as(1),
        // Written by another since: it is not held any more.
        Effect.catchTag("Conflict", () => Effect.succeed(0))
      ),
    { concurrency: notesAtOnce }
  )
  return written.reduce((sum, one) => sum + one, 0)
})

export const handedOver = (
  table: Table,
  endAfter: Instant,
  after: Place | null,
  limit: number
): Effect.Effect<ReadonlyArray<OwnedBot>, TableError> => {
  const from = after === null || after.at <= endAfter ? null : after
  const low = from === null ? ordered(endAfter) : `${ordered(from.at)}#${fit(from.id)}\0`
  const ranges = everyShard("by_instant", inMeetingList, { low })
  const cursor = merged(table.page, ranges, (item) => String(item["isk"]), pageSize)
  return verified(
    table,
    cursor,
    limit,
    owned(({ bot: row }) => isInMeeting(row) && row.end > endAfter)
  )
}

export const unapplied = (table: Table, limit: number): Effect.Effect<ReadonlyArray<OwnedBot>, TableError> => {
  const ranges = everyShard("by_work", unappliedList, {})
  const cursor = merged(table.page, ranges, (item) => String(item["wsk"]), pageSize)
  const keep = owned(({ bot: row }) => row.schedule.applied < row.schedule.wanted)
  return verified(table, cursor, limit, keep)
}

const pageSize = 100

const owned = (isOne: (found: OwnedBot) => boolean) => (items: ReadonlyArray<Item>) =>
  Effect.succeed(items.map((item) => ({ userId: ownerOf(item["pk"]), bot: toBot(item) })).filter(isOne))

export const markApplied = (
  table: Table,
  applied: ReadonlyArray<{ readonly userId: UserId; readonly botId: BotId; readonly revision: number }>
): Effect.Effect<void, TableError> =>
  Effect.forEach(applied, ({ botId, revision, userId }) => note(table, userId, botId, revision), {
    concurrency: notesAtOnce,
    discard: true
  })

const notesAtOnce = 8

const note = (table: Table, userId: UserId, botId: BotId, revision: number): Effect.Effect<void, TableError> =>
  optimisticRetry(
    Effect.gen(function* () {
      const item = yield* table.get(botKey(userId, botId))
      if (item === null) return
      const known = toBot(item)
      if (known.schedule.applied >= revision) return
      const put = botItem(userId, { ...known, schedule: { ...known.schedule, applied: revision } })
      yield* putIfUnchanged(table, put, item)
    })
  )

export const botsOf = (
  table: Table,
  userId: UserId,
  meetings: ReadonlyArray<MeetingKey>
): Effect.Effect<ReadonlyArray<Bot>, TableError> =>
  Effect.forEach(
    new Set(meetings),
    (meeting) => {
      const place = ofMeeting(meeting)
      return allOf(table.page, { index: "by_meeting", partition: partitionOf(userId), low: place, high: place })
    },
    { concurrency: notesAtOnce }
  ).pipe(Effect.map((found) => found.flat().filter(isBotItem).map(toBot).toSorted(compareBots)))

const byJoin = (a: Bot, b: Bot): number => a.joinAt - b.joinAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
