/** Calendars that come and go, and edits that cannot be. */
import { assert, describe, it } from "@effect/vitest"
import { EditRefused } from "../../simulator/index.ts"
import { type EditOfAdele, adele, errorCode, makeClient, text, valuesOf } from "./Client.ts"
import { daily, meeting } from "./Meetings.ts"

const grady = "grady@contoso.example"

describe("calendars", () => {
  it("take their events with them", () => {
    const client = makeClient()
    client.edit({ type: "addCalendar", name: "Other", hexColor: "#ff0000", canEdit: false })
    const { eventId } = meeting(client, "Other")
    const [, other] = valuesOf(client.get("/v1.0/me/calendars"))
    assert.deepStrictEqual([other?.["hexColor"], other?.["canEdit"]], ["#ff0000", false])
    client.edit({ type: "renameCalendar", calendar: "Other", name: "Another" })
    client.edit({ type: "deleteCalendar", calendar: "Another" })
    assert.strictEqual(valuesOf(client.get("/v1.0/me/calendars")).length, 1)
    assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`).status, 404)
    assert.strictEqual(
      errorCode(client.ask(`/v1.0/me/calendars/${encodeURIComponent(text(other, "id"))}`)),
      "ErrorItemNotFound"
    )
  })

  it("shared ones come and go", () => {
    const client = makeClient()
    client.add({ userPrincipalName: grady })
    client.edit({ type: "shareCalendar", mailbox: grady, with: adele, canEdit: true })
    assert.strictEqual(valuesOf(client.get("/v1.0/me/calendars"))[1]?.["canEdit"], true)
    client.edit({ type: "unshareCalendar", mailbox: grady, with: adele })
    assert.strictEqual(valuesOf(client.get("/v1.0/me/calendars")).length, 1)
  })
})

describe("edits that cannot be", () => {
  it.each<EditOfAdele>([
    { type: "moveEvent", event: "nothing", start: "2026-11-24T09:00Z" },
    { type: "createEvent", start: "tomorrow", end: "2026-11-24T09:00Z" },
    { type: "createEvent", start: "2026-11-24T09:00Z", end: "2026-11-24T08:00Z" },
    { type: "createEvent", start: "2026-11-24T09:00", end: "2026-11-24T10:00", timeZone: "Nowhere Standard Time" },
    { type: "createEvent", calendar: "None", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" },
    { type: "deleteCalendar", calendar: "Calendar" },
    { type: "shareCalendar", with: "nobody@contoso.example" },
    { type: "createEvent", mailbox: "nobody@contoso.example", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" }
  ])("are refused with a sentence: %o", (edit) => {
    assert.throws(() => makeClient().edit(edit), EditRefused)
  })

  it("an occurrence that is not there, a single event taken for a series", () => {
    const client = makeClient()
    const { eventId } = daily(client)
    const { eventId: single } = meeting(client)
    assert.throws(
      () => client.edit({ type: "deleteOccurrence", series: String(eventId), date: "2020-01-01" }),
      EditRefused
    )
    assert.throws(
      () => client.edit({ type: "deleteOccurrence", series: String(single), date: "2026-11-24" }),
      EditRefused
    )
    assert.throws(
      () => client.edit({ type: "moveEvent", event: String(eventId), start: "2026-11-24T09:00Z" }),
      EditRefused
    )
  })
})
