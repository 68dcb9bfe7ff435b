/**
 * Parameter Store's quirks, each by its name.
 */
import { type ConnectionId, type ConnectionRef, type Credentials, Secrets, type UserId } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Option, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { namesOf, valueBytesMax } from "../src/secrets/Entry.ts"
import { FakeAws, layerSecrets, prefix, secretsOn } from "./fake/VirtualAws.ts"

const ref: ConnectionRef = {
  userId: "usr_1" as UserId,
  connectionId: "outlook_calendar_usr_1" as ConnectionId,
  generation: 1,
  version: 1
}

const upTo = (generation: number) => ({ id: ref.connectionId, userId: ref.userId, generation })

const credentials = (n: number, tokenBytes = 20): Credentials => ({
  clientId: "client",
  clientSecret: "{{ssm:/punctual/other}}",
  refreshToken: "t".repeat(tokenBytes),
  obtainedAt: n
})

const wrapped = (n: number, tokenBytes?: number) => Redacted.make(credentials(n, tokenBytes))

const held = (secrets: Secrets["Service"], at = ref) =>
  Effect.map(secrets.get(at), (got) => Option.getOrNull(Option.map(got, Redacted.value)))

const requests = (operation: string) =>
  Effect.map(FakeAws, (aws) => aws.asked().filter((asked) => asked.operation === operation))

const generous = { readParametersPerSecond: Infinity, putParameterPerSecond: Infinity }
const onFake = (options = {}, given = {}) =>
  Effect.provide(
    layerSecrets({ ...generous, ...options }, { putsPerSecond: Infinity, savedAgainAfterMillis: 0, ...given })
  )

describe("a parameter", () => {
  it.effect("is a SecureString of the key asked for, in the tier that its size needs", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      yield* secrets.put(ref, wrapped(1))
      const [asked] = yield* requests("PutParameter")
      const { Value: _, ...fields } = JSON.parse(asked?.request.body ?? "")
      assert.deepInclude(fields, { Type: "SecureString", KeyId: "alias/punctual", Tier: "Intelligent-Tiering" })
      assert.deepStrictEqual(yield* held(secrets), credentials(1))
    }).pipe(onFake({}, { keyId: "alias/punctual" }))
  )

  it.effect("holds what looks like a reference to another, and shows no secret to who may not decrypt", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      yield* secrets.put(ref, wrapped(1))
      const aws = yield* FakeAws
      for (const value of aws.parameters.values().values()) {
        assert.notInclude(value, "{{")
        assert.notInclude(value, "client")
      }
    }).pipe(onFake())
  )

  it.effect(
    "grows from Standard to Advanced (8 KB), stays there, and is refused beyond as too large, with no request",
    () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        yield* secrets.put(ref, wrapped(1, 100))
        yield* secrets.put(ref, wrapped(2, 5_500))
        assert.deepStrictEqual(yield* held(secrets), credentials(2, 5_500))
        yield* secrets.put(ref, wrapped(3, 100))
        const before = (yield* FakeAws).asked().length
        const error = yield* Effect.flip(secrets.put(ref, wrapped(4, 6_500)))
        assert.strictEqual(error.reason._tag, "TooLarge")
        assert.isFalse(error.isRetryable)
        if (error.reason._tag === "TooLarge") {
          assert.strictEqual(error.reason.bytesMax, valueBytesMax)
          assert.isAbove(error.reason.bytes, valueBytesMax)
        }
        assert.strictEqual((yield* FakeAws).asked().length, before)
        assert.deepStrictEqual(yield* held(secrets), credentials(3, 100))
      }).pipe(onFake())
  )

  it.effect("is put again at once where it was deleted: under another name, since a name rests 30 seconds", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      for (let n = 1; n <= 9; n++) {
        yield* secrets.put(ref, wrapped(n))
        assert.deepStrictEqual(yield* held(secrets), credentials(n))
        yield* secrets.erase(ref)
        assert.isNull(yield* held(secrets))
      }
      const names = (yield* requests("PutParameter")).map(({ request }) => JSON.parse(request.body).Name)
      assert.strictEqual(new Set(names).size, 9, "no name was taken while it rested")
    }).pipe(onFake())
  )

  it.effect("that is gone is erased already; pages that are empty are not the last", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      for (let version = 1; version <= 23; version++) yield* secrets.put({ ...ref, version }, wrapped(version))
      yield* secrets.erase({ ...ref, version: 99 })
      yield* secrets.eraseAll(upTo(1))
      assert.strictEqual((yield* FakeAws).parameters.values().size, 0)
      assert.isAtLeast((yield* requests("GetParametersByPath")).length, 4)
    }).pipe(onFake())
  )

  it.effect("of another user or connection whose name begins alike is not touched", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const other = { ...ref, userId: "usr_11" as UserId }
      const odd = { ...ref, userId: "usr/1 é" as UserId }
      const second = { ...ref, connectionId: `${ref.connectionId}1` as ConnectionId }
      const oddSecond = { ...ref, connectionId: "outlook/é" as ConnectionId }
      for (const each of [ref, other, odd, second, oddSecond]) yield* secrets.put(each, wrapped(1))
      yield* secrets.eraseAll(upTo(9))
      assert.isNull(yield* held(secrets))
      for (const each of [other, odd, second, oddSecond])
        assert.deepStrictEqual(yield* held(secrets, each), credentials(1))
    }).pipe(onFake())
  )
})

describe("two processes write one parameter", () => {
  it.effect("the newest token is what is left, whoever wrote last (there is no conditional write)", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const [one, other] = [
        yield* Effect.provide(Secrets, secretsOn(aws, { putsPerSecond: Infinity, savedAgainAfterMillis: 0 })),
        yield* Effect.provide(Secrets, secretsOn(aws, { putsPerSecond: Infinity, savedAgainAfterMillis: 0 }))
      ]
      yield* one.put(ref, wrapped(1))
      for (let round = 1; round <= 20; round++) {
        const puts = [one, other, one, other].map((secrets, n) => secrets.put(ref, wrapped(round * 10 + ((n * 3) % 4))))
        yield* Effect.all(puts, { concurrency: "unbounded" })
        assert.deepStrictEqual(yield* held(one), credentials(round * 10 + 3), `round ${round}`)
      }
    }).pipe(Effect.scoped, onFake())
  )

  it.effect("a write in between that was newer is put back", () =>
    Effect.gen(function* () {
      const aws = yield* FakeAws
      const other = yield* Effect.provide(
        Secrets,
        secretsOn(aws, { putsPerSecond: Infinity, savedAgainAfterMillis: 0 })
      )
      // This one waits its turn between reading and writing, and the other writes meanwhile.
      const slow = yield* Effect.provide(Secrets, secretsOn(aws, { putsPerSecond: 1, savedAgainAfterMillis: 0 }))
      yield* slow.put(ref, wrapped(1))
      const writing = yield* Effect.forkChild(slow.put(ref, wrapped(2)))
      yield* Effect.repeat(Effect.yieldNow, { times: 100 })
      yield* other.put(ref, wrapped(9))
      yield* TestClock.adjust("1 second")
      yield* Effect.repeat(Effect.yieldNow, { times: 100 })
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(writing)
      assert.deepStrictEqual(yield* held(other), credentials(9))
    }).pipe(Effect.scoped, onFake())
  )
})

describe("quotas", () => {
  it.effect("writes are spread out to three a second: none of two dozen is throttled", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const began = yield* Clock.currentTimeMillis
      const refs = Array.from({ length: 24 }, (_, n) => ({ ...ref, userId: `usr_${n}` as UserId }))
      const writing = yield* Effect.forkChild(
        Effect.forEach(refs, (each) => secrets.put(each, wrapped(1)), { concurrency: "unbounded", discard: true })
      )
      for (let step = 0; step < 100; step++) {
        yield* TestClock.adjust("100 millis")
        yield* Effect.repeat(Effect.yieldNow, { times: 20 })
      }
      yield* Fiber.join(writing)
      assert.lengthOf(yield* requests("PutParameter"), refs.length)
      assert.strictEqual((yield* FakeAws).parameters.values().size, refs.length)
      assert.isAtLeast((yield* Clock.currentTimeMillis) - began, 7_000)
    }).pipe(onFake({ putParameterPerSecond: 3 }, { putsPerSecond: 3 }))
  )

  it.effect("where too many wait, the next is told so at once: its old token stays in use, and it comes again", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const refs = Array.from({ length: 40 }, (_, n) => ({ ...ref, userId: `usr_${n}` as UserId }))
      const writing = yield* Effect.forkChild(
        Effect.forEach(refs, (each) => Effect.result(secrets.put(each, wrapped(1))), { concurrency: "unbounded" })
      )
      for (let step = 0; step < 30; step++) {
        yield* TestClock.adjust("500 millis")
        yield* Effect.repeat(Effect.yieldNow, { times: 20 })
      }
      const results = yield* Fiber.join(writing)
      const failed = results.flatMap((result) => (result._tag === "Failure" ? [result.failure] : []))
      assert.isNotEmpty(failed)
      for (const error of failed)
        assert.deepStrictEqual([error.reason._tag, error.isRetryable], ["SecretsThrottled", true])
      assert.strictEqual((yield* FakeAws).parameters.values().size, refs.length - failed.length)
    }).pipe(onFake({ putParameterPerSecond: 3 }, { putsPerSecond: 3 }))
  )

  for (const name of ["ThrottlingException", "TooManyUpdates", "InternalServerError"]) {
    it.live(`${name} is asked again; lasting, it is told as such`, () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        const aws = yield* FakeAws
        const fault = { operation: "PutParameter", effect: { kind: "error", name, status: 400 } } as const
        aws.addFaults({ ...fault, times: 2 })
        yield* secrets.put(ref, wrapped(1))
        assert.deepStrictEqual(yield* held(secrets), credentials(1))
        aws.addFaults({ ...fault, times: 100 })
        const error = yield* Effect.flip(secrets.put(ref, wrapped(2)))
        assert.strictEqual(
          error.reason._tag,
          name === "InternalServerError" ? "SecretsUnavailable" : "SecretsThrottled"
        )
        assert.isTrue(error.isRetryable)
        aws.clearFaults()
        assert.deepStrictEqual(yield* held(secrets), credentials(1), "what was saved stays in use")
      }).pipe(onFake())
    )
  }

  it.live(
    "an answer that got lost leaves one value; a key that is not there is told, with no secret in the message",
    () =>
      Effect.gen(function* () {
        const secrets = yield* Secrets
        const aws = yield* FakeAws
        aws.addFaults({ operation: "PutParameter", effect: { kind: "lost_answer" } })
        yield* secrets.put(ref, wrapped(1))
        assert.deepStrictEqual(yield* held(secrets), credentials(1))
        assert.strictEqual(aws.parameters.values().size, 1)
        aws.addFaults({ operation: "PutParameter", effect: { kind: "error", name: "InvalidKeyId", status: 400 } })
        const error = yield* Effect.flip(secrets.put(ref, wrapped(2)))
        assert.strictEqual(error.reason._tag, "SecretsUnavailable")
        assert.notInclude(JSON.stringify(error), "tttt")
      }).pipe(onFake())
  )
})

it("ten names a ref, so that one request reads and one deletes them", () => {
  assert.lengthOf(namesOf(prefix, ref), 10)
})
