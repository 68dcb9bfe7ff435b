/**
 * Where the people of the demo keep their calendars: at the simulated Microsoft, at the simulated Google, in a published feed.
 * Decides how a meeting is written at each, and what connects it.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { demand } from "./Client.ts"
import { type Meeting, type Person, clubNight } from "./Plot.ts"

const minute = 60_000
const iso = (instant: number): string => new Date(instant).toISOString()

interface Simulators {
  readonly microsoft: string
  readonly google: string
}

/** Fills somebody's calendar; answers the body of `create_calendar`. */
export const settleIn = (simulators: Simulators, person: Person): Promise<object> =>
  person.provider === "google" ? atGoogle(simulators.google, person) : atMicrosoft(simulators.microsoft, person)

const atMicrosoft = async (simulator: string, { mail, meetings, name }: Person): Promise<object> => {
  await demand("POST", `${simulator}/_sim/mailboxes`, { body: { userPrincipalName: mail, displayName: name } })
  const grant = await demand("POST", `${simulator}/_sim/grants`, { body: { mailbox: mail } })
  await demand("POST", `${simulator}/_sim/edits`, { body: meetings.map((meeting) => outlookEdit(mail, meeting)) })
  return {
    microsoft_client_id: grant.clientId,
    microsoft_client_secret: grant.clientSecret,
    microsoft_refresh_token: grant.refreshToken
  }
}

const outlookEdit = (mailbox: string, { isWeekly = false, link, minutes, start, subject }: Meeting): object => ({
  mailbox,
  start: iso(start),
  end: iso(start + minutes * minute),
  details: { subject, ...(link === null ? {} : { link }) },
  ...(isWeekly
    ? {
        type: "createSeries",
        pattern: { type: "weekly", interval: 1, daysOfWeek: [dayOf(start)] },
        range: { type: "noEnd", startDate: iso(start).slice(0, 10) }
      }
    : { type: "createEvent" })
})

const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const
const dayOf = (instant: number): string => days[new Date(instant).getUTCDay()] ?? "monday"

const client = { clientId: "demo.apps.googleusercontent.com", clientSecret: "a-secret-for-the-demo-only" }

const atGoogle = async (simulator: string, { mail, meetings, name }: Person): Promise<object> => {
  const made = await demand("POST", `${simulator}/_sim/edits`, {
    body: [
      { type: "addClient", ...client },
      { type: "addPerson", email: mail, name },
      { type: "grant", email: mail, clientId: client.clientId },
      ...meetings.map((meeting) => ({ type: "createEvent", calendar: mail, members: googleMembers(meeting) }))
    ]
  })
  return {
    google_client_id: client.clientId,
    google_client_secret: client.clientSecret,
    google_refresh_token: made[2].id
  }
}

/** As Google's own API takes them. */
export const googleMembers = ({ isWeekly = false, link, minutes, start, subject }: Meeting): object => ({
  summary: subject,
  ...googleTimes(start, minutes),
  ...(link === null ? {} : { location: link }),
  ...(isWeekly ? { recurrence: ["RRULE:FREQ=WEEKLY"] } : {})
})

export const googleTimes = (start: number, minutes: number): object => ({
  start: { dateTime: iso(start), timeZone: "UTC" },
  end: { dateTime: iso(start + minutes * minute), timeZone: "UTC" }
})

export interface Published {
  readonly url: string
}

/** A calendar at an address, served by the demo itself. */
export const publish = async (now: number): Promise<Published> => {
  const { link, minutes, start, subject } = clubNight(now)
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Punctual//demo//EN",
    "X-WR-CALNAME:Club",
    "BEGIN:VEVENT",
    "UID:club-night@demo.example",
    `DTSTAMP:${compact(now)}`,
    `DTSTART:${compact(start)}`,
    `DTEND:${compact(start + minutes * minute)}`,
    `SUMMARY:${subject}`,
    `LOCATION:${link}`,
    "END:VEVENT",
    "END:VCALENDAR"
  ]
  const text = lines.map((line) => `${line}\r\n`).join("")
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/calendar" }).end(text))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // Nothing of it keeps the demo from ending.
  server.unref()
  // Listening on a host and a port, it has an address of that kind.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/club.ics` }
}

const compact = (instant: number): string => iso(instant).replaceAll(/[-:]|\.\d+/g, "")
