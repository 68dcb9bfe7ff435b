/** What a removal comes to whose bot has ended since it was named. */
import { assert, describe, it } from "@effect/vitest"
import { excludeBot } from "../../../src/decide/requests/Exclude.ts"
import { currentState } from "../../../src/decide/reschedule/SeriesChange.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import { event, monday } from "../Rows.ts"
import { story } from "../Story.ts"

const review = event("review")

/** The bot of a meeting as it was named, and what a request finds when it is decided: not the bot any more. */
const ended = (since: CalendarEvent) => {
  const told = story({ events: [review] })
  told.schedule(review)
  const [bot] = told.bots(review)
  assert.isDefined(bot)
  told.told({ events: [since] })
  return { bot, state: currentState({ ...told.slice(), bots: [] }, monday) }
}

describe("a bot that has ended since it was named", () => {
  it("is removed all the same: its meeting may come back, and is to have none then", () => {
    const { bot, state } = ended({ ...review, isCancelled: true })
    const change = excludeBot(state, bot)
    assert.deepInclude(change, { deleteIntents: [`event:${review.meeting}`], deleteOverrides: [review.meeting] })
    assert.deepStrictEqual("putIntents" in change ? change.putIntents?.map(({ kind }) => kind) : null, ["exclusion"])
  })

  it("leaves nothing behind where there is no such meeting any more", () => {
    const { bot, state } = ended({ ...review, isDeleted: true })
    assert.deepStrictEqual(excludeBot(state, bot), {})
  })
})
