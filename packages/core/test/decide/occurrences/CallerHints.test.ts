/**
 * What a caller said of a meeting, sentence by sentence: a link where none is mirrored, a time where the series' rule is
 * not understood; and that the mirror goes first as soon as it has something to say.
 */
import { assert, describe, it } from "@effect/vitest"
import { explain } from "../../../src/decide/desired/Explain.ts"
import { expand } from "../../../src/recurrence/Expand.ts"
import {
  calendar,
  day,
  event,
  hour,
  listed,
  meetingOn,
  monday,
  policy,
  primary,
  series,
  teams,
  weekly,
  zoom
} from "../Rows.ts"
import { story } from "../Story.ts"

describe("a link that a caller gave", () => {
  const bare = event("bare", { link: null })
  const asked = () => {
    const told = story({ events: [bare] })
    told.schedule(bare, {}, "recurring", { link: zoom, span: null })
    return told
  }

  it("is the bot's where the meeting has none, and the reason says whose it is", () => {
    const told = asked()
    assert.deepStrictEqual(told.bot(bare)?.link, zoom)
    const { reasons, willJoin } = explain(told.slice(), bare.meeting, { policy, now: told.now() })
    assert.isTrue(willJoin)
    assert.deepInclude(reasons, {
      rule: "link",
      passed: true,
      field: "given_meeting_url",
      value: "zoom",
      intent: `event:${bare.meeting}`
    })
  })

  it("gives way to the meeting's own, and is there again when that goes", () => {
    const told = asked()
    const before = told.bot(bare)
    told.told({ events: [{ ...bare, link: teams }] })
    assert.deepStrictEqual(told.bot(bare)?.link, teams)
    told.told({ events: [bare] })
    assert.deepStrictEqual(told.bot(bare)?.link, zoom)
    assert.strictEqual(told.bot(bare)?.id, before?.id)
  })

  it("ends with the intent that holds it", () => {
    const told = asked()
    told.remove(bare)
    assert.deepInclude(told.bots(bare)[0], { status: "Cancelled", statusReason: "removed_by_user" })
    assert.deepStrictEqual(told.starts(), [])
  })

  it("makes a chain stop at its occurrence, as at any that can be joined", () => {
    const sync = series("sync", { link: null })
    const rows = expand(weekly(), monday - day, monday + 30 * day, 99).map((each) => listed(sync, each, { link: null }))
    const told = story({ events: rows, series: [sync] }, monday - hour)
    told.scheduleNext(sync)
    assert.deepStrictEqual(told.starts(), [])
    told.schedule(meetingOn(sync, "2025-06-09"), {}, "recurring", { link: zoom, span: null })
    assert.deepStrictEqual(told.starts(), ["2025-06-09T08:00"])
  })
})

describe("a time that a caller gave", () => {
  const lost = series("lost", { timing: null })
  const meeting = meetingOn(lost, "2025-07-14")
  const start = monday + 42 * day
  const given = { link: null, span: { from: start, to: start + hour } }
  const asked = (members: Parameters<typeof story>[0] = {}) => {
    const told = story({ series: [lost], ...members })
    told.schedule(meeting, {}, "recurring", given)
    return told
  }

  it("is the bot's where the rule is not understood and the window does not reach", () => {
    const told = asked()
    assert.deepStrictEqual(told.starts(), ["2025-07-14T08:00"])
    assert.deepStrictEqual(
      told.slice().events.map(({ isVirtual, start: shown }) => [isVirtual, shown]),
      [[true, start]]
    )
  })

  it("gives way to what the provider lists", () => {
    const told = asked()
    const before = told.bot(meeting)
    const row = listed(lost, { date: "2025-07-14", start: start + 2 * hour, end: start + 3 * hour })
    told.told({ events: [row] })
    assert.deepStrictEqual(told.starts(), ["2025-07-14T10:00"])
    assert.strictEqual(told.bot(meeting)?.id, before?.id)
  })

  it("counts for nothing inside the window, where the provider's list is complete", () => {
    const told = asked({ calendars: [calendar(primary, { window: { from: monday - day, to: start + day } })] })
    assert.deepStrictEqual(told.starts(), [])
  })

  it("counts for nothing once the rule is understood: the pattern says whether there is such a date", () => {
    const told = asked()
    told.told({ series: [{ ...lost, timing: weekly(["TU"]) }] })
    assert.deepInclude(told.bots(meeting)[0], { status: "Cancelled", statusReason: "meeting_deleted" })
    told.told({ series: [{ ...lost, timing: weekly(["MO"]) }] })
    assert.deepStrictEqual(told.starts(), ["2025-07-14T08:00"])
  })

  it("counts for nothing where the series is gone or its calendar is not selected", () => {
    const gone = asked()
    gone.told({ series: [{ ...lost, isDeleted: true }] })
    assert.deepInclude(gone.bots(meeting)[0], { status: "Cancelled", statusReason: "meeting_deleted" })
    const off = asked()
    off.set({ calendars: [calendar(primary, { selected: false })] })
    assert.deepInclude(off.bots(meeting)[0], { status: "Cancelled", statusReason: "calendar_deselected" })
  })

  it("ends with the intent that holds it: the user removed it", () => {
    const told = asked()
    told.remove(meeting)
    assert.deepInclude(told.bots(meeting)[0], { status: "Cancelled", statusReason: "removed_by_user" })
  })
})
