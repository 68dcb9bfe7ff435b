/**
 * Finds the event or series that an id names, and the scope that a request about it has to load.
 */
import { Clock, DateTime, Effect, Option } from "effect"
import { virtualOccurrenceOn } from "../../decide/occurrences/BeyondWindow.ts"
import { currentState } from "../../decide/reschedule/SeriesChange.ts"
import { indexState } from "../../decide/state/StateIndex.ts"
import type { Bot } from "../../domain/Bot.ts"
import { occurrenceNamed } from "../../domain/DeterministicIds.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { EventId, SeriesId, UserId } from "../../domain/Ids.ts"
import { type Refusal, eventNotFound, refuse } from "../../domain/Refusal.ts"
import type { Series, SeriesExceptions } from "../../domain/Series.ts"
import type { Scope } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { seriesRow } from "../../mirror/SeriesRow.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { scopeOfBots } from "../../ports/StoreParts.ts"
import { calendarOf, openAccount } from "./OpenAccount.ts"
import type { Failure } from "../contract/Contract.ts"

/** What an id was found to name. */
export interface Target {
  readonly event: CalendarEvent | null
  readonly series: Series | null
}

export const notRecurring: Refusal = refuse("not_recurring", "The event is not part of a recurring series.")

/**
 * What an id names: a row that is not gone, or a virtual occurrence of which no row is stored. Another user's id is found no
 * more than an unknown one.
 */
export const findTarget = Effect.fnUntraced(function* (
  userId: UserId,
  id: EventId | SeriesId
): Effect.fn.Return<Target, StoreError | Refusal, Store> {
  const store = yield* Store
  if (id.startsWith("srs_")) {
    const series = Option.getOrNull(yield* store.series(userId, id as SeriesId))
    return series === null || series.isDeleted ? yield* Effect.fail(eventNotFound) : { event: null, series }
  }
  const { event } = yield* findEvent(userId, id as EventId)
  const series = event.seriesId === null ? null : Option.getOrNull(yield* store.series(userId, event.seriesId))
  return { event, series }
})

/** As above, of an event alone. */
export const findEvent = Effect.fnUntraced(function* (
  userId: UserId,
  id: EventId
): Effect.fn.Return<{ readonly event: CalendarEvent; readonly isStored: boolean }, StoreError | Refusal, Store> {
  const store = yield* Store
  const row = Option.getOrNull(yield* store.event(userId, id))
  if (row !== null) return row.isDeleted ? yield* Effect.fail(eventNotFound) : { event: row, isStored: true }
  const named = occurrenceNamed(id)
  const series = named === null ? null : Option.getOrNull(yield* store.series(userId, named.series))
  if (named === null || series === null) return yield* Effect.fail(eventNotFound)
  const now = yield* Clock.currentTimeMillis
  const slice = yield* store.slice(userId, { kind: "meetings", meetings: [], series: [series.key] }, now)
  const event = virtualOccurrenceOn(indexState(currentState(slice, now)), series, named.date)
  return event === null ? yield* Effect.fail(eventNotFound) : { event, isStored: false }
})

/** What a request about a meeting or its series needs to see: with a series, all of its occurrences ahead. */
export const scopeOf = Effect.fnUntraced(function* (
  userId: UserId,
  { event, series }: Target
): Effect.fn.Return<Scope, StoreError, Store> {
  const own = event === null ? [] : [event.meeting]
  if (series === null) return { kind: "meetings", meetings: own, series: [] }
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const occurrences = yield* store.occurrencesOf(userId, [series.id])
  const ahead = occurrences.filter(({ end }) => end > now).map(({ meeting }) => meeting)
  return { kind: "meetings", meetings: [...new Set([...own, ...ahead])], series: [series.key] }
})

/** The bot's meeting, and its series where it has one. */
export const scopeOfBot = (bot: Pick<Bot, "meeting">): Scope => scopeOfBots([bot])

/** RFC 3339; null: not one. */
export const parseInstant = (text: string): Instant | null =>
  Option.match(DateTime.make(text), { onNone: () => null, onSome: DateTime.toEpochMillis })

/**
 * Cancelled and changed occurrences of a series, asked of the provider. Empty where it does not answer: then virtual
 * occurrences follow the rule alone.
 */
export const exceptionsOf = Effect.fnUntraced(function* (
  userId: UserId,
  series: Series
): Effect.fn.Return<ReadonlyArray<SeriesExceptions>, Failure, CalendarProviders | Secrets | Store> {
  const { calendar, connection } = yield* calendarOf(userId, series.calendarId)
  const now = yield* Clock.currentTimeMillis
  return yield* openAccount(connection).pipe(
    Effect.flatMap(({ session }) => session.series(calendar.providerId, series.providerId)),
    Effect.map(
      Option.match({
        onNone: () => [],
        onSome: (found) => [{ id: series.id, exceptions: seriesRow(calendar, found, now).exceptions }]
      })
    ),
    Effect.catchTags({
      CalendarError: (error) => Effect.as(Effect.logDebug("series not read", error.reason._tag), []),
      Refusal: () => Effect.succeed([])
    })
  )
})
