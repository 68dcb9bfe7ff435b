/**
 * Lists bots, those that are ahead or those of a status, and shows one; each with the name of its meeting.
 * Decides which bots a word means. The name is the mirror's.
 */
import { Clock, Effect, Option } from "effect"
import type { Bot, BotStatus } from "../../domain/Bot.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { BotId, CalendarId, EventId, UserId } from "../../domain/Ids.ts"
import { botNotFound } from "../../domain/Refusal.ts"
import { type Page, Store, type StoreError } from "../../ports/Store.ts"
import { connectionsOf, notConnected } from "../account/OpenAccount.ts"
import type { BotsRequest, BotsWanted, Failure, ListedBot } from "../contract/Contract.ts"

/** A page of bots by join time. Refused: `calendar_not_connected`. */
export const bots = Effect.fn("Punctual.bots")(function* (
  userId: UserId,
  { backwards, limit, place, status = "scheduled" }: BotsRequest
): Effect.fn.Return<Page<ListedBot>, Failure, Store> {
  const store = yield* Store
  const found = yield* store.botListing({
    userId,
    status: statuses[status],
    // One that is scheduled and whose time has come is about to be launched.
    joinAfter: status === "scheduled" ? yield* Clock.currentTimeMillis : null,
    limit,
    place,
    backwards
  })
  if (!found.connections.some(isStanding)) return yield* Effect.fail(notConnected)
  const { hasMore, items } = found
  const subjects = yield* subjectsOf(userId, items)
  return { items: items.map((bot) => ({ ...bot, subject: subjects.get(bot.eventId) ?? "" })), hasMore }
})

const statuses: Readonly<Record<BotsWanted, BotStatus | null>> = {
  scheduled: "Scheduled",
  launching: "Launching",
  launched: "Launched",
  failed: "Failed",
  cancelled: "Cancelled",
  all: null
}

/** One bot, whatever became of it. Refused: `calendar_not_connected`, `bot_not_found`. */
export const oneBot = Effect.fn("Punctual.bot")(function* (
  userId: UserId,
  botId: BotId
): Effect.fn.Return<ListedBot, Failure, Store> {
  yield* connectionsOf(userId)
  const found = Option.getOrNull(yield* (yield* Store).bot(userId, botId))
  if (found === null) return yield* Effect.fail(botNotFound)
  return { ...found, subject: (yield* subjectsOf(userId, [found])).get(found.eventId) ?? "" }
})

/** Rows read at once, of those that no list gives. */
const readsAtOnceMax = 8

/** One question for each calendar, and one for each virtual occurrence: the calendar's rows leave those out. */
const subjectsOf = Effect.fnUntraced(function* (
  userId: UserId,
  listed: ReadonlyArray<Bot>
): Effect.fn.Return<ReadonlyMap<EventId, string>, StoreError, Store> {
  const store = yield* Store
  const calendars = Map.groupBy(listed, ({ calendarId }): CalendarId => calendarId)
  const mirrored = yield* Effect.forEach(
    calendars,
    ([calendarId, its]) =>
      store.mirrored(userId, calendarId, { events: its.map(({ eventId }) => eventId), series: [], providerIds: [] }),
    { concurrency: readsAtOnceMax }
  )
  const known = new Map(mirrored.flatMap(({ events }) => events.map(({ id, subject }) => [id, subject] as const)))
  const others = yield* Effect.forEach(
    listed.filter(({ eventId }) => !known.has(eventId)),
    ({ eventId }) => store.event(userId, eventId),
    { concurrency: readsAtOnceMax }
  )
  for (const event of others) if (Option.isSome(event)) known.set(event.value.id, event.value.subject)
  return known
})
