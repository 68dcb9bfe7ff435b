/** Asking by id: what confirms an absence, and what does not. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import type { ProviderCalendarId } from "@punctual/core"
import { type Answer } from "../../../core/test/http/FakeService.ts"
import { payloadObject } from "../fakes/Payloads.ts"
import { outcome, reasonOf, valueOf, withSession } from "../Session.ts"

const calendarId = "CAL=" as ProviderCalendarId
const single = payloadObject("event.single")
const master = payloadObject("event.seriesmaster.weekly-multiday-noEnd")
const notFound: Answer = { status: 404, body: payloadObject("error.404.ErrorItemNotFound") }

describe("an event", () => {
  it.effect("is read under its calendar", () =>
    withSession(
      () => ({ body: single }),
      ({ sent, session }) =>
        Effect.gen(function* () {
          const event = valueOf(yield* outcome(session.event(calendarId, "a/b=")))
          assert.strictEqual(Option.getOrThrow(event).subject, "Let's go brunch")
          assert.strictEqual(sent[0]?.url, "https://graph.microsoft.com/v1.0/me/calendars/CAL%3D/events/a%2Fb%3D")
        })
    )
  )

  it.effect.each<readonly [why: string, answer: Answer]>([
    ["Graph does not find it", notFound],
    [
      "its id cannot exist",
      { status: 400, body: { error: { code: "ErrorInvalidIdMalformed", message: "Id is malformed." } } }
    ],
    ["it has become a series", { body: master }]
  ])("is not there: %s", ([_, answer]) =>
    withSession(
      () => answer,
      ({ session }) =>
        Effect.gen(function* () {
          assert.isTrue(Option.isNone(valueOf(yield* outcome(session.event(calendarId, "x")))))
        })
    )
  )

  it.effect.each<readonly [why: string, answer: Answer, tag: string]>([
    ["a proxy's 404", { status: 404, body: "<html>not found</html>" }, "Unavailable"],
    ["a 404 with no words", { status: 404 }, "Unavailable"],
    ["a private event", { status: 403, body: payloadObject("error.403.ErrorAccessDenied") }, "Forbidden"],
    [
      "a mailbox that is gone",
      { status: 404, body: { error: { code: "MailboxNotEnabledForRESTAPI" } } },
      "MailboxUnavailable"
    ],
    ["a fault", { status: 500 }, "Unavailable"],
    ["an item that cannot be understood", { body: { id: "x", type: "singleInstance" } }, "Unreadable"]
  ])("may be there: %s", ([_, answer, tag]) =>
    withSession(
      () => answer,
      ({ session }) =>
        Effect.gen(function* () {
          assert.strictEqual(reasonOf(yield* outcome(session.event(calendarId, "x")))?._tag, tag)
        })
    )
  )

  it.effect.each(["", ".", ".."])("%j names nothing and is not asked for", (id) =>
    withSession(
      () => ({ body: single }),
      ({ sent, session }) =>
        Effect.gen(function* () {
          assert.isTrue(Option.isNone(valueOf(yield* outcome(session.event(calendarId, id)))))
          assert.isTrue(Option.isNone(valueOf(yield* outcome(session.series(calendarId, id)))))
          assert.lengthOf(sent, 0)
        })
    )
  )
})

describe("a series", () => {
  const exception = (id: string, date: string, start: string) => ({
    id,
    type: "exception",
    subject: "moved",
    occurrenceId: `OID.${String(master["id"])}.${date}`,
    start: { dateTime: `${date}T${start}:00.0000000`, timeZone: "UTC" },
    end: { dateTime: `${date}T23:00:00.0000000`, timeZone: "UTC" }
  })

  it.effect("comes with what was cancelled and all that was changed, in pages too", () =>
    withSession(
      (_, index) =>
        index === 0
          ? {
              body: {
                ...master,
                cancelledOccurrences: [`OID.${String(master["id"])}.2017-08-17`, "OID.x.2017-02-30", 5],
                exceptionOccurrences: [exception("e1", "2017-08-22", "18:00"), { id: "odd" }],
                "exceptionOccurrences@odata.nextLink":
                  "https://graph.microsoft.com/v1.0/me/events/x/exceptionOccurrences?$skip=2"
              }
            }
          : { body: { value: [exception("e2", "2017-11-07", "20:00")] } },
      ({ sent, session }) =>
        Effect.gen(function* () {
          const series = Option.getOrThrow(valueOf(yield* outcome(session.series(calendarId, "x"))))
          assert.deepStrictEqual(series.cancelledDates, ["2017-08-17"])
          assert.deepStrictEqual(
            series.exceptions?.map(({ originalStart, providerId }) => [providerId, originalStart]),
            [
              // 10:30 in New York: in summer, and after the clocks went back.
              ["e1", Date.parse("2017-08-22T14:30:00Z")],
              ["e2", Date.parse("2017-11-07T15:30:00Z")]
            ]
          )
          assert.match(sent[0]?.url ?? "", /\$select=[^&]*cancelledOccurrences/)
          assert.match(sent[0]?.url ?? "", /\$expand=exceptionOccurrences/)
        })
    )
  )

  it.effect("none cancelled and none changed is told apart from not told", () =>
    withSession(
      (_, index) => ({
        body: index === 0 ? { ...master, cancelledOccurrences: [], exceptionOccurrences: [] } : master
      }),
      ({ session }) =>
        Effect.gen(function* () {
          const told = Option.getOrThrow(valueOf(yield* outcome(session.series(calendarId, "x"))))
          assert.deepStrictEqual([told.cancelledDates, told.exceptions], [[], []])
          const untold = Option.getOrThrow(valueOf(yield* outcome(session.series(calendarId, "x"))))
          assert.deepStrictEqual([untold.cancelledDates, untold.exceptions], [null, null])
        })
    )
  )

  it.effect("is not there where Graph does not find it, or where it has become a single event", () =>
    withSession(
      (_, index) => (index === 0 ? notFound : { body: single }),
      ({ session }) =>
        Effect.gen(function* () {
          assert.isTrue(Option.isNone(valueOf(yield* outcome(session.series(calendarId, "x")))))
          assert.isTrue(Option.isNone(valueOf(yield* outcome(session.series(calendarId, "x")))))
        })
    )
  )

  it.effect("whose list of changes leads elsewhere is not followed there", () =>
    withSession(
      () => ({ body: { ...master, "exceptionOccurrences@odata.nextLink": "https://evil.example/v1.0/x" } }),
      ({ sent, session }) =>
        Effect.gen(function* () {
          assert.strictEqual(reasonOf(yield* outcome(session.series(calendarId, "x")))?._tag, "Unavailable")
          assert.lengthOf(sent, 1)
        })
    )
  )
})
