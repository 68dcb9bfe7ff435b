/**
 * Lists bots that are ahead, each with the name of its meeting.
 * Decides nothing: the name is the mirror's.
 */
import { Clock, Effect, Option } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { CalendarId, EventId, UserId } from "../../domain/Ids.ts"
import { type Page, type Place, Store, type StoreError } from "../../ports/Store.ts"
import { notConnected } from "../account/OpenAccount.ts"
import type { Failure, ListedBot } from "../contract/Contract.ts"

/** A page of bots by join time. Refused: `calendar_not_connected`. */
export const bots = Effect.fn("Punctual.bots")(function* (
  userId: UserId,
  page: { readonly limit: number; readonly place: Place | null; readonly backwards: boolean }
): Effect.fn.Return<Page<ListedBot>, Failure, Store> {
  const store = yield* Store
  const found = yield* store.botListing({
    userId,
    status: "Scheduled",
    joinAfter: yield* Clock.currentTimeMillis,
    ...page
  })
  if (!found.connections.some(isStanding)) return yield* Effect.fail(notConnected)
  const { hasMore, items } = found
  const subjects = yield* subjectsOf(userId, items)
  return { items: items.map((bot) => ({ ...bot, subject: subjects.get(bot.eventId) ?? "" })), hasMore }
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
