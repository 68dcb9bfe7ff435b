/**
 * Captures that no other test of the simulator is held against, and the promise that none is left lying: each has an
 * answer of the simulator beside it, or a reason here why there is none.
 */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { defaultScopes } from "../../simulator/world/Grant.ts"
import { type Client, type Json, adele, deltaOf, errorMessage, makeClient, text, tokenFor, valuesOf } from "./Client.ts"
import { meeting, subscribe } from "./Meetings.ts"
import { differences, payload, payloadList } from "./Payloads.ts"

const same = (sample: unknown, answer: unknown): void => assert.deepStrictEqual(differences(sample, answer), [])

/** Members that the samples have and the resource is not simulated with: of other versions, or of what was selected. */
const without = (json: Json, ...names: ReadonlyArray<string>): Json =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)))

const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_a%40thread.v2/0?context=%7b%22Tid%22%3a%22t%22%7d"

const crowded = (): Client & { readonly single: string; readonly series: string } => {
  const client = makeClient({ timeZone: "Pacific Standard Time" })
  const details = {
    subject: "Prep",
    link: teams,
    location: "Cordova",
    attendees: [{ name: "S", address: "s@x.example" }]
  }
  const times = { start: "2026-11-25T11:00", end: "2026-11-25T12:00" }
  const single = client.edit({ type: "createEvent", ...times, details })
  const series = client.edit({ type: "createSeries", ...times, pattern: { type: "weekly" }, details })
  return Object.assign(client, { single: String(single.eventId), series: String(series.eventId) })
}

/** Requests are taken in any case. */
const essence = ({ daysOfWeek, interval, type }: Json): string =>
  JSON.stringify([type, interval, daysOfWeek]).toLowerCase()

const path = (id: string): string => `/v1.0/me/events/${encodeURIComponent(id)}`

describe("events", () => {
  it.each([
    "event.get",
    "event.single.multiple-locations",
    "event.online-meeting.calendar-post",
    "event.online-meeting.teams",
    "event.online-meeting.updated",
    "event.meeting-proposal.updated"
  ])("%s", (name) => {
    const client = crowded()
    const sample = without(payload(name), "@odata.context", "bodyPreview")
    const members = differences(sample, client.get(path(client.single)))
    // Parts of a place or of a reply that nobody filled in, and a member of the beta.
    const optional = /^\.(?:locations?|attendees|recurrence|onlineMeeting|uid)\b/
    assert.deepStrictEqual(
      members.filter((each) => !optional.test(each)),
      []
    )
  })

  it("event.online-meeting.subset: what was selected, and an etag", () => {
    const client = crowded()
    const answer = client.get(`${path(client.single)}?$select=isOnlineMeeting,onlineMeetingProvider,onlineMeeting`)
    const sample = payload("event.online-meeting.subset")
    assert.sameMembers(Object.keys(answer), Object.keys(sample))
    assert.isString((answer["onlineMeeting"] as Json)["joinUrl"])
  })

  it.each(["event.seriesmaster.daily-numbered.beta", "event.seriesmaster.weekly-noEnd.list"])("%s", (name) => {
    const client = crowded()
    const [sample = payload(name)] = Array.isArray(payload(name)["value"]) ? valuesOf(payload(name)) : []
    const master = client.get(path(client.series))
    // `uid` and the occurrence's own members are the beta's; a group's calendar has a few more of its own.
    const known = /^\.(?:uid|calendar|isDraft|hideAttendees|locations?|attendees|onlineMeeting|occurrenceId)\b|@odata/
    assert.deepStrictEqual(
      differences(sample, master).filter((each) => !known.test(each)),
      []
    )
  })

  it("events.list", () =>
    same(
      payload("events.list"),
      crowded().get("/v1.0/me/events?$select=subject,body,bodyPreview,organizer,attendees,start,end,location,locations")
    ))

  it("every pattern and range of Microsoft's own samples is taken, and told as it was", () => {
    const client = makeClient()
    const [mailbox = ""] = Object.keys(client.world.mailboxes)
    client.token = tokenFor(client, mailbox, [...defaultScopes, "Calendars.ReadWrite"])
    const samples = payloadList("recurrence.patterns-and-ranges.msdocs")
    const daily: Json = { type: "daily", interval: 1 }
    const endless = { type: "noEnd", startDate: "2017-04-02" }
    for (const sample of samples) {
      const { pattern = daily, range = endless } = sample as { readonly pattern?: Json; readonly range?: Json }
      const times = {
        start: { dateTime: "2017-04-02T09:00:00", timeZone: "UTC" },
        end: { dateTime: "2017-04-02T10:00:00", timeZone: "UTC" }
      }
      const reply = client.post("/v1.0/me/events", { subject: "x", ...times, recurrence: { pattern, range } })
      assert.strictEqual(reply.status, 201, `${JSON.stringify(sample)} ${errorMessage(reply)}`)
      const { recurrence } = reply.body as { readonly recurrence: { readonly pattern: Json; readonly range: Json } }
      assert.deepStrictEqual(essence(recurrence.pattern), essence(pattern))
      assert.strictEqual(recurrence.range["type"], range["type"])
    }
  })
})

describe("rounds, people and calendars", () => {
  it("pages in the middle and at the end of a round", () => {
    const client = makeClient({}, { delta: { pageSize: 1 } })
    for (let index = 0; index < 3; index++) meeting(client)
    const first = client.get(deltaOf(client.calendarId()))
    const second = client.get(text(first, "@odata.nextLink"))
    same(payload("calendarview-delta.2-next-page"), second)
    same(payload("calendarview-delta.3-final-page"), client.get(text(second, "@odata.nextLink")))
    const members = differences(payload("calendarview-delta.placeholder"), first)
    assert.deepStrictEqual(
      members.filter((each) => !/deltaLink|nextLink|: (?:text|array|object) in/.test(each)),
      []
    )
  })

  it("me.minimal-with-context", () => same(payload("me.minimal-with-context"), makeClient().get("/v1.0/me")))

  it("a calendar of somebody else that one may edit", () => {
    const client = makeClient()
    const alex = client.add({ userPrincipalName: "alexw@contoso.example" })
    client.edit({ type: "shareCalendar", mailbox: alex, with: adele, canEdit: true })
    const shared = valuesOf(client.get("/v1.0/me/calendars")).find((each) => each["canShare"] === false)
    const sample = valuesOf(payload("calendars.list.shared-writable")).find((each) => each["canShare"] === false)
    assert.deepStrictEqual(
      differences(sample, shared).filter((each) => !each.includes("@odata")),
      []
    )
    assert.strictEqual(shared?.["canEdit"], true)
  })

  it("refusals", () => {
    const client = makeClient({}, { subscriptions: { countMax: 0 } })
    same(payload("error.403.ErrorAccessDenied"), client.ask("/v1.0/me/mailboxSettings").body)
    const filtered = client.ask("/v1.0/me/events?$filter=subject eq 'x'")
    assert.strictEqual(filtered.status, 501)
    same(payload("error.501.NotImplemented"), filtered.body)
    const full = client.post("/v1.0/subscriptions", {
      changeType: "updated",
      notificationUrl: "https://client.example/n",
      resource: "/me/events",
      expirationDateTime: new Date(client.now + 3_600_000).toISOString()
    })
    const words = text(payload("error.429.subscription-count-reached"), "message").replace("1000", "0")
    assert.include(errorMessage(full), words.slice(words.indexOf("Reason"), words.indexOf(". Please")))
  })
})

describe("subscriptions and notifications", () => {
  it("are asked for, told and prolonged with the members of the samples", () => {
    const client = makeClient()
    const later = new Date(client.now + 3_600_000).toISOString()
    for (const name of ["subscription.create.request", "subscription.create.request.with-lifecycle"]) {
      const asked = { ...payload(name), resource: "/me/events", expirationDateTime: later }
      assert.strictEqual(client.post("/v1.0/subscriptions", asked).status, 201, name)
    }
    const list = client.get("/v1.0/subscriptions")
    const [first] = valuesOf(list)
    same(without(payload("subscription.list"), "value"), list)
    const one = client.get(`/v1.0/subscriptions/${text(first, "id")}`)
    const members = [
      ...differences(valuesOf(payload("subscription.list"))[0], first),
      ...differences(payload("subscription.get"), one)
    ]
    // The sample says "" where there is no certificate; captured ones say null.
    assert.deepStrictEqual(
      members.filter((each) => !each.includes("encryptionCertificate")),
      []
    )
    const renewal = { ...payload("subscription.renew.request"), expirationDateTime: later }
    assert.strictEqual(
      client.ask(`/v1.0/subscriptions/${text(first, "id")}`, { method: "PATCH", body: renewal }).status,
      200
    )
  })

  it.each([
    "notification.message.created",
    "notification.message.created.with-id",
    "notification.outlook.basic",
    "notification.single"
  ])("%s", (name) => {
    const client = makeClient()
    subscribe(client)
    meeting(client)
    const [told] = client.delivered()
    const [sample = payload(name)] = Array.isArray(payload(name)["value"]) ? valuesOf(payload(name)) : []
    // Not every notification carries an id.
    assert.deepStrictEqual(differences(without(sample, "id"), told), [])
  })
})

/** Beside these there is no answer of the simulator, and why. */
const reasons: ReadonlyArray<readonly [pattern: RegExp, why: string]> = [
  [/^batch\.request$/, "of drives and planners; the shape is tried with calendars in Routes.test.ts"],
  [/^error\.shape$/, "the documentation's, which the wire does not keep"],
  [/^lifecycle\./, "each kind is compared in Lifecycle.test.ts, by a name put together there"],
  [/^mailboxsettings\.workinghours-customTimeZone$/, "working hours are not simulated"],
  [/^notification\.outlook\.rich$/, "notifications with resource data are not simulated"],
  [/^validation-request$/, "compared by the server that a client would be, in Server.integration.test.ts"]
]

it("no capture is left lying", () => {
  const folder = new URL("../fixtures/graph-payloads/", import.meta.url)
  const here = new URL("./", import.meta.url)
  const tests = readdirSync(here)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(new URL(file, here), "utf8"))
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""))
  const isNamed = (name: string): boolean => tests.some((test) => test.includes(`"${name}"`))
  const left = names.filter((name) => !isNamed(name) && !reasons.some(([pattern]) => pattern.test(name)))
  assert.deepStrictEqual(left, [])
})
