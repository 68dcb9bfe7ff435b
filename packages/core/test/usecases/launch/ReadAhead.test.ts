/**
 * Bots that are read before their time: claimed at their instant without another look, unless something came between.
 */
import { assert, describe } from "@effect/vitest"
import { Effect, Layer, Option } from "effect"
import { TestClock } from "effect/testing"
import { Store, StoreError, StoreUnavailable, type WorkspaceId } from "../../../src/index.ts"
import { launchLimits } from "../../../src/domain/Limits.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { policyRule, workspacePolicy } from "../../../testing/rows/Workspace.ts"
import { ours, review, reviewScheduled, settle, user } from "../Host.ts"
import { joinAt, standing, test } from "./BotServices.ts"

/** What is asked of the store, and whether it takes commits. */
const seen = { asked: new Array<string>(), isClosed: false }

const away = new StoreError({ operation: "commit", reason: new StoreUnavailable({ message: "told to be away" }) })

const watched = Layer.effect(
  Store,
  Effect.map(Store, (real) => {
    const noted =
      <Args extends ReadonlyArray<unknown>, A>(name: string, run: (...args: Args) => A) =>
      (...args: Args): A => {
        seen.asked.push(name)
        return run(...args)
      }
    return Store.of({
      ...real,
      slice: noted("slice", real.slice),
      slicesOfBots: noted("slicesOfBots", real.slicesOfBots),
      writeBots: noted("writeBots", real.writeBots),
      commit: (commit) => Effect.suspend(() => (seen.isClosed ? Effect.fail(away) : real.commit(commit)))
    })
  })
).pipe(Layer.provideMerge(StoreMemory.layer))

/** It was read ahead, and its instant is ten seconds away. */
const readAhead = Effect.gen(function* () {
  const told = yield* reviewScheduled()
  yield* TestClock.setTime(joinAt - launchLimits.readAheadMillis)
  yield* Effect.forkScoped(told.punctual.runParts(["launch"]))
  seen.asked.length = 0
  yield* TestClock.setTime(joinAt - 10_000)
  assert.deepStrictEqual(seen.asked.splice(0), ["slicesOfBots"])
  return told
})

type Told = Effect.Success<typeof readAhead>

const calls = Effect.flatMap(LauncherMemory.LauncherProbe, (probe) => probe.calls)

const workspace = "wsp_a" as WorkspaceId

const policyOf = Effect.fnUntraced(function* (members: Parameters<typeof workspacePolicy>[0]) {
  const store = yield* Store
  yield* store.joinWorkspace(user, workspace)
  yield* store.savePolicy(workspace, workspacePolicy({ rules: [], ...members }), 0)
})

/** Changes that a look would see, and how the bot stands when its instant has come. */
const changes = {
  "its meeting is cancelled": [
    ({ control, providerId }: Told) => Effect.andThen(control.change(providerId, { isCancelled: true }), settle),
    ["Cancelled", "meeting_cancelled"]
  ],
  "its meeting is cancelled and nobody has decided": [
    ({ control, providerId }: Told) =>
      Effect.gen(function* () {
        yield* control.change(providerId, { isCancelled: true })
        seen.isClosed = true
        yield* Effect.ignore(settle)
        seen.isClosed = false
      }),
    ["Cancelled", "meeting_cancelled"]
  ],
  "its meeting is moved": [
    ({ control, providerId }: Told) =>
      Effect.andThen(control.change(providerId, { start: review.start + 5_000, end: review.end }), settle),
    ["Scheduled", null]
  ],
  "it is removed": [
    ({ event, punctual }: Told) =>
      punctual.unschedule(user, { eventId: event.id, allOccurrences: false, fromDate: null }),
    ["Cancelled", "removed_by_user"]
  ],
  "its calendar is deselected, and nothing more": [
    ({ calendarId }: Told) =>
      Effect.gen(function* () {
        const store = yield* Store
        const [connection] = yield* store.connections(user)
        assert(connection !== undefined)
        yield* store.patchCalendar(connection, ours(calendarId), { selected: false })
      }),
    ["Cancelled", "calendar_deselected"]
  ],
  "its user pauses": [({ punctual }: Told) => punctual.pause(user, review.end), ["Scheduled", null]],
  "its workspace pauses": [() => policyOf({ pausedUntil: review.end }), ["Scheduled", null]],
  "its workspace forbids it": [
    () => policyOf({ pausedUntil: null, rules: [policyRule({ when: {} })] }),
    ["Cancelled", "blocked_by_policy"]
  ]
} as const

describe("a bot that is read ahead", () => {
  test(
    "is claimed at its instant by one write, and looked at no more where nothing follows",
    "replays",
    Effect.gen(function* () {
      yield* readAhead
      yield* TestClock.setTime(joinAt - 1)
      assert.deepStrictEqual([yield* calls, seen.asked], [[], []])
      yield* TestClock.adjust(1)
      assert.lengthOf(yield* calls, 1)
      assert.deepStrictEqual(
        [seen.asked, yield* standing],
        [
          ["writeBots", "writeBots"],
          ["Launched", null]
        ]
      )
    }),
    watched
  )

  for (const [what, [change, stands]] of Object.entries(changes)) {
    test(
      `is looked at again where ${what}`,
      "replays",
      Effect.gen(function* () {
        const told = yield* readAhead
        yield* change(told)
        yield* TestClock.setTime(joinAt)
        assert.isEmpty(yield* calls)
        const bot = Option.getOrThrow(yield* (yield* Store).bot(user, told.bot.id))
        assert.deepStrictEqual<ReadonlyArray<unknown>>([bot.status, bot.statusReason], stands)
      }),
      watched
    )
  }
})
