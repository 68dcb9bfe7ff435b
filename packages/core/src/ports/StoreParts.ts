/**
 * Composite answers of a store, made from its simpler ones. For stores that gain nothing by fetching all of it at once.
 */
import { Effect, Option } from "effect"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import { quotaLimits } from "../domain/Limits.ts"
import type { UserId } from "../domain/Ids.ts"
import { seriesOfMeeting } from "../domain/MeetingKey.ts"
import type { Scope } from "../domain/Slice.ts"
import { areSameNumbers, numbersOf } from "../domain/UserNumbers.ts"
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

/** Asked for at once, of one store. */
const partsAtOnce = 16

export const slicesOfBotsByParts =
  ({ bot, slice }: Parts<"bot" | "slice">): StoreOperations["slicesOfBots"] =>
  (asked, now) =>
    Effect.forEach(
      asked,
      ({ botIds, userId }) =>
        Effect.flatMap(
          Effect.forEach(botIds, (botId) => bot(userId, botId)),
          (found) => slice(userId, scopeOfBots(found.flatMap(Option.toArray)), now)
        ),
      { concurrency: partsAtOnce }
    )

/** The meetings of bots, and the series that they are occurrences of. */
export const scopeOfBots = (bots: ReadonlyArray<Pick<Bot, "meeting">>): Scope => ({
  kind: "meetings",
  meetings: [...new Set(bots.map(({ meeting }) => meeting))],
  series: [...new Set(bots.flatMap(({ meeting }) => seriesOfMeeting(meeting) ?? []))]
})

export const userNumbersByParts =
  ({ slice }: Parts<"slice">): StoreOperations["userNumbers"] =>
  (userIds) =>
    Effect.forEach(userIds, (userId) => Effect.map(slice(userId, nothing, 0), numbersOf), { concurrency: partsAtOnce })

const nothing: Scope = { kind: "meetings", meetings: [], series: [] }

/**
 * The numbers are looked at before a bot is written: what is written of its user in between counts as written after the bot.
 */
export const writeBotsByParts = ({
  userNumbers,
  writeBot
}: Parts<"userNumbers" | "writeBot">): StoreOperations["writeBots"] =>
  Effect.fnUntraced(function* (writes) {
    const users = [...new Set(writes.filter(({ numbers }) => numbers !== null).map(({ userId }) => userId))]
    const found = users.length === 0 ? [] : yield* userNumbers(users)
    const numbersNow = new Map(users.map((userId, at) => [userId, found[at]]))
    return yield* Effect.forEach(
      writes,
      ({ bot, change, expected, numbers, userId }) => {
        const now = numbersNow.get(userId)
        if (numbers !== null && (now === undefined || !areSameNumbers(numbers, now))) return Effect.succeed(false)
        return Effect.as(writeBot(userId, bot, expected, change), true).pipe(
          Effect.catchIf(
            (error) => error.isConflict,
            () => Effect.succeed(false)
          )
        )
      },
      { concurrency: partsAtOnce }
    )
  })
