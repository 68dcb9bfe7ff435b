/**
 * V2: what one user may have, and how long an answer may be.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CurrentPolicy, defaultPolicy, type ListedEvent, Punctual, Store, autoNever, quotaLimits } from "@punctual/core"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import { answerLimits, keyLimits } from "../../src/http/Limits.ts"
import { eventItem } from "../../src/handlers/EventView.ts"
import { fitPage } from "../../src/handlers/PageBytes.ts"
import { eventText } from "../../src/handlers/PageText.ts"
import { apiKey, otherKey, serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { listed } from "../Samples.ts"
import { base, connected, connectedOn, hour, noon, ports, system, zoom } from "../Whole.ts"

const { botConfigBytesMax, botsOfOneEventMax } = quotaLimits

/** JSON of exactly so many bytes, of characters that take three each but for the last few. */
const configOf = (bytes: number): Readonly<Record<string, string>> => {
  const rest = bytes - JSON.stringify({ text: "" }).length
  return { text: "€".repeat(Math.floor(rest / 3)) + "x".repeat(rest % 3) }
}

const hostOn = Effect.fnUntraced(function* (on: typeof system) {
  const whole = yield* connectedOn(on)
  yield* whole.control.create(whole.calendarId, { subject: "Review", start: noon + hour, joinUrl: zoom })
  yield* whole.syncChanges
  const [{ id }] = yield* whole.named("Review")
  return { ...whole, id: String(id) }
})

const host = hostOn(system)

describe("V2: a configuration", () => {
  it.effect("may have 32 KiB, and is refused beyond with its path, wherever one is taken", () =>
    Effect.gen(function* () {
      const { call, id, ok } = yield* host
      const requests = [
        ["POST", `/schedule/${id}`, "bot_config"],
        ["POST", "/auto-schedule/enable", "default_bot_config"],
        ["PATCH", "/scheduled_bots/bot_1", "bot_config"]
      ] as const
      for (const [method, path, member] of requests) {
        const answer = yield* call(method, `${base}${path}`, { body: { [member]: configOf(botConfigBytesMax + 1) } })
        assertProblem(answer, 400, "invalid_request")
        assert.strictEqual(answer.json.errors[0].path, member)
      }
      const { bot_id } = yield* ok("POST", `/schedule/${id}`, { bot_config: configOf(botConfigBytesMax) })
      const grown = yield* call("PATCH", `${base}/scheduled_bots/${bot_id}`, { body: { bot_config: { more: "x" } } })
      assertProblem(grown, 409, "quota_exceeded")
      assert.strictEqual(grown.json.limit, "bot_config")
    })
  )
})

describe("V2: a series", () => {
  it.effect("takes one megabyte of configurations a request, and says for how many occurrences that would do", () =>
    Effect.gen(function* () {
      const whole = yield* connected
      yield* whole.control.createSeries(whole.calendarId, {
        timing: {
          rule: { kind: "pattern", pattern: { kind: "daily", interval: 1 }, range: { kind: "noEnd" } },
          startDate: "2026-03-11",
          startTime: 15 * hour,
          durationMillis: hour,
          zone: "UTC"
        },
        subject: "Daily",
        joinUrl: zoom
      })
      yield* whole.syncChanges
      const [{ id }] = yield* whole.named("Daily")
      const { configBytesOfSeriesMax } = quotaLimits
      const ask = (bytes: number, occurrences: number) =>
        whole.call("POST", `${base}/schedule/${id}`, {
          body: { bot_config: configOf(bytes), schedule_all_occurrences: true, occurrence_limit: occurrences }
        })
      const tooMuch = yield* ask(botConfigBytesMax, 366)
      assertProblem(tooMuch, 409, "quota_exceeded")
      assert.strictEqual(tooMuch.json.limit, "bot_configs")
      assert.include(tooMuch.json.detail, "`occurrence_limit` of 32")
      assert.strictEqual((yield* whole.ok("GET", "/scheduled_bots")).scheduled_bots.length, 0, "nothing was written")
      assert.isBelow((yield* ask(Math.floor(configBytesOfSeriesMax / 366), 366)).status, 300)
    })
  )
})

describe("V2: a user", () => {
  it.effect("has so many live bots at most", () =>
    Effect.gen(function* () {
      // Thousands of bots take long to make: the store says how many there are.
      const full = Layer.effect(
        Store,
        Effect.map(Store, (store) => Store.of({ ...store, liveBots: () => Effect.succeed(quotaLimits.liveBotsMax) }))
      )
      const { call, id } = yield* hostOn(
        Punctual.layer.pipe(
          Layer.provideMerge(Layer.provideMerge(full, ports)),
          Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
        )
      )
      const answer = yield* call("POST", `${base}/schedule/${id}`, { body: {} })
      assertProblem(answer, 409, "quota_exceeded")
      assert.strictEqual(answer.json.limit, "live_bots")
    })
  )

  it.effect("has so many answers kept for idempotency keys, and so many bytes of them; who repeats is answered", () =>
    Effect.gen(function* () {
      const auto = { ...autoNever, enabled: true, seq: 1, config: {} }
      const { storedBytesOfOneUserMax, storedLookMillis, storedOfOneUserMax } = answerLimits
      let elsewhere = { count: storedOfOneUserMax - 1, bytes: 0 }
      const accounts = Layer.effect(
        Accounts,
        Effect.map(Accounts, (behind) => Accounts.of({ ...behind, storedAnswers: () => Effect.succeed(elsewhere) }))
      ).pipe(Layer.provide(AccountsMemory.layer))
      const { call } = yield* serve({ core: { enableAuto: () => Effect.succeed(auto) }, accounts })
      const ask = (key: string | null) =>
        call("POST", `${base}/auto-schedule/enable`, {
          body: {},
          headers: key === null ? {} : { "idempotency-key": key }
        })
      assert.strictEqual((yield* ask("the last")).status, 200)
      const refused = yield* ask("one more")
      assertProblem(refused, 409, "quota_exceeded")
      assert.strictEqual(refused.json.limit, "stored_answers")
      assert.strictEqual((yield* ask("the last")).headers.get("idempotent-replayed"), "true")
      assert.strictEqual((yield* ask(null)).status, 200)
      elsewhere = { count: 1, bytes: storedBytesOfOneUserMax }
      yield* TestClock.adjust(storedLookMillis)
      assertProblem(yield* ask("one more"), 409, "quota_exceeded")
      elsewhere = { count: 1, bytes: 1 }
      yield* TestClock.adjust(storedLookMillis)
      assert.strictEqual((yield* ask("one more")).status, 200, "the refusal itself was not kept")
    })
  )

  it.effect("is shown the newest five bots of an event and how many there were", () =>
    Effect.gen(function* () {
      const { id, named, ok } = yield* host
      const made: Array<string> = []
      for (let n = 0; n < 12; n++) {
        yield* TestClock.adjust(10)
        made.unshift((yield* ok("POST", `/schedule/${id}`, {})).bot_id)
        yield* ok("DELETE", `/schedule/${id}`)
      }
      const [row] = yield* named("Review")
      assert.strictEqual(row.bot_count, 12)
      assert.deepStrictEqual(
        row.bots.map((bot: { readonly id: string }) => bot.id),
        made.slice(0, botsOfOneEventMax)
      )
    })
  )

  it.effect("has so many requests going on at once with a key; another's key is not held up", () =>
    Effect.gen(function* () {
      const go = yield* Deferred.make<void>()
      const bots = () => Effect.as(Deferred.await(go), { items: [], hasMore: false })
      const { call } = yield* serve({ core: { bots } })
      const ask = (key: string) => call("GET", `${base}/scheduled_bots`, { key })
      const first = yield* Effect.forEach(Array.from({ length: keyLimits.atOnceMax }), () =>
        Effect.forkChild(ask(apiKey))
      )
      while ((yield* Effect.map(call("GET", "/healthz"), ({ status }) => status)) !== 200);
      yield* Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow)
      const other = yield* Effect.forkChild(ask(otherKey))
      assertProblem(yield* ask(apiKey), 429, "rate_limited")
      yield* Deferred.succeed(go, undefined)
      for (const fiber of [...first, other]) assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
      assert.strictEqual((yield* ask(apiKey)).status, 200)
    })
  )
})

describe("V2: an answer", () => {
  it("of events ends before it becomes too long, with one event at least, from either side", () => {
    const rowOf = (n: number): ListedEvent => ({
      ...listed,
      event: { ...listed.event, start: n },
      rawText: JSON.stringify({ body: "x".repeat(300_000) })
    })
    const all = Array.from({ length: 100 }, (_, n) => rowOf(n))
    const fitted = (items: ReadonlyArray<ListedEvent>, backwards: boolean, bytesMax: number) => {
      let written = 0
      const page = fitPage(items, backwards, bytesMax, (each) => ((written += 1), eventText(eventItem(each))))
      assert.deepStrictEqual(
        page.texts,
        page.items.map((each) => eventText(eventItem(each))),
        "each event's text, in its place"
      )
      return { starts: page.items.map(({ event }) => event.start), written, isWhole: page.items === items }
    }
    const { pageBytesMax } = answerLimits
    assert.deepStrictEqual(fitted(all, false, pageBytesMax), {
      starts: [0, 1, 2, 3, 4, 5],
      written: 7,
      isWhole: false
    })
    assert.deepStrictEqual(fitted(all, true, pageBytesMax), {
      starts: [94, 95, 96, 97, 98, 99],
      written: 7,
      isWhole: false
    })
    assert.deepStrictEqual(fitted(all, false, 10).starts, [0])
    for (const backwards of [false, true]) {
      assert.deepStrictEqual(fitted(all.slice(0, 3), backwards, pageBytesMax), {
        starts: [0, 1, 2],
        written: 3,
        isWhole: true
      })
    }
  })

  it.effect("that is long is not kept for its key: the repetition runs again, as one after a crash", () =>
    Effect.gen(function* () {
      let runs = 0
      const config = { text: "x".repeat(answerLimits.keptBytesMax) }
      const auto = { ...autoNever, enabled: true, seq: 1, config }
      const enableAuto = () => Effect.sync(() => (runs++, auto))
      const { call } = yield* serve({ core: { enableAuto } })
      const ask = call("POST", `${base}/auto-schedule/enable`, { body: {}, headers: { "idempotency-key": "k" } })
      assert.strictEqual((yield* ask).status, 200)
      assertProblem(yield* ask, 409, "idempotency_in_progress")
      yield* TestClock.adjust("61 seconds")
      const again = yield* ask
      assert.deepStrictEqual([again.status, again.headers.get("idempotent-replayed"), runs], [200, null, 2])
    })
  )
})
