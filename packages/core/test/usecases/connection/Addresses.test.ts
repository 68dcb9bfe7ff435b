/** A user's addresses, which are those of all connections: what rules say of the people of a meeting follows them at once. */
import { assert, describe } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Store, connectionId } from "../../../src/index.ts"
import { StoreProbe } from "../../../testing/memory/StoreMemory.ts"
import { joinRule, policyRule } from "../../../testing/rows/Workspace.ts"
import type { WorkspaceId } from "../../../src/domain/Ids.ts"
import { noPolicy } from "../../../src/domain/Workspace.ts"
import { ask, botOf, connected, hour, noon, row, settle, user, zoom } from "../Host.ts"
import { test } from "../TwoPlatforms.ts"

const alone = joinRule({ when: { people: { max: 1 } }, then: "join", bot_config: null })

const together = joinRule({ when: { people: { min: 2 } }, then: "join", bot_config: null })

/** Ada's meeting with herself: she is invited by two addresses, of which one is known. */
const withHerself = Effect.gen(function* () {
  const host = yield* connected
  const at = { start: noon + 5 * hour, end: noon + 6 * hour }
  const id = yield* host.control.create(host.calendarId, { subject: "Focus", joinUrl: zoom, ...at })
  yield* host.control.setFacts(id, { people: ["ada@example.com", "ada@partner.example"] })
  yield* settle
  const credentials = yield* host.control.addAccount({ email: "Ada@Partner.example", name: "Ada" })
  yield* host.control.addCalendar(credentials.accountId)
  const other = connectionId("other_calendar", user)
  return { ...host, other, connectOther: host.punctual.connect(user, Redacted.make(credentials), "other_calendar") }
})

const judgeMark = Effect.gen(function* () {
  return (yield* (yield* Store).slice(user, { kind: "all" }, noon)).judgeMark
})

describe("another address of the user's", () => {
  test("is the user's as soon as it is connected, and no more once it is not", () =>
    Effect.gen(function* () {
      const { connectOther, other, punctual } = yield* withHerself
      yield* punctual.enableAuto(user, {}, { rules: [alone], otherwise: "skip" })
      assert.isUndefined(yield* botOf("Focus"), "two people")
      yield* connectOther
      assert.strictEqual((yield* botOf("Focus"))?.status, "Scheduled", "one person")
      yield* punctual.disconnect(user, other)
      assert.strictEqual((yield* botOf("Focus"))?.status, "Cancelled", "two people again")
    }))

  test("is a stranger's as soon as it is connected no more", () =>
    Effect.gen(function* () {
      const { connectOther, other, punctual } = yield* withHerself
      yield* connectOther
      yield* punctual.enableAuto(user, {}, { rules: [together], otherwise: "skip" })
      assert.isUndefined(yield* botOf("Focus"), "one person")
      yield* punctual.disconnect(user, other)
      assert.strictEqual((yield* botOf("Focus"))?.status, "Scheduled", "two people")
    }))

  test("is seen by a lock too, of what was asked for by hand", () =>
    Effect.gen(function* () {
      const { connectOther, other, punctual } = yield* withHerself
      const workspace = "wsp_1" as WorkspaceId
      yield* punctual.joinWorkspace(user, workspace)
      const { event } = yield* row("Focus")
      yield* punctual.schedule(user, ask(event.id))
      yield* connectOther
      yield* punctual.setWorkspacePolicy(workspace, {
        ...noPolicy,
        rules: [policyRule({ when: { people: { min: 2 } } })]
      })
      assert.strictEqual((yield* botOf("Focus"))?.status, "Scheduled")
      yield* punctual.disconnect(user, other)
      assert.strictEqual((yield* botOf("Focus"))?.statusReason, "blocked_by_policy")
    }))

  test("is judged by within a sweep where the process died when it had written it", () =>
    Effect.gen(function* () {
      const { connectOther, punctual } = yield* withHerself
      yield* punctual.enableAuto(user, {}, { rules: [alone], otherwise: "skip" })
      yield* (yield* StoreProbe).failNext(1, { operation: "saveConnection", moment: "after" })
      yield* Effect.flip(connectOther)
      assert.isUndefined(yield* botOf("Focus"), "nobody has decided")
      assert.isNotNull(yield* judgeMark)
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Focus"))?.status, "Scheduled")
      assert.isNull(yield* judgeMark)
    }))

  test("is judged without within a sweep where the process died when it had taken it away", () =>
    Effect.gen(function* () {
      const { connectOther, other, punctual } = yield* withHerself
      yield* punctual.enableAuto(user, {}, { rules: [together], otherwise: "skip" })
      yield* connectOther
      assert.isNull(yield* judgeMark, "it was decided by")
      yield* (yield* StoreProbe).failNext(1, { operation: "saveConnection", moment: "after" })
      yield* Effect.flip(punctual.disconnect(user, other))
      assert.strictEqual((yield* botOf("Focus"))?.status, "Cancelled", "nobody has decided")
      yield* punctual.sweep
      assert.strictEqual((yield* botOf("Focus"))?.status, "Scheduled")
    }))

  test("marks nobody of whom nothing is mirrored, and nobody whose addresses stay", () =>
    Effect.gen(function* () {
      const { credentials, punctual } = yield* connected
      assert.isNull(yield* judgeMark, "the first one")
      yield* (yield* StoreProbe).failNext(1, { operation: "listCalendars" })
      yield* Effect.flip(punctual.connect(user, Redacted.make(credentials)))
      assert.isNull(yield* judgeMark, "the same once more")
    }))
})
