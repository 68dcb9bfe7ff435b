/**
 * Listing events, a page at a time, and saying why one has a bot or none. Translates between HTTP and the use cases, and decides nothing.
 */
import { Clock, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../api/Api.ts"
import { InvalidCursor } from "../api/Problems.ts"
import {
  type EventId,
  type EventsPage,
  type EventsRequest,
  type Explained,
  type ListedEvent,
  type MeetingKey,
  Punctual,
  type RefusalCode,
  type UserId
} from "@punctual/core"
import { invalidRequest } from "../http/RequestValidation.ts"
import { callingUser } from "./CallingUser.ts"
import { EventsCursor, type Turn, turnsOf } from "./Cursor.ts"
import { Cursors } from "./CursorService.ts"
import { firstPage, syncModeOf, turnedPage } from "./EventQuery.ts"
import { type UpdatesParameters, updatesFrom, updatesPage } from "./EventUpdates.ts"
import { explanationOf } from "./DecisionView.ts"
import { eventItem } from "./EventView.ts"
import { eventText, eventsText, jsonAnswer } from "./PageText.ts"
import { answerLimits } from "../http/Limits.ts"
import { fitPage } from "./PageBytes.ts"
import { reasonWord } from "../wording/ProviderWords.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const cursors = yield* Cursors

    const requestOf = Effect.fnUntraced(function* (userId: UserId, query: UpdatesParameters) {
      const cursor = query.cursor === undefined ? null : cursors.read(userId, "events", EventsCursor, query.cursor)
      if (query.cursor !== undefined && cursor === null) return yield* badCursor
      const understood = cursor === null ? firstPage(query, yield* Clock.currentTimeMillis) : turnedPage(query, cursor)
      if (understood === "other_query") return yield* badCursor
      if ("mistakes" in understood) return yield* Effect.die(invalidRequest(understood.mistakes))
      return understood
    })

    const page = Effect.fnUntraced(function* (query: UpdatesParameters) {
      const userId = yield* callingUser
      const from = yield* updatesFrom(cursors, userId, query)
      if (from !== null) return yield* updatesPage({ cursors, punctual }, userId, from, query)
      const { isExplained, request } = yield* requestOf(userId, query)
      const mode = syncModeOf(query.sync, query.cursor !== undefined)
      const whole = yield* punctual.events(userId, request, mode).pipe(refusalToProblem(refusals))
      const explained = isExplained
        ? yield* punctual
            .explainMeetings(
              userId,
              whole.items.map(({ event }) => event)
            )
            .pipe(refusalToProblem([]))
        : null
      const { found, results } = shown(whole, request.backwards, explained)
      const reachedBy: Turn | null =
        request.place === null ? null : { place: request.place, backwards: request.backwards }
      const turns = turnsOf({ items: found.items.map(placeOf), hasMore: found.hasMore }, reachedBy)
      const write = (turn: Turn | null) =>
        turn === null ? null : cursors.write(userId, "events", cursorOf(request, isExplained, turn))
      const answer = {
        next: write(turns.next),
        previous: write(turns.previous),
        results,
        has_more: turns.next !== null,
        ...(found.staleReason !== null && {
          stale: true as const,
          stale_reason: reasonWord(found.staleReason, found.stalePlatform)
        })
      }
      return jsonAnswer(eventsText(answer))
    })

    return handlers.handleAll({
      list: ({ query }) => page(query),
      listStored: ({ query }) => page({ ...query, sync: false }),
      explanation: Effect.fnUntraced(function* ({ params }) {
        const explanation = yield* punctual
          .explain(yield* callingUser, params.event_id as EventId)
          .pipe(refusalToProblem(["calendar_not_connected", "event_not_found"]))
        return explanationOf(explanation, yield* Clock.currentTimeMillis)
      })
    })
  })
)

interface Shown {
  readonly items: EventsPage["items"]
  /** As the answer holds them. */
  readonly results: string
}

/** Requests that shared the reading of a page share what is made of it. */
const madeOf = new WeakMap<EventsPage["items"], Shown>()

type ByMeeting = ReadonlyMap<MeetingKey, Explained>

const shown = (whole: EventsPage, backwards: boolean, explained: ByMeeting | null) => {
  const { items, results } =
    explained === null
      ? (madeOf.get(whole.items) ?? makeShared(whole, backwards))
      : makeShown(whole, backwards, explained)
  return { found: items === whole.items ? whole : { ...whole, items, hasMore: true }, results }
}

const makeShared = (whole: EventsPage, backwards: boolean): Shown => {
  const made = makeShown(whole, backwards, null)
  madeOf.set(whole.items, made)
  return made
}

const makeShown = (whole: EventsPage, backwards: boolean, explained: ByMeeting | null): Shown => {
  const write = (each: ListedEvent) => eventText(eventItem(each, explained?.get(each.event.meeting)))
  const { items, texts } = fitPage(whole.items, backwards, answerLimits.pageBytesMax, write)
  return { items, results: texts.join(",") }
}

const refusals = ["calendar_not_connected", "calendar_not_found"] as const satisfies ReadonlyArray<RefusalCode>

const badCursor = Effect.fail(
  new InvalidCursor({ detail: "Use a cursor as a page gave it, with the same key and the same query." })
)

const placeOf = ({ event }: ListedEvent) => ({ at: event.start, id: event.id })

const cursorOf = (
  { calendarId, includeDeleted, limit, span, uniqueMeetings }: EventsRequest,
  isExplained: boolean,
  turn: Turn
): EventsCursor => ({
  at: turn.place.at,
  id: turn.place.id,
  backwards: turn.backwards,
  limit,
  calendarId,
  from: span.from,
  to: span.to,
  includeDeleted,
  uniqueMeetings,
  explain: isExplained
})
