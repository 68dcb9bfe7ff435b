/**
 * What a slice may leave out of a meeting's past: nothing that says whether the meeting is attended already, and almost
 * everything else.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { relevantBots } from "../../../src/decide/state/RelevantBots.ts"
import { desired } from "../../../src/decide/desired/Desired.ts"
import type { Bot, BotStatus } from "../../../src/domain/Bot.ts"
import type { BotId } from "../../../src/domain/Ids.ts"
import { bot, event, eventIntent, hour, monday, policy, slice } from "../Rows.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 500

const review = event("review")

/** Ways to end without having failed, and those that may still come. */
const fates: ReadonlyArray<readonly [BotStatus, Bot["statusReason"]]> = [
  ["Launched", null],
  ["Launched", "call_back_refused"],
  ["Launched", "meeting_moved"],
  ["Launched", "link_changed"],
  ["Cancelled", "no_longer_wanted"],
  ["Cancelled", "meeting_cancelled"],
  ["Scheduled", null],
  ["Launching", null]
]

const past: fc.Arbitrary<ReadonlyArray<Bot>> = fc
  .array(
    fc.record({
      fate: fc.constantFrom(...fates),
      // Of meetings that ended before this one begins, at its start, and after.
      hours: fc.integer({ min: -3, max: 4 }),
      createdAt: fc.integer({ min: monday - 5, max: monday })
    }),
    { maxLength: 12 }
  )
  .map((each) =>
    each.map(({ createdAt, fate: [status, statusReason], hours }, index) =>
      bot(review, {
        id: `bot_${String(index).padStart(2, "0")}` as BotId,
        status,
        statusReason,
        start: review.start + (hours - 1) * hour,
        end: review.start + hours * hour,
        createdAt
      })
    )
  )

const said = (bots: ReadonlyArray<Bot>) => {
  const intent = eventIntent(review.meeting)
  return desired(slice({ events: [review], intents: [intent], bots }), { policy, now: monday }).get(review.meeting)
}

describe("the bots of a slice", () => {
  it("say of their meeting what all its bots say", () => {
    fc.assert(
      fc.property(past, (bots) => assert.deepStrictEqual(said(relevantBots(bots)), said(bots))),
      { numRuns: runs }
    )
  })

  it("are few, however often it was scheduled and taken back", () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      bot(review, { id: `bot_${index}` as BotId, status: "Cancelled", createdAt: monday + index })
    )
    assert.deepStrictEqual(
      relevantBots(many).map(({ id }) => id),
      ["bot_999"]
    )
  })
})
