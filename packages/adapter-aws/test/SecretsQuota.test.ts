/**
 * What Parameter Store's quota of three writes a second is spent on: sign-ins first, rotations once a day, and every
 * attempt counted.
 */
import { type ConnectionId, type ConnectionRef, Secrets, type UserId } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { FakeAws, layerSecrets } from "./fake/VirtualAws.ts"

const day = 86_400_000

const refOf = (n: number): ConnectionRef => ({
  userId: `usr_${n}` as UserId,
  connectionId: `outlook_calendar_usr_${n}` as ConnectionId,
  generation: 1,
  version: 1
})

const tokenAt = (obtainedAt: number, clientSecret = "s") =>
  Redacted.make({ clientId: "c", clientSecret, refreshToken: `t${obtainedAt}`, obtainedAt })

const puts = Effect.map(FakeAws, (aws) => aws.asked().filter(({ operation }) => operation === "PutParameter"))

const generous = { readParametersPerSecond: Infinity, putParameterPerSecond: Infinity }

/** In steps, since promises among what waits are settled between them. */
const letPass = (millis: number) =>
  Effect.repeat(Effect.andThen(TestClock.adjust(100), Effect.repeat(Effect.yieldNow, { times: 20 })), {
    times: millis / 100
  })

describe("A5: a rotated token", () => {
  it.effect(
    "A5: is saved once the saved one is a day old, or belongs to another secret; until then that works on",
    () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        const saved = Effect.map(secrets.get(refOf(1)), (got) => Redacted.value(Option.getOrThrow(got)).obtainedAt)
        yield* secrets.put(refOf(1), tokenAt(day))
        for (let hour = 1; hour < 24; hour++) yield* secrets.put(refOf(1), tokenAt(day + hour * 3_600_000))
        assert.lengthOf(yield* puts, 1)
        assert.strictEqual(yield* saved, day)
        yield* secrets.put(refOf(1), tokenAt(2 * day))
        assert.strictEqual(yield* saved, 2 * day)
        yield* secrets.put(refOf(1), tokenAt(2 * day + 1, "another"))
        assert.strictEqual(yield* saved, 2 * day + 1)
        assert.lengthOf(yield* puts, 3)
      }).pipe(Effect.provide(layerSecrets(generous, { putsPerSecond: Infinity })))
  )
})

describe("A5: three writes a second", () => {
  it.effect("A5: a sign-in does not wait behind rotations, and is not refused because of them", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const old = Array.from({ length: 20 }, (_, n) => refOf(n))
      const filling = yield* Effect.forkChild(
        Effect.forEach(old, (ref) => secrets.put(ref, tokenAt(1)), { concurrency: "unbounded" })
      )
      yield* letPass(8_000)
      yield* Fiber.join(filling)
      yield* Effect.forkScoped(
        Effect.forEach(old, (ref) => Effect.result(secrets.put(ref, tokenAt(9 * day))), { concurrency: "unbounded" })
      )
      yield* letPass(100)
      const signingIn = yield* Effect.forkChild(secrets.put(refOf(99), tokenAt(1)))
      yield* letPass(1_000)
      yield* Fiber.join(signingIn)
      assert.isTrue(Option.isSome(yield* secrets.get(refOf(99))))
    }).pipe(
      Effect.scoped,
      Effect.provide(layerSecrets({ ...generous, putParameterPerSecond: 3 }, { putsPerSecond: 3 }))
    )
  )

  it.effect("A5: repetitions take turns too: never more than three requests in any second", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const aws = yield* FakeAws
      aws.addFaults({
        operation: "PutParameter",
        times: 12,
        effect: { kind: "error", name: "ThrottlingException", status: 400 }
      })
      const refs = Array.from({ length: 12 }, (_, n) => refOf(n))
      const saving = yield* Effect.forkChild(
        Effect.forEach(refs, (ref) => Effect.result(secrets.put(ref, tokenAt(1))), { concurrency: "unbounded" })
      )
      yield* letPass(20_000)
      yield* Fiber.join(saving)
      const instants = (yield* puts).map(({ at }) => at)
      assert.isAtLeast(instants.length, 24)
      for (const [n, at] of instants.entries()) {
        const third = instants[n + 3]
        if (third !== undefined) assert.isAtLeast(third - at, 999)
      }
    }).pipe(Effect.provide(layerSecrets(generous, { putsPerSecond: 3 })))
  )
})
