/**
 * The endpoints of the connection and its calendars, as the guide shows them: each request is taken, and each answer has every member of its example. The
 * core behind is scripted; what it is asked is part of the contract too.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { complete, guide, lacking } from "../Guide.ts"
import { adele, serve } from "../Kit.ts"
import { calendar, connection, listedCalendar, polled, start } from "../Samples.ts"

const base = "/api/v1/calendar"

describe("the connection", () => {
  it.effect("POST create_calendar", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { call } = yield* serve({
        core: {
          connect: (userId, credentials) =>
            Effect.sync(() => {
              asked.push(userId, Redacted.value(credentials))
              const failed = [{ calendar: polled, reason: "not_subscribable", message: "No notifications for it." }]
              return { connection, calendars: [calendar, polled], failed, isReplacement: false }
            })
        }
      })
      yield* TestClock.setTime(start)
      const { json, status } = yield* call("POST", `${base}/create_calendar`, { body: guide.create_calendar.request })
      assert.strictEqual(status, 200)
      complete("create_calendar", json)
      assert.deepStrictEqual(asked, [
        adele,
        {
          clientId: "<YOUR_MICROSOFT_CLIENT_ID>",
          clientSecret: "<YOUR_MICROSOFT_CLIENT_SECRET>",
          refreshToken: "<YOUR_MICROSOFT_REFRESH_TOKEN>",
          obtainedAt: start
        }
      ])
      assert.strictEqual(json.calendar_id, `outlook_calendar_${adele}`)
      assert.strictEqual(json.primary_calendar_id, calendar.providerId)
      assert.strictEqual(json.watch_setup.subscriptions_setup, 1)
      assert.strictEqual(json.watch_setup.subscription_results[0].expiration, "2026-05-23T22:00:00Z")
      assert.deepStrictEqual(json.watch_setup.failed_calendars, [
        {
          calendar_id: polled.providerId,
          calendar_summary: "Team Meetings",
          reason: "not_subscribable",
          message: "No notifications for it."
        }
      ])
    })
  )

  it.effect("GET connection", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({
        core: { connections: () => Effect.succeed({ connections: [connection], calendars: [calendar, polled] }) }
      })
      const { json, status } = yield* call("GET", `${base}/connection`)
      assert.strictEqual(status, 200)
      const first = {
        calendar_id: `outlook_calendar_${adele}`,
        platform: "outlook_calendar",
        status: "active",
        status_reason: null,
        status_message: null,
        user_email: "user@example.com",
        user_name: "Jane Smith",
        calendars: [
          {
            id: calendar.providerId,
            summary: "Calendar",
            selected: true,
            last_synced_at: "2026-04-08T14:00:00Z",
            sync_status: "ok",
            sync_error: null,
            subscription_id: "a1b2c3d4",
            subscription_expires_at: "2026-05-23T22:00:00Z",
            polling_reason: null
          },
          {
            id: polled.providerId,
            summary: "Team Meetings",
            selected: true,
            last_synced_at: "2026-04-08T14:00:00Z",
            sync_status: "ok",
            sync_error: null,
            subscription_id: null,
            subscription_expires_at: null,
            polling_reason: "not_subscribable"
          }
        ]
      }
      assert.deepStrictEqual(json, { ...first, paused_until: null, connections: [first] })
    })
  )

  it.effect("DELETE disconnect", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({
        core: {
          disconnect: () => Effect.succeed({ subscriptionsStopped: true, eventsDeleted: 42, schedulesCancelled: 5 })
        }
      })
      const { json, status } = yield* call("DELETE", `${base}/disconnect`)
      assert.strictEqual(status, 200)
      complete("disconnect", json)
      assert.deepStrictEqual(json, { ...guide.disconnect.response, user_id: adele })
    })
  )
})

describe("calendars", () => {
  it.effect("GET calendars", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({
        core: {
          calendars: () => Effect.succeed([listedCalendar, { ...listedCalendar, ...polled, timeZone: null }]),
          events: () => Effect.succeed({ items: [], hasMore: false, staleReason: null })
        }
      })
      const { json, status } = yield* call("GET", `${base}/calendars`)
      assert.strictEqual(status, 200)
      complete("calendars", json)
      assert.strictEqual(json.total, 2)
      assert.strictEqual(json.calendars[0].timeZone, "America/New_York")
      assert.strictEqual(json.calendars[1].timeZone, "UTC")
    })
  )

  it.effect("PATCH calendars/{calendar_id}, whatever letters the id has", () =>
    Effect.gen(function* () {
      const long = `AQMkADAwATM0MDAAMS1=${"x".repeat(150)}/+`
      const asked: Array<unknown> = []
      const { call } = yield* serve({
        core: {
          selectCalendar: (userId, id, selected) =>
            Effect.sync(() => {
              asked.push(userId, id, selected)
              return { ...listedCalendar, selected }
            })
        }
      })
      const answer = yield* call("PATCH", `${base}/calendars/${encodeURIComponent(long)}`, {
        body: { selected: false }
      })
      assert.strictEqual(answer.status, 200, answer.text)
      assert.deepStrictEqual(asked, [adele, long, false])
      assert.deepStrictEqual(lacking(guide.calendars.response?.["calendars"], [answer.json]), [])
      assert.isFalse(answer.json.selected)
    })
  )
})
