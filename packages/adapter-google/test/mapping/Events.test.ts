/** Events as Google tells them, and how each was misread by others: the names say which fault is kept out. */
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { findMeetingLink } from "@punctual/core/links"
import { isMeeting, mayBeInstance } from "../../src/mapping/GoogleItem.ts"
import { eventOf, toListing, toProfile } from "../../src/index.ts"
import { payload, payloadItems, payloadNames, payloadObject } from "../fakes/Payloads.ts"
import { berlin, event, itemOf, readEvent } from "./Read.ts"

const linkOf = (name: string) => findMeetingLink(event(name).linkFields ?? [])

describe("events", () => {
  it("an ordinary one, whole", () => {
    const { raw, ...told } = event("event.full")
    assert.deepStrictEqual(raw, payload("event.full"))
    assert.deepInclude(told, {
      providerId: "hndq0ur0rgpvqm332resrsjte8",
      kind: "single",
      seriesProviderId: null,
      originalStart: null,
      iCalUid: "hndq0ur0rgpvqm332resrsjte8@google.com",
      start: Date.parse("2026-04-08T15:00:00Z"),
      end: Date.parse("2026-04-08T15:30:00Z"),
      isAllDay: false,
      zone: berlin,
      subject: "Weekly planning",
      organizer: "ada@example.com",
      isCancelled: false,
      createdAt: Date.parse("2025-09-13T00:57:37Z"),
      updatedAt: Date.parse("2025-09-13T00:57:55.566Z"),
      rawTruncated: false
    })
    assert.deepInclude(told.facts, {
      isOrganizer: true,
      response: "organizer",
      people: ["ada@example.com", "grace@example.com"],
      sensitivity: "normal",
      showAs: "free",
      location: "Hard Drive"
    })
  })

  it("34: MUST leave out working locations, focus time, out of office and birthdays", () => {
    const types = payloadNames.filter((name) => name.startsWith("event.type."))
    assert.deepStrictEqual(
      types.filter((name) => isMeeting(itemOf(payload(name)))),
      ["event.type.from-gmail"]
    )
  })

  it("35: MUST not fail on an eventType it does not know", () => {
    assert.isTrue(isMeeting(itemOf({ ...payloadObject("event.full"), eventType: "hologram" })))
  })

  it("36: MUST read status cancelled in a 200 answer as not there", () => {
    for (const name of ["event.get.cancelled.with-details", "event.get.cancelled.master-ghost"]) {
      const item = itemOf(payload(name))
      assert.strictEqual(item.kind, "cancelled", name)
      assert.isTrue(Result.isFailure(eventOf(item, { calendarZone: null, master: null })))
    }
  })

  it("37: MUST remove an occurrence told of by {id, status} alone", () => {
    const sparse = itemOf(payload("event.cancelled.instance.sparse"))
    assert.deepStrictEqual([sparse.kind, sparse.seriesId, mayBeInstance(sparse)], ["cancelled", null, true])
    assert.isFalse(mayBeInstance(itemOf(payload("event.cancelled.single.minimal"))))
  })

  it("44: MUST read the series from recurringEventId, never from an instance id that has it", () => {
    assert.strictEqual(event("event.split.instance").seriesProviderId, "1t6ian0r9kg4v6ruoog37df6js_R20230315T000000")
  })

  it("45: MUST tell an exception from an unchanged instance by etag or moved start", () => {
    const weekly = "event.master.weekly"
    const unchanged = event("event.instance", weekly)
    assert.deepStrictEqual([unchanged.kind, unchanged.originalStart], ["occurrence", unchanged.start])
    const moved = event("event.exception.moved", weekly)
    assert.deepStrictEqual([moved.kind, moved.originalStart], ["exception", Date.parse("2026-04-08T07:30:00Z")])
    const retitled = { ...payloadObject("event.instance"), etag: '"7"', summary: "Other" }
    assert.strictEqual(readEvent(retitled, payload(weekly)).kind, "exception")
  })

  it("48: MUST keep an exception without a readable master as a meeting of its own, apart from others", () => {
    const alone = payloadObject("event.exception.without-master")
    const other = { ...alone, id: "x", originalStartTime: { dateTime: "2026-04-22T15:00:00+02:00" } }
    assert.notStrictEqual(readEvent(alone).iCalUid, readEvent(other).iCalUid)
    assert.strictEqual(readEvent(alone).kind, "exception")
  })

  it("57: MUST take a meeting without summary, without start zone, or of no length", () => {
    assert.strictEqual(event("event.single.private-hidden").subject, "")
    assert.strictEqual(event("event.single.offset-only").zone, berlin)
    const { end, start } = event("event.single.zero-duration")
    assert.strictEqual(end, start)
  })

  it("58: MUST take GMT-07:00 as a zone", () => {
    const { start, zone } = event("event.single.fixed-offset-zone")
    assert.deepStrictEqual([start, zone], [Date.parse("2026-04-08T15:00:00Z"), "Etc/GMT+7"])
  })

  it("59: MUST count an all-day event's end as exclusive, and midnight-to-midnight as what it is", () => {
    const holiday = event("event.all-day")
    assert.deepStrictEqual(
      [holiday.isAllDay, holiday.start, holiday.end],
      [true, Date.parse("2026-08-11"), Date.parse("2026-08-12")]
    )
    const room = event("event.all-day.resource-midnights")
    assert.deepStrictEqual([room.isAllDay, room.start], [false, Date.parse("2025-04-11T22:00:00Z")])
  })

  it("60: MUST see declined in the own attendee alone, though status is confirmed", () => {
    assert.strictEqual(event("event.single.declined").facts?.response, "declined")
    const others = payloadObject("event.single.declined")
    const attendees = (others["attendees"] as ReadonlyArray<object>).map((each) => ({ ...each, self: false }))
    assert.strictEqual(readEvent({ ...others, attendees }).facts?.response, "none")
  })

  it("who calls a meeting and then declines it has declined it", () => {
    const own = payloadObject("event.full")
    const attendees = [{ email: "ada@example.com", self: true, organizer: true, responseStatus: "declined" }]
    assert.strictEqual(readEvent({ ...own, attendees }).facts?.response, "declined")
  })

  it("61: MUST not call a meeting declined when attendees were omitted", () => {
    assert.strictEqual(event("event.single.attendees-omitted").facts?.response, "organizer")
    assert.strictEqual(event("event.single.freebusy-reader").facts?.response, "none")
  })

  it("a placeholder is no organizer, a room no guest", () => {
    assert.strictEqual(event("event.type.from-gmail").organizer, null)
    assert.deepStrictEqual(event("event.single.meet").facts?.people, ["ada@example.com", "grace@example.com"])
  })
})

describe("links", () => {
  it("62: MUST never take the `more` entry point or a dial-in as the link", () => {
    assert.strictEqual(linkOf("event.single.meet")?.url, "https://meet.google.com/zvh-qsnw-gow")
    const bare = payloadObject("event.single.meet")
    const { entryPoints = [] } = bare["conferenceData"] as { entryPoints?: ReadonlyArray<{ entryPointType: string }> }
    const phones = { entryPoints: entryPoints.filter(({ entryPointType }) => entryPointType !== "video") }
    const without = readEvent({ ...bare, hangoutLink: undefined, conferenceData: phones })
    assert.strictEqual(findMeetingLink(without.linkFields ?? []), null)
  })

  it("63: MUST prefer a Zoom add-on's video entry to a Meet link in the text", () => {
    const described = {
      ...payloadObject("event.single.zoom-addon"),
      description: "https://meet.google.com/abc-defg-hij"
    }
    assert.strictEqual(findMeetingLink(readEvent(described).linkFields ?? [])?.platform, "zoom")
  })

  it("64: MUST keep the passcode", () => {
    assert.include(linkOf("event.single.zoom-addon.passcode-sip")?.url, "pwd=AbCdEfGhIjKlMnOpQrSt.1")
  })

  it("65: MUST find no link while the conference is pending, and find it after", () => {
    assert.isNull(linkOf("event.single.meet-pending"))
    assert.isNull(linkOf("event.single.meet-failed"))
    assert.isNotNull(linkOf("event.single.meet"))
  })

  it("66: MUST find a Teams link in an HTML or text description", () => {
    assert.strictEqual(
      linkOf("event.single.teams-addon")?.platform,
      linkOf("event.single.link-in-description")?.platform
    )
    const url = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_EXAMPLE%40thread.v2/0?context=%7b%7d"
    const html = readEvent({
      ...payloadObject("event.single.html-description"),
      description: `<a href="${url}">Join</a>`
    })
    assert.strictEqual(findMeetingLink(html.linkFields ?? [])?.platform, "teams")
  })

  it("67: MUST not take text beneath Google's ruler for the organizer's", () => {
    const ruler = "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-"
    const description = `Notes\n${ruler}\nJoin: https://meet.google.com/abc-defg-hij\n${ruler}`
    const summary = "Sync https://zoom.us/j/91234567890"
    const read = readEvent({ ...payloadObject("event.all-day"), description, summary })
    assert.strictEqual(findMeetingLink(read.linkFields ?? [])?.platform, "zoom")
  })
})

describe("the list of calendars", () => {
  it("names, roles and zones of every kind", () => {
    const listed = payloadItems("calendarlist.list").map(toListing)
    assert.deepStrictEqual(
      listed.map((each) => [each?.summary, each?.accessRole, each?.isPrimary]),
      [
        ["ada@example.com", "owner", true],
        ["Team", "writer", false],
        ["grace@example.com", "reader", false],
        ["linus@example.com", "freeBusyReader", false],
        ["Board", "writer", false],
        ["Holidays in Germany", "reader", false],
        ["Birthdays", "reader", false],
        ["Imported feed", "reader", false]
      ]
    )
    assert.isTrue(listed.every((each) => each?.timeZone === berlin && /^#[0-9a-f]{6}$/.test(each.color)))
  })

  it("13: MUST name a calendar without summary by its id", () => {
    const entry = payloadObject("calendarlist.entry.no-summary")
    assert.strictEqual(toListing(entry)?.summary, entry["id"])
  })

  it("15: MUST read a role it does not know as the least one", () => {
    assert.strictEqual(toListing({ id: "x", accessRole: "emperor" })?.accessRole, "reader")
  })

  it("deleted entries are none", () => {
    assert.isTrue(payloadItems("calendarlist.list.incremental").some((entry) => toListing(entry) === null))
  })

  it("reads both forms of userinfo", () => {
    const ada = { accountId: "117691649274500000000", email: "ada@example.com", name: "Ada Example" }
    assert.deepStrictEqual(toProfile(payloadObject("userinfo.openid")), ada)
    assert.deepStrictEqual(toProfile(payloadObject("userinfo.v2")), ada)
  })
})
