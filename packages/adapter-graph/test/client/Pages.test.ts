/** Rounds and lists, page by page. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { ProviderCalendarId } from "@punctual/core"
import { type Reason, makeGraphClient } from "../../src/client/GraphClient.ts"
import type { GraphContext } from "../../src/client/GraphContext.ts"
import { changes, view } from "../../src/delta/Rounds.ts"
import { type Answer, type Sent, fakeService } from "../../../core/test/http/FakeService.ts"
import { fakeAccount, limitsOf, service } from "../fakes/FakeGraph.ts"
import { payloadObject } from "../fakes/Payloads.ts"

const calendarId = "AAA=" as ProviderCalendarId
const window = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) }
const root = "https://graph.microsoft.com/v1.0/me/calendars/AAA%3D/calendarView"

const wireOf = (answer: (request: Sent, index: number) => Answer, changed = {}) => {
  const fake = fakeService(answer)
  const limits = limitsOf({ waitMaxMillis: 60_000, ...changed })
  const wire: GraphContext = { service, client: makeGraphClient(fake.http, limits), account: fakeAccount(), limits }
  return { wire, sent: fake.sent }
}

const collected = <A>(stream: Stream.Stream<A, Reason>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(Stream.runCollect(stream)))
    yield* TestClock.adjust("1 hour")
    return yield* Fiber.join(fiber)
  })

const tagOf = (exit: Exit.Exit<unknown, Reason>): string => {
  const error = Exit.findErrorOption(exit)
  return error._tag === "Some" ? error.value._tag : "none"
}

const page = (name: string): Answer => ({ body: payloadObject(name) })
const next = `${root}/delta?$skiptoken=1`
const delta = `${root}/delta?$deltatoken=1`

describe("a round of changes", () => {
  it.effect("follows recorded pages to their cursor, and asks for the same form of ids on each of them", () =>
    Effect.gen(function* () {
      const names = ["1-first-page", "2-next-page", "3-final-page"]
      const { sent, wire } = wireOf((_, index) => page(`calendarview-delta.${names[index]}`))
      const exit = yield* collected(changes(wire, calendarId, { window }))
      assert.isTrue(Exit.isSuccess(exit))
      const pages = Exit.isSuccess(exit) ? exit.value : []
      assert.deepStrictEqual(
        pages.map(({ cursor, items }) => [items.length, cursor]),
        [
          [2, null],
          [2, null],
          [1, "https://graph.microsoft.com/v1.0/me/calendarView/delta?$deltatoken=R0usmcMDNGg0J1E"]
        ]
      )
      assert.strictEqual(
        sent[0]?.url,
        `${root}/delta?startDateTime=2026-11-01T00%3A00%3A00.000Z&endDateTime=2026-12-01T00%3A00%3A00.000Z`
      )
      assert.strictEqual(sent[1]?.url, payloadObject("calendarview-delta.1-first-page")["@odata.nextLink"])
      for (const request of sent) {
        assert.strictEqual(
          request.headers["prefer"],
          `odata.maxpagesize=50, outlook.timezone="UTC", IdType="ImmutableId"`
        )
      }
    })
  )

  it.effect("goes on after an empty page that has a next link, and ends on an empty one that has a cursor", () =>
    Effect.gen(function* () {
      const { wire } = wireOf(
        (_, index) =>
          [{ body: { value: [], "@odata.nextLink": next } }, { body: { value: [], "@odata.deltaLink": delta } }][
            index
          ] ?? {}
      )
      const exit = yield* collected(changes(wire, calendarId, { window }))
      assert.deepStrictEqual(
        exit,
        Exit.succeed([
          { items: [], rejected: 0, cursor: null },
          { items: [], rejected: 0, cursor: delta }
        ])
      )
    })
  )

  it.effect("starts from a cursor verbatim", () =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(() => ({ body: { value: [], "@odata.deltaLink": delta } }))
      yield* collected(changes(wire, calendarId, { cursor: `${delta}a+b%2F` }))
      assert.strictEqual(sent[0]?.url, `${delta}a+b%2F`)
    })
  )

  it.effect("counts what it could not understand", () =>
    Effect.gen(function* () {
      const value = [null, 5, { id: "A" }, { id: "B", "@removed": { reason: "deleted" } }]
      const { wire } = wireOf(() => ({ body: { value, "@odata.deltaLink": delta } }))
      const exit = yield* collected(changes(wire, calendarId, { window }))
      assert.deepStrictEqual(
        exit,
        Exit.succeed([{ items: [{ kind: "removed" as const, providerId: "B" }], rejected: 3, cursor: delta }])
      )
    })
  )

  it.effect.each([
    { status: 410, body: payloadObject("error.410.SyncStateNotFound") },
    { status: 410, headers: { location: `${root}/delta?$deltatoken=` }, body: "" },
    { status: 410, body: "<html>gone</html>" },
    { status: 400, body: { error: { code: "syncStateNotFound", message: "" } } },
    { status: 404, body: { error: { code: "SyncStateNotFound", message: "" } } },
    { status: 409, body: { error: { code: "resyncRequired", message: "" } } },
    { status: 400, body: { error: { code: "SyncStateInvalid", message: "" } } }
  ])("a forgotten cursor, said like this, is CursorExpired: %j", (answer) =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(() => answer)
      assert.strictEqual(tagOf(yield* collected(changes(wire, calendarId, { cursor: delta }))), "CursorExpired")
      assert.lengthOf(sent, 1)
    })
  )

  it.effect("a cursor of another service is CursorExpired, without a request", () =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(() => ({}))
      const exit = yield* collected(changes(wire, calendarId, { cursor: "https://evil.example/v1.0/me/x" }))
      assert.strictEqual(tagOf(exit), "CursorExpired")
      assert.lengthOf(sent, 0)
    })
  )

  it.effect("a cursor that Graph cannot read is CursorExpired; a window that it cannot read is not", () =>
    Effect.gen(function* () {
      const body = { error: { code: "ErrorInvalidUrlQuery", message: "The sync token is malformed." } }
      const { wire } = wireOf(() => ({ status: 400, body }))
      assert.strictEqual(tagOf(yield* collected(changes(wire, calendarId, { cursor: delta }))), "CursorExpired")
      assert.strictEqual(tagOf(yield* collected(changes(wire, calendarId, { window }))), "Unavailable")
    })
  )

  it.effect("a calendar is gone when it is not found by its id either; a 404 in other words confirms nothing", () =>
    Effect.gen(function* () {
      const absent: Answer = { status: 404, body: payloadObject("error.404.ErrorItemNotFound") }
      const gone = wireOf(() => absent)
      assert.strictEqual(tagOf(yield* collected(changes(gone.wire, calendarId, { window }))), "CalendarGone")
      assert.match(gone.sent[1]?.url ?? "", /\/me\/calendars\/[^/]+\?\$select=id$/)
      const there = wireOf((_, index) => (index === 0 ? absent : { body: { id: calendarId } }))
      assert.strictEqual(tagOf(yield* collected(changes(there.wire, calendarId, { window }))), "Unavailable")
      const denied = wireOf((_, index) => (index === 0 ? absent : { status: 403 }))
      assert.strictEqual(tagOf(yield* collected(view(denied.wire, calendarId, window))), "Forbidden")
      for (const body of ["<html>not found</html>", { error: { code: "MailboxNotEnabledForRESTAPI", message: "" } }]) {
        const other = wireOf(() => ({ status: 404, body }))
        assert.notStrictEqual(tagOf(yield* collected(changes(other.wire, calendarId, { window }))), "CalendarGone")
      }
    })
  )

  it.effect.each([
    ["a next link that leads elsewhere", { value: [], "@odata.nextLink": "https://evil.example/v1.0/me" }],
    ["a round without a cursor", { value: [] }],
    ["a delta without items", { "@odata.deltaLink": delta }],
    ["items that are none", { value: { 0: {} }, "@odata.deltaLink": delta }]
  ])("%s is no round", ([_, body]) =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(() => ({ body }))
      assert.strictEqual(tagOf(yield* collected(changes(wire, calendarId, { window }))), "Unavailable")
      assert.isTrue(sent.every(({ url }) => url.startsWith("https://graph.microsoft.com/")))
    })
  )

  it.effect("a list without an end is given up, and so is a page that follows itself", () =>
    Effect.gen(function* () {
      const endless = wireOf((_, index) => ({ body: { value: [], "@odata.nextLink": `${next}${index}` } }), {
        pagesMax: 9
      })
      assert.strictEqual(tagOf(yield* collected(changes(endless.wire, calendarId, { window }))), "Unavailable")
      assert.lengthOf(endless.sent, 9)
      const circle = wireOf(() => ({ body: { value: [], "@odata.nextLink": next } }))
      assert.strictEqual(tagOf(yield* collected(changes(circle.wire, calendarId, { window }))), "Unavailable")
      assert.lengthOf(circle.sent, 2)
    })
  )

  it.effect("a page too large to read is asked for in small pieces", () =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(
        (request) =>
          request.headers["prefer"]?.includes("maxpagesize=50")
            ? { body: { value: ["x".repeat(2_000)] } }
            : request.headers["prefer"]?.includes("maxpagesize=5")
              ? { body: { value: ["x".repeat(1_500)] } }
              : { body: { value: [], "@odata.deltaLink": delta } },
        { bodyMaxBytes: 1_000 }
      )
      const exit = yield* collected(changes(wire, calendarId, { window }))
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(
        sent.map(({ headers }) => /maxpagesize=(\d+)/.exec(headers["prefer"] ?? "")?.[1]),
        ["50", "5", "1"]
      )
    })
  )

  it.effect("a fault in the middle of a round is mended without beginning again", () =>
    Effect.gen(function* () {
      const answers: ReadonlyArray<Answer> = [
        { body: { value: [], "@odata.nextLink": next } },
        { status: 401 },
        { dropped: true },
        { status: 503, headers: { "retry-after": "1.5" } },
        { body: { value: [], "@odata.deltaLink": delta } }
      ]
      const { sent, wire } = wireOf((_, index) => answers[index] ?? {}, { attemptsMax: 5 })
      assert.isTrue(Exit.isSuccess(yield* collected(changes(wire, calendarId, { window }))))
      assert.deepStrictEqual(
        sent.slice(1).map(({ url }) => url),
        [next, next, next, next]
      )
    })
  )
})

describe("a view of a span", () => {
  it.effect("gives all pages and no cursor", () =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf((_, index) => ({
        body: {
          value: payloadObject("event.instances.list")["value"],
          ...(index === 0 ? { "@odata.nextLink": `${root}?$skip=10` } : {})
        }
      }))
      const exit = yield* collected(view(wire, calendarId, window))
      assert.deepStrictEqual(Exit.isSuccess(exit) && exit.value.map(({ cursor, items }) => [items.length, cursor]), [
        [4, null],
        [4, null]
      ])
      assert.isTrue(sent[0]?.url.startsWith(`${root}?startDateTime=`))
    })
  )

  it.effect("is never taken for whole when its next link leads elsewhere", () =>
    Effect.gen(function* () {
      const { sent, wire } = wireOf(() => ({ body: { value: [], "@odata.nextLink": "https://evil.example/v1.0/me" } }))
      assert.strictEqual(tagOf(yield* collected(view(wire, calendarId, window))), "Unavailable")
      assert.lengthOf(sent, 1)
    })
  )
})
