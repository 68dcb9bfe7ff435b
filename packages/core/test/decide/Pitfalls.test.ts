/**
 * What other systems of this kind get wrong about which bot should exist, each as a test of its own with who reported it:
 * Attendee, Vexa, Recall.ai, Meeting BaaS, inbox-zero, Nylas and others. Of finding links and of syncing there are more, in
 * `../links/Pitfalls.test.ts` and `../usecases/Pitfalls.test.ts`.
 */
import { assert, describe, it } from "@effect/vitest"
import { dedupKey, workspaceKey } from "../../src/domain/MeetingKey.ts"
import { eventRow } from "../../src/mirror/EventRow.ts"
import type { UserId } from "../../src/domain/Ids.ts"
import { expand } from "../../src/recurrence/Expand.ts"
import { address } from "../links/Fields.ts"
import { facts } from "../../testing/rows/Facts.ts"
import {
  at,
  autoSchedule,
  day,
  event,
  hour,
  listed,
  minute,
  monday,
  primary,
  series,
  teams,
  weekly,
  zoom
} from "./Rows.ts"
import { kindsOf, story } from "./Story.ts"

const standup = event("standup")
const auto = autoSchedule({ enabled: true, seq: 1, coveredUntil: monday + day })

const occurrencesOf = (of: ReturnType<typeof series>, count: number) =>
  expand(weekly(), monday, Infinity, count).map((each) => listed(of, each))

describe("two bots in one meeting", () => {
  it("by hand and by rule (Vexa#1185, cal.com#7703): the rule's bot is taken over in place", () => {
    const told = story({ events: [standup], auto })
    told.decide()
    assert.deepStrictEqual(kindsOf(told.schedule(standup)), ["reconfigure: origin_changed"])
    assert.lengthOf(told.bots(standup), 1)
  })

  it("through several calendars of one person (Recall.ai, Attendee#108): copies with one UID are one meeting", () => {
    const copy = event("standup", { calendarId: "second" as typeof primary })
    const told = story({ events: [standup, copy], auto })
    told.decide()
    assert.strictEqual(copy.meeting, standup.meeting)
    assert.lengthOf(told.bots(standup), 1)
  })

  it("since it moved again and again (Recall.ai's perpetual event): one bot, moved each time", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    for (let times = 1; times <= 10; times++) {
      const moved = event("standup", { start: standup.start + times * hour })
      assert.deepStrictEqual(kindsOf(told.told({ events: [moved] })), ["move: meeting_moved"])
    }
    assert.lengthOf(told.bots(standup), 1)
  })

  it("since it changed within four minutes of its start (Meeting BaaS): the bot moves, and one being launched stays alone", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.at(standup.start - 3 * minute)
    const moved = event("standup", { start: standup.start + 10 * minute })
    assert.deepStrictEqual(kindsOf(told.told({ events: [moved] })), ["move: meeting_moved"])
    told.launching(standup)
    assert.deepStrictEqual(
      kindsOf(told.told({ events: [event("standup", { start: standup.start + 20 * minute })] })),
      []
    )
    assert.lengthOf(told.bots(standup), 1)
  })
})

describe("no bot at all", () => {
  it("after a move from the past to the future (Attendee#639)", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.told({ events: [event("standup", { start: monday - 5 * hour })] })
    assert.strictEqual(told.bot(standup), undefined)
    const ahead = event("standup", { start: monday + 2 * hour })
    assert.deepStrictEqual(kindsOf(told.told({ events: [ahead] })), ["create: wanted"])
  })

  it("after a failure in the past, when the meeting moves to the future (Attendee#639): another start is another attempt", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.failed(standup)
    assert.deepStrictEqual(kindsOf(told.told({ events: [event("standup", { start: standup.end + hour })] })), [
      "create: wanted"
    ])
  })

  it("for the second of two events with one link (Vexa#1726), at one time or overlapping", () => {
    for (const start of [standup.start, standup.start + hour / 2]) {
      const other = event("retro", { start })
      const told = story({ events: [standup, other], auto })
      told.decide()
      assert.deepStrictEqual(
        [standup, other].map((each) => told.bots(each).length),
        [1, 1]
      )
    }
  })

  it("since all Teams meetings looked the same where their id was not understood (Vexa#501): no link is in a key", () => {
    const alike = [event("a", { iCalUid: null }), event("b", { iCalUid: "" }), event("c", { iCalUid: "" })]
    assert.strictEqual(new Set(alike.map(({ link, start }) => `${link?.url} ${start}`)).size, 1)
    assert.strictEqual(new Set(alike.map(({ meeting }) => meeting)).size, 3)
  })

  it("since it was more than five minutes late (Attendee): a bot is wanted until its meeting ends", () => {
    const told = story({ events: [standup] }, standup.start + 30 * minute)
    assert.deepStrictEqual(kindsOf(told.schedule(standup)), ["create: wanted"])
    told.at(standup.end - 1)
    assert.strictEqual(told.bot(standup)?.status, "Scheduled")
  })
})

describe("a bot that nobody wants", () => {
  it("comes back after it was removed (Vexa#1211, elizaOS#26483), also where the event is made anew", () => {
    const told = story({ events: [standup], auto })
    told.decide()
    told.remove(standup)
    told.told({ events: [{ ...standup, isDeleted: true }] })
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, subject: "Standup" }] })), [])
  })

  it("comes a second time after it has served (Vexa#1212, #1200)", () => {
    const told = story({ events: [standup], auto })
    told.decide()
    told.launched(standup)
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, subject: "Standup" }] })), [])
    assert.deepStrictEqual(kindsOf(told.told({ events: [event("standup", { start: standup.start + minute })] })), [])
  })

  it("joins what was cancelled and stays in the calendar (Teams-Auto-Joiner#115): the flag decides, never the subject", () => {
    const cancelled = event("cancelled", { subject: "Canceled: Review", isCancelled: true })
    const talked = event("talked", { subject: "Canceled: what we learnt" })
    const told = story({ events: [cancelled, talked], auto })
    told.decide()
    assert.deepStrictEqual(
      [cancelled, talked].map((each) => told.bots(each).length),
      [0, 1]
    )
  })

  it("joins by a link that was removed or replaced (Meeting BaaS, samograph#270)", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, link: zoom }] })), ["change-link: link_changed"])
    assert.deepStrictEqual(kindsOf(told.told({ events: [{ ...standup, link: null }] })), ["cancel: link_removed"])
  })

  it("joins what the user declined, or the whole of a holiday (samograph#270, OGCS#104)", () => {
    const [declined, holiday] = [
      event("declined", { facts: facts({ response: "declined" }) }),
      event("holiday", { isAllDay: true })
    ]
    const told = story({ events: [declined, holiday], auto })
    assert.deepStrictEqual(kindsOf(told.decide()), [])
  })
})

describe("a bot at the wrong time, or another than was asked for", () => {
  it("is told to join at an instant that is made up of the present (Telnyx): who is late joins at start − lead, which is at once", () => {
    const told = story({ events: [standup] }, standup.start - 1)
    told.schedule(standup)
    assert.strictEqual(told.bot(standup)?.joinAt, standup.start - minute)
  })

  it("stays where its meeting was (Recall.ai V2), or loses what was changed by hand when that moves (Nylas)", () => {
    const told = story({ events: [standup] })
    told.schedule(standup)
    told.override(standup, { joinOffsetMillis: -5 * minute, botName: "Scribe" })
    told.told({ events: [event("standup", { start: standup.start + hour })] })
    const moved = told.bot(standup)
    assert.deepStrictEqual([moved?.joinAt, moved?.botName], [standup.start + hour - 5 * minute, "Scribe"])
  })

  it("has other defaults when a calendar launched it (Vexa#1217): one way makes every configuration", () => {
    const config = { bot_name: "Notes", video_required: false }
    const byRule = story({ events: [standup], auto: { ...auto, config } })
    byRule.decide()
    const byHand = story({ events: [standup] })
    byHand.schedule(standup, config)
    const lookOf = ({ bot }: typeof byHand) => {
      const { botName, config, customAttributes, joinAt, link } = bot(standup) ?? {}
      return { botName, config, customAttributes, joinAt, link }
    }
    assert.deepStrictEqual(lookOf(byRule), lookOf(byHand))
  })

  it("joins the next of a series where the rule says it is, though that was moved or cancelled (keeper, the guide's own way)", () => {
    const weeklySync = series("weekly sync")
    const [first, second, third] = occurrencesOf(weeklySync, 3)
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("three weeks have three Mondays")
    const cancelled = { ...second, isCancelled: true }
    const moved = { ...third, start: third.start + day, end: third.end + day }
    const told = story({ series: [weeklySync], events: [first, cancelled, moved] })
    told.scheduleNext(weeklySync)
    told.launched(first)
    assert.strictEqual(told.bot(third)?.start, moved.start)
    assert.strictEqual(told.bot(second), undefined)
  })

  it("is an hour off after the clocks changed (OGCS#67, outlookcaldav#289)", () => {
    const weeklySync = series("weekly sync")
    const told = story({ series: [weeklySync], events: [] }, at("2025-10-20T09:00:00Z"))
    told.scheduleAll(weeklySync, "2025-10-20", 3)
    // At ten in Berlin: 08:00 in UTC in summer, 09:00 from 26 October.
    assert.deepStrictEqual(told.starts(), ["2025-10-27T09:00", "2025-11-03T09:00"])
  })
})

describe("whose meeting it is", () => {
  it("a bot is never shared between people since somebody typed a link (inbox-zero): by user, or by workspace where asked", () => {
    const keys = ["usr_ada", "usr_bob"].map((user) => dedupKey(user as UserId, standup.meeting))
    assert.notStrictEqual(keys[0], keys[1])
    assert.isNotNull(workspaceKey("wsp_1", standup.meeting))
    assert.isNull(workspaceKey("wsp_1", event("standup", { iCalUid: null }).meeting))
  })

  it("is told where the UID, the series or the creation are null (keeper#551, #344, #444, #328)", () => {
    const told = {
      providerId: "p",
      kind: "single" as const,
      seriesProviderId: null,
      originalStart: null,
      iCalUid: null,
      start: monday,
      end: monday + hour,
      isAllDay: false,
      zone: "UTC",
      subject: "",
      isCancelled: false,
      facts: null,
      organizer: null,
      createdAt: 0,
      updatedAt: 0,
      linkFields: address(teams.url),
      raw: { id: "p" },
      rawTruncated: false
    }
    const row = eventRow({ id: primary, namespace: primary }, told, null, 0)
    assert.deepStrictEqual([row.meeting, row.link], [`id:${row.id}`, teams])
  })
})
