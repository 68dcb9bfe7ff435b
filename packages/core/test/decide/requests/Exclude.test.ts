/** What a removal comes to whose bot has ended, or whose event has gone, since it was named. */
import { assert, describe, it } from "@effect/vitest"
import { excludeBot, excludeEvent } from "../../../src/decide/requests/Exclude.ts"
import { currentState } from "../../../src/decide/reschedule/SeriesChange.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type { CalendarId, EventId } from "../../../src/domain/Ids.ts"
import { Refusal } from "../../../src/domain/Refusal.ts"
import { event, monday, slice } from "../Rows.ts"
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

describe("an event that has gone since it was named", () => {
  const gone = { ...review, isDeleted: true }
  const exclude = (events: ReadonlyArray<CalendarEvent>) =>
    excludeEvent(currentState(slice({ events }), monday), { now: monday }, gone, null)

  it("is not found: what it has become is called otherwise, and would keep its bot", () => {
    const refusal = exclude([gone])
    assert.strictEqual(refusal instanceof Refusal ? refusal.code : refusal, "event_not_found")
  })

  it("is removed with its copy in another calendar, which is the same meeting", () => {
    const change = exclude([gone, { ...review, id: "evt_copy" as EventId, calendarId: "cal_other" as CalendarId }])
    assert.deepStrictEqual("putIntents" in change ? change.putIntents?.map(({ id }) => id) : null, [
      `exclusion:${review.meeting}`
    ])
  })
})
