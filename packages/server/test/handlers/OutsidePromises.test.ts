/**
 * What Microsoft and the operator may ask of a server, asked of the real core over in-memory adapters.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { adminKey } from "../Kit.ts"
import { connected, hour, noon, zoom } from "../Whole.ts"

/** A meeting that Microsoft has told of and nobody has read yet. */
const withNews = Effect.gen(function* () {
  const host = yield* connected
  yield* host.syncChanges
  yield* host.control.create(host.calendarId, { subject: "News", start: noon + 5 * hour, joinUrl: zoom })
  const [notification] = yield* host.control.takeNotifications
  const post = (items: ReadonlyArray<unknown>, path = "/webhooks/microsoft") =>
    Effect.map(host.call("POST", path, { key: null, body: { value: items } }), ({ status }) => status)
  /** Syncs what is due, as the loop of a process does. */
  const read = Effect.gen(function* () {
    let count = 0
    while ((yield* Effect.orDie(host.punctual.syncNext))._tag === "Some") count++
    return count
  })
  const item = {
    subscriptionId: notification?.subscriptionId,
    clientState: notification?.clientState,
    changeType: "created",
    resource: "Users/1/Events/2"
  }
  return { ...host, item, post, read }
})

describe("a notification", () => {
  it.effect("has its calendar read, once for a burst", () =>
    Effect.gen(function* () {
      const { item, named, post, read } = yield* withNews
      assert.strictEqual(yield* post(Array.from({ length: 50 }, () => item)), 202)
      assert.strictEqual(yield* post([item]), 202)
      assert.strictEqual(yield* read, 1)
      assert.lengthOf(yield* named("News"), 1)
    })
  )

  it.effect("that is forged, unknown or odd is answered alike and changes nothing, also beside a good one", () =>
    Effect.gen(function* () {
      const { item, named, post, read } = yield* withNews
      const forged = { ...item, clientState: "guessed" }
      const unknown = { ...item, subscriptionId: "7f105c7d-0000-4000-8000-000000000000" }
      for (const batch of [[forged], [unknown], [null, 7, "x", {}], []]) assert.strictEqual(yield* post(batch), 202)
      assert.strictEqual(yield* read, 0)
      assert.lengthOf(yield* named("News"), 0)
      assert.strictEqual(yield* post([forged, null, item, unknown]), 202)
      assert.strictEqual(yield* read, 1)
    })
  )

  it.effect("of a subscription's life is taken at its own address: what was missed is read", () =>
    Effect.gen(function* () {
      const { item, post, read } = yield* withNews
      const { changeType: _, ...rest } = item
      assert.strictEqual(yield* post([{ ...rest, lifecycleEvent: "missed" }], "/webhooks/microsoft/lifecycle"), 202)
      assert.strictEqual(yield* read, 1)
    })
  )
})

describe("a job that is asked for", () => {
  it.effect("is run now and tells what it did, for the holder of the admin key alone", () =>
    Effect.gen(function* () {
      const { call, item, ok, post } = yield* withNews
      const run = (job: string, key = adminKey) => call("POST", `/api/v1/admin/jobs/${job}/run`, { key })
      const counts = (job: string) =>
        Effect.map(run(job), ({ json, status, text }) => {
          assert.strictEqual(status, 200, text)
          assert.strictEqual(json.job, job)
          return json.counts as Record<string, number>
        })
      yield* ok("POST", "/auto-schedule/enable", {})
      yield* post([item])
      assert.deepInclude(yield* counts("sync"), { users: 1, users_failed: 0, calendars_synced: 1 })
      // The sync has decided already: nothing is left for the run.
      assert.lengthOf((yield* ok("GET", "/scheduled_bots")).scheduled_bots, 1)
      assert.deepInclude(yield* counts("auto-schedule"), { users: 1, users_failed: 0, bots_created: 0 })
      assert.deepInclude(yield* counts("renew-subscriptions"), { users: 1, renewed: 0, failed: 0 })
      yield* TestClock.adjust(6 * 24 * hour)
      const { failed, recreated, renewed } = yield* counts("renew-subscriptions")
      assert.deepStrictEqual([renewed, recreated, failed], [1, 0, 0], "it ends within two days now")
      assert.hasAllKeys(yield* counts("sweep"), [
        "users_decided",
        "schedules_applied",
        "bots_due",
        "disconnects_finished"
      ])
      assert.strictEqual((yield* run("sweep", "pk_a-key-of-adele")).status, 401)
      assert.strictEqual((yield* run("unknown")).status, 400)
    })
  )
})
