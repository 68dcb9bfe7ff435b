/** One request: what is tried again, what is not, and what is never done. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { GraphReply } from "../../src/client/GraphReply.ts"
import { type GraphRequest, type SendError, makeGraphClient } from "../../src/client/GraphClient.ts"
import { type Answer, fakeService } from "../../../core/test/http/FakeService.ts"
import { fakeAccount, limitsOf, service } from "../fakes/FakeGraph.ts"

const get: GraphRequest = { method: "GET", url: new URL("/v1.0/me", service) }
const post: GraphRequest = { method: "POST", url: new URL("/v1.0/subscriptions", service), body: { a: 1 } }

/** Sends one request against answers given in order, the last one for ever, and lets time pass. */
const sent = (answers: ReadonlyArray<Answer>, request = get, changes = {}) =>
  Effect.gen(function* () {
    const fake = fakeService((_, index) => answers[Math.min(index, answers.length - 1)] ?? {})
    const account = fakeAccount()
    const client = makeGraphClient(fake.http, limitsOf(changes))
    const fiber = yield* Effect.forkChild(Effect.exit(client.send(account, request)))
    yield* TestClock.adjust("1 hour")
    return { exit: yield* Fiber.join(fiber), sent: fake.sent, account }
  })

const reasonOf = (exit: Exit.Exit<GraphReply, SendError>): string => {
  const error = Exit.findErrorOption(exit)
  return error._tag === "Some" ? error.value._tag : "none"
}

const isSuccess = (exit: Exit.Exit<GraphReply, SendError>, status = 200): void => {
  assert.isTrue(Exit.isSuccess(exit), JSON.stringify(exit))
  if (Exit.isSuccess(exit)) assert.strictEqual(exit.value.status, status)
}

describe("answers", () => {
  it.effect("carries the token, and what it prefers, and asks for JSON", () =>
    Effect.gen(function* () {
      const {
        sent: [request]
      } = yield* sent([{}], { ...get, prefer: [`outlook.timezone="UTC"`, `IdType="ImmutableId"`] })
      assert.strictEqual(request?.headers["authorization"], "Bearer token-1")
      assert.strictEqual(request?.headers["prefer"], `outlook.timezone="UTC", IdType="ImmutableId"`)
      assert.strictEqual(request?.headers["accept"], "application/json")
      assert.isUndefined(request?.headers["traceparent"])
    })
  )

  it.effect.each([
    [{ status: 503 }, { body: { ok: 1 } }],
    [{ status: 500, body: "<html>" }, { status: 502, body: "" }, {}],
    [{ dropped: true }, {}],
    [{ body: '{"cut": ' }, {}],
    [{ body: "<html>gateway</html>" }, {}],
    [{ body: [] }, {}],
    [{ body: "null" }, {}],
    [{ status: 408 }, {}]
  ])("faults are tried again: %j", (answers) =>
    Effect.gen(function* () {
      const { exit, sent: requests } = yield* sent(answers as Array<Answer>)
      isSuccess(exit)
      assert.lengthOf(requests, (answers as Array<Answer>).length)
    })
  )

  it.effect.each([400, 403, 404, 405, 409, 410, 412, 413, 422, 501])("%i is definite and asked for once", (status) =>
    Effect.gen(function* () {
      const body = { error: { code: "SomeCode", message: "why" } }
      const { exit, sent: requests } = yield* sent([{ status, body }])
      isSuccess(exit, status)
      if (Exit.isSuccess(exit)) assert.deepInclude(exit.value.failure, { code: "SomeCode", word: "somecode" })
      assert.lengthOf(requests, 1)
    })
  )

  it.effect("an empty answer is an empty object", () =>
    Effect.gen(function* () {
      const { exit } = yield* sent([{ status: 204 }], { ...get, method: "DELETE" })
      isSuccess(exit, 204)
    })
  )

  it.effect("a redirect is not followed and not tried for ever", () =>
    Effect.gen(function* () {
      const { exit, sent: requests } = yield* sent([
        { status: 302, headers: { location: "https://evil.example/v1.0/me" } }
      ])
      assert.strictEqual(reasonOf(exit), "Unavailable")
      assert.isTrue(requests.every(({ url }) => url.startsWith("https://graph.microsoft.com/")))
    })
  )

  it.effect("an answer too large to read is not read", () =>
    Effect.gen(function* () {
      const { exit } = yield* sent([{ body: { text: "x".repeat(5_000) } }], get, { bodyMaxBytes: 1_000 })
      assert.strictEqual(reasonOf(exit), "BodyTooLarge")
    })
  )

  it.effect("silence is cut off at the deadline", () =>
    Effect.gen(function* () {
      const fake = fakeService(() => ({ afterMillis: 10 * 3_600_000 }))
      const client = makeGraphClient(fake.http, limitsOf({ attemptsMax: 1 }))
      const fiber = yield* Effect.forkChild(Effect.exit(client.send(fakeAccount(), get)))
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(reasonOf(yield* Fiber.join(fiber)), "Unavailable")
    })
  )
})

describe("what must not happen twice", () => {
  it.effect.each([
    { dropped: true },
    { status: 500 },
    { status: 504 },
    { status: 200, body: "<html>" },
    { status: 503 }
  ])("a POST that may have been carried out is not sent again: %j", (answer) =>
    Effect.gen(function* () {
      const { exit, sent: requests } = yield* sent([answer, {}], post)
      assert.strictEqual(reasonOf(exit), "Unavailable")
      assert.lengthOf(requests, 1)
    })
  )

  it.effect.each([{ status: 429 }, { status: 503, headers: { "retry-after": "1" } }])(
    "a POST that was surely refused is: %j",
    (answer) =>
      Effect.gen(function* () {
        const { exit, sent: requests } = yield* sent([answer, { status: 201 }], post)
        isSuccess(exit, 201)
        assert.strictEqual(requests[1]?.body, `{"a":1}`)
      })
  )
})

describe("tokens", () => {
  it.effect("a refused token is renewed once and the request sent once more", () =>
    Effect.gen(function* () {
      const { account, exit, sent: requests } = yield* sent([{ status: 401 }, {}])
      isSuccess(exit)
      assert.strictEqual(account.renewals(), 1)
      assert.deepStrictEqual(
        requests.map(({ headers }) => headers["authorization"]),
        ["Bearer token-1", "Bearer token-2"]
      )
    })
  )

  it.effect("a second refusal is the end of it", () =>
    Effect.gen(function* () {
      const { account, exit, sent: requests } = yield* sent([{ status: 401 }])
      assert.strictEqual(reasonOf(exit), "Unavailable")
      assert.strictEqual(account.renewals(), 1)
      assert.lengthOf(requests, 2)
    })
  )

  it.effect("no failure tells the token", () =>
    Effect.gen(function* () {
      for (const answer of [{ status: 401 }, { dropped: true }, { status: 500, body: "token-1" }] as Array<Answer>) {
        const { exit } = yield* sent([answer])
        assert.notInclude(`${JSON.stringify(exit)}${String(exit)}`, "token-1")
      }
    })
  )
})

describe("S16: being asked to wait", () => {
  const waits: ReadonlyArray<readonly [headers: Record<string, string>, millis: number]> = [
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "2.128" }, 2_128],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:09 GMT", date: "Thu, 01 Jan 1970 00:00:00 GMT" }, 9_000],
    [{ "retry-after": "0" }, 1],
    [{}, 1],
    [{ "retry-after": "soon" }, 1]
  ]
  it.effect.each(waits)("%j is waited out", ([headers, millis]) =>
    Effect.gen(function* () {
      for (const status of [429, 503]) {
        const { exit, sent: requests } = yield* sent([{ status, headers }, {}])
        isSuccess(exit)
        assert.isAtLeast((requests[1]?.at ?? 0) - (requests[0]?.answeredAt ?? 0), millis)
      }
    })
  )

  it.effect("a wait longer than patience is handed back, and everyone else at this mailbox hears of it at once", () =>
    Effect.gen(function* () {
      const fake = fakeService(() => ({ status: 429, headers: { "retry-after": "1000000" } }))
      const client = makeGraphClient(fake.http, limitsOf())
      const day = 24 * 3_600_000
      for (let i = 0; i < 3; i++) {
        const error = yield* Effect.flip(client.send(fakeAccount(), get))
        assert.deepInclude(error, { _tag: "Throttled", retryAfterMillis: day })
      }
      assert.lengthOf(fake.sent, 1)
      yield* TestClock.adjust(day - 5_000)
      const fiber = yield* Effect.forkChild(Effect.exit(client.send(fakeAccount(), get)))
      yield* TestClock.adjust(6_000)
      assert.strictEqual(reasonOf(yield* Fiber.join(fiber)), "Throttled")
      assert.lengthOf(fake.sent, 2)
      assert.isAtLeast(fake.sent[1]?.at ?? 0, day)
    })
  )

  it.effect("`notBefore` of the connection is obeyed", () =>
    Effect.gen(function* () {
      const fake = fakeService(() => ({}))
      const client = makeGraphClient(fake.http, limitsOf())
      const fiber = yield* Effect.forkChild(client.send(fakeAccount("app|adele", 5_000), get))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      assert.isAtLeast(fake.sent[0]?.at ?? 0, 5_000)
    })
  )

  it.effect("reaching the limit of subscriptions is no throttling, though it says 429", () =>
    Effect.gen(function* () {
      const message = "Operation: Create; Exception: [Status Code: 429; Reason: Resource 'SubscriptionCountReached' …]"
      const { exit, sent: requests } = yield* sent([{ status: 429, body: { error: { code: "X", message } } }], post)
      isSuccess(exit, 429)
      assert.lengthOf(requests, 1)
    })
  )

  it("never sends before a Retry-After, never more than four at once, never more often than allowed", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyAnswer, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        async (answers, callers) => {
          const fake = fakeService((_, index) => answers[index % answers.length] ?? {})
          await Effect.runPromise(Effect.provide(many(fake, callers), TestClock.layer()))
          assert.isAtMost(fake.mostAtOnce(), 4)
          assert.isAtMost(fake.sent.length, callers * limits.attemptsMax)
          for (const [index, before] of fake.sent.entries()) {
            const wait = seconds(answers[index % answers.length]) * 1_000
            assert.isEmpty(fake.sent.filter(({ at }) => at > before.answeredAt && at < before.answeredAt + wait))
          }
        }
      )
    ))
})

const limits = limitsOf({ waitMaxMillis: 3_600_000, failuresMax: 1_000 })

const many = (fake: ReturnType<typeof fakeService>, callers: number) =>
  Effect.gen(function* () {
    const client = makeGraphClient(fake.http, limits)
    const fibers = yield* Effect.forEach(Array.from({ length: callers }), () =>
      Effect.forkChild(Effect.exit(client.send(fakeAccount(), get)))
    )
    // Bodies are read in real time, so that an hour may pass while one is: another follows until all are done.
    yield* Effect.raceFirst(Effect.forEach(fibers, Fiber.join), Effect.forever(TestClock.adjust("1 hour")))
  })

const anyAnswer: fc.Arbitrary<Answer> = fc.record(
  {
    status: fc.constantFrom(200, 200, 200, 404, 429, 500, 503),
    afterMillis: fc.integer({ min: 0, max: 2_000 }),
    headers: fc.option(
      fc.integer({ min: 0, max: 30 }).map((wait) => ({ "retry-after": String(wait) })),
      { nil: {} }
    )
  },
  { requiredKeys: ["status", "afterMillis", "headers"] }
)

const seconds = (answer: Answer | undefined): number =>
  answer?.status === 429 || answer?.status === 503 ? Number(answer.headers?.["retry-after"] ?? 0) : 0

describe("fairness", () => {
  it.effect("a throttled mailbox with a crowd before it delays no other", () =>
    Effect.gen(function* () {
      const fake = fakeService((request) =>
        request.url.includes("busy") ? { status: 429, headers: { "retry-after": "9" } } : { afterMillis: 100 }
      )
      const client = makeGraphClient(fake.http, limitsOf())
      const busy: GraphRequest = { method: "GET", url: new URL("/v1.0/busy", service) }
      const crowd = yield* Effect.forEach(Array.from({ length: 200 }), () =>
        Effect.forkChild(Effect.exit(client.send(fakeAccount("app|busy"), busy)))
      )
      yield* TestClock.adjust("1 second")
      const began = yield* Clock.currentTimeMillis
      const other = yield* Effect.forkChild(client.send(fakeAccount("app|quiet"), get))
      yield* TestClock.adjust("100 millis")
      yield* Fiber.join(other)
      assert.isAtMost((fake.sent.at(-1)?.answeredAt ?? 0) - began, 100)
      yield* Effect.forEach(crowd, Fiber.interrupt)
    })
  )
})
