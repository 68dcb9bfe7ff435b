/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
// The example begins here.
import { findMeetingLink } from "@punctual/core/links"
import { meetingsBetween, readCalendar } from "@punctual/adapter-ics"

const file = `BEGIN:VCALENDAR
BEGIN:VEVENT
UID:standup
SUMMARY:Standup
DTSTART;TZID=W. Europe Standard Time 1:20271206T100000
DURATION:PT15M
RRULE:FREQ=DAILY;COUNT=3
EXDATE:20271207T090000Z
LOCATION:https://zoom.us/j/91234567890?pwd=abc
END:VEVENT
END:VCALENDAR`

const read = readCalendar(file, { zone: "Europe/Berlin" })
const from = Date.parse("2027-12-01T00:00:00Z")
const meetings = meetingsBetween(read, from, from + 30 * 86_400_000, 100)
const lines = meetings.map(({ event }) => [
  new Date(event.start).toISOString(),
  event.subject,
  findMeetingLink(event.linkFields ?? [])?.platform
])

it("lists what takes place", () => {
  assert.deepStrictEqual(lines, [
    ["2027-12-06T09:00:00.000Z", "Standup", "zoom"],
    ["2027-12-08T09:00:00.000Z", "Standup", "zoom"]
  ])
})
