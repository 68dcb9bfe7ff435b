/**
 * Requests for the log that wait for an entry: what wakes them, and how many there may be.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { CurrentPolicy, Punctual, defaultPolicy } from "@punctual/core"
import { type Answer, adele, adminKey } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"
import { base, connected, connectedOn, hour, noon, ports, zoom } from "../Whole.ts"
import { heldLimits } from "../../src/http/Limits.ts"

const second = 1_000

const meeting = (host: Effect.Success<typeof connected>) =>
  Effect.gen(function* () {
    yield* host.control.create(host.calendarId, { subject: "Review", start: noon + 2 * hour, joinUrl: zoom })
    yield* host.syncChanges
    const [row] = yield* host.named("Review")
    const end: string = (yield* host.ok("GET", "/changes")).next
    return { ...host, end, eventId: String(row.id) }
  })

/** Runs until nothing moves without the clock. */
const settled = Effect.gen(function* () {
  for (let turn = 0; turn < 20; turn++) yield* Effect.promise(() => new Promise((done) => setImmediate(done)))
})

const typesOf = ({ json }: Answer): ReadonlyArray<string> =>
  json.changes.map(({ type }: { readonly type: string }) => type)

const isDone = (fiber: Fiber.Fiber<unknown>): boolean => fiber.pollUnsafe() !== undefined

describe("GET /calendar/changes?wait=", () => {
  it.effect("answers at once where there is something, and after the time where there is not", () =>
    Effect.gen(function* () {
      const { call, end } = yield* Effect.flatMap(connected, meeting)
      const some = yield* call("GET", `${base}/changes?wait=30`)
      assert.deepStrictEqual(typesOf(some), ["connection.created", "calendar.synced"])
      const waiting = yield* Effect.forkChild(call("GET", `${base}/changes?wait=25&cursor=${end}`))
      yield* settled
      yield* TestClock.adjust(24 * second)
      yield* settled
      assert.isFalse(isDone(waiting))
      yield* TestClock.adjust(second)
      const answer = yield* Fiber.join(waiting)
      assert.strictEqual(answer.status, 200)
      assert.deepStrictEqual([answer.json.changes, answer.json.has_more], [[], false])
      assert.strictEqual((yield* call("GET", `${base}/changes?cursor=${answer.json.next}`)).status, 200)
    })
  )

  it.effect("wakes without the clock when this process writes an entry that is wanted", () =>
    Effect.gen(function* () {
      const { call, end, eventId, ok } = yield* Effect.flatMap(connected, meeting)
      const any = yield* Effect.forkChild(call("GET", `${base}/changes?wait=30&cursor=${end}`))
      const cancelled = yield* Effect.forkChild(
        call("GET", `${base}/changes?wait=30&cursor=${end}&types=bot.cancelled`)
      )
      const all = yield* Effect.forkChild(call("GET", "/api/v1/admin/changes?wait=30&types=bot.*", { key: adminKey }))
      yield* settled
      assert.deepStrictEqual([any, cancelled, all].map(isDone), [false, false, false])
      const { bot_id: botId } = yield* ok("POST", `/schedule/${eventId}`, {})
      assert.deepStrictEqual(typesOf(yield* Fiber.join(any)), ["bot.scheduled"])
      yield* settled
      assert.isFalse(isDone(cancelled), "another type is passed over")
      yield* ok("DELETE", `/scheduled_bots/${botId}`)
      assert.deepStrictEqual(typesOf(yield* Fiber.join(cancelled)), ["bot.cancelled"])
      // Who waits for anybody's rests between two looks, and is told by the clock.
      yield* TestClock.adjust(second)
      assert.include(typesOf(yield* Fiber.join(all)), "bot.scheduled")
    })
  )

  it.effect("sees within a second what another process wrote", () =>
    Effect.gen(function* () {
      const storage = yield* Layer.build(ports)
      const process = Punctual.layer.pipe(
        Layer.provideMerge(Layer.succeedContext(storage)),
        Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
      )
      const { call, end, eventId } = yield* Effect.flatMap(connectedOn(process), meeting)
      const other = Context.get(yield* Layer.build(Layer.fresh(process)), Punctual)
      const own = yield* Effect.forkChild(call("GET", `${base}/changes?wait=30&cursor=${end}`))
      const all = yield* Effect.forkChild(call("GET", "/api/v1/admin/changes?wait=30&types=bot.*", { key: adminKey }))
      yield* settled
      yield* other.schedule(adele, {
        eventId: eventId as never,
        config: {},
        occurrenceDate: null,
        allOccurrences: false,
        occurrenceLimit: 1,
        recurring: false
      })
      yield* settled
      assert.deepStrictEqual([own, all].map(isDone), [false, false])
      yield* TestClock.adjust(second)
      assert.deepStrictEqual(typesOf(yield* Fiber.join(own)), ["bot.scheduled"])
      yield* TestClock.adjust(second)
      assert.deepStrictEqual(typesOf(yield* Fiber.join(all)), ["bot.scheduled"])
    })
  )

  it.effect("holds so many of a caller and no more, and forgets those that ended or went away", () =>
    Effect.gen(function* () {
      const { call, end } = yield* Effect.flatMap(connected, meeting)
      const ask = call("GET", `${base}/changes?wait=30&cursor=${end}`)
      const waiting = yield* Effect.forEach(Array.from({ length: heldLimits.ofOneMax }), () => Effect.forkChild(ask))
      yield* settled
      const refused = yield* ask
      assertProblem(refused, 429, "rate_limited")
      assert.strictEqual(refused.headers.get("retry-after"), "1")
      assert.strictEqual(
        (yield* call("GET", `${base}/changes?cursor=${end}`)).status,
        200,
        "who does not wait is let in"
      )
      yield* TestClock.adjust(30 * second)
      for (const fiber of waiting) assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
      const again = yield* Effect.forkChild(ask)
      yield* settled
      assert.isFalse(isDone(again))
      yield* Fiber.interrupt(again)
    })
  )
})
