/**
 * Lists that come in pages.
 *
 * Decides how a list is followed to its end: by Graph's own links, only within the configured service, at most
 * `pagesMax` of them, with smaller pages where one was too large to read. Never takes a list without an end for a
 * whole one.
 *
 * https://learn.microsoft.com/graph/paging
 */
import { Effect, Option, Stream } from "effect"
import { Unavailable } from "@punctual/core"
import { readArray, readText } from "@punctual/core/http"
import type { GraphReply } from "./GraphReply.ts"
import type { GatewayTimeouts, Reason } from "./GraphClient.ts"
import { followable } from "./GraphUrl.ts"
import { type GraphContext, preferences, timedOut } from "./GraphContext.ts"

export interface Page {
  readonly value: ReadonlyArray<unknown>
  /** On the last page of a delta round, verbatim. */
  readonly deltaLink: string | null
  readonly isLast: boolean
}

/** The pages from `first` on. `refused` says what a refusal means here. */
export const pages = (
  context: GraphContext,
  first: URL,
  refused: (reply: GraphReply) => Reason
): Stream.Stream<Page, Reason> =>
  Stream.catchTag(pagesInTime(context, first, refused), "GatewayTimeouts", () => Stream.fail(timedOut))

/** The same, for who knows another way when each page takes Graph too long: after so many 504 in a row for one of them. */
export const pagesInTime = (
  context: GraphContext,
  first: URL,
  refused: (reply: GraphReply) => Reason,
  gatewayTimeoutsMax?: number
): Stream.Stream<Page, Reason | GatewayTimeouts> => {
  const start: Place = { url: first, number: 1, size: context.limits.pageSize, gatewayTimeoutsMax }
  return Stream.paginate<Place, Page, Reason | GatewayTimeouts>(start, (place) =>
    Effect.map(fetchPage(context, place, refused), ({ next, page }) => [[page], next] as const)
  )
}

/** All items of a list that is known to be short, such as calendars or subscriptions. */
export const items = (
  context: GraphContext,
  first: URL,
  refused: (reply: GraphReply) => Reason
): Effect.Effect<ReadonlyArray<unknown>, Reason> =>
  Effect.map(Stream.runCollect(pages(context, first, refused)), (all) => all.flatMap((page) => page.value))

interface Place {
  readonly url: URL
  readonly number: number
  /** Items asked for per page. */
  readonly size: number
  readonly gatewayTimeoutsMax: number | undefined
}

interface Fetched {
  readonly page: Page
  readonly next: Option.Option<Place>
}

const fetchPage = (
  context: GraphContext,
  place: Place,
  refused: (reply: GraphReply) => Reason
): Effect.Effect<Fetched, Reason | GatewayTimeouts> => {
  const { smallPageSize } = context.limits
  return context.client
    .send(context.account, {
      method: "GET",
      url: place.url,
      ...(place.gatewayTimeoutsMax === undefined ? {} : { gatewayTimeoutsMax: place.gatewayTimeoutsMax }),
      prefer: [`odata.maxpagesize=${place.size}`, ...preferences]
    })
    .pipe(
      Effect.catchTag("BodyTooLarge", () => Effect.succeed("tooLarge" as const)),
      Effect.flatMap((reply) => {
        if (reply !== "tooLarge") return readPage(context, place, reply, refused)
        return place.size > 1
          ? fetchPage(context, { ...place, size: place.size > smallPageSize ? smallPageSize : 1 }, refused)
          : nonsense("a page that is too large to read")
      })
    )
}

const readPage = (
  context: GraphContext,
  place: Place,
  reply: GraphReply,
  refused: (reply: GraphReply) => Reason
): Effect.Effect<Fetched, Reason> => {
  if (reply.failure !== null) return Effect.fail(refused(reply))
  const value = readArray(reply.json, "value")
  if (value === null) return nonsense("a list without items")
  const nextLink = readText(reply.json, "@odata.nextLink")
  if (nextLink === null) {
    const deltaLink = readText(reply.json, "@odata.deltaLink")
    return Effect.succeed({ page: { value, deltaLink, isLast: true }, next: Option.none() })
  }
  const url = followable(context.service, nextLink)
  if (url === null) return nonsense("a link that leads elsewhere, which is not followed")
  if (url.href === place.url.href) return nonsense("a link back to the same page")
  if (place.number >= context.limits.pagesMax) return nonsense("a list without an end")
  return Effect.succeed({
    page: { value, deltaLink: null, isLast: false },
    next: Option.some({ ...place, url, number: place.number + 1 })
  })
}

const nonsense = (what: string): Effect.Effect<never, Reason> =>
  new Unavailable({ message: `Microsoft Graph answered with ${what}.` })
