/** Channels: what is asked of Google, and what its answers and its notifications mean. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Redacted } from "effect"
import { parseNotification } from "../src/index.ts"
import { calendarId, credentials, notificationUrl, outcome, reasonOf, valueOf, withSession } from "./Session.ts"
import { type Answer } from "../../core/test/http/FakeService.ts"
import { payload, payloadItems, payloadObject, payloadText } from "./fakes/Payloads.ts"

const granted = payload("watch.events.response")
const error = (name: string): Answer => ({ status: Number(name.split(".")[2]), body: payload(name) })

/** The headers of a recorded request. */
const headersOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    payloadText(`${name}.http`)
      .split(/\r?\n/)
      .slice(1)
      .flatMap((line) => {
        const [, key, value] = /^([\w-]+): (.*)$/.exec(line) ?? []
        return key === undefined ? [] : [[key.toLowerCase(), value ?? ""]]
      })
  )

describe("making and ending", () => {
  it.effect("71, 75: MUST use a new id for every channel, and stop with the id and the resource id of the answer", () =>
    withSession(
      (request) => (request.path === "channels/stop" ? { status: 204 } : { body: granted }),
      ({ asked, session }) =>
        Effect.gen(function* () {
          const first = valueOf(yield* outcome(session.subscribe(calendarId)))
          const renewed = valueOf(yield* outcome(session.renew(calendarId, first.id)))
          const bodies = asked.map(({ body }) => JSON.parse(body) as Record<string, string>)
          assert.deepStrictEqual(
            asked.map(({ path }) => path),
            Array.from({ length: 2 }, () => `calendars/${calendarId}/events/watch`)
          )
          assert.deepInclude(bodies[0], {
            type: "web_hook",
            address: notificationUrl,
            token: Redacted.value(first.clientState)
          })
          for (const member of ["id", "token"]) assert.notStrictEqual(bodies[0]?.[member], bodies[1]?.[member])
          assert.isAtMost(String(bodies[0]?.["token"]).length, 256)
          assert.isNotNull(renewed.clientState)
          valueOf(yield* outcome(session.unsubscribe(first.id)))
          assert.deepStrictEqual(JSON.parse(asked[2]?.body ?? ""), payload("channels.stop.request"))
        })
    )
  )

  it.effect("74: MUST renew by the expiry answered, not the one asked for", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [unknown, number | null]> = [
        ["1796572182000", 1_796_572_182_000],
        [1_796_572_182_000, 1_796_572_182_000],
        [undefined, null]
      ]
      for (const [expiration, expected] of cases) {
        const body = { ...payloadObject("watch.events.response"), expiration }
        const now = yield* Clock.currentTimeMillis
        const exit = yield* withSession(
          () => ({ body }),
          ({ session }) => outcome(session.subscribe(calendarId))
        )
        assert.strictEqual(valueOf(exit).expiresAt, expected ?? now + 86_400_000)
      }
    })
  )

  it.effect("76: MUST take 404 on stop as done", () =>
    withSession(
      () => ({ status: 404, body: payload("error.stop.404.channelNotFound") }),
      ({ asked, session }) =>
        Effect.gen(function* () {
          valueOf(yield* outcome(session.unsubscribe("a.b")))
          valueOf(yield* outcome(session.unsubscribe("none of ours")))
          assert.lengthOf(asked, 1)
        })
    )
  )

  it.effect("an id that was used before is not used again", () =>
    withSession(
      (_, index) => (index === 0 ? error("error.watch.400.channelIdNotUnique") : { body: granted }),
      ({ asked, session }) =>
        Effect.gen(function* () {
          valueOf(yield* outcome(session.subscribe(calendarId)))
          assert.strictEqual(new Set(asked.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size, 2)
        })
    )
  )

  it.effect.each([
    ["error.watch.400.pushNotSupported", 400, "push_not_supported"],
    ["error.watch.400.pushNotSupported", 403, "push_not_supported"],
    ["error.watch.400.webhookUrlNotHttps", 400, "notification_address_unreachable"],
    ["error.watch.401.webhookUrlUnauthorized", 401, "notification_address_unreachable"],
    ["error.403.forbidden", 403, "access_denied"]
  ] as const)("16: %s as %i is never asked again: %s", ([name, status, code]) =>
    withSession(
      () => ({ status, body: payload(name) }),
      ({ asked, session }) =>
        Effect.gen(function* () {
          const reason = reasonOf(yield* outcome(session.subscribe(calendarId)))
          assert.strictEqual(reason?._tag === "NotSubscribable" ? reason.code : reason?._tag, code)
          assert.lengthOf(asked, 1)
        })
    )
  )

  it.effect("without a public address nothing is asked", () =>
    withSession(
      () => ({ body: granted }),
      ({ asked, provider, session }) =>
        Effect.gen(function* () {
          const reason = reasonOf(yield* outcome(session.subscribe(calendarId)))
          assert.strictEqual(reason?._tag === "NotSubscribable" ? reason.code : "", "no_public_url")
          assert.isFalse(provider.capabilities.subscriptions)
          assert.lengthOf(asked, 0)
        }),
      {}
    )
  )
})

describe("notifications", () => {
  it("68, 69: sync tells nothing, any other state is worth a look", () => {
    const kinds = ["sync", "exists", "not_exists", "calendarlist.exists", "no-token"].map(
      (name) => parseNotification(headersOf(`notification.${name}`))?.kind
    )
    assert.deepStrictEqual(kinds, ["sync", "change", "change", "change", "change"])
  })

  it("70: names the channel as the answer to watch did, and brings its token, or none", () => {
    const told = parseNotification(headersOf("notification.exists"))
    const { id, resourceId } = payloadObject("watch.events.response")
    assert.strictEqual(told?.subscriptionId, `${String(id)}.${String(resourceId)}`)
    assert.strictEqual(Redacted.value(told?.clientState ?? Redacted.make("")), "Jx7bEXAMPLE32bytesOfRandomness")
    const bare = parseNotification(headersOf("notification.no-token"))
    assert.strictEqual(Redacted.value(bare?.clientState ?? Redacted.make("x")), "")
  })

  it("what is none is nothing", () => {
    assert.isNull(parseNotification({}))
    assert.isNull(parseNotification({ ...headersOf("notification.exists"), "x-goog-channel-id": "" }))
    assert.isNull(parseNotification({ ...headersOf("notification.exists"), "x-goog-resource-id": "x".repeat(1_000) }))
  })
})

describe("verifying", () => {
  const verified = (answer: (path: string) => Answer, token?: Answer) =>
    withSession(
      ({ path }) => answer(path),
      ({ provider }) => outcome(provider.verify(credentials)),
      {},
      token
    )

  const whole = (path: string): Answer =>
    path.endsWith("userinfo")
      ? { body: payload("userinfo.openid") }
      : { body: { items: payloadItems("calendarlist.list") } }

  it.effect("says whose credentials they are, and keeps them as they were", () =>
    Effect.gen(function* () {
      const { credentials: kept, profile } = valueOf(yield* verified(whole))
      assert.deepStrictEqual(profile, {
        accountId: "117691649274500000000",
        email: "ada@example.com",
        name: "Ada Example"
      })
      assert.strictEqual(kept, credentials)
    })
  )

  it.effect("7: MUST name the scope that the user unticked", () =>
    Effect.gen(function* () {
      const body = {
        ...payloadObject("token.refresh.success"),
        scope: "openid https://www.googleapis.com/auth/calendar.events.readonly"
      }
      const reason = reasonOf(yield* verified(whole, { body }))
      assert.strictEqual(reason?._tag, "GrantRevoked")
      assert.include(reason?.message, "https://www.googleapis.com/auth/calendar.calendarlist.readonly")
    })
  )

  it.effect("82: MUST say that there is no Calendar in this account", () =>
    Effect.gen(function* () {
      const reason = reasonOf(
        yield* verified((path) =>
          path.endsWith("userinfo") ? whole(path) : { status: 403, body: payload("error.403.notACalendarUser") }
        )
      )
      assert.strictEqual(reason?._tag, "MailboxUnavailable")
    })
  )
})
