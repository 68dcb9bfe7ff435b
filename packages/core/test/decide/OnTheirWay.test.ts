/**
 * Bots on their way: what time alone, or the other bot of their meeting, does not change about them. Each was found by the
 * laws on 20,000 users.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Bot } from "../../src/domain/Bot.ts"
import { botId } from "../../src/domain/DeterministicIds.ts"
import { launch } from "../../testing/rows/index.ts"
import { autoSchedule, bot, day, event, hour, minute, monday, user } from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

const on = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + day })

const onItsWay: Partial<Bot> = { status: "Launching", launch: launch({ leaseUntil: monday + 2 * minute }) }

describe("a bot on its way", () => {
  it("stays where its start passes and auto-scheduling alone wants it, whoever asked for it", () => {
    const standup = event("standup", { start: monday + 30 * minute, end: monday + 2 * hour })
    const launching = bot(standup, { ...onItsWay, origin: "manual" })
    const told = story({ events: [standup], auto: on, bots: [launching] })
    assert.deepStrictEqual(kindsOf(told.decide()), [])
    assert.deepStrictEqual(kindsOf(told.at(monday + hour)), [])
  })

  it("is the one that its meeting is judged by, where another waits there since both moved", () => {
    const review = event("review", { start: monday + 7 * day })
    const waiting = bot(review, { id: botId(user, review.meeting, monday - 2 * day, 0), origin: "manual" })
    const launching = bot(review, { ...onItsWay, origin: "auto" })
    assert.isTrue(waiting.id < launching.id)
    const told = story({ events: [review], auto: on, bots: [waiting, launching] })
    // A story decides twice at each step: nothing is left to say.
    assert.deepStrictEqual(kindsOf(told.decide()), ["cancel: no_longer_wanted"])
    assert.strictEqual(told.bot(review)?.id, launching.id)
  })
})
