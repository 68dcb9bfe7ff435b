/**
 * H4: users by a host's own names, and erased with everything.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { Refusal, StoreError, StoreUnavailable, type UserId } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { adele, adminKey, apiKey, otherKey, serve } from "../Kit.ts"

const admin = "/api/v1/admin"
const settings = "/api/v1/calendar/auto-schedule/settings"
const autoSchedule = () => Effect.succeed(Rows.autoSchedule())
const key = adminKey

describe("H4: external_id", () => {
  it.effect("is kept, listed, and one user's in a workspace", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve()
      const make = (body: object) => call("POST", `${admin}/users`, { key, body })
      const made = yield* make({ workspace: "acme", external_id: "crm-4711" })
      assert.strictEqual(made.status, 200)
      const taken = yield* make({ workspace: "acme", external_id: "crm-4711" })
      assert.strictEqual(taken.status, 409)
      assert.strictEqual(taken.json.code, "external_id_taken")
      assert.include(taken.json.detail, "external_id")
      assert.strictEqual((yield* make({ workspace: "other", external_id: "crm-4711" })).status, 200)
      assert.strictEqual((yield* make({ workspace: "acme" })).status, 200)
      const { users } = (yield* call("GET", `${admin}/users`, { key })).json
      const listed = users.filter((user: { external_id: string | null }) => user.external_id === "crm-4711")
      assert.lengthOf(listed, 2)
      assert.strictEqual(Option.getOrThrow(yield* accounts.user(made.json.user_id)).externalId, "crm-4711")
    })
  )

  it.effect("is refused where it can be none", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      for (const external_id of ["", "x".repeat(257), "a\nb", 42]) {
        const answer = yield* call("POST", `${admin}/users`, { key, body: { external_id } })
        assert.strictEqual(answer.status, 400)
        assert.strictEqual(answer.json.errors[0].path, "external_id")
      }
    })
  )

  it.effect("answers the first answer again to the same request", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const body = { workspace: "acme", external_id: "crm-1" }
      const once = { key, body, headers: { "idempotency-key": "once" } }
      const first = yield* call("POST", `${admin}/users`, once)
      assert.deepStrictEqual((yield* call("POST", `${admin}/users`, once)).json, first.json)
      const twice = { key, body, headers: { "idempotency-key": "twice" } }
      assert.strictEqual((yield* call("POST", `${admin}/users`, twice)).status, 409)
    })
  )
})

describe("H4: DELETE /admin/users/{id}", () => {
  it.effect("disconnects, takes the keys away and forgets the user; another time there is none", () =>
    Effect.gen(function* () {
      const asked: Array<UserId> = []
      const { accounts, call } = yield* serve({
        core: {
          autoSchedule,
          disconnect: (userId) =>
            Effect.sync(() => {
              asked.push(userId)
              return { subscriptionsStopped: false, eventsDeleted: 12, schedulesCancelled: 3 }
            })
        }
      })
      assert.strictEqual((yield* call("GET", settings)).status, 200)
      const erased = yield* call("DELETE", `${admin}/users/${adele}`, { key })
      assert.deepStrictEqual(erased.json, {
        user_id: adele,
        erased: true,
        events_deleted: 12,
        schedules_cancelled: 3,
        subscription_stopped: false
      })
      assert.deepStrictEqual(asked, [adele])
      assert.strictEqual((yield* call("GET", settings, { key: apiKey })).status, 401)
      assert.strictEqual((yield* call("GET", settings, { key: otherKey })).status, 200)
      assert.deepStrictEqual(yield* accounts.user(adele), Option.none())
      assert.deepStrictEqual(yield* accounts.keys(adele), [])
      assert.strictEqual((yield* call("DELETE", `${admin}/users/${adele}`, { key })).status, 404)
    })
  )

  it.effect("erases one that has no calendar", () =>
    Effect.gen(function* () {
      const disconnect = () => Effect.fail(new Refusal({ code: "calendar_not_connected", detail: "none" }))
      const { call } = yield* serve({ core: { disconnect } })
      const erased = yield* call("DELETE", `${admin}/users/${adele}`, { key })
      assert.deepInclude(erased.json, { erased: true, events_deleted: 0 })
    })
  )

  it.effect("broken off, locks the user out, keeps it to be asked for again, and is no success", () =>
    Effect.gen(function* () {
      const unavailable = new StoreError({ operation: "erase", reason: new StoreUnavailable({ message: "down" }) })
      const { accounts, call } = yield* serve({ core: { autoSchedule, disconnect: () => Effect.fail(unavailable) } })
      assert.strictEqual((yield* call("DELETE", `${admin}/users/${adele}`, { key })).status, 503)
      assert.strictEqual((yield* call("GET", settings, { key: apiKey })).status, 401)
      assert.isTrue(Option.isSome(yield* accounts.user(adele)))
    })
  )

  it.effect("is not for users, and knows no strangers", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      assert.strictEqual((yield* call("DELETE", `${admin}/users/${adele}`)).status, 401)
      assert.strictEqual((yield* call("DELETE", `${admin}/users/usr_nobody`, { key })).status, 404)
    })
  )
})
