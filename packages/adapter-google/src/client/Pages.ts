/**
 * Lists that come in pages.
 *
 * Decides how a list is followed to its end: by page tokens under one and the same query, at most `pagesMax` of them, with
 * smaller pages where one was too large to read. A page may be short, empty or without `items`, and others follow it all
 * the same. Never takes a list without an end for a whole one.
 *
 * https://developers.google.com/workspace/calendar/api/guides/pagination
 */
import { Effect, Option, Stream } from "effect"
import { Unavailable } from "@punctual/core"
import { resolveZone } from "@punctual/core/recurrence"
import { readList, readText } from "@punctual/core/http"
import type { Reason } from "./GoogleClient.ts"
import { type GoogleContext, type Query, calendarUrl } from "./GoogleContext.ts"
import type { GoogleReply } from "./GoogleReply.ts"

export interface Page {
  readonly items: ReadonlyArray<unknown>
  /** The zone of the calendar that the list is of. */
  readonly calendarZone: string | null
  /** On the last page of a list that has one. */
  readonly syncToken: string | null
  /** When anything in what is listed last changed, as Google writes it. */
  readonly updated: string | null
  readonly isLast: boolean
}

/** The pages of a list. `refused` says what a refusal means here. */
export const pages = (
  context: GoogleContext,
  segments: ReadonlyArray<string>,
  query: Query,
  refused: (reply: GoogleReply) => Reason
): Stream.Stream<Page, Reason> =>
  Stream.paginate<Place, Page, Reason>({ pageToken: null, number: 1, size: context.limits.pageSize }, (place) =>
    Effect.map(fetchPage({ context, segments, query, refused }, place), ({ next, page }) => [[page], next] as const)
  )

/** All items of a list that is known to be short, such as calendars. */
export const allItems = (
  context: GoogleContext,
  segments: ReadonlyArray<string>,
  query: Query,
  refused: (reply: GoogleReply) => Reason
): Effect.Effect<ReadonlyArray<unknown>, Reason> =>
  Effect.map(Stream.runCollect(pages(context, segments, query, refused)), (all) => all.flatMap((page) => page.items))

interface List {
  readonly context: GoogleContext
  readonly segments: ReadonlyArray<string>
  readonly query: Query
  readonly refused: (reply: GoogleReply) => Reason
}

interface Place {
  readonly pageToken: string | null
  readonly number: number
  /** Items asked for per page. */
  readonly size: number
}

interface Fetched {
  readonly page: Page
  readonly next: Option.Option<Place>
}

const fetchPage = (list: List, place: Place): Effect.Effect<Fetched, Reason> => {
  const { context, query, segments } = list
  const { smallPageSize } = context.limits
  const token: Query = place.pageToken === null ? [] : [["pageToken", place.pageToken]]
  const url = calendarUrl(context, segments, [...query, ["maxResults", String(place.size)], ...token])
  return context.client.send(context.account, { method: "GET", url, isSafe: true }).pipe(
    Effect.catchTag("BodyTooLarge", () => Effect.succeed("tooLarge" as const)),
    Effect.flatMap((reply) => {
      if (reply !== "tooLarge") return readPage(list, place, reply)
      return place.size > 1
        ? fetchPage(list, { ...place, size: place.size > smallPageSize ? smallPageSize : 1 })
        : nonsense("a page that is too large to read")
    })
  )
}

const readPage = (list: List, place: Place, reply: GoogleReply): Effect.Effect<Fetched, Reason> => {
  if (reply.failure !== null) return Effect.fail(list.refused(reply))
  const { json } = reply
  const pageToken = readText(json, "nextPageToken")
  const page: Page = {
    items: readList(json, "items"),
    calendarZone: resolveZone(readText(json, "timeZone") ?? ""),
    syncToken: readText(json, "nextSyncToken"),
    updated: readText(json, "updated"),
    isLast: pageToken === null
  }
  if (pageToken === null) return Effect.succeed({ page, next: Option.none() })
  if (pageToken === place.pageToken) return nonsense("a page that leads back to itself")
  if (place.number >= list.context.limits.pagesMax) return nonsense("a list without an end")
  return Effect.succeed({ page, next: Option.some({ ...place, pageToken, number: place.number + 1 }) })
}

const nonsense = (what: string): Effect.Effect<never, Reason> =>
  new Unavailable({ message: `Google Calendar answered with ${what}.` })
