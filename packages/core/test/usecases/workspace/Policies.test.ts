/**
 * A workspace's policy as its users feel it: at once where it is written, where one joins or leaves, and in the end also where
 * the process that wrote it died.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Punctual, Store, type UserId, WorkspaceId } from "../../../src/index.ts"
import { noPolicy } from "../../../src/domain/Workspace.ts"
import { beginLaunch } from "../../../src/usecases/launch/LaunchBot.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { policyRule } from "../../../testing/rows/Workspace.ts"
import { ask, botOf, hour, layer, layerOver, minute, noon, refused, review, reviewScheduled, user } from "../Host.ts"

const workspace = WorkspaceId.make("wsp_contoso")
const locked = { ...noPolicy, rules: [policyRule({ name: "Closed", when: {} })] }

const statusOf = Effect.map(botOf(review.subject), (bot) => [bot?.status, bot?.statusReason])

/** What a launch in progress comes to: null, where nothing is asked of the bot service. */
const launched = (id: Parameters<typeof beginLaunch>[1]) =>
  Effect.flatMap(beginLaunch(user, id), (attempt) => (Option.isNone(attempt) ? Effect.succeed(null) : attempt.value))

describe("a policy with a lock", () => {
  it.effect("ends what it forbids at once, says by which rule, and gives it back when it is lifted", () =>
    Effect.gen(function* () {
      const { event, punctual } = yield* reviewScheduled()
      yield* punctual.joinWorkspace(user, workspace)
      const { pendingUsers } = yield* punctual.setWorkspacePolicy(workspace, locked)
      assert.strictEqual(pendingUsers, 0)
      assert.deepStrictEqual(yield* statusOf, ["Cancelled", "blocked_by_policy"])
      assert.include((yield* botOf(review.subject))?.statusMessage, "“Closed”")
      const refusal = yield* refused(punctual.schedule(user, ask(event.id)))
      assert.deepInclude(refusal, { code: "blocked_by_policy", ruleName: "Closed" })
      yield* punctual.setWorkspacePolicy(workspace, noPolicy)
      assert.deepStrictEqual(yield* statusOf, ["Scheduled", null])
    }).pipe(Effect.provide(layer))
  )

  it.effect("holds from the moment in which a user joins, and no longer when they leave", () =>
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      yield* punctual.setWorkspacePolicy(workspace, locked)
      yield* punctual.joinWorkspace(user, workspace)
      assert.deepStrictEqual(yield* statusOf, ["Cancelled", "blocked_by_policy"])
      assert.strictEqual((yield* punctual.workspacePolicy(workspace)).pendingUsers, 0)
      yield* punctual.joinWorkspace(user, null)
      assert.deepStrictEqual(yield* statusOf, ["Scheduled", null])
      yield* TestClock.adjust(minute)
      yield* punctual.joinWorkspace(user, workspace)
      yield* TestClock.adjust(minute)
      yield* punctual.joinWorkspace(user, WorkspaceId.make("wsp_open"))
      assert.deepStrictEqual(yield* statusOf, ["Scheduled", null])
    }).pipe(Effect.provide(layer))
  )

  it.effect("reaches its users by the sweep where the process that wrote it has died, those not connected too", () =>
    Effect.gen(function* () {
      const { punctual } = yield* reviewScheduled()
      const store = yield* Store
      for (const each of [user, "usr_bob" as UserId]) yield* punctual.joinWorkspace(each, workspace)
      yield* store.savePolicy(workspace, { ...locked, updatedAt: noon }, 0)
      assert.strictEqual((yield* punctual.workspacePolicy(workspace)).pendingUsers, 2)
      yield* punctual.sweep
      assert.deepStrictEqual(yield* statusOf, ["Cancelled", "blocked_by_policy"])
      assert.strictEqual((yield* punctual.workspacePolicy(workspace)).pendingUsers, 0)
      assert.deepStrictEqual(yield* store.spreading(10), [])
    }).pipe(Effect.provide(layer))
  )
})

// World 320662: another process decided by the policy of before, and wrote after the new one had reached the user.
it.effect("a decision by an earlier policy is not written once a policy has reached its user", () =>
  Effect.gen(function* () {
    const { punctual } = yield* reviewScheduled()
    const store = yield* Store
    yield* punctual.joinWorkspace(user, workspace)
    const now = yield* Clock.currentTimeMillis
    const { decideAt, version } = yield* store.slice(user, { kind: "intended" }, now)
    const rules = [policyRule({ name: "Long ones", when: { minutes: { min: 1_000 } } })]
    yield* punctual.setWorkspacePolicy(workspace, { ...noPolicy, rules })
    assert.deepStrictEqual(yield* statusOf, ["Scheduled", null])
    const late = yield* Effect.flip(store.commit({ userId: user, version, decided: null, decideAt }))
    assert.isTrue(late.isConflict)
    yield* punctual.setWorkspacePolicy(workspace, noPolicy)
    const again = yield* store.slice(user, { kind: "intended" }, now)
    yield* store.commit({ userId: user, version: again.version, decided: null, decideAt })
  }).pipe(Effect.provide(layer))
)

const slowly = layerOver(
  Layer.effect(
    Store,
    Effect.map(Store, (store) =>
      Store.of({
        ...store,
        notePolicy: (...args) => Effect.andThen(Effect.sleep("300 millis"), store.notePolicy(...args))
      })
    )
  ).pipe(Layer.provide(StoreMemory.layer))
)

it.effect("a policy of many users is waited for two seconds, and goes on to reach the rest", () =>
  Effect.gen(function* () {
    const punctual = yield* Punctual
    for (let nth = 0; nth < 100; nth++) {
      const joining = yield* Effect.forkChild(punctual.joinWorkspace(`usr_${nth}` as UserId, workspace))
      yield* TestClock.adjust("300 millis")
      yield* Fiber.join(joining)
    }
    const begun = yield* Clock.currentTimeMillis
    const writing = yield* Effect.forkChild(
      Effect.zip(punctual.setWorkspacePolicy(workspace, locked), Clock.currentTimeMillis)
    )
    yield* TestClock.adjust("10 seconds")
    const [{ pendingUsers }, answered] = yield* Fiber.join(writing)
    assert.isAtMost(answered - begun, 2_400)
    assert.isAbove(pendingUsers, 50)
    const sweeping = yield* Effect.forkChild(punctual.sweep)
    yield* TestClock.adjust("20 seconds")
    yield* Fiber.join(sweeping)
    assert.strictEqual((yield* punctual.workspacePolicy(workspace)).pendingUsers, 0)
  }).pipe(Effect.provide(slowly))
)

describe("a pause", () => {
  it.effect("holds back a launch until it ends, and then launches, though late", () =>
    Effect.gen(function* () {
      const { bot, punctual } = yield* reviewScheduled()
      const until = review.start + 10 * minute
      assert.strictEqual(yield* punctual.pause(user, until), until)
      yield* TestClock.setTime(bot.joinAt)
      assert.isNull(yield* launched(bot.id))
      yield* TestClock.setTime(until - 1)
      assert.isNull(yield* launched(bot.id))
      assert.deepStrictEqual(yield* statusOf, ["Scheduled", null])
      yield* TestClock.setTime(until)
      yield* launched(bot.id)
      assert.deepStrictEqual(yield* statusOf, ["Launched", null])
    }).pipe(Effect.provide(layer))
  )

  it.effect("that outlasts the meeting fails its bot, and says so", () =>
    Effect.gen(function* () {
      const { bot, punctual } = yield* reviewScheduled()
      yield* punctual.pause(user, review.end)
      yield* TestClock.setTime(review.end)
      assert.isNull(yield* launched(bot.id))
      assert.deepStrictEqual(yield* statusOf, ["Failed", "paused"])
    }).pipe(Effect.provide(layer))
  )

  it.effect("of the workspace is one of the user's too, and ends with it", () =>
    Effect.gen(function* () {
      const { bot, punctual } = yield* reviewScheduled()
      yield* punctual.joinWorkspace(user, workspace)
      yield* punctual.setWorkspacePolicy(workspace, { ...noPolicy, pausedUntil: review.end + hour })
      yield* punctual.pause(user, review.start)
      yield* punctual.pause(user, null)
      yield* TestClock.setTime(review.start)
      assert.isNull(yield* launched(bot.id))
      yield* punctual.setWorkspacePolicy(workspace, noPolicy)
      yield* launched(bot.id)
      assert.deepStrictEqual(yield* statusOf, ["Launched", null])
    }).pipe(Effect.provide(layer))
  )
})
