/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
import { type CalendarId, defaultPolicy } from "@punctual/core"
import { type Request, decide, explain } from "@punctual/core/decide"
import { findMeetingLink } from "@punctual/core/links"
import { next, ruleWords } from "@punctual/core/recurrence"
import { Rows } from "@punctual/core/testing"

// links: which address in an event joins its meeting.
const link = findMeetingLink([{ form: "text", isCut: false, text: "Agenda: …\nJoin: https://zoom.us/j/5551234567" }])

// recurrence: when a series takes place.
const weekly = {
  rule: {
    kind: "pattern",
    pattern: { kind: "weekly", interval: 1, days: ["TU"], weekStart: "MO" },
    range: { kind: "noEnd" }
  },
  startDate: "2030-01-01",
  startTime: 9 * 3_600_000,
  durationMillis: 1_800_000,
  zone: "Europe/Berlin"
} as const
const occurrence = next(weekly, Date.parse("2030-03-28T00:00:00Z")) // summer time by then

// decide: an event in the mirror, and a request for its bot.
const now = Date.parse("2030-01-01T08:00:00Z")
const calendar = Rows.calendar({ id: "work" as CalendarId, isPrimary: true })
const review = Rows.event("review", { calendarId: calendar.id, start: now + 3_600_000, link })
const state = Rows.slice({ calendars: [calendar], events: [review] })
const request: Request<string> = (current) => ({
  change: {
    putIntents: [Rows.eventIntent(review.meeting, { seq: current.version + 1, config: { bot_name: "Notes" } })]
  },
  answer: "a bot for the review"
})
const decided = decide(state, request, { policy: defaultPolicy, now, isWhole: true })
const before = explain(state, review.meeting, { policy: defaultPolicy, now }) // no bot: nobody has asked for one

it("finds the link and the next occurrence", () => {
  assert.deepStrictEqual(link, { platform: "zoom", url: "https://zoom.us/j/5551234567" })
  assert.strictEqual(ruleWords(weekly.rule), "every week on Tuesday")
  assert.strictEqual(occurrence?.start, Date.parse("2030-04-02T07:00:00Z"))
})

it("decides on a bot, a minute before the start", () => {
  assert.isTrue("decision" in decided)
  if (!("decision" in decided)) return
  assert.strictEqual(decided.answer, "a bot for the review")
  assert.deepStrictEqual(
    decided.decision.bots.map(({ botName, joinAt }) => [botName, joinAt - review.start]),
    [["Notes", -60_000]]
  )
  assert.isFalse(before.willJoin)
  assert.strictEqual(before.reasons.at(-1)?.rule, "intent")
})
