/**
 * What random histories do to the log, and to what is past.
 * Decides the operations, and that everybody's log is compared user by user: how the users' entries lie among each other, and
 * how often each is told, is the store's own.
 */
import { Effect } from "effect"
import * as fc from "fast-check"
import { connectionChange } from "../../src/domain/ConnectionChange.ts"
import { changeTypes } from "../../src/domain/LoggedChange.ts"
import type { ChangesPage } from "../../src/ports/Store.ts"
import { connection as connectionRow } from "../contract/store/Rows.ts"
import { type Shape, type Step, step } from "./Step.ts"
import {
  bot,
  calendarIds,
  event,
  generation,
  instant,
  meeting,
  platform,
  series,
  some,
  user,
  users
} from "./Universe.ts"

const limit = fc.integer({ min: 1, max: 4 })
const types = fc.option(fc.subarray([...changeTypes]))
const none = { mirrorNumber: 0, id: "" }
const place = fc.record({
  mirrorNumber: fc.nat(9),
  id: fc.oneof(
    fc.constant(""),
    event.map(({ id }) => id)
  )
})
const updatedFrom = fc.oneof(
  place,
  instant.map((at) => ({ at }))
)

const status = fc.constantFrom("active" as const, "active" as const, "disconnected" as const)

/** A connection comes, changes and goes, and is told of. */
export const connecting: fc.Arbitrary<Step> = step(
  "saveConnection",
  fc.tuple(user, platform, generation, status, fc.option(instant), fc.nat(3), fc.boolean()),
  (store, [userId, of, number, next, notBefore, expected, marksJudging]) => {
    const row = connectionRow(userId, {
      platform: of,
      generation: number,
      revision: expected + 1,
      status: next,
      statusReason: "erasing",
      notBefore,
      updatedAt: notBefore ?? 0
    })
    return Effect.flatMap(store.connections(userId), (all) =>
      store.saveConnection(
        row,
        expected === 0 ? null : expected,
        connectionChange(all.find(({ id }) => id === row.id) ?? null, row, "user"),
        marksJudging
      )
    )
  }
)

export const logWriting: ReadonlyArray<fc.Arbitrary<Step>> = [
  step("pruneChanges", instant, (store, at) => store.pruneChanges(at, 10_000)),
  step(
    "pruneHistory",
    fc.tuple(user, instant, instant, some(series.map(({ key }) => key))),
    (store, [userId, rowsFrom, itemsFrom, counted]) =>
      Effect.asVoid(store.pruneHistory(userId, { rowsFrom, itemsFrom, series: counted }, 10_000))
  )
]

export const logReading: ReadonlyArray<fc.Arbitrary<Step>> = [
  step("changes", fc.record({ userId: user, after: fc.nat(9), types, limit }), (store, query) => store.changes(query)),
  step("changePlace", fc.tuple(user, instant), (store, given) => store.changePlace(...given)),
  step(
    "timeline",
    fc.tuple(user, meeting, bot, fc.option(fc.nat(9)), limit),
    (store, [userId, of, { id }, before, max]) =>
      Effect.all([
        store.timeline({ userId, of: { meeting: of }, before, limit: max }),
        store.timeline({ userId, of: { botId: id }, before, limit: max })
      ])
  ),
  step(
    "updatedEvents",
    fc.record({ userId: user, calendarIds: fc.subarray([...calendarIds]), from: updatedFrom, limit }),
    (store, query) => store.updatedEvents(query)
  )
]

/** Page by page, until all of each has been told. */
const everybodys = Effect.fnUntraced(function* (store: Shape, limit: number) {
  const own = yield* Effect.forEach(users, (userId) => store.changes({ userId, after: 0, types: null, limit: 10_000 }))
  const count = own.reduce((sum, { items }) => sum + items.length, 0)
  const found = new Map(users.map((userId) => [userId, new Set<number>()]))
  let after: string | null = null
  for (let told = 0; told < count;) {
    const page: ChangesPage<string> = yield* store.allChanges({ after, workspaceId: null, types: null, limit })
    for (const { sequence, userId } of page.items) found.get(userId)?.add(sequence)
    told = [...found.values()].reduce((sum, { size }) => sum + size, 0)
    after = page.next
  }
  return [...found].map(([userId, sequences]) => [userId, [...sequences]])
})

export const everythingOfLogs: Step = {
  toString: () => "everything of logs",
  run: (store) =>
    Effect.forEach(users, (userId) =>
      Effect.all([
        store.changes({ userId, after: 0, types: null, limit: 10_000 }),
        store.updatedListing({ userId, calendarIds, from: none, limit: 10_000 }),
        everybodys(store, 3)
      ])
    )
}
