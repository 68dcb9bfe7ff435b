/**
 * Composite answers of a store, made from its simpler ones. For stores that gain nothing by fetching all of it at once.
 */
import { Effect } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import { quotaLimits } from "../domain/Limits.ts"
import type { EventListing } from "./StoreAnswers.ts"
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
      items.length === 0
        ? Effect.succeed({ items: [], hasMore })
        : Effect.map(botsOf(query.userId, [...new Set(items.map(({ meeting }) => meeting))]), (bots) => {
            const byMeeting = Map.groupBy(bots, ({ meeting }) => meeting)
            return { items: items.map((event) => listingOf(event, byMeeting.get(event.meeting) ?? [])), hasMore }
          })
    )

export const listingOf = ({ raw, ...event }: CalendarEvent, bots: ReadonlyArray<Bot>): EventListing => ({
  event,
  rawText: JSON.stringify(raw) ?? "null",
  bots: bots.slice(0, quotaLimits.botsOfOneEventMax),
  botCount: bots.length
})
