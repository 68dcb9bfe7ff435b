/**
 * Answers of a store put together from its smaller ones, for stores that gain nothing by asking for all of it at once.
 * Decides nothing that the parts have not.
 */
import { Effect, Option } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import { quotaLimits } from "../domain/Limits.ts"
import type { EventListing, Store } from "./Store.ts"

type Parts<Name extends keyof Store["Service"]> = Pick<Store["Service"], Name>

export const accountByParts =
  ({ calendars, connection }: Parts<"calendars" | "connection">): Store["Service"]["account"] =>
  (userId) =>
    Effect.flatMap(
      connection(userId),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (found) => Effect.map(calendars(userId), (all) => Option.some({ connection: found, calendars: all }))
      })
    )

export const botListingByParts =
  ({ bots, connection }: Parts<"bots" | "connection">): Store["Service"]["botListing"] =>
  (query) =>
    Effect.flatMap(
      connection(query.userId),
      Option.match({
        onNone: () => Effect.succeedNone,
        onSome: (found) => Effect.map(bots(query), (page) => Option.some({ ...page, connection: found }))
      })
    )

export const listingByParts =
  ({ botsOf, events }: Parts<"botsOf" | "events">): Store["Service"]["listing"] =>
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
