/** The faults of the road, and manners: throttling, subscriptions refused, mailboxes to be left alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ProviderCalendarId } from "@punctual/core"
import type { Edit, Fault } from "@punctual/adapter-graph/simulator"
import { ref } from "./Session.ts"
import { adele, failing, meeting, round, standing, told, window, withSimulated } from "./Simulated.ts"

const on = (path: string, answer: Fault["answer"], times = 1): Fault => ({ path, answer, times })

describe("the road", () => {
  it.live.each<Fault>([
    on("calendarView", { type: "throttle", retryAfter: "fractional" }),
    on("calendarView", { type: "throttle", retryAfter: "zero", code: "ApplicationThrottled" }, 2),
    on("calendarView", { type: "throttle", retryAfter: "garbage" }, 2),
    on("calendarView", { type: "throttle", retryAfter: "absent" }, 2),
    on("calendarView", { type: "unavailable", body: "html" }, 3),
    on("calendarView", { type: "unavailable", status: 502, body: "empty" }, 3),
    on("calendarView", { type: "unauthorized" }),
    on("calendarView", { type: "reset" }, 3),
    on("calendarView", { type: "lostAnswer" }, 3),
    on("calendarView", { type: "truncated" }, 3),
    on("calendarView", { type: "hang" }),
    on("calendarView", { type: "slowBody", millis: 5_000 })
  ])("a round gets through %j", (fault) =>
    withSimulated(
      (simulated) =>
        Effect.gen(function* () {
          for (let i = 0; i < 120; i++) simulated.simulator.edit(meeting(`m${i}`, 1 + i / 10))
          simulated.simulator.addFaults({ ...fault, skip: 1 })
          const { items } = yield* round(simulated, { window })
          assert.strictEqual(new Set(told(items)).size, 120)
        }),
      { ...standing, options: { throttle: { retryAfterSeconds: 1 } } }
    )
  )

  it.live("a page of bodies too large to read comes one by one", () =>
    withSimulated(
      (simulated) =>
        Effect.gen(function* () {
          for (const subject of ["one", "two", "three"]) {
            const { details, ...rest } = meeting(subject, 2) as Extract<Edit, { readonly type: "createEvent" }>
            simulated.simulator.edit({ ...rest, details: { ...details, bodyBytes: 10 * 1_048_576 } })
          }
          const { items } = yield* round(simulated, { window })
          assert.deepStrictEqual(told(items).toSorted(), ["single one", "single three", "single two"])
        }),
      standing,
      { limits: {} }
    )
  )

  it.live("a wait too long to wait is handed back at once", () =>
    withSimulated((simulated) =>
      Effect.gen(function* () {
        simulated.simulator.addFaults(on("v1.0", { type: "throttle", retryAfter: "huge" }))
        assert.strictEqual(yield* failing(simulated.session.profile), "Throttled")
        assert.strictEqual(yield* failing(simulated.session.calendars), "Throttled")
      })
    )
  )

  it.live("forty calls at once keep to four, and none of them is throttled", () =>
    withSimulated(
      ({ session, simulator }) =>
        Effect.gen(function* () {
          yield* Effect.all(
            Array.from({ length: 40 }, () => session.profile),
            { concurrency: "unbounded" }
          )
          for (const { inFlightMax, throttled } of Object.values(simulator.traffic().byMailbox)) {
            assert.isAtMost(inFlightMax, 4)
            assert.strictEqual(throttled, 0)
          }
        }),
      { options: { latencyMillis: 5 } }
    )
  )
})

describe("subscriptions", () => {
  it.live("a calendar of someone else can only be polled", () =>
    withSimulated(
      ({ session, simulator }) =>
        Effect.gen(function* () {
          simulator.addMailbox({ userPrincipalName: "alex@contoso.example" })
          simulator.edit({ type: "shareCalendar", mailbox: "alex@contoso.example", with: adele, canEdit: true })
          const shared = (yield* session.calendars).find(({ accessRole }) => accessRole === "writer")
          const reason = yield* Effect.flip(session.subscribe(shared?.providerId ?? ("?" as ProviderCalendarId)))
          assert.deepInclude(reason.reason, { _tag: "NotSubscribable", code: "access_denied" })
        }),
      {},
      { notificationUrl: "http://127.0.0.1:9/unused" }
    )
  )

  it.live("an address that nobody answers at is told as such", () =>
    withSimulated(
      ({ calendarId, session }) =>
        Effect.gen(function* () {
          const { reason } = yield* Effect.flip(session.subscribe(calendarId))
          assert.deepInclude(reason, { _tag: "NotSubscribable", code: "notification_address_unreachable" })
        }),
      {},
      { notificationUrl: "http://127.0.0.1:9/unused" }
    )
  )

  it.live("notBefore is obeyed from the first request on", () =>
    withSimulated(({ credentials, provider, simulator }) =>
      Effect.gen(function* () {
        const other = { ...ref, version: 2 }
        const notBefore = Date.now() + 3_600_000
        const session = yield* provider.open({ ref: other, credentials, notBefore, onRotated: () => Effect.void })
        const before = simulator.traffic().recent.length
        assert.strictEqual(yield* failing(session.calendars), "Throttled")
        const asked = simulator.traffic().recent.slice(before)
        assert.isTrue(asked.every(({ path }) => path.endsWith("/token")))
      })
    )
  )
})
