/**
 * Commits: all of a decision, or nothing.
 *
 * Decides whether the state a decision was made against is still the state, and whether it goes into one transaction or
 * through the journal. Never decides about bots. Every decision of a user writes the one item with the user's version,
 * so that no two of them stand beside each other; a mirror that moves on meanwhile refuses none.
 */
import { type BotWrite, type Calendar, type Commit, Conflict, type UserId } from "@punctual/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import type { Action } from "../table/Batches.ts"
import { type Item, unchanged } from "../table/Item.ts"
import { allOf, prefixed } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { appending } from "./Appending.ts"
import { type Entry, actionsOf, entriesOf, keyOf, needsKnown } from "./Entries.ts"
import { botItem, toBot, writtenOver } from "./items/Bot.ts"
import { calendarItem, toHeldCalendar } from "./items/Calendar.ts"
import { type State, stateItem } from "./items/State.ts"
import { finish, forget, writeDown } from "./Journal.ts"
import { botKey, calendarKey, changeKey, headKey, partitionOf, stateKey } from "./items/Keys.ts"
import { itemsMax, unitsMax, unitsOf } from "./Requests.ts"
import { type HeldState, heldState } from "./States.ts"
import { optimisticRetry } from "./OptimisticRetry.ts"

export const commit = Effect.fnUntraced(function* (
  table: Table,
  decision: Commit
): Effect.fn.Return<void, TableError | Conflict> {
  const before = yield* optimisticRetry(attempt(table, decision))
  // The decision holds; what is left is to tidy up, which whoever looks next does as well.
  yield* Effect.ignore(forgetChanges(table, before, decision))
})

/** The state that the decision was written over. */
const attempt = Effect.fnUntraced(function* (
  table: Table,
  decision: Commit
): Effect.fn.Return<State, TableError | Conflict> {
  const { userId } = decision
  const bots = decision.bots ?? []
  const entries = entriesOf(userId, decision)
  const asked = entries.filter(needsKnown)
  const told = bots.flatMap(({ change }) => change ?? [])
  const zones = [...new Map((decision.putZones ?? []).map((zone) => [zone.id, zone])).values()]
  const [found = null, head = null, ...others] = yield* table.getMany([
    stateKey(userId),
    headKey(userId),
    ...zones.map(({ id }) => calendarKey(userId, id)),
    ...bots.map(({ bot }) => botKey(userId, bot.id)),
    ...asked.map((entry) => keyOf(userId, entry))
  ])
  const items = others.slice(zones.length)
  const held = heldState(userId, found)
  if (held.state.isErasing) return yield* new Conflict()
  if (held.state.pending !== null) {
    yield* finish(table, held)
    return yield* attempt(table, decision)
  }
  const botItems = items.slice(0, bots.length)
  if (!isAsExpected(held.state, decision, botItems)) return yield* new Conflict()
  const known = new Map(asked.map((entry, at) => [entry, items[bots.length + at] ?? null]))
  const botPuts = bots.map((write, at) => botPut(decision, write, botItems[at] ?? null))
  const entryPuts = yield* appending({ userId, head, workspaceId: held.state.workspaceId }, told)
  const zonePuts = zones.flatMap((zone, at) => zonePut(userId, zone, others[at] ?? null))
  const entryActions = actionsOf(userId, entries, (entry) => known.get(entry) ?? null)
  // Entries lie in a partition of their own, and are as many as bots at most.
  const units = [...botPuts, ...entries].reduce((sum, each) => sum + unitsOf(JSON.stringify(each)), 0)
  const puts = [...botPuts, ...entryPuts, ...zonePuts]
  if (puts.length + entryActions.length <= itemsMax && units <= unitsMax) {
    yield* table.transact([statePut(held, decision, null), ...puts, ...entryActions])
  } else {
    yield* throughJournal(table, held, decision, puts, entries)
  }
  return held.state
})

const isAsExpected = (state: State, decision: Commit, botItems: ReadonlyArray<Item | null>): boolean =>
  state.version === decision.version &&
  (decision.bots ?? []).every(({ expected }, at) => (botItems[at]?.["revision"] ?? null) === expected)

const throughJournal = Effect.fnUntraced(function* (
  table: Table,
  held: HeldState,
  decision: Commit,
  puts: ReadonlyArray<Action>,
  entries: ReadonlyArray<Entry>
): Effect.fn.Return<void, TableError> {
  const { userId } = decision
  const id = randomUUID()
  yield* writeDown(table, userId, id, entries)
  yield* table.transact([statePut(held, decision, id), ...puts]).pipe(
    // Whether it was written is known only where a condition was false.
    Effect.tapError(({ kind }) => (kind === "condition" ? Effect.ignore(forget(table, userId, id)) : Effect.void))
  )
  yield* Effect.ignore(finish(table, { ...held, state: { ...held.state, pending: id } }))
})

const statePut = ({ item, state }: HeldState, decision: Commit, pending: string | null): Action => ({
  put: stateItem({
    ...state,
    version: state.version + 1,
    decided: Math.max(state.decided, decision.decided ?? 0),
    decideAt: decision.decideAt,
    judgeMark: markAfter(state, decision),
    auto: decision.auto ?? state.auto,
    pausedUntil: decision.pausedUntil === undefined ? state.pausedUntil : decision.pausedUntil,
    pending
  }),
  condition: unchanged(item)
})

const markAfter = ({ judgeMark, version }: State, { judged, marksJudging }: Commit): number | null => {
  if (marksJudging === true) return version + 1
  return judged === judgeMark ? null : judgeMark
}

const zonePut = (
  userId: UserId,
  { eventsZone }: Pick<Calendar, "eventsZone">,
  item: Item | null
): ReadonlyArray<Action> => {
  if (item === null) return []
  const held = toHeldCalendar(userId, item)
  return [{ put: calendarItem({ ...held, calendar: { ...held.calendar, eventsZone } }), condition: unchanged(item) }]
}

const botPut = ({ userId }: Commit, { bot }: BotWrite, item: Item | null): Action => ({
  put: botItem(userId, writtenOver(item === null ? null : toBot(item), bot)),
  condition: unchanged(item)
})

/** What was decided need not be found as changed any more. */
const forgetChanges = Effect.fnUntraced(function* (
  table: Table,
  before: State,
  { decided }: Commit
): Effect.fn.Return<void, TableError> {
  if (decided === null || decided <= before.decided) return
  const { userId } = before
  const range = { ...prefixed("CHG#"), partition: partitionOf(userId), high: changeKey(userId, decided).sk }
  const changes = yield* allOf(table.page, range)
  yield* table.writeMany(changes.map(({ pk, sk }) => ({ remove: { pk: String(pk), sk: String(sk) } })))
})
