/** C: subscriptions that bring nothing, told by looks at the calendar alone. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { defaultPolicy } from "../../src/domain/Policy.ts"
import { notificationsNotArriving, pollingReasonAfter, shownPollingReason } from "../../src/mirror/Silence.ts"
import { calendar } from "../../testing/rows/Calendar.ts"

const minute = 60_000
const noon = Date.UTC(2026, 2, 10, 12)

/** Looked at when its interval was over. */
const quiet = {
  dueAt: noon,
  lastSyncedAt: noon - defaultPolicy.safetyPollMillis,
  pollingReason: null,
  syncStatus: "ok"
} as const
const found = { now: noon, changed: 1, isIncremental: true }

const after = (row: Parameters<typeof pollingReasonAfter>[0], pass = found) =>
  pollingReasonAfter(row, pass, defaultPolicy)

describe("C: a subscription", () => {
  it("is silent when a second look running finds what nobody told of; the first only makes it doubted", () => {
    const once = after(quiet)
    assert.isNotNull(once)
    assert.notStrictEqual(once, notificationsNotArriving)
    assert.strictEqual(after({ ...quiet, pollingReason: once }), notificationsNotArriving)
    assert.strictEqual(after({ ...quiet, pollingReason: once }, { ...found, changed: 0 }), once)
  })

  it("is heard again with the first notification, whatever was noted", () => {
    const told = { ...quiet, dueAt: quiet.lastSyncedAt + minute }
    for (const pollingReason of [null, after(quiet), notificationsNotArriving]) {
      assert.isNull(after({ ...told, pollingReason }), String(pollingReason))
    }
    // Polled at the shorter interval meanwhile: that is no notification.
    const polled = { ...quiet, lastSyncedAt: noon - defaultPolicy.pollMillis, pollingReason: notificationsNotArriving }
    assert.strictEqual(after(polled), notificationsNotArriving)
  })

  it("is not judged by a full pass, a failed one before, the first, or a look within five minutes of another", () => {
    assert.isNull(after(quiet, { ...found, isIncremental: false }))
    assert.isNull(after({ ...quiet, syncStatus: "stale" }))
    assert.isNull(after({ ...quiet, lastSyncedAt: null }))
    const asked = { ...quiet, dueAt: noon + 11 * minute, lastSyncedAt: noon - 4 * minute }
    assert.isNull(after(asked))
    assert.isNotNull(after({ ...asked, dueAt: noon + 9 * minute, lastSyncedAt: noon - 6 * minute }))
  })

  it.prop(
    "that tells of each change in time is never called silent",
    { delays: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 899_999 }))) },
    ({ delays }) => {
      let pollingReason: string | null = null
      for (const delay of delays) {
        pollingReason = after({ ...quiet, pollingReason, dueAt: quiet.lastSyncedAt + delay })
        assert.isNull(pollingReason)
      }
    }
  )

  it("shows why its calendar is polled once it is sure, and not while it is doubted", () => {
    const subscription = { id: "sub_1", clientStateHash: "x", expiresAt: noon }
    const shown = (pollingReason: string | null, has = true) =>
      shownPollingReason(calendar({ subscription: has ? subscription : null, pollingReason }))
    assert.isNull(shown(after(quiet)))
    assert.strictEqual(shown(notificationsNotArriving), notificationsNotArriving)
    assert.strictEqual(shown("no_public_url", false), "no_public_url")
  })
})
