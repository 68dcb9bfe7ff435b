/**
 * What a store promises so that nobody's calendars keep others' from being claimed.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { listing, minute } from "./Rows.ts"
import { type It, connected } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect(
    "V4: MUST leave out who has enough under way, however much of theirs is due, and claim for the others",
    () =>
      Effect.gen(function* () {
        const store = yield* Store
        // Long before any other case's calendars.
        const early = 2_000_000
        const many = yield* connected()
        const listings = Array.from({ length: 300 }, (_, number) => listing(many.connection.id, `AAMk=many${number}`))

        yield* store.listCalendars(many.connection, listings, early)
        const other = yield* connected()
        yield* store.patchCalendar(other.connection, other.primary, { dueAt: early + 1 })
        const at = early + 1
        const first = Option.getOrThrow(yield* store.claimNext(at, at + minute, []))
        assert.strictEqual(first.userId, many.userId)
        const leftOut = [many.userId]
        assert.deepStrictEqual(yield* store.nextDue(leftOut), Option.some(at))
        const second = Option.getOrThrow(yield* store.claimNext(at, at + minute, leftOut))
        assert.deepStrictEqual([second.userId, second.calendar.id], [other.userId, other.primary])
        assert.deepStrictEqual(yield* store.claimNext(at, at + minute, leftOut), Option.none())
        assert.deepStrictEqual(yield* store.nextDue(leftOut), Option.some(at + minute))
        assert.deepStrictEqual(yield* store.nextDue([]), Option.some(early))
        assert.deepStrictEqual(yield* store.claimNext(at, at + minute, [many.userId, other.userId]), Option.none())
        for (const { connection } of [many, other]) {
          yield* store.saveConnection({ ...connection, revision: 2, status: "error" }, 1)
        }
      })
  )
}
