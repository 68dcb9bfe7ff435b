/**
 * What a store promises about the bots in a slice: as much of a meeting's past as decides whether it is attended already.
 * Uses the port alone.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import type { Bot } from "../../../src/domain/Bot.ts"
import type { Scope, Slice } from "../../../src/ports/Store.ts"
import { bot, hour, meetingKey, now } from "./Rows.ts"
import { type It, botIdOf, committed, connected, sliceOf, sortedIdsOf } from "./Users.ts"

export const cases = (it: It): void => {
  it.effect("MUST hold of a meeting's bots the newest of each status, and who is in it for longest", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      // In the order in which they were made.
      const made: Readonly<Record<string, Partial<Bot>>> = {
        short: { status: "Launched", end: now + hour },
        longest: { status: "Launched", end: now + 9 * hour },
        refused: { status: "Failed", statusReason: "launcher_rejected", end: now + 7 * hour },
        out: { status: "Launched", statusReason: "meeting_moved", end: now + 20 * hour },
        off: { status: "Cancelled", statusReason: "meeting_cancelled" },
        coming: { status: "Scheduled" }
      }
      const bots = Object.entries(made).map(([label, members], index) => ({
        bot: bot(botIdOf(user.userId, label), "a", user.primary, { ...members, createdAt: now + index }),
        expected: null
      }))
      const labelled = (slice: Slice) => sortedIdsOf(slice.bots)
      const others = ["refused", "out", "off", "coming", "longest"]
        .map((label) => botIdOf(user.userId, label))
        .toSorted()
      yield* committed(user, { bots })
      assert.includeMembers(labelled(yield* sliceOf(user, meetings("a"))), others)
      assert.includeMembers(labelled(yield* sliceOf(user, { kind: "all" })), others)
    })
  )

  it.effect("MUST hold as the one in a meeting a bot that could not be called back", () =>
    Effect.gen(function* () {
      const user = yield* connected()
      const bots = (["call_back_refused", "meeting_moved", null] as const).map((statusReason, index) => ({
        bot: bot(botIdOf(user.userId, `${index}`), "a", user.primary, {
          status: "Launched",
          statusReason,
          end: now + (10 - index) * hour,
          createdAt: now + index
        }),
        expected: null
      }))
      yield* committed(user, { bots })
      const held = sortedIdsOf((yield* sliceOf(user, meetings("a"))).bots)
      assert.includeMembers(held, [botIdOf(user.userId, "0"), botIdOf(user.userId, "2")].toSorted())
    })
  )
}

const meetings = (label: string): Scope => ({ kind: "meetings", meetings: [meetingKey(label)], series: [] })
