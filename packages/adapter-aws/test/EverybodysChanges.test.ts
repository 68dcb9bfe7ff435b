/**
 * Everybody's log over an index that lags: nothing is left out, and a user's entries come in their order (S24).
 *
 * How: a table of which the index shows each entry a while after it was written, each after a while of its own, is written to
 * and read at random.
 */
import { assert, describe, it } from "@effect/vitest"
import type { LoggedChange, UserId } from "@punctual/core"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { allChanges, changesEnd } from "../src/dynamo/store/EverybodysChanges.ts"
import { entryItem } from "../src/dynamo/store/items/Change.ts"
import { feedOf } from "../src/dynamo/store/items/Keys.ts"
import type { Item, Key } from "../src/dynamo/table/Item.ts"
import type { Range } from "../src/dynamo/table/Queries.ts"
import type { Table } from "../src/dynamo/table/Table.ts"
import { now } from "./StoreKit.ts"

/** Two in one shard, and others elsewhere. */
const users = ["usr_a", "usr_e", "usr_b", "usr_c"] as unknown as ReadonlyArray<UserId>

interface Written {
  readonly item: Item & Key
  /** When the index shows it. */
  readonly shownAt: number
  /** Its user has left, and the index does not know yet. */
  isGone: boolean
}

/** The two kinds of ranges that are asked for. */
const tableOf = (written: ReadonlyArray<Written>, clock: () => number): Table => {
  const inRange = ({ high, low, partition }: Range, pk: unknown, sk: unknown): boolean =>
    pk === partition && (low === undefined || String(sk) >= low) && (high === undefined || String(sk) <= high)
  const page: Table["page"] = (range, limit, from) =>
    Effect.sync(() => {
      const [pk, sk] = range.index === undefined ? ["pk", "sk"] : ["upk", "usk"]
      const found = written
        .filter(({ isGone, shownAt }) => (pk === "pk" ? !isGone : shownAt <= clock()))
        .filter(({ item }) => inRange(range, item[pk as "pk"], item[sk as "sk"]))
        .map(({ item }) => item)
        .toSorted((a, b) => (String(a[sk as "sk"]) < String(b[sk as "sk"]) ? -1 : 1))
      const ordered = range.backwards === true ? found.toReversed() : found
      const rest = ordered.slice(from === null ? 0 : ordered.findIndex((item) => item === from) + 1)
      const items = rest.slice(0, limit ?? Infinity)
      return { items, next: items.length < rest.length ? (items.at(-1) ?? null) : null }
    })
  return { page } as Table
}

const itemOf = (userId: UserId, sequence: number, at: number): Item & Key => {
  const change = {
    type: "calendar.synced" as const,
    occurredAt: at,
    cause: "calendar" as const,
    data: { calendarId: "cal_1" as never, created: 1, updated: 0, deleted: 0 }
  }
  return entryItem(change, { userId, sequence, toldAt: at, writtenAt: at, oldestAt: at }, null)
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), user: fc.nat(3), lag: fc.nat(9_900) }),
  fc.record({ kind: fc.constant("read" as const), limit: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("leave" as const), user: fc.nat(3) }),
  fc.record({ kind: fc.constant("wait" as const), millis: fc.nat(4_000) })
)

const history = Effect.fnUntraced(function* (
  steps: ReadonlyArray<typeof step extends fc.Arbitrary<infer A> ? A : never>
) {
  const written: Array<Written> = []
  const told = new Map<UserId, Array<number>>(users.map((user) => [user, []]))
  let time = now
  yield* TestClock.setTime(time)
  let after = yield* changesEnd()
  const table = tableOf(written, () => time)
  const read = Effect.fnUntraced(function* (limit: number) {
    const page = yield* allChanges(table, { after, limit, types: null, workspaceId: null })
    assert.isAtMost(page.items.length, limit)
    for (const { sequence, userId } of page.items as ReadonlyArray<LoggedChange>) {
      const seen = told.get(userId) ?? []
      if (!seen.includes(sequence)) seen.push(sequence)
    }
    after = page.next
    return page.hasMore
  })
  const sequences = new Map<UserId, number>()
  for (const each of steps) {
    if (each.kind === "read") yield* read(each.limit)
    else if (each.kind === "wait") {
      time += each.millis
      yield* TestClock.setTime(time)
    } else if (each.kind === "leave") {
      const pk = feedOf(users[each.user] ?? assert.fail())
      for (const row of written) if (row.item.pk === pk) row.isGone = true
    } else {
      const userId = users[each.user] ?? assert.fail()
      const sequence = (sequences.get(userId) ?? 0) + 1
      sequences.set(userId, sequence)
      written.push({ item: itemOf(userId, sequence, time), shownAt: time + each.lag, isGone: false })
    }
  }
  time += 20_000
  yield* TestClock.setTime(time)
  // Once to where it ends, and once more for what was doubted.
  for (let ends = 0; ends < 2;) ends += (yield* read(3)) ? 0 : 1
  for (const userId of users) {
    const found = told.get(userId) ?? []
    const left = written.filter(({ isGone, item }) => !isGone && item.pk === feedOf(userId))
    assert.includeMembers(
      found,
      left.map(({ item }) => Number(item.sk.slice("E#".length))),
      userId
    )
    assert.deepStrictEqual(
      found,
      found.toSorted((a, b) => a - b),
      userId
    )
  }
})

describe("everybody's log over an index that lags", () => {
  it.effect("leaves out none, and tells a user's in their order", () =>
    Effect.gen(function* () {
      const context = yield* Effect.context()
      const property = fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), (steps) =>
        Effect.runPromise(Effect.provideContext(history(steps), context as never))
      )
      yield* Effect.promise(() => fc.assert(property, { numRuns: process.env["PROVE"] === "1" ? 5_000 : 200 }))
    })
  )

  it.effect.each([1, 10, 50])("tells what came while nobody read twice at most, %s at a time", (limit) =>
    Effect.gen(function* () {
      const written: Array<Written> = []
      const [user = assert.fail(), other = assert.fail()] = users
      let time = now
      const write = (userId: UserId, sequence: number) =>
        written.push({ item: itemOf(userId, sequence, time), shownAt: time, isGone: false })
      const table = tableOf(written, () => time)
      write(user, 1)
      yield* TestClock.setTime(time)
      // As young as it is, it leaves a doubt; and so does one of somebody else, which is not reached.
      write(other, 1)
      let { next: after } = yield* allChanges(table, { after: null, limit: 1, types: null, workspaceId: null })
      for (let sequence = 2; sequence <= 300; sequence++) {
        time += 1_000
        write(user, sequence)
      }
      time += 20_000
      yield* TestClock.setTime(time)
      let told = 0
      for (let ends = 0; ends < 2;) {
        const page = yield* allChanges(table, { after, limit, types: null, workspaceId: null })
        told += page.items.length
        after = page.next
        ends += page.hasMore ? 0 : 1
      }
      assert.isAtLeast(told, 300)
      assert.isAtMost(told, 600)
    })
  )

  it.effect("reads a place that no store has made as the earliest", () =>
    Effect.gen(function* () {
      const table = tableOf([], () => now)
      for (const after of ["", "{", "[1]", "[true,1,2,3,4]", "690.1.usr"]) {
        const page = yield* allChanges(table, { after, limit: 3, types: null, workspaceId: null })
        assert.deepStrictEqual([page.items, page.hasMore], [[], false])
      }
    })
  )
})
