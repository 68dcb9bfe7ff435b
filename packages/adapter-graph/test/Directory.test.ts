/** Whose account it is, and which calendars it has. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { credentialsOf } from "./fakes/FakeLogin.ts"
import { type Answer, type Sent } from "../../core/test/http/FakeService.ts"
import { payloadObject } from "./fakes/Payloads.ts"
import { outcome, reasonOf, valueOf, withSession } from "./Session.ts"

const me = { body: payloadObject("me") }
const isMe = (request: Sent): boolean => /\/me\?/.test(request.url)

const calendar = (id: string, changes: object = {}) => ({
  id,
  name: id,
  color: "auto",
  hexColor: "",
  canShare: true,
  canEdit: true,
  isDefaultCalendar: false,
  ...changes
})

describe("profile", () => {
  it.effect("is id, mail and name", () =>
    withSession(
      () => me,
      ({ session }) =>
        Effect.gen(function* () {
          assert.deepStrictEqual(valueOf(yield* outcome(session.profile)), {
            accountId: "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
            email: "AdeleV@contoso.onmicrosoft.com",
            name: "Adele Vance"
          })
        })
    )
  )

  it.effect.each<Answer>([{ body: {} }, { body: { id: "" } }, { body: { id: 5 } }])(
    "without an account is none: %j",
    (answer) =>
      withSession(
        () => answer,
        ({ session }) =>
          Effect.gen(function* () {
            assert.strictEqual(reasonOf(yield* outcome(session.profile))?._tag, "Unavailable")
          })
      )
  )

  it.effect.each<readonly [status: number, code: string, tag: string, says: RegExp]>([
    [403, "ErrorAccessDenied", "Forbidden", /Calendars\.Read/],
    [403, "Authorization_RequestDenied", "Forbidden", /User\.Read/],
    [404, "MailboxNotEnabledForRESTAPI", "MailboxUnavailable", /mailbox/],
    [401, "OrganizationFromTenantGuidNotFound", "MailboxUnavailable", /Exchange Online/],
    [404, "ErrorInvalidUser", "MailboxUnavailable", /guest/],
    [400, "ErrorMissingEmailAddress", "MailboxUnavailable", /licence/],
    [404, "ErrorItemNotFound", "Unavailable", /404/]
  ])("refused with %i %s", ([status, code, tag, says]) =>
    withSession(
      () => ({ status, body: { error: { code, message: "m" } } }),
      ({ session }) =>
        Effect.gen(function* () {
          const reason = reasonOf(yield* outcome(session.profile))
          assert.strictEqual(reason?._tag, tag)
          assert.match(String(reason !== null && "message" in reason ? reason.message : ""), says)
        })
    )
  )
})

describe("verify", () => {
  it.effect("tells whose credentials they are, and gives back the rotated ones", () =>
    withSession(
      () => me,
      ({ provider }) =>
        Effect.gen(function* () {
          const verified = valueOf(yield* outcome(provider.verify(credentialsOf())))
          assert.strictEqual(verified.profile.name, "Adele Vance")
          assert.notInclude(JSON.stringify(verified), "marker")
          assert.strictEqual(Redacted.value(verified.credentials).refreshToken, "marker-refresh-1")
        })
    )
  )
})

describe("calendars", () => {
  it.effect("takes all pages, each calendar once, in Graph's order", () =>
    withSession(
      (_, index) =>
        index === 0
          ? {
              body: {
                value: [calendar("A", { isDefaultCalendar: true }), calendar("B"), null, { name: "no id" }],
                "@odata.nextLink": "https://graph.microsoft.com/v1.0/me/calendars?$skip=2"
              }
            }
          : { body: { value: [calendar("B", { name: "again" }), calendar("C", { hexColor: "#A1B2C3" })] } },
      ({ sent, session }) =>
        Effect.gen(function* () {
          const listed = valueOf(yield* outcome(session.calendars))
          assert.deepStrictEqual(
            listed.map(({ color, isPrimary, providerId, summary }) => [providerId, summary, isPrimary, color]),
            [
              ["A", "A", true, "#0078d4"],
              ["B", "B", false, "#0078d4"],
              ["C", "C", false, "#a1b2c3"]
            ]
          )
          assert.lengthOf(sent, 2)
        })
    )
  )

  it.effect("asks who the user is only where a role hangs on it", () =>
    withSession(
      (request) =>
        isMe(request)
          ? me
          : {
              body: {
                value: [
                  calendar("mine", { canShare: false, owner: { address: "adelev@CONTOSO.onmicrosoft.com" } }),
                  calendar("theirs", { canShare: false, owner: { address: "alex@contoso.example" } }),
                  calendar("nobody's", { canShare: false, owner: null }),
                  calendar("holidays", { canShare: false, canEdit: false })
                ]
              }
            },
      ({ session }) =>
        Effect.gen(function* () {
          const listed = valueOf(yield* outcome(session.calendars))
          assert.deepStrictEqual(
            listed.map(({ accessRole }) => accessRole),
            ["owner", "writer", "writer", "reader"]
          )
        })
    )
  )

  const settings = (request: Sent): Answer =>
    request.url.includes("mailboxSettings")
      ? { body: { timeZone: "Romance Standard Time" } }
      : { body: { value: [calendar("A")] } }

  it.effect("tells the mailbox's zone where it was granted, as an IANA name", () =>
    withSession(
      settings,
      ({ session }) =>
        Effect.gen(function* () {
          assert.strictEqual(valueOf(yield* outcome(session.calendars))[0]?.timeZone, "Europe/Paris")
        }),
      {},
      { scope: "https://graph.microsoft.com/Calendars.Read https://graph.microsoft.com/MailboxSettings.Read" }
    )
  )

  it.effect("never asks for the zone where it was not granted", () =>
    withSession(settings, ({ sent, session }) =>
      Effect.gen(function* () {
        assert.isNull(valueOf(yield* outcome(session.calendars))[0]?.timeZone)
        assert.lengthOf(sent, 1)
      })
    )
  )

  it.effect("lives without the zone where it is refused all the same", () =>
    withSession(
      (request) => (request.url.includes("mailboxSettings") ? { status: 403 } : settings(request)),
      ({ session }) =>
        Effect.gen(function* () {
          assert.isNull(valueOf(yield* outcome(session.calendars))[0]?.timeZone)
        }),
      {},
      { scope: "MailboxSettings.Read" }
    )
  )
})
