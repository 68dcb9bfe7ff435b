/**
 * Bots outside decisions: the launch protocol's writes, and what is due or behind.
 * Decides whether a bot's row may be written. Never launches. Indexes lead to bots; their rows say whether they are due.
 */
import {
  type Bot,
  type BotChange,
  type BotId,
  Conflict,
  type DueBot,
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
  type BareBot,
  appliedItem,
  bareBot,
  botItem,
  compareBots,
  dueOf,
  inMeetingList,
  isBotItem,
  isInMeeting,
  joinList,
  relaunchList,
  unappliedList,
  writtenOver
} from "./items/Bot.ts"
import { appending } from "./Appending.ts"
import { botKey, everyShard, fit, headKey, ofMeeting, ordered, ownerOf, partitionOf, stateKey } from "./items/Keys.ts"
import { gatheredConfigs } from "./items/SharedConfig.ts"
import { puttingConfigs, wholeBots } from "./SharedConfigs.ts"
import { heldState, verified } from "./States.ts"
import { optimisticRetry, putIfUnchanged } from "./OptimisticRetry.ts"

export const bot = (table: Table, userId: UserId, botId: BotId): Effect.Effect<Option.Option<Bot>, TableError> =>
  optimisticRetry(
    Effect.flatMap(table.get(botKey(userId, botId)), (item) =>
      Effect.map(wholeBots(table, item === null ? [] : [item]), ([found]) => Option.fromUndefinedOr(found))
    )
  )

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
      const configs = gatheredConfigs()
      const put = botItem(userId, writtenOver(bareBot(item), row), configs)
      const { workspaceId } = heldState(userId, state).state
      const told = yield* appending({ userId, head, workspaceId }, change === null ? [] : [change], configs)
      const others = [...told, ...puttingConfigs(userId, [configs], [{ known: item, put }])]
      if (others.length === 0) return yield* putIfUnchanged(table, put, item)
      yield* table.transact([{ put, condition: unchanged(item) }, ...others])
    })
  )

/** Few launches wait at any time; all that are due are looked at, to find where they stand among the others. */
export const dueBots = Effect.fnUntraced(function* (
  table: Table,
  before: Instant,
  limit: number
): Effect.fn.Return<ReadonlyArray<DueBot>, TableError> {
  const until = { high: prefixed(ordered(before)).high }
  const of = (list: string) =>
    merged(table.page, everyShard("by_instant", list, until), (item) => String(item["isk"]), pageSize)
  const keep = (items: ReadonlyArray<Item>) =>
    Effect.succeed(
      items.flatMap((item) => {
        const row = bareBot(item)
        const due = dueOf(row, before)
        return due === null ? [] : [{ joinAt: row.joinAt, due: { userId: ownerOf(item["pk"]), botId: row.id, ...due } }]
      })
    )
  const joining = yield* optimisticRetry(verified(table, of(joinList), limit, keep))
  const relaunched = yield* optimisticRetry(verified(table, of(relaunchList), Infinity, keep))
  return [...joining, ...relaunched]
    .toSorted((a, b) => byJoin({ id: a.due.botId, joinAt: a.joinAt }, { id: b.due.botId, joinAt: b.joinAt }))
    .map(({ due }) => due)
    .slice(0, limit)
})

/** Few launches wait at any time: those of one process are found among all, and written one by one. */
export const releaseLaunches = Effect.fnUntraced(function* (
  table: Table,
  owner: string,
  now: Instant
): Effect.fn.Return<number, TableError> {
  const all = merged(table.page, everyShard("by_instant", relaunchList, {}), (item) => String(item["isk"]), pageSize)
  const held = yield* optimisticRetry(
    verified(
      table,
      all,
      Infinity,
      owned(table, (row) => isHeldBy(row, owner))
    )
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
  const keep = owned(table, (row) => isInMeeting(row) && row.end > endAfter)
  return optimisticRetry(verified(table, cursor, limit, keep))
}

export const unapplied = (table: Table, limit: number): Effect.Effect<ReadonlyArray<OwnedBot>, TableError> => {
  const ranges = everyShard("by_work", unappliedList, {})
  const cursor = merged(table.page, ranges, (item) => String(item["wsk"]), pageSize)
  const keep = owned(table, (row) => row.schedule.applied < row.schedule.wanted)
  return optimisticRetry(verified(table, cursor, limit, keep))
}

const pageSize = 100

/** Those that are meant, whole. */
const owned = (table: Table, isMeant: (row: BareBot) => boolean) => (items: ReadonlyArray<Item>) => {
  const meant = items.filter((item) => isMeant(bareBot(item)))
  return Effect.map(wholeBots(table, meant), (rows) =>
    rows.map((row, at) => ({ userId: ownerOf(meant[at]?.["pk"]), bot: row }))
  )
}

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
      if (bareBot(item).schedule.applied >= revision) return
      yield* putIfUnchanged(table, appliedItem(userId, item, revision), item)
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
  ).pipe(
    Effect.flatMap((found) => wholeBots(table, found.flat().filter(isBotItem))),
    Effect.map((found) => found.toSorted(compareBots)),
    optimisticRetry
  )

const byJoin = (a: Pick<Bot, "id" | "joinAt">, b: Pick<Bot, "id" | "joinAt">): number =>
  a.joinAt - b.joinAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
