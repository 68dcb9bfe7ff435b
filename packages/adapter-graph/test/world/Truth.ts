/**
 * What a calendar holds by the simulator's own account, and what a mirror holds, in words that can be compared.
 *
 * Decides which members count: identity, kind, times, subject, cancellation, link, answer, people,
 * categories. Asks the simulator's rules and never
 * the product's, except for how a link is written.
 */
import {
  type CalendarEvent,
  type CalendarId,
  type ProviderCalendarId,
  type Span,
  findMeetingLink
} from "@punctual/core"
import { linkFieldsOf } from "@punctual/adapter-graph"
import { occurrenceOn, step, type World } from "@punctual/adapter-graph/simulator"
import { occurrenceIdOf } from "../../simulator/wire/EventWire.ts"
import { parsePrefer } from "../../simulator/wire/Exchange.ts"
import { parseCalendarId, parseEventId } from "../../simulator/world/ItemId.ts"
import type { Item } from "../../simulator/world/World.ts"
import { type Tenant } from "../../../core/test/provider/Company.ts"

type Json = Readonly<Record<string, unknown>>

const kinds: Readonly<Record<string, CalendarEvent["kind"]>> = {
  singleInstance: "single",
  occurrence: "occurrence",
  exception: "exception"
}

/** Everything that overlaps the span, from a plain view of it. */
export const truthOf = (
  world: World,
  token: string,
  calendarId: ProviderCalendarId,
  span: Span
): ReadonlyArray<string> => {
  const query = `startDateTime=${iso(span.from)}&endDateTime=${iso(span.to)}&$top=1000`
  const outcome = step(
    { ...world, faults: [] },
    {
      method: "GET",
      origin: "https://graph.microsoft.com",
      path: `/v1.0/me/calendars/${encodeURIComponent(calendarId)}/calendarView`,
      query,
      headers: { authorization: `Bearer ${token}`, prefer: `outlook.timezone="UTC", IdType="ImmutableId"` },
      body: "",
      inFlight: 1
    },
    0
  )
  if (outcome._tag !== "Reply" || outcome.reply.status !== 200) throw new Error(JSON.stringify(outcome))
  const { value } = outcome.reply.body as { readonly value: ReadonlyArray<Json> }
  return value.map(wordsOf).toSorted()
}

const wordsOf = (item: Json): string =>
  JSON.stringify([
    item["id"],
    kinds[String(item["type"])],
    instantOf(item["start"]),
    instantOf(item["end"]),
    item["subject"],
    item["isCancelled"],
    findMeetingLink(linkFieldsOf(item))?.url ?? null,
    answers[(item["responseStatus"] as { readonly response: string }).response] ?? "none",
    [...new Set([item["organizer"], ...(item["attendees"] as ReadonlyArray<unknown>)].map(addressOf))].toSorted(),
    (item["categories"] as ReadonlyArray<string>).toSorted()
  ])

const answers: Json = { organizer: "organizer", accepted: "accepted", declined: "declined" }

const addressOf = (person: unknown): string =>
  (person as { readonly emailAddress: { readonly address: string } }).emailAddress.address

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
        row.isCancelled,
        row.link?.url ?? null,
        row.facts?.response,
        row.facts?.people,
        row.facts?.categories
      ])
    )
    .toSorted()

/** Whether Graph would find a row by its id in its calendar now, wherever in time it was moved to. */
export const isThere = (world: World, tenant: Tenant, row: CalendarEvent): boolean => {
  const calendar = tenant.calendars.get(row.calendarId)?.providerId
  if (calendar === undefined) return false
  // What turned into a series in place is no single meeting any more.
  if (row.seriesId === null) return itemOf(world, calendar, row.providerId)?.kind === "single"
  const series = itemOf(world, calendar, tenant.series.get(row.seriesId)?.row.providerId ?? "")
  if (series?.kind !== "series" || row.originalDate === null || occurrenceOn(series, row.originalDate) === null)
    return false
  if (!world.options.delta.occurrenceIdsFollowTime) return true
  const prefer = parsePrefer(`IdType="ImmutableId"`)
  const view = { mailbox: parseEventId(row.providerId)?.mailbox ?? "", prefer, options: world.options }
  return occurrenceIdOf(view, series, row.originalDate) === row.providerId
}

const itemOf = (world: World, calendarId: ProviderCalendarId, providerId: string): Item | null => {
  const [calendar, key] = [parseCalendarId(calendarId), parseEventId(providerId)]
  if (calendar === null || key === null) return null
  const item = world.mailboxes[key.mailbox]?.items[key.serial]
  return item !== undefined && item.calendar === calendar.serial ? item : null
}

const iso = (instant: number): string => new Date(instant).toISOString()

const instantOf = (zoned: unknown): string => {
  const { dateTime } = zoned as { readonly dateTime: string }
  return iso(Date.parse(`${dateTime.slice(0, 19)}Z`))
}
