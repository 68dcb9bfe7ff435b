/**
 * One person with an Outlook calendar, a Google calendar and a published one, on the real server: one set of meetings, one bot
 * for each, whichever calendar it stands in, for as long as it stands in one.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { Client } from "./Client.ts"
import { google, outlook } from "./GuideMailbox.ts"
import { until } from "./Processes.ts"
import { type Stage, makeStage } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const hour = 3_600_000
const waitMillisMax = 60_000
const at = (millis: number) => new Date(millis).toISOString()
const zoom = (number: number) => `https://zoom.us/j/${55_512_340_000 + number}?pwd=abc`
/** Whole seconds: what travels by the providers and back is compared. */
const now = Math.floor(Date.now() / 1_000) * 1_000

interface Meeting {
  readonly uid: string
  readonly subject: string
  readonly start: number
  readonly link: string
}

const review: Meeting = { uid: "review-of-all@example.com", subject: "Review", start: now + 3 * hour, link: zoom(1) }
const planning: Meeting = { uid: "planning@example.com", subject: "Planning", start: now + 5 * hour, link: zoom(2) }

let stage: Stage
let adele: Client
let feed: { readonly url: string; readonly close: () => void; readonly publish: (all: ReadonlyArray<Meeting>) => void }

beforeAll(async () => {
  feed = await publishing()
  stage = await makeStage({ PUNCTUAL_WEBHOOK_ALLOW: "127.0.0.0/8" })
  adele = await stage.makeUser("Adele")
})
afterAll(async () => {
  await stage.close()
  feed.close()
})

const inOutlook = ({ link, start, subject, uid }: Meeting) =>
  stage.simulator.edit({
    type: "createEvent",
    mailbox: outlook.mail,
    iCalUId: uid,
    start: at(start),
    end: at(start + hour),
    details: { subject, link }
  })

/** Google hands UIDs on as they were sent, and some senders' in another case. */
const inGoogle = ({ link, start, subject, uid }: Meeting, members: object = {}) =>
  stage.google.edit({
    type: "createEvent",
    calendar: google.mail,
    members: {
      iCalUID: uid.toUpperCase(),
      summary: subject,
      location: link,
      start: { dateTime: at(start), timeZone: "UTC" },
      end: { dateTime: at(start + hour), timeZone: "UTC" },
      ...members
    }
  })

const published = ({ link, start, subject, uid }: Meeting): string =>
  [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    `SUMMARY:${subject}`,
    `DTSTART:${compact(start)}`,
    "DURATION:PT1H",
    `LOCATION:${link}`,
    "END:VEVENT",
    ""
  ].join("\r\n")

const compact = (millis: number): string => at(millis).replaceAll(/[-:]|\.\d+/g, "")

/** A server that publishes a calendar. */
const publishing = async () => {
  let text = ""
  const publish = (all: ReadonlyArray<Meeting>) => {
    text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Club\r\n${all.map(published).join("")}END:VCALENDAR\r\n`
  }
  publish([])
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/calendar" }).end(text))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // Listening on a host and a port, it has an address of that kind.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/club.ics`, publish, close: () => void server.close() }
}

interface Bot {
  readonly bot_id: string
  readonly subject: string
  readonly scheduled_join_time: string
}

const bots = async (): Promise<ReadonlyArray<Bot>> =>
  (await adele.ok("GET", `${calendar}/scheduled_bots?limit=100`)).scheduled_bots

const botsOf = async (subject: string) => (await bots()).filter((bot) => bot.subject === subject)

/** The one bot of a meeting, once there is one and no more. */
const theBot = async (subject: string): Promise<Bot> => {
  const found = await until(waitMillisMax, async () => {
    const all = await botsOf(subject)
    return all.length === 1 ? (all[0] ?? null) : null
  })
  return found ?? assert.fail(`no bot for ${subject}, or several: ${JSON.stringify(await bots())}`)
}

const copies = async (subject: string): Promise<ReadonlyArray<string>> => {
  const { results } = await adele.ok("GET", `${calendar}/events?calendar_id=all&sync=true&limit=100`)
  return results
    .filter((row: { readonly subject: string }) => row.subject === subject)
    .map(({ platform }: { readonly platform: string }) => platform)
    .toSorted()
}

const connections = async (): Promise<ReadonlyArray<string>> => {
  const { connections: all } = await adele.ok("GET", `${calendar}/connection`)
  return all.map(({ platform }: { readonly platform: string }) => platform)
}

describe("one person with three calendars", () => {
  it("connects each beside the others, and refuses a mixture", async () => {
    const both = { ...outlook.credentialsOf(stage, outlook.mail), ...google.credentialsOf(stage, google.mail) }
    const mixed = await adele.any("POST", `${calendar}/create_calendar`, both)
    assert.deepStrictEqual([mixed.status, mixed.json.code], [400, "invalid_request"])

    for (const meeting of [review, planning]) {
      inOutlook(meeting)
      inGoogle(meeting)
    }
    feed.publish([review])
    await adele.ok("POST", `${calendar}/create_calendar`, outlook.credentialsOf(stage, outlook.mail))
    const second = await adele.ok("POST", `${calendar}/create_calendar`, google.credentialsOf(stage, google.mail))
    assert.match(second.calendar_id, /^google_calendar_usr_/)
    assert.notInclude(second.watch_setup.subscription_results[0].subscription_id, ".", "the channel's own id")
    await adele.ok("POST", `${calendar}/create_calendar`, { ics_url: feed.url })
    assert.deepStrictEqual(await connections(), ["outlook_calendar", "google_calendar", "ics_feed"])
    const { calendars } = await adele.ok("GET", `${calendar}/calendars`)
    assert.deepStrictEqual(
      calendars.map(({ connection_id: id, platform }: Record<string, string>) => id?.startsWith(`${platform}_`)),
      [true, true, true, true, true]
    )
  })

  it("is sent one bot for a meeting that stands in all of them", async () => {
    assert.deepStrictEqual(await copies("Review"), ["google_calendar", "ics_feed", "outlook_calendar"])
    assert.deepStrictEqual(await copies("Planning"), ["google_calendar", "outlook_calendar"])
    const unique = await adele.ok("GET", `${calendar}/get_events?calendar_id=all&cleanup_duplicates=true`)
    assert.lengthOf(unique.results, 2)
    await adele.ok("POST", `${calendar}/auto-schedule/enable`, { default_bot_config: { bot_name: "Scribe" } })
    await theBot("Review")
    await theBot("Planning")
    assert.lengthOf(await bots(), 2)
  })

  it("reads Google at once when its channel tells of a change", async () => {
    const accepted = async () =>
      /punctual_notifications_total\{outcome="accepted"\} (\d+)/.exec(
        await (await fetch(`${stage.url()}/metrics`)).text()
      )?.[1] ?? "0"
    const before = Number(await accepted())
    inGoogle({ uid: "only-google@example.com", subject: "Only Google", start: now + 7 * hour, link: zoom(3) })
    await theBot("Only Google")
    assert.isAbove(Number(await accepted()), before)
  })

  it("keeps a meeting's bot when either of its calendars is disconnected, and loses it with the last", async () => {
    const [ofReview, ofPlanning] = [await theBot("Review"), await theBot("Planning")]
    const id = (platform: string) => platform + /_usr_.*$/.exec(userId)?.[0]
    const userId: string = (await adele.ok("GET", `${calendar}/connection`)).calendar_id
    const unknown = await adele.any("DELETE", `${calendar}/disconnect?calendar_id=google_calendar_usr_nobody`)
    assert.deepStrictEqual([unknown.status, unknown.json.code], [404, "calendar_not_found"])

    await adele.ok("DELETE", `${calendar}/disconnect?calendar_id=${id("outlook_calendar")}`)
    assert.deepStrictEqual(await connections(), ["google_calendar", "ics_feed"])
    assert.strictEqual((await theBot("Review")).bot_id, ofReview.bot_id)
    assert.strictEqual((await theBot("Planning")).bot_id, ofPlanning.bot_id)

    await adele.ok("POST", `${calendar}/create_calendar`, outlook.credentialsOf(stage, outlook.mail))
    assert.deepStrictEqual(await copies("Planning"), ["google_calendar", "outlook_calendar"])
    await adele.ok("DELETE", `${calendar}/disconnect?calendar_id=${id("google_calendar")}`)
    assert.strictEqual((await theBot("Review")).bot_id, ofReview.bot_id)
    assert.strictEqual((await theBot("Planning")).bot_id, ofPlanning.bot_id)
    assert.lengthOf(await botsOf("Only Google"), 0)
    // What was ended at Google ended there: nobody is told there any more.
    const open = [...stage.google.world().channels.values()].filter(({ isStopped }) => !isStopped)
    assert.lengthOf(open, 0)

    await adele.ok("DELETE", `${calendar}/disconnect?calendar_id=${id("outlook_calendar")}`)
    assert.lengthOf(await botsOf("Planning"), 0)
    assert.strictEqual((await theBot("Review")).bot_id, ofReview.bot_id, "it is published still")
    await adele.ok("POST", `${calendar}/create_calendar`, google.credentialsOf(stage, google.mail))
    await adele.ok("POST", `${calendar}/create_calendar`, outlook.credentialsOf(stage, outlook.mail))
  })

  it("keeps the bot of an occurrence of a series that both have", async () => {
    // Half past midnight in UTC, as Google has it, is the evening before in the zone of the mailbox.
    const day = 24 * hour
    const start = Math.ceil(now / day) * day + day + hour / 2
    const link = zoom(4)
    const uid = "standup@example.com"
    stage.simulator.edit({
      type: "createSeries",
      mailbox: outlook.mail,
      iCalUId: uid,
      start: at(start),
      end: at(start + hour),
      pattern: { type: "daily" },
      range: { type: "numbered", numberOfOccurrences: 5 },
      details: { subject: "Stand-up", link }
    })
    inGoogle({ uid, subject: "Stand-up", start, link }, { recurrence: ["RRULE:FREQ=DAILY;COUNT=5"] })
    await until(waitMillisMax, async () => ((await copies("Stand-up")).length === 10 ? true : null))
    const { results } = await adele.ok("GET", `${calendar}/get_events?calendar_id=all&limit=100`)
    const isOfGoogle = (row: Record<string, string>) =>
      row["subject"] === "Stand-up" && row["platform"] === "google_calendar"
    const { series_id: series } = results.find(isOfGoogle)
    await adele.ok("POST", `${calendar}/schedule/${series}`, { schedule_all_occurrences: true })
    const made = await botsOf("Stand-up")
    assert.deepStrictEqual(
      made.map(({ scheduled_join_time: join }) => Date.parse(join)),
      Array.from({ length: 5 }, (_, place) => start + place * day - 60_000)
    )
    const before = made.map(({ bot_id: bot }) => bot)
    const { connections: all } = await adele.ok("GET", `${calendar}/connection`)
    const ofGoogle = all.find((each: Record<string, string>) => each["platform"] === "google_calendar")
    await adele.ok("DELETE", `${calendar}/disconnect?calendar_id=${ofGoogle.calendar_id}`)
    assert.sameMembers(
      (await botsOf("Stand-up")).map(({ bot_id: bot }) => bot),
      before
    )
    await adele.ok("POST", `${calendar}/create_calendar`, google.credentialsOf(stage, google.mail))
  })

  it("is told of trouble by the provider's own name, and shown what was known", async () => {
    const fault = (wait: number) =>
      stage.google.edit({
        type: "fault",
        email: google.mail,
        fault: { until: Date.now() + wait, status: 403, reason: "userRateLimitExceeded" }
      })
    // It was only just connected again, and what was never read has nothing to show.
    await until(waitMillisMax, async () => ((await copies("Stand-up")).length === 10 ? true : null))
    fault(10 * 60_000)
    const listed = await adele.ok("GET", `${calendar}/events?calendar_id=${google.mail}&sync=true`)
    assert.deepStrictEqual([listed.stale, listed.stale_reason], [true, "google_unavailable"])
    assert.isAbove(listed.results.length, 0)
    const { calendars } = await adele.ok("GET", `${calendar}/calendars`)
    for (const { platform, stale } of calendars) {
      assert.strictEqual(stale, platform === "google_calendar" ? true : undefined, platform)
    }
    const { connections: all } = await adele.ok("GET", `${calendar}/connection`)
    const ofGoogle = all.find((each: Record<string, string>) => each["platform"] === "google_calendar")
    assert.strictEqual(ofGoogle.status, "active", "being throttled ends no connection")
    assert.include(
      ofGoogle.calendars.map(({ sync_error: error }: Record<string, string>) => error),
      "google_unavailable"
    )
  })
})
