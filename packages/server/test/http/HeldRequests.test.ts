/**
 * Requests that are held until there is something to answer: how many there may be, and what ends them.
 */
import { assert, describe, it } from "@effect/vitest"
import { Context, Deferred, Effect, Fiber, Layer } from "effect"
import { HttpServerRequest } from "effect/http"
import { HeldRequests } from "../../src/http/HeldRequests.ts"
import { heldLimits } from "../../src/http/Limits.ts"

const asked = Effect.provideService(
  HttpServerRequest.HttpServerRequest,
  HttpServerRequest.fromWeb(new Request("http://punctual.test"))
)

const holding = Effect.gen(function* () {
  const { hold, release } = Context.get(yield* Layer.build(HeldRequests.layer), HeldRequests)
  /** Begun when this succeeds; never answered, unless it is told not to wait. */
  const begin = Effect.fnUntraced(function* (caller: string, onEnd: Effect.Effect<void> = Effect.void) {
    const begun = yield* Deferred.make<void>()
    const read = (waitMillis: number) =>
      waitMillis === 0
        ? Effect.succeed("at once")
        : Effect.onInterrupt(Effect.andThen(Deferred.succeed(begun, undefined), Effect.never), () => onEnd)
    const fiber = yield* Effect.forkChild(asked(hold(caller, 1, read)))
    yield* Effect.raceFirst(Deferred.await(begun), Effect.exit(Fiber.join(fiber)))
    return fiber
  })
  return { begin, release }
})

describe("requests that are held", () => {
  it.effect("are so many of one caller, and others are held all the same", () =>
    Effect.gen(function* () {
      const { begin } = yield* holding
      const fibers = yield* Effect.forEach(Array.from({ length: heldLimits.ofOneMax }), () => begin("usr_a"))
      const refused = yield* Effect.flip(Fiber.join(yield* begin("usr_a")))
      assert.strictEqual(refused.code, "rate_limited")
      assert.include(refused.detail, `${heldLimits.ofOneMax} requests of one caller`)
      assert.isUndefined((yield* begin("usr_b")).pollUnsafe())
      for (const fiber of fibers) yield* Fiber.interrupt(fiber)
      assert.isUndefined((yield* begin("usr_a")).pollUnsafe(), "there is room again")
    })
  )

  it.effect("are so many in all", () =>
    Effect.gen(function* () {
      const { begin } = yield* holding
      for (let n = 0; n < heldLimits.atOnceMax; n++) yield* begin(`usr_${n}`)
      const refused = yield* Effect.flip(Fiber.join(yield* begin("usr_late")))
      assert.include(refused.detail, "this server holds")
      assert.include(refused.detail, "without `wait`")
    })
  )

  it.effect("end with whoever asked, and what was read for them with it", () =>
    Effect.gen(function* () {
      const { begin } = yield* holding
      let ended = 0
      const fiber = yield* begin(
        "usr_a",
        Effect.sync(() => void (ended += 1))
      )
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(ended, 1)
    })
  )

  it.effect("are all answered when the server is asked to stop, and nobody is held from then on", () =>
    Effect.gen(function* () {
      const { begin, release } = yield* holding
      const fiber = yield* begin("usr_a")
      assert.isUndefined(fiber.pollUnsafe())
      yield* release
      assert.strictEqual(yield* Fiber.join(fiber), "at once")
      assert.strictEqual(yield* Fiber.join(yield* begin("usr_a")), "at once")
    })
  )
})
