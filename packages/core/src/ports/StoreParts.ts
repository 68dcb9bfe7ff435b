/**
 * Composite answers of a store, made from its simpler ones. For stores that gain nothing by fetching all of it at once.
 */
import { Effect } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import { quotaLimits } from "../domain/Limits.ts"
import type { UserId } from "../domain/Ids.ts"
import type { EventListing } from "./StoreAnswers.ts"
import type { StoreError } from "./StoreError.ts"
import type { StoreOperations } from "./StoreOperations.ts"

type Parts<Name extends keyof StoreOperations> = Pick<StoreOperations, Name>

export const accountByParts =
  ({ calendars, connections }: Parts<"calendars" | "connections">): StoreOperations["account"] =>
  (userId) =>
    Effect.all({ connections: connections(userId), calendars: calendars(userId) })

export const botListingByParts =
  ({ bots, connections }: Parts<"bots" | "connections">): StoreOperations["botListing"] =>
  (query) =>
    Effect.zipWith(connections(query.userId), bots(query), (found, page) => ({ ...page, connections: found }))

export const listingByParts =
  ({ botsOf, events }: Parts<"botsOf" | "events">): StoreOperations["listing"] =>
  (query) =>
    Effect.flatMap(events(query), ({ hasMore, items }) =>
      Effect.map(withBots(botsOf, query.userId, items), (rows) => ({ items: rows, hasMore }))
    )

export const updatedListingByParts =
  ({ botsOf, updatedEvents }: Parts<"botsOf" | "updatedEvents">): StoreOperations["updatedListing"] =>
  (query) =>
    Effect.flatMap(updatedEvents(query), (page) =>
      Effect.map(withBots(botsOf, query.userId, page.items), (items) => ({ ...page, items }))
    )

const withBots = (
  botsOf: StoreOperations["botsOf"],
  userId: UserId,
  events: ReadonlyArray<CalendarEvent>
): Effect.Effect<ReadonlyArray<EventListing>, StoreError> =>
  events.length === 0
    ? Effect.succeed([])
    : Effect.map(botsOf(userId, [...new Set(events.map(({ meeting }) => meeting))]), (bots) => {
        const byMeeting = Map.groupBy(bots, ({ meeting }) => meeting)
        return events.map((event) => listingOf(event, byMeeting.get(event.meeting) ?? []))
      })

export const listingOf = ({ raw, ...event }: CalendarEvent, bots: ReadonlyArray<Bot>): EventListing => ({
  event,
  rawText: JSON.stringify(raw) ?? "null",
  bots: bots.slice(0, quotaLimits.botsOfOneEventMax),
  botCount: bots.length
})
