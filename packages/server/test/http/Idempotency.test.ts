/**
 * The same request twice: done once, answered twice.
 */
import { assert, describe, it } from "@effect/vitest"
import { createHash } from "node:crypto"
import { Deferred, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { Refusal, type Punctual, type RefusalCode } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { adele, otherKey, serve } from "../Kit.ts"
import { bot, listed, scheduled } from "../Samples.ts"

const path = "/api/v1/calendar/schedule/evt_abc123"
const key = (name: string) => ({ "idempotency-key": name })
const body = { bot_config: { bot_name: "A" } }
const day = 86_400_000

/** Counts what is really done. */
const counting = (outcomes: ReadonlyArray<RefusalCode | null> = []) => {
  const done: Array<string> = []
  const schedule: Punctual["Service"]["schedule"] = (userId) =>
    Effect.suspend(() => {
      const code = outcomes[done.length] ?? null
      done.push(userId)
      return code === null ? Effect.succeed(scheduled) : Effect.fail(new Refusal({ code, detail: "x", botId: bot.id }))
    })
  return { done, core: { schedule } }
}

describe("Idempotency-Key", () => {
  it.effect("gives the first answer again, to the letter, and does nothing twice", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const { call } = yield* serve({ core })
      const first = yield* call("POST", path, { body, headers: key("k1") })
      yield* TestClock.adjust("1 hour")
      const second = yield* call("POST", path, { body, headers: key("k1") })
      assert.strictEqual(first.status, 200)
      assert.strictEqual(second.status, 200)
      assert.strictEqual(second.text, first.text)
      assert.strictEqual(second.headers.get("content-type"), first.headers.get("content-type"))
      assert.strictEqual(second.headers.get("idempotent-replayed"), "true")
      assert.lengthOf(done, 1)
    })
  )

  it.effect("takes the same JSON for the same body, however it is spaced", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const { call } = yield* serve({ core })
      const headers = { ...key("k"), "content-type": "application/json" }
      yield* call("POST", path, { body: '{"bot_config":{"bot_name":"A"}}', headers })
      const again = yield* call("POST", path, { body: '{ "bot_config":\n{ "bot_name": "A" } }', headers })
      assert.strictEqual(again.status, 200)
      assert.lengthOf(done, 1)
    })
  )

  it.effect("refuses the key with another body or for another event: 422 idempotency_key_reused", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const { call } = yield* serve({ core })
      yield* call("POST", path, { body, headers: key("k1") })
      for (const [to, other] of [
        [path, { bot_config: { bot_name: "B" } }],
        ["/api/v1/calendar/schedule/evt_other", body]
      ] as const) {
        const answer = yield* call("POST", to, { body: other, headers: key("k1") })
        assert.strictEqual(answer.status, 422)
        assert.strictEqual(answer.json.code, "idempotency_key_reused")
      }
      assert.lengthOf(done, 1)
    })
  )

  it.effect("keeps users and routes apart", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const enableAuto = () => Effect.succeed(Rows.autoSchedule({ enabled: true, seq: 1 }))
      const { call } = yield* serve({ core: { ...core, enableAuto } })
      yield* call("POST", path, { body, headers: key("k1") })
      assert.strictEqual((yield* call("POST", path, { key: otherKey, body, headers: key("k1") })).status, 200)
      assert.strictEqual(
        (yield* call("POST", "/api/v1/calendar/auto-schedule/enable", { headers: key("k1") })).status,
        200
      )
      assert.lengthOf(done, 2)
    })
  )

  it.effect.each(["event_not_found", "bot_already_scheduled", "no_meeting_link"] as const)(
    "remembers a definite refusal: %s",
    (code) =>
      Effect.gen(function* () {
        const { core, done } = counting([code])
        const { call } = yield* serve({ core })
        const first = yield* call("POST", path, { body, headers: key("k1") })
        const second = yield* call("POST", path, { body, headers: key("k1") })
        assert.strictEqual(first.json.code, code)
        assert.strictEqual(second.text, first.text)
        assert.strictEqual(second.status, first.status)
        assert.strictEqual(second.headers.get("content-type"), "application/problem+json")
        assert.lengthOf(done, 1)
      })
  )

  it.effect.each([
    ["microsoft_unavailable", "provider_unavailable"],
    ["not_recurring", "not_recurring"]
  ] as const)("forgets what may be tried again: %s", ([code, refusal]) =>
    Effect.gen(function* () {
      const { core, done } = counting([refusal])
      const { call } = yield* serve({ core })
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k1") })).json.code, code)
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k1") })).status, 200)
      assert.lengthOf(done, 2)
    })
  )

  it.effect("forgets a run that died of a defect, and a body that was refused", () =>
    Effect.gen(function* () {
      let runs = 0
      const schedule = () =>
        Effect.suspend(() => (runs++ === 0 ? Effect.die(new Error("boom")) : Effect.succeed(scheduled)))
      const { call } = yield* serve({ core: { schedule } })
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k1") })).status, 500)
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k1") })).status, 200)
      assert.strictEqual((yield* call("POST", path, { body: { nonsense: 1 }, headers: key("k2") })).status, 400)
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k2") })).status, 200)
    })
  )

  it.effect("while the first is running: 409 idempotency_in_progress; after its lease, a repetition", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      let runs = 0
      const schedule = () =>
        Effect.suspend(() => (runs++ === 0 ? Effect.as(Deferred.await(gate), scheduled) : Effect.succeed(scheduled)))
      const { call } = yield* serve({ core: { schedule } })
      const first = yield* Effect.forkChild(call("POST", path, { body, headers: key("k1") }), {
        startImmediately: true
      })
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      const during = yield* call("POST", path, { body, headers: key("k1") })
      assert.strictEqual(during.status, 409)
      assert.strictEqual(during.json.code, "idempotency_in_progress")
      assert.isNotEmpty(during.headers.get("retry-after"))
      yield* TestClock.adjust(60_001)
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k1") })).status, 200)
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual((yield* Fiber.join(first)).status, 200)
    })
  )

  it.effect("forgets after 24 hours", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const { call } = yield* serve({ core })
      yield* call("POST", path, { body, headers: key("k1") })
      yield* TestClock.adjust(day + 1)
      yield* call("POST", path, { body, headers: key("k1") })
      assert.lengthOf(done, 2)
    })
  )

  it.effect("takes 255 characters and refuses 256 and none with 400", () =>
    Effect.gen(function* () {
      const { core, done } = counting()
      const { call } = yield* serve({ core })
      assert.strictEqual((yield* call("POST", path, { body, headers: key("k".repeat(255)) })).status, 200)
      for (const wrong of ["k".repeat(256), ""]) {
        const answer = yield* call("POST", path, { body, headers: key(wrong) })
        assert.strictEqual(answer.status, 400)
        assert.strictEqual(answer.json.errors[0].in, "header")
      }
      assert.lengthOf(done, 1)
    })
  )

  it.effect("a repetition after a crash that meets its own work answers as the first would have", () =>
    Effect.gen(function* () {
      const own = { ...bot, config: body.bot_config }
      const { core } = counting(["bot_already_scheduled"])
      const { accounts, call } = yield* serve({
        core: {
          ...core,
          bots: () => Effect.succeed({ items: [own], hasMore: false }),
          event: () => Effect.succeed({ ...listed, bots: [own] })
        }
      })
      // A process begins, makes the bot, and dies: its lease runs out.
      yield* crashed(accounts)
      const answer = yield* call("POST", path, { body, headers: key("crash") })
      assert.strictEqual(answer.status, 200, answer.text)
      assert.strictEqual(answer.json.bot_id, bot.id)
    })
  )

  it.effect("a repetition after a crash that meets another's work is refused as such", () =>
    Effect.gen(function* () {
      const { core } = counting(["bot_already_scheduled"])
      const { accounts, call } = yield* serve({
        core: { ...core, bots: () => Effect.succeed({ items: [{ ...bot, config: { other: true } }], hasMore: false }) }
      })
      yield* crashed(accounts)
      const answer = yield* call("POST", path, { body, headers: key("crash") })
      assert.strictEqual(answer.status, 409)
      assert.strictEqual(answer.json.bot_id, bot.id)
    })
  )
})

type Accounts = Effect.Success<ReturnType<typeof serve>>["accounts"]

/** Leaves a record behind as a process leaves it that dies before it answers. */
const crashed = Effect.fnUntraced(function* (accounts: Accounts) {
  const digest = createHash("sha256")
    .update(`POST ${path}\n${JSON.stringify(body)}`)
    .digest("hex")
  const route = "POST /api/v1/calendar/schedule/:event_id"
  const begun = { digest, now: 0, leaseUntil: 60_000, keepUntil: day }
  assert.strictEqual((yield* accounts.begin({ userId: adele, route, key: "crash" }, begun)).kind, "started")
  yield* TestClock.adjust(60_001)
})
