/**
 * What a store promises about connections: rows written one after the other, and who is connected.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { Store } from "../../../src/ports/Store.ts"
import { freshUserId } from "../../rows/Fresh.ts"
import { connection, now } from "./Rows.ts"
import { type It, connected, everyone, refusal } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST know no connection of a user never seen", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const nobody = yield* freshUserId
      assert.deepStrictEqual(yield* store.connections(nobody), [])
      assert.deepStrictEqual(yield* store.account(nobody), { connections: [], calendars: [] })
    })
  )

  it.effect("MUST find a connection as it was saved", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const row = connection(yield* freshUserId, {
        generation: 7,
        revision: 3,
        status: "reauthorization_required",
        statusReason: "client_secret_expired",
        statusMessage: "Make a new secret – “today”.",
        email: null,
        name: "Zoë 🚀",
        credentialsVersion: 12,
        notBefore: now + 1
      })
      yield* store.saveConnection(row, null)
      assert.deepStrictEqual(yield* store.connections(row.userId), [row])
      assert.deepStrictEqual(yield* store.account(row.userId), { connections: [row], calendars: [] })
    })
  )

  it.effect("MUST refuse a first row where there is one, and change nothing", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { connection: first, userId } = yield* connected()
      const second = connection(userId, { revision: 2, accountId: "another" })
      assert.strictEqual(yield* refusal(store.saveConnection(second, null)), "Conflict")
      assert.deepStrictEqual(yield* store.connections(userId), [first])
    })
  )

  it.effect("MUST write a row over the expected revision only", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const absent = connection(yield* freshUserId, { revision: 2 })
      assert.strictEqual(yield* refusal(store.saveConnection(absent, 1)), "Conflict")
      const { connection: first, userId } = yield* connected()
      const second = { ...first, revision: 2, status: "error" as const }
      yield* store.saveConnection(second, 1)
      assert.strictEqual(yield* refusal(store.saveConnection({ ...first, revision: 3 }, 1)), "Conflict")
      assert.deepStrictEqual(yield* store.connections(userId), [second])
    })
  )

  it.effect("MUST let one of several writers win", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const { connection: first, userId } = yield* connected()
      const rows = Array.from({ length: 8 }, (_, n) => ({ ...first, revision: 2, accountId: `account ${n}` }))
      const exits = yield* Effect.all(
        rows.map((row) => Effect.result(store.saveConnection(row, 1))),
        { concurrency: "unbounded" }
      )
      const winners = rows.filter((_, n) => exits[n]?._tag === "Success")
      assert.lengthOf(winners, 1)
      assert.deepStrictEqual(yield* store.connections(userId), winners)
    })
  )

  it.effect("MUST list the users with a connection that is not disconnected, by id, page by page", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const users = yield* Effect.all(Array.from({ length: 5 }, () => connected()))
      const [gone] = users
      if (gone === undefined) return assert.fail()
      yield* store.saveConnection({ ...gone.connection, revision: 2, status: "disconnected" }, 1)
      const ids = [...(yield* store.connectedUsers(null, everyone))]
      assert.deepStrictEqual(ids, ids.toSorted())
      assert.includeMembers(
        ids,
        users.slice(1).map((user) => user.userId)
      )
      assert.notInclude(ids, gone.userId)
      const last = ids.at(-3) ?? null
      assert.deepStrictEqual(yield* store.connectedUsers(last, 1), ids.slice(-2, -1))
    })
  )

  it.effect("MUST list the tombstones whose erasure has not come to its end", () =>
    Effect.gen(function* () {
      const store = yield* Store
      const users = yield* Effect.all(Array.from({ length: 3 }, () => connected()))
      const [erasing, erased, live] = users
      if (erasing === undefined || erased === undefined || live === undefined) return assert.fail()
      const tombstone = { ...erasing.connection, revision: 2, generation: 2, status: "disconnected" as const }
      yield* store.saveConnection({ ...tombstone, statusReason: "erasing" }, 1)
      yield* store.saveConnection(
        { ...tombstone, id: erased.connection.id, userId: erased.userId, statusReason: null },
        1
      )
      yield* store.saveConnection({ ...live.connection, revision: 2, statusReason: "erasing" }, 1)
      const found = (yield* store.disconnecting(everyone)).filter((row) => users.some((u) => u.userId === row.userId))
      assert.deepStrictEqual(found, [{ ...tombstone, statusReason: "erasing" }])
      assert.lengthOf(yield* store.disconnecting(1), 1)
    })
  )
}
