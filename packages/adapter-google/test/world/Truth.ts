/**
 * What a calendar holds by the simulator's own account, and what a mirror holds, in words that can be compared.
 *
 * Decides which members count: identity, kind, times, subject, link, and whether it was declined. Asks the simulator's rules
 * and never the product's, except for how a link is written.
 */
import { type CalendarEvent, type CalendarId, type Span, findMeetingLink } from "@punctual/core"
import { type World, step } from "@punctual/adapter-google/simulator"
import type { Tenant } from "../../../core/test/provider/Company.ts"
import { linkFieldsOf } from "../../src/mapping/LinkFields.ts"

type Json = Readonly<Record<string, unknown>>

/** The rules' answer to somebody who may ask, without the moods of lists. */
const asked = (world: World, path: ReadonlyArray<string>, query: Readonly<Record<string, string>> = {}) => {
  const refreshToken = [...world.grants.keys()].at(-1) ?? ""
  const { reply } = step(
    {
      ...world,
      options: { ...world.options, pageSizeMax: 2_500, emptyFirstPage: false },
      grants: new Map([...world.grants].map(([key, grant]) => [key, { ...grant, isRevoked: false }])),
      accessTokens: new Map([["truth", { token: "truth", refreshToken, expiresAt: Infinity }]])
    },
    {
      method: "GET",
      path: ["calendar", "v3", ...path],
      query: new URLSearchParams(query),
      headers: { authorization: "Bearer truth" },
      body: ""
    },
    0
  )
  return { status: reply.status, json: reply.body as Json }
}

/** Everything that overlaps the span. */
export const truthOf = (world: World, calendarId: string, { from, to }: Span): ReadonlyArray<string> => {
  const { json } = asked(world, ["calendars", calendarId, "events"], {
    singleEvents: "true",
    maxResults: "2500",
    timeMin: iso(from),
    timeMax: iso(to)
  })
  const exceptions = world.calendars.get(calendarId)?.items
  return (json["items"] as ReadonlyArray<Json>)
    .map((item) =>
      JSON.stringify([
        item["id"],
        item["recurringEventId"] === undefined
          ? "single"
          : (exceptions?.has(String(item["id"])) ?? false)
            ? "exception"
            : "occurrence",
        instantOf(item["start"]),
        instantOf(item["end"]),
        item["summary"] ?? "",
        findMeetingLink(linkFieldsOf(item))?.url ?? null,
        isDeclined(item)
      ])
    )
    .toSorted()
}

const isDeclined = ({ attendees }: Json): boolean =>
  Array.isArray(attendees) &&
  attendees.some(({ responseStatus, self }: Json) => self === true && responseStatus === "declined")

/** The same of the rows that are there. */
export const mirrorOf = (tenant: Tenant, calendarId: CalendarId, span: Span): ReadonlyArray<string> =>
  [...tenant.events.values()]
    .map(({ row }) => row)
    .filter((row) => row.calendarId === calendarId && !row.isDeleted && !row.isVirtual)
    .filter((row) => row.start < span.to && row.end > span.from)
    .map((row) =>
      JSON.stringify([
        row.providerId,
        row.kind,
        iso(row.start),
        iso(row.end),
        row.subject,
        row.link?.url ?? null,
        row.facts?.response === "declined"
      ])
    )
    .toSorted()

/** Whether Google would find a row by its id in its calendar now, wherever in time it was moved to. */
export const isThere = (world: World, tenant: Tenant, row: CalendarEvent): boolean => {
  const calendar = tenant.calendars.get(row.calendarId)?.providerId
  if (calendar === undefined) return false
  const { json, status } = asked(world, ["calendars", calendar, "events", row.providerId])
  if (status !== 200 || json["status"] === "cancelled") return false
  // What turned into a series in place is no meeting any more, and what belongs to another series is another one.
  if (row.seriesId === null) return json["recurrence"] === undefined && json["recurringEventId"] === undefined
  return json["recurringEventId"] === tenant.series.get(row.seriesId)?.row.providerId
}

const iso = (instant: number): string => new Date(instant).toISOString()

const instantOf = (time: unknown): string => {
  const { date, dateTime } = time as { readonly date?: string; readonly dateTime?: string }
  return iso(Date.parse(date ?? dateTime ?? ""))
}
