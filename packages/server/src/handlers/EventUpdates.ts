/**
 * Listing events as they changed, a page at a time. Translates between HTTP and the use case.
 * Decides when a request is for such a page, and where one ends that would become too long: it is asked for again, shorter,
 * so that the next one begins where it ends.
 */
import { Effect } from "effect"
import type { EventsPage, ListedEvent, Punctual, RefusalCode, SyncMode, UpdatesRequest, UserId } from "@punctual/core"
import { InvalidCursor } from "../api/Problems.ts"
import { answerLimits } from "../http/Limits.ts"
import { invalidRequest } from "../http/RequestValidation.ts"
import { reasonWord } from "../wording/ProviderWords.ts"
import { type Cursors, UpdatesCursor, instantIn } from "./Cursor.ts"
import { type EventsParameters, syncModeOf } from "./EventQuery.ts"
import { eventItem } from "./EventView.ts"
import { fitPage } from "./PageBytes.ts"
import { eventText, eventsText, jsonAnswer } from "./PageText.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"
import { updatesCursor, updatesQuery } from "./UpdatesQuery.ts"

export interface UpdatesParameters extends EventsParameters {
  readonly cursor?: string
  readonly updated_since?: string
}

type Facade = Punctual["Service"]

/** Where a request wants to go on among what changed; null: it wants events by their time. */
export const updatesFrom = Effect.fnUntraced(function* (
  cursors: Cursors,
  userId: UserId,
  { cursor, updated_since: since }: UpdatesParameters
) {
  const read = (text: string): UpdatesCursor | null => cursors.read(userId, "updates", UpdatesCursor, text)
  // A page's `next` may be sent either way: a cursor says itself what it goes on with.
  const turned = cursor === undefined ? null : read(cursor)
  if (turned !== null || since === undefined) return turned
  if (cursor !== undefined) return yield* badCursor
  const at = instantIn(since)
  if (at !== null) return { at }
  const place = read(since)
  if (place !== null) return place
  return looksLikeTime.test(since) ? yield* Effect.die(invalidRequest([noTime])) : yield* badCursor
})

const looksLikeTime = /^[\d+-]*$|^\d{4}-/

const noTime = {
  path: "updated_since",
  message:
    "Expected an RFC 3339 date-time such as 2026-04-08T15:00:00Z, or `next` of a page that was asked for with one",
  in: "query"
} as const

const badCursor = Effect.fail(
  new InvalidCursor({
    detail:
      "Use `next` as a page with `updated_since` gave it, with the same key and the same query; or a time, to begin."
  })
)

export const updatesPage = Effect.fnUntraced(function* (
  { cursors, punctual }: { readonly cursors: Cursors; readonly punctual: Facade },
  userId: UserId,
  from: UpdatesCursor | { readonly at: number },
  query: UpdatesParameters
) {
  const understood = updatesQuery(query, from)
  if (understood === "other_query") return yield* badCursor
  if ("mistakes" in understood) return yield* Effect.die(invalidRequest(understood.mistakes))
  const read = (request: UpdatesRequest, mode: SyncMode) =>
    punctual.updatedEvents(userId, request, mode).pipe(refusalToProblem(refusals))
  const write = understood.isExplained ? written(punctual, userId) : writtenPlainly
  const found = yield* read(understood.request, syncModeOf(query.sync, !("at" in from)))
  let page = found
  let texts = yield* write(page.items)
  while (texts.length < page.items.length) {
    page = yield* read({ ...understood.request, limit: texts.length }, "never")
    texts = yield* write(page.items)
  }
  const answer = {
    next: cursors.write(userId, "updates", updatesCursor(page.next, understood)),
    previous: null,
    results: texts.join(","),
    has_more: page.hasMore,
    ...(found.staleReason !== null && {
      stale: true as const,
      stale_reason: reasonWord(found.staleReason, found.stalePlatform)
    })
  }
  return jsonAnswer(eventsText(answer))
})

type Items = EventsPage["items"]

const fitting = (items: Items, write: (item: ListedEvent) => string): ReadonlyArray<string> =>
  fitPage(items, false, answerLimits.pageBytesMax, write).texts

const writtenPlainly = (items: Items) => Effect.succeed(fitting(items, (each) => eventText(eventItem(each))))

const written = (punctual: Facade, userId: UserId) => (items: Items) => {
  const events = items.map(({ event }) => event)
  return Effect.map(punctual.explainMeetings(userId, events).pipe(refusalToProblem([])), (explained) =>
    fitting(items, (each) => eventText(eventItem(each, explained.get(each.event.meeting))))
  )
}

const refusals = [
  "cursor_expired",
  "calendar_not_connected",
  "calendar_not_found"
] as const satisfies ReadonlyArray<RefusalCode>
