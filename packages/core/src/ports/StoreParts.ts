/**
 * Composite answers of a store, made from its simpler ones. For stores that gain nothing by fetching all of it at once.
 */
import { Effect, Option } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import { quotaLimits } from "../domain/Limits.ts"
import type { EventListing } from "./StoreAnswers.ts"
import type { StoreOperations } from "./StoreOperations.ts"

type Parts<Name extends keyof StoreOperations> = Pick<StoreOperations, Name>

export const accountByParts =
  ({ calendars, connection }: Parts<"calendars" | "connection">): StoreOperations["account"] =>
  (userId) =>
    Effect.flatMap(
      connection(userId),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (found) => Effect.map(calendars(userId), (all) => Option.some({ connection: found, calendars: all }))
      })
    )

export const botListingByParts =
  ({ bots, connection }: Parts<"bots" | "connection">): StoreOperations["botListing"] =>
  (query) =>
    Effect.flatMap(
      connection(query.userId),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (found) => Effect.map(bots(query), (page) => Option.some({ ...page, connection: found }))
      })
    )

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
