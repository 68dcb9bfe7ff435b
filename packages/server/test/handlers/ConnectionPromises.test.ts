/**
 * What the contract promises about a connection and its calendars, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adele, otherKey } from "../Kit.ts"
import { base, connected, hour, iso, minute, noon, zoom } from "../Whole.ts"

const bodyOf = (credentials: {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}) => ({
  microsoft_client_id: credentials.clientId,
  microsoft_client_secret: credentials.clientSecret,
  microsoft_refresh_token: credentials.refreshToken
})

const withBot = Effect.gen(function* () {
  const host = yield* connected
  yield* host.control.create(host.calendarId, { subject: "Review", start: noon + 5 * hour, joinUrl: zoom })
  yield* host.syncChanges
  const [row] = yield* host.named("Review")
  const booked = yield* host.ok("POST", `/schedule/${row.id}`, { bot_config: { bot_name: "Mine" } })
  return { ...host, botId: booked.bot_id as string, row }
})

describe("create_calendar", () => {
  it.effect("stores nothing unless Microsoft accepted, and leaves the connection that stands as it was", () =>
    Effect.gen(function* () {
      const { call, credentials, no, ok, row } = yield* withBot
      const wrong = { ...bodyOf(credentials), microsoft_client_secret: "wrong" }
      const refused = yield* call("POST", `${base}/create_calendar`, { body: wrong })
      assert.strictEqual(refused.json.code, "invalid_credentials")
      assert.isNotEmpty(refused.json.detail)
      assert.strictEqual((yield* ok("GET", "/connection")).status, "active")
      assert.strictEqual((yield* ok("GET", `/get_events`)).results[0].id, row.id)
      const other = yield* call("POST", `${base}/create_calendar`, { body: wrong, key: otherKey })
      assert.strictEqual(other.json.code, "invalid_credentials")
      assert.strictEqual(yield* no("GET", "/connection", undefined, { key: otherKey }), "404 calendar_not_connected")
    })
  )

  it.effect("called again replaces credentials in place: ids and bots survive", () =>
    Effect.gen(function* () {
      const { answer, botId, credentials, ok, row } = yield* withBot
      const again = yield* ok("POST", "/create_calendar", bodyOf(credentials))
      assert.strictEqual(again.calendar_id, `outlook_calendar_${adele}`)
      assert.deepStrictEqual(again.calendars, answer.calendars)
      const { results } = yield* ok("GET", "/get_events")
      assert.strictEqual(results[0].id, row.id)
      assert.deepInclude(results[0].bots[0], { id: botId, status: "Scheduled", bot_username: "Mine" })
    })
  )

  it.effect("with another account behind it takes the old one down first", () =>
    Effect.gen(function* () {
      const { control, ok } = yield* withBot
      const other = yield* control.addAccount({ email: "other@example.com" })
      yield* control.addCalendar(other.accountId, { summary: "Theirs" })
      const answer = yield* ok("POST", "/create_calendar", bodyOf(other))
      assert.strictEqual(answer.user_email, "other@example.com")
      assert.deepStrictEqual((yield* ok("GET", "/get_events?include_deleted=true")).results, [])
      assert.deepStrictEqual((yield* ok("GET", "/scheduled_bots")).scheduled_bots, [])
    })
  )

  it.effect("lists calendars that can't be subscribed to with the reason, polls them, and succeeds", () =>
    Effect.gen(function* () {
      const { accountId, control, credentials, ok } = yield* connected
      const shared = yield* control.addCalendar(accountId, { summary: "Shared", accessRole: "reader" })
      yield* control.refuseSubscriptions(shared, { code: "not_subscribable", message: "No notifications for it." })
      const answer = yield* ok("POST", "/create_calendar", bodyOf(credentials))
      assert.strictEqual(answer.watch_setup.subscriptions_setup, 1)
      assert.strictEqual(answer.watch_setup.failed_calendars.length, 1)
      const [failed] = answer.watch_setup.failed_calendars
      assert.strictEqual(failed.calendar_id, shared)
      assert.strictEqual(failed.calendar_summary, "Shared")
      assert.isNotEmpty(failed.reason)
      assert.isNotEmpty(failed.message)
      const { calendars } = yield* ok("GET", "/connection")
      const state = calendars.find((each: { readonly id: string }) => each.id === shared)
      assert.isNull(state.subscription_id)
      assert.strictEqual(state.polling_reason, failed.reason)
    })
  )
})

describe("C: a subscription made anew", () => {
  it.effect("is answered with what came of it", () =>
    Effect.gen(function* () {
      const { accountId, calendarId, control, no, ok } = yield* connected
      const before = (yield* ok("GET", "/connection")).calendars[0].subscription_id
      const made = yield* ok("POST", `/calendars/${calendarId}/resubscribe`)
      assert.deepInclude(made, { calendar_id: calendarId, subscribed: true, polling_reason: null })
      assert.notStrictEqual(made.subscription_id, before)
      assert.strictEqual((yield* ok("GET", "/connection")).calendars[0].subscription_id, made.subscription_id)
      yield* control.refuseSubscriptions(calendarId, {
        code: "notification_address_unreachable",
        message: "Microsoft could not reach this server's notification address."
      })
      const refused = yield* ok("POST", `/calendars/${calendarId}/resubscribe`)
      assert.deepInclude(refused, {
        subscribed: false,
        subscription_id: null,
        polling_reason: "notification_address_unreachable",
        message: "Microsoft could not reach this server's notification address."
      })
      yield* ok("PATCH", `/calendars/${calendarId}`, { selected: false })
      const left = yield* ok("POST", `/calendars/${calendarId}/resubscribe`)
      assert.deepInclude(left, { subscribed: false, polling_reason: "not_selected" })
      assert.strictEqual(yield* no("POST", "/calendars/other/resubscribe"), "404 calendar_not_found")
      yield* control.setRevoked(accountId, true)
      yield* ok("PATCH", `/calendars/${calendarId}`, { selected: true })
      yield* TestClock.adjust(2 * hour)
      yield* no("GET", "/events?sync=true")
      const again = yield* no("POST", `/calendars/${calendarId}/resubscribe`)
      assert.strictEqual(again, "409 reauthorization_required")
    })
  )
})

describe("the connection's state", () => {
  it.effect("says that the grant is lost and why; reads go on from what is known; connecting again restores all", () =>
    Effect.gen(function* () {
      const { accountId, botId, control, credentials, no, ok, syncChanges } = yield* withBot
      yield* ok("POST", "/auto-schedule/enable", {})
      yield* control.setRevoked(accountId, true)
      yield* TestClock.adjust(20 * minute)
      yield* syncChanges
      const lost = yield* ok("GET", "/connection")
      assert.strictEqual(lost.status, "reauthorization_required")
      assert.isNotEmpty(lost.status_reason)
      assert.isNotEmpty(lost.status_message)
      assert.strictEqual(yield* no("GET", "/calendars"), "409 reauthorization_required")
      const page = yield* ok("GET", "/events?sync=true")
      assert.isTrue(page.stale)
      assert.strictEqual(page.stale_reason, "reauthorization_required")
      assert.strictEqual(page.results[0].bots[0].id, botId)
      yield* control.setRevoked(accountId, false)
      yield* ok("POST", "/create_calendar", bodyOf(credentials))
      assert.strictEqual((yield* ok("GET", "/connection")).status, "active")
      assert.isTrue((yield* ok("GET", "/auto-schedule/settings")).auto_schedule_enabled)
      assert.strictEqual((yield* ok("GET", "/scheduled_bots")).scheduled_bots[0].bot_id, botId)
    })
  )

  it.effect("tells an expired client secret apart", () =>
    Effect.gen(function* () {
      const { accountId, control, ok, syncChanges } = yield* connected
      yield* control.setSecretExpired(accountId, true)
      yield* TestClock.adjust(2 * hour)
      yield* syncChanges
      const state = yield* ok("GET", "/connection")
      assert.strictEqual(state.status, "reauthorization_required")
      assert.strictEqual(state.status_reason, "client_secret_expired")
    })
  )

  it.effect("tells when each calendar was synced, and that it is stale while Microsoft is away", () =>
    Effect.gen(function* () {
      const { accountId, control, ok } = yield* withBot
      yield* control.throttle(accountId, noon + hour)
      const page = yield* ok("GET", "/events?sync=true")
      assert.isTrue(page.stale)
      assert.strictEqual(page.stale_reason, "microsoft_unavailable")
      assert.lengthOf(page.results, 1)
      const { calendars } = yield* ok("GET", "/connection")
      assert.strictEqual(calendars[0].last_synced_at, iso(noon))
      assert.include(["stale", "failed"], calendars[0].sync_status)
      assert.isNotNull(calendars[0].sync_error)
    })
  )
})

describe("calendars", () => {
  it.effect("made after connecting are selected and synced when a live list first sees them", () =>
    Effect.gen(function* () {
      const { accountId, control, named, ok, syncChanges } = yield* connected
      const side = yield* control.addCalendar(accountId, { summary: "Side", color: "#123456" })
      yield* control.create(side, { subject: "Sideshow" })
      const { calendars, total, user_id: userId } = yield* ok("GET", "/calendars")
      assert.deepStrictEqual([total, userId], [2, adele])
      const seen = calendars.find((each: { readonly id: string }) => each.id === side)
      assert.deepInclude(seen, { selected: true, isPrimary: false, timeZone: "UTC", backgroundColor: "#123456" })
      yield* syncChanges
      assert.lengthOf(yield* named("Sideshow"), 1)
    })
  )

  it.effect("whose zone the account does not tell are in the zone that most of their events are in", () =>
    Effect.gen(function* () {
      const { calendarId, control, ok, syncChanges } = yield* connected
      yield* control.changeCalendar(calendarId, { timeZone: null })
      const zone = Effect.map(ok("GET", "/calendars"), ({ calendars }) => calendars[0].timeZone)
      assert.strictEqual(yield* zone, "UTC")
      for (const [index, of] of ["Europe/Berlin", "Asia/Tokyo", "Asia/Tokyo"].entries()) {
        yield* control.create(calendarId, { zone: of, start: noon + index * hour })
      }
      yield* syncChanges
      assert.strictEqual(yield* zone, "Asia/Tokyo")
      yield* control.changeCalendar(calendarId, { timeZone: "America/New_York" })
      assert.strictEqual(yield* zone, "America/New_York")
    })
  )

  it.effect("deselected lose their events and bots and answer an empty page; selected again they start anew", () =>
    Effect.gen(function* () {
      const { calendarId, named, no, ok, row, syncChanges } = yield* withBot
      const path = `/calendars/${encodeURIComponent(calendarId)}`
      assert.isFalse((yield* ok("PATCH", path, { selected: false })).selected)
      assert.deepStrictEqual((yield* ok("GET", `/get_events?calendar_id=${calendarId}`)).results, [])
      assert.deepStrictEqual((yield* ok("GET", "/scheduled_bots")).scheduled_bots, [])
      assert.isNull((yield* ok("GET", "/connection")).calendars[0].subscription_id)
      assert.strictEqual(yield* no("POST", `/schedule/${row.id}`, {}), "404 event_not_found")
      assert.isTrue((yield* ok("PATCH", path, { selected: true })).selected)
      yield* syncChanges
      const [back] = yield* named("Review")
      assert.strictEqual(back.id, row.id)
      assert.isFalse(back.is_deleted)
      // What was scheduled by hand does not come back by itself.
      assert.deepStrictEqual((yield* ok("GET", "/scheduled_bots")).scheduled_bots, [])
      assert.strictEqual(yield* no("PATCH", "/calendars/unknown", { selected: true }), "404 calendar_not_found")
    })
  )
})

describe("disconnect", () => {
  it.effect("counts what it removed; the next call is a new user's", () =>
    Effect.gen(function* () {
      const { control, no, ok } = yield* withBot
      const answer = yield* ok("DELETE", "/disconnect")
      assert.deepInclude(answer, { disconnected: true, subscription_stopped: true, user_id: adele })
      assert.deepInclude(answer, { events_deleted: 1, schedules_cancelled: 1 })
      for (const path of ["/connection", "/calendars", "/events", "/get_events", "/scheduled_bots"]) {
        assert.strictEqual(yield* no("GET", path), "404 calendar_not_connected", path)
      }
      assert.strictEqual(yield* no("GET", "/auto-schedule/settings"), "404 calendar_not_connected")
      assert.strictEqual(yield* no("DELETE", "/disconnect"), "404 calendar_not_connected")
      assert.deepStrictEqual(yield* control.takeNotifications, [])
    })
  )
})
