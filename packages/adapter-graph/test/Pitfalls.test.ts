/**
 * Faults seen in open calendar code, each as a test with its name: those that an adapter can commit. The rest are the
 * core's.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { ProviderCalendarId } from "@punctual/core"
import { toChange } from "../src/mapping/Change.ts"
import { parseNotifications } from "../src/index.ts"
import { payloadObject } from "./fakes/Payloads.ts"
import { outcome, reasonOf, valueOf, withSession } from "./Session.ts"

const calendarId = "CAL=" as ProviderCalendarId
const window = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) }
const root = "https://graph.microsoft.com/v1.0/me/calendars/CAL%3D/calendarView/delta"

const event = (id: string, members: object = {}) => ({
  id,
  type: "singleInstance",
  subject: id,
  start: { dateTime: "2026-11-24T10:00:00.0000000", timeZone: "UTC" },
  end: { dateTime: "2026-11-24T11:00:00.0000000", timeZone: "UTC" },
  ...members
})

describe("faults seen in open code", () => {
  it("1: the whole batch is dropped at the first odd item", () => {
    const good = { subscriptionId: "known", clientState: "secret", changeType: "updated" }
    const batch = { value: [{ subscriptionId: "unknown", clientState: "?", changeType: "updated" }, null, good] }
    assert.deepStrictEqual(
      parseNotifications(batch)?.map(({ clientState, subscriptionId }) => [
        subscriptionId,
        Redacted.value(clientState)
      ]),
      [
        ["unknown", "?"],
        ["known", "secret"]
      ]
    )
  })

  it("2a: only the first notification of a batch is read", () => {
    const value = Array.from({ length: 1_000 }, (_, index) => ({ subscriptionId: `s${index}`, changeType: "updated" }))
    assert.lengthOf(parseNotifications({ value }) ?? [], 1_000)
  })

  it.effect("2b: only the first page of a round is read", () =>
    withSession(
      (_, index) => ({
        body: {
          value: [event(`e${index}`)],
          ...(index < 4
            ? { "@odata.nextLink": `${root}?$skiptoken=${index}` }
            : { "@odata.deltaLink": `${root}?$deltatoken=z` })
        }
      }),
      ({ session }) =>
        Effect.gen(function* () {
          const pages = valueOf(yield* outcome(Stream.runCollect(session.changes(calendarId, { window }))))
          assert.deepStrictEqual(
            pages.flatMap(({ items }) =>
              items.map((item) => (item.kind === "event" ? item.event.providerId : item.kind))
            ),
            ["e0", "e1", "e2", "e3", "e4"]
          )
        })
    )
  )

  it("3: a removed item is taken for an event that starts now", () => {
    const removed = payloadObject("calendarview-delta.4-incremental-with-removed")["value"] as Array<unknown>
    const change = toChange(removed[0])
    assert.deepStrictEqual(change._tag === "Success" ? Object.keys(change.success) : [], ["kind", "providerId"])
    // Also when it comes with more than it should.
    const more = toChange(event("gone", { "@removed": { reason: "changed" } }))
    assert.deepInclude(more._tag === "Success" ? more.success : {}, { kind: "removed", providerId: "gone" })
  })

  it("4: a time without an offset is read in the server's zone", () => {
    const home = process.env["TZ"]
    try {
      process.env["TZ"] = "America/New_York"
      const change = toChange(event("e"))
      assert.strictEqual(
        change._tag === "Success" && change.success.kind === "event" ? change.success.event.start : 0,
        Date.UTC(2026, 10, 24, 10)
      )
    } finally {
      if (home === undefined) delete process.env["TZ"]
      else process.env["TZ"] = home
    }
  })

  it.effect("6: the cursor of an empty round is lost", () =>
    withSession(
      () => ({ body: { value: [], "@odata.deltaLink": `${root}?$deltatoken=new` } }),
      ({ session }) =>
        Effect.gen(function* () {
          const round = session.changes(calendarId, { cursor: `${root}?$deltatoken=old` })
          const pages = valueOf(yield* outcome(Stream.runCollect(round)))
          assert.deepStrictEqual(pages, [{ items: [], rejected: 0, cursor: `${root}?$deltatoken=new` }])
        })
    )
  )

  it.effect("7: the life asked for is taken for the life granted, in whatever notation it comes", () =>
    Effect.gen(function* () {
      for (const expirationDateTime of [
        "2026-11-25T12:00:00.0000000Z",
        "2026-11-25T17:30:00.0000000+05:30",
        "2026-11-25T12:00:00Z"
      ]) {
        yield* withSession(
          () => ({ status: 201, body: { id: "s", expirationDateTime } }),
          ({ session }) =>
            Effect.gen(function* () {
              yield* TestClock.setTime(Date.UTC(2026, 10, 24))
              const granted = valueOf(yield* outcome(session.subscribe(calendarId)))
              assert.strictEqual(granted.expiresAt, Date.UTC(2026, 10, 25, 12))
            })
        )
      }
    })
  )

  it.effect("11 and 15: a subscription that is gone already stops the work", () =>
    withSession(
      () => ({ status: 404, body: { error: { code: "ResourceNotFound", message: "The object was not found." } } }),
      ({ session }) =>
        Effect.gen(function* () {
          valueOf(yield* outcome(session.unsubscribe("s")))
          assert.strictEqual(reasonOf(yield* outcome(session.renew(calendarId, "s")))?._tag, "SubscriptionGone")
        })
    )
  )

  it("an occurrence of a delta round is thin, and is not turned into an event without a subject", () => {
    const change = toChange(payloadObject("calendarview-delta.occurrence-item"))
    assert.strictEqual(change._tag === "Success" ? change.success.kind : "", "occurrence")
  })

  it("nulls that really occur", () => {
    const change = toChange(
      event("e", { subject: null, iCalUId: null, seriesMasterId: null, onlineMeeting: null, body: null })
    )
    assert.strictEqual(change._tag === "Success" ? change.success.kind : "", "event")
  })
})
