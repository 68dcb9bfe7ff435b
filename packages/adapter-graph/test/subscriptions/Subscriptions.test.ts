/** Subscriptions: what is asked for, what is obeyed, and what every refusal means. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { ProviderCalendarId } from "@punctual/core"
import { type Answer } from "../../../core/test/http/FakeService.ts"
import { payloadObject } from "../fakes/Payloads.ts"
import { addresses, outcome, reasonOf, secretOf, valueOf, withSession } from "../Session.ts"

const calendarId = "AAMk-_=" as ProviderCalendarId
const now = Date.parse("2026-11-24T12:00:00Z")
const minute = 60_000

const created = (expirationDateTime: string, id = "sub-1"): Answer => ({
  status: 201,
  body: { id, expirationDateTime }
})

const subscribed = (answers: ReadonlyArray<Answer>) =>
  withSession(
    (_, index) => answers[index] ?? { status: 500 },
    ({ sent, session }) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const exit = yield* outcome(session.subscribe(calendarId))
        return { exit, sent }
      })
  )

const bodyOf = (text: string | undefined): Record<string, unknown> =>
  JSON.parse(text ?? "{}") as Record<string, unknown>

describe("subscribing", () => {
  it.effect("asks for 10,000 minutes with both addresses and a secret of its own, and obeys what it is given", () =>
    Effect.gen(function* () {
      const { exit, sent } = yield* subscribed([created("2026-11-25T12:00:00.0000000Z")])
      const granted = valueOf(exit)
      assert.strictEqual(granted.expiresAt, Date.parse("2026-11-25T12:00:00Z"))
      assert.deepInclude(bodyOf(sent[0]?.body), {
        changeType: "created,updated,deleted",
        notificationUrl: addresses.notificationUrl,
        lifecycleNotificationUrl: addresses.lifecycleUrl,
        resource: "/me/calendars/AAMk-_=/events",
        clientState: secretOf(granted.clientState)
      })
      const asked = Date.parse(String(bodyOf(sent[0]?.body)["expirationDateTime"]))
      assert.isAtMost(Math.abs(asked - now - 10_000 * minute), 2 * minute)
      assert.include(sent[0]?.headers["prefer"], `IdType="ImmutableId"`)
    })
  )

  it.effect("makes another secret each time, of 256 bits and short enough, and shows none", () =>
    Effect.gen(function* () {
      const secrets = new Set<string>()
      for (let i = 0; i < 20; i++) {
        const { exit } = yield* subscribed([created("2026-11-25T12:00:00Z")])
        const secret = secretOf(valueOf(exit).clientState)
        assert.match(secret, /^[\w-]{43}$/)
        assert.notInclude(JSON.stringify(exit), secret)
        secrets.add(secret)
      }
      assert.strictEqual(secrets.size, 20)
    })
  )

  it.effect("asks once more, for less, where Graph names a shorter limit", () =>
    Effect.gen(function* () {
      const tooFar = { status: 400, body: payloadObject("error.400.subscription-expiration-too-far") }
      const { exit, sent } = yield* subscribed([tooFar, created("2026-11-25T12:00:00Z")])
      valueOf(exit)
      const asked = Date.parse(String(bodyOf(sent[1]?.body)["expirationDateTime"]))
      // A minute less than the limit, which Graph measures by its own clock.
      assert.strictEqual(asked, (sent[1]?.at ?? 0) + 4_229 * minute)
    })
  )

  it.effect("V8: tells what is in its way, its own server's and another's, and ends none of it", () =>
    Effect.gen(function* () {
      const resource = `me/calendars/${calendarId}/events`
      const expirationDateTime = "2026-11-30T00:00:00Z"
      const listed = [
        {
          id: "ours",
          resource: `Users('x')/Calendars('${calendarId}')/Events`,
          notificationUrl: addresses.notificationUrl,
          expirationDateTime
        },
        { id: "theirs", resource, notificationUrl: "https://other.example/hook", expirationDateTime },
        {
          id: "of-another-calendar",
          resource: "me/calendars/B/events",
          notificationUrl: addresses.notificationUrl,
          expirationDateTime
        }
      ]
      const conflict = {
        status: 409,
        body: { error: { code: "InvalidRequest", message: "Subscription Id <> already exists" } }
      }
      const { exit, sent } = yield* subscribed([conflict, { body: { value: listed } }])
      const held = [
        { id: "ours", notificationUrl: addresses.notificationUrl },
        { id: "theirs", notificationUrl: "https://other.example/hook" }
      ]
      assert.deepInclude(reasonOf(exit), { _tag: "AlreadySubscribed", held })
      assert.deepStrictEqual(
        sent.map(({ method, url }) => `${method} ${url.split("/v1.0")[1]}`),
        ["POST /subscriptions", "GET /subscriptions"]
      )
    })
  )

  it.effect("is not asked for without a public address", () =>
    withSession(
      () => ({}),
      ({ provider, sent, session }) =>
        Effect.gen(function* () {
          const reason = reasonOf(yield* outcome(session.subscribe(calendarId)))
          assert.deepInclude(reason, { _tag: "NotSubscribable", code: "no_public_url" })
          assert.deepStrictEqual(provider.capabilities, {
            idsUniqueIn: "account",
            subscriptions: false,
            notificationUrl: null
          })
          assert.lengthOf(sent, 0)
        }),
      {}
    )
  )
})

const notSubscribable: ReadonlyArray<readonly [code: string, answer: Answer]> = [
  ["mailbox_not_supported", { status: 403, body: payloadObject("error.403.subscription-mailbox-unavailable") }],
  ["access_denied", { status: 403, body: payloadObject("error.403.ErrorAccessDenied") }],
  [
    "notification_address_unreachable",
    { status: 400, body: payloadObject("error.400.subscription-validation-failed") }
  ],
  [
    "notification_address_unreachable",
    { status: 400, body: payloadObject("error.400.subscription-validation-timeout") }
  ],
  [
    "subscription_limit",
    { status: 429, body: { error: { code: "X", ...payloadObject("error.429.subscription-count-reached") } } }
  ],
  ["subscription_limit", { status: 403, body: payloadObject("error.429.subscription-count-reached") }],
  ["not_supported", { status: 501, body: payloadObject("error.501.NotImplemented") }],
  ["refused", { status: 400, body: { error: { code: "InvalidRequest", message: "Could not process payload" } } }],
  ["refused", { status: 400, body: "<html>" }]
]

describe("refusals", () => {
  it.effect.each(notSubscribable)("%s", ([code, answer]) =>
    Effect.gen(function* () {
      const { exit, sent } = yield* subscribed([answer])
      const reason = reasonOf(exit)
      assert.deepInclude(reason, { _tag: "NotSubscribable", code })
      assert.match(reason?._tag === "NotSubscribable" ? reason.message : "", /\.$/)
      assert.lengthOf(sent, 1)
    })
  )

  it.effect.each([
    ["CalendarGone", { status: 400, body: payloadObject("error.400.subscription-resource-invalid") }],
    ["CalendarGone", { status: 404, body: payloadObject("error.404.ErrorItemNotFound") }],
    [
      "Unavailable",
      { status: 400, body: { error: { code: "InvalidRequest", message: "The underlying connection was closed: x" } } }
    ],
    ["Unavailable", { status: 500, body: {} }],
    ["Unavailable", { status: 201, body: {} }],
    ["Unavailable", { status: 201, body: { id: "x", expirationDateTime: "soon" } }],
    ["Unavailable", { dropped: true }]
  ])("means something else: %s", ([tag, answer]) =>
    Effect.gen(function* () {
      const { exit, sent } = yield* subscribed([answer as Answer])
      assert.strictEqual(reasonOf(exit)?._tag, tag)
      assert.lengthOf(sent, 1)
    })
  )
})

describe("keeping and ending", () => {
  it.effect("renewing obeys the life returned", () =>
    withSession(
      () => ({ body: payloadObject("subscription.renew.response.200") }),
      ({ sent, session }) =>
        Effect.gen(function* () {
          const expected = Date.parse(String(payloadObject("subscription.renew.response.200")["expirationDateTime"]))
          assert.deepStrictEqual(valueOf(yield* outcome(session.renew(calendarId, "sub/1"))), {
            id: "sub/1",
            clientState: null,
            expiresAt: expected
          })
          assert.strictEqual(
            `${sent[0]?.method} ${sent[0]?.url}`,
            "PATCH https://graph.microsoft.com/v1.0/subscriptions/sub%2F1"
          )
          assert.deepStrictEqual(Object.keys(bodyOf(sent[0]?.body)), ["expirationDateTime"])
          const asked = Date.parse(String(bodyOf(sent[0]?.body)["expirationDateTime"]))
          assert.isAtMost(asked - (yield* Clock.currentTimeMillis), 10_000 * minute)
        })
    )
  )

  it.effect.each([
    [404, "SubscriptionGone"],
    [410, "SubscriptionGone"],
    [403, "Forbidden"],
    [400, "Unavailable"],
    [500, "Unavailable"]
  ])("renewing, answered %i", ([status, tag]) =>
    withSession(
      () => ({ status: status as number, body: { error: { code: "X", message: "" } } }),
      ({ session }) =>
        Effect.gen(function* () {
          assert.strictEqual(reasonOf(yield* outcome(session.renew(calendarId, "s")))?._tag, tag)
        })
    )
  )

  it.effect.each([204, 404, 410])("ending, answered %i, is done", (status) =>
    withSession(
      () => ({ status }),
      ({ sent, session }) =>
        Effect.gen(function* () {
          valueOf(yield* outcome(session.unsubscribe("s")))
          assert.strictEqual(sent[0]?.method, "DELETE")
        })
    )
  )

  it.effect("listing takes all pages, and calendars in every spelling", () =>
    withSession(
      (_, index) => {
        const listed = (id: string, resource: string) => ({
          id,
          resource,
          notificationUrl: "https://n",
          expirationDateTime: "2026-11-30T00:00:00Z"
        })
        return index === 0
          ? {
              body: {
                value: [
                  listed("1", "me/calendars/AAMk-_=/events"),
                  listed("2", "/me/calendars/AAMk-_%3D/events"),
                  { id: "no end" },
                  null
                ],
                "@odata.nextLink": "https://graph.microsoft.com/v1.0/subscriptions?$skiptoken=2"
              }
            }
          : {
              body: {
                value: [
                  listed("3", "Users/u@t/Calendars('AAMk-_=')/Events"),
                  listed("4", "me/events"),
                  listed("5", "me/calendars/%/events")
                ]
              }
            }
      },
      ({ session }) =>
        Effect.gen(function* () {
          const listed = valueOf(yield* outcome(session.subscriptions))
          assert.deepStrictEqual(
            listed.map((subscription) => [subscription.id, subscription.calendarId]),
            [
              ["1", "AAMk-_="],
              ["2", "AAMk-_="],
              ["3", "AAMk-_="],
              ["4", null],
              ["5", "%"]
            ]
          )
        })
    )
  )
})
