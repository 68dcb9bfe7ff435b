/** What Google's answers mean to the client: what is asked again, what is not, and what it costs the mailbox and its project. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { CalendarError } from "@punctual/core"
import { makeGoogleClient } from "../../src/client/GoogleClient.ts"
import { serviceUrl } from "@punctual/core/http"
import { calendarUrl } from "../../src/client/GoogleContext.ts"
import { readFailure } from "../../src/client/Failure.ts"
import { isCursorExpired, refusalOf } from "../../src/client/GoogleReply.ts"
import type { Limits } from "../../src/client/Limits.ts"
import { type Answer, type Sent, fakeService } from "../../../core/test/http/FakeService.ts"
import { fakeAccount, limitsOf, service } from "../fakes/FakeGoogle.ts"
import { payload, payloadNames, payloadObject, payloadText } from "../fakes/Payloads.ts"

const staged = (answer: (request: Sent, index: number) => Answer, limits: Partial<Limits> = {}) => {
  const fake = fakeService(answer)
  const client = makeGoogleClient(fake.http, limitsOf(limits))
  const ask = (mailbox = "app|ada", notBefore: number | null = null) => {
    const account = fakeAccount(mailbox, notBefore)
    const context = { service, client, account, limits: limitsOf(limits) }
    const url = calendarUrl(context, ["users", "me", "calendarList"])
    return Effect.map(client.send(account, { method: "GET", url, isSafe: true }), (reply) => ({ reply, account }))
  }
  return { fake, ask }
}

/** The outcome, once the clock has moved far enough for every pause in between. */
const outcome = <A, E>(effect: Effect.Effect<A, E>, seconds = 100): Effect.Effect<Exit.Exit<A, E>> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    for (let step = 0; step < seconds; step++) yield* TestClock.adjust("1 second")
    return yield* Fiber.join(fiber)
  })

const reasonOf = <A>(exit: Exit.Exit<A, unknown>): CalendarError["reason"] => {
  const error = Exit.findErrorOption(exit)
  return error._tag === "Some" ? (error.value as CalendarError["reason"]) : assert.fail("it succeeded")
}

const error = (name: string): Answer => ({ status: Number(name.split(".")[1]), body: payload(name) })

const throttling = [
  "error.403.rateLimitExceeded",
  "error.403.userRateLimitExceeded",
  "error.403.quotaExceeded",
  "error.403.rateLimitExceeded.quota-metric",
  "error.429.rateLimitExceeded"
]

describe("throttling", () => {
  it.effect.each(throttling)("5, 84: %s is only throttling, waited for by itself and longer each time", (name) =>
    Effect.gen(function* () {
      const { ask, fake } = staged(() => error(name))
      const reason = reasonOf(yield* outcome(ask()))
      assert.strictEqual(reason._tag, "Throttled")
      const waits = fake.sent.slice(1).map(({ at }, index) => at - (fake.sent[index]?.at ?? 0))
      assert.deepStrictEqual(waits, [2_000, 4_000, 8_000])
      const told = reason._tag === "Throttled" ? reason.retryAfterMillis : 0
      assert.isTrue(told > 0 && told <= 120_000, `${told}`)
    })
  )

  it.effect("84: MUST back off 2 minutes at most", () =>
    Effect.gen(function* () {
      const { ask } = staged(() => error("error.403.userRateLimitExceeded"), {
        waitMaxMillis: 200_000,
        attemptsMax: 12
      })
      const reason = reasonOf(yield* outcome(ask(), 1_300))
      assert.strictEqual(reason._tag === "Throttled" ? reason.retryAfterMillis : 0, 120_000)
    })
  )

  it.effect(
    "85: MUST pause all mailboxes of a client when its project's quota is spent, and only the mailbox when its own is",
    () =>
      Effect.gen(function* () {
        for (const [limit, others] of [
          ["defaultPerMinutePerProject", 0],
          ["defaultPerMinutePerUser", 1]
        ] as const) {
          const own = payloadObject("error.403.rateLimitExceeded.quota-metric")
          const body = JSON.parse(JSON.stringify(own).replaceAll("defaultPerMinutePerUser", limit))
          const { ask, fake } = staged((_, index) => (index === 0 ? { status: 403, body } : { body: {} }), {
            throttledMinMillis: 60_000,
            attemptsMax: 1
          })
          assert.strictEqual(reasonOf(yield* outcome(ask(), 1))._tag, "Throttled")
          const other = yield* Effect.exit(ask("app|grace"))
          assert.strictEqual(Exit.isSuccess(other), others === 1, limit)
          assert.isTrue(Exit.isSuccess(yield* Effect.exit(ask("another|grace"))))
          assert.lengthOf(fake.sent, 2 + others)
        }
      })
  )

  it.effect("MUST not ask before Retry-After, though Google documents none", () =>
    Effect.gen(function* () {
      const { ask, fake } = staged(() => ({
        ...error("error.429.rateLimitExceeded"),
        headers: { "retry-after": "300" }
      }))
      const reason = reasonOf(yield* outcome(ask()))
      assert.strictEqual(reason._tag === "Throttled" ? reason.retryAfterMillis : 0, 300_000)
      assert.lengthOf(fake.sent, 1)
    })
  )
})

describe("refusals", () => {
  it.effect.each(["error.401.authError", "error.401.loginRequired", "error.401.unauthenticated"])(
    "9: MUST refresh once on 401 (%s) and ask again once, then give up",
    (name) =>
      Effect.gen(function* () {
        const { ask, fake } = staged(() => error(name))
        assert.strictEqual(reasonOf(yield* outcome(ask()))._tag, "Unavailable")
        assert.deepStrictEqual(
          fake.sent.map(({ headers }) => headers["authorization"]),
          ["Bearer token-1", "Bearer token-2"]
        )
      })
  )

  it.effect.each([
    [
      "11: MUST name that the API is not enabled instead of retrying",
      "error.403.accessNotConfigured",
      "not enabled",
      "MailboxUnavailable"
    ],
    ["7: MUST name that a scope was left out", "error.403.insufficientPermissions", "every box", "GrantRevoked"],
    [
      "8: MUST find the reason in details when there is no errors array",
      "error.403.scope-insufficient.no-errors",
      "every box",
      "GrantRevoked"
    ],
    [
      "82: MUST say that the account has no Calendar and not retry",
      "error.403.notACalendarUser",
      "has no Calendar",
      "MailboxUnavailable"
    ],
    ["a denial without more", "error.403.forbidden", "denied access (forbidden)", "Forbidden"]
  ] as const)("%s", ([, name, words, tag]) =>
    Effect.gen(function* () {
      const { ask, fake } = staged(() => error(name))
      const exit = yield* outcome(ask())
      const reply = Exit.isSuccess(exit) ? exit.value.reply : assert.fail("no reply")
      assert.include(refusalOf(reply).message, words)
      assert.strictEqual(refusalOf(reply)._tag, tag)
      assert.lengthOf(fake.sent, 1)
    })
  )

  it.effect.each(["error.412.undocumented-read", "error.500.backendError", "error.503.backendError"])(
    "87: %s is tried again",
    (name) =>
      Effect.gen(function* () {
        const { ask, fake } = staged((_, index) => (index < 2 ? error(name) : { body: {} }))
        assert.isTrue(Exit.isSuccess(yield* outcome(ask())))
        assert.lengthOf(fake.sent, 3)
      })
  )

  it.effect("33: MUST survive a body that is HTML or cut off", () =>
    Effect.gen(function* () {
      for (const answer of [{ status: 502, body: payloadText("error.502.html") }, { body: '{"items": [{"id": "a"' }]) {
        const { ask } = staged(() => answer)
        assert.strictEqual(reasonOf(yield* outcome(ask()))._tag, "Unavailable")
      }
    })
  )

  it.effect("a mailbox that fails again and again is left alone, and tried by whoever comes after the pause", () =>
    Effect.gen(function* () {
      let isDown = true
      const { ask, fake } = staged(() => (isDown ? error("error.500.backendError") : { body: {} }), { failuresMax: 4 })
      yield* outcome(ask(), 20)
      const tried = fake.sent.length
      isDown = false
      assert.isTrue(Exit.isSuccess(yield* outcome(ask(), 31)))
      assert.lengthOf(fake.sent, tried + 1)
    })
  )

  it.effect("MUST not ask a mailbox before it may, nor more than four times at once", () =>
    Effect.gen(function* () {
      const { ask, fake } = staged(() => ({ body: {}, afterMillis: 100 }))
      assert.strictEqual(reasonOf(yield* Effect.exit(ask("app|eve", 3_600_000)))._tag, "Throttled")
      assert.lengthOf(fake.sent, 0)
      const all = Effect.forEach(Array.from({ length: 20 }), () => ask(), { concurrency: "unbounded" })
      assert.isTrue(Exit.isSuccess(yield* outcome(all)))
      assert.strictEqual(fake.mostAtOnce(), 4)
    })
  )
})

describe("answers", () => {
  it("23: 410, and 400 for a corrupt token, are an expired cursor", () => {
    const expired = payloadNames
      .filter((name) => name.startsWith("error.4"))
      .filter((name) => {
        const json = payloadObject(name)
        return isCursorExpired({ status: Number(name.split(".")[1]), json, failure: readFailure(json) })
      })
    assert.deepStrictEqual(expired, [
      "error.400.invalidSyncToken",
      "error.410.deleted",
      "error.410.fullSyncRequired",
      "error.410.updatedMinTooLongAgo"
    ])
  })

  it("14: MUST encode calendar ids with # and @ in paths", () => {
    const context = {
      service,
      limits: limitsOf(),
      account: fakeAccount(),
      client: makeGoogleClient(fakeService(() => ({})).http, limitsOf())
    }
    const { pathname } = calendarUrl(context, ["calendars", "en.german#holiday@group.v.calendar.google.com", "events"])
    assert.strictEqual(pathname, "/calendar/v3/calendars/en.german%23holiday%40group.v.calendar.google.com/events")
    assert.strictEqual(calendarUrl(context, ["calendars", ".."]).pathname, "/calendar/v3/calendars/%252E%252E")
  })

  it("a service is at https, or on this machine", () => {
    for (const address of ["http://example.com", "https://a:b@example.com", "ftp://example.com", "nonsense"]) {
      assert.isNull(serviceUrl(address), address)
    }
    assert.isNotNull(serviceUrl("http://127.0.0.1:4020"))
  })
})
