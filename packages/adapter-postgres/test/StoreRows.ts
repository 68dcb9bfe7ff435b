/**
 * Many users with plain rows, for the store's tests of this package. Decides what is told apart by a number or a label.
 */
import type { Bot, CalendarEvent, Claim, Connection, ConnectionRef, StoreError, UserId } from "@punctual/core"
import { Store } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { Effect, Option } from "effect"

export const { calendarId, day, hour, minute, now } = Rows

export const userOf = (n: number): UserId => `usr_${String(n).padStart(5, "0")}` as UserId

export const connectionOf = (userId: UserId, members: Partial<Connection> = {}): Connection =>
  Rows.connection({ userId, ...members })

export const refOf = (userId: UserId, generation = 1, version = 1): ConnectionRef => ({
  userId,
  connectionId: connectionOf(userId).id,
  generation,
  version
})

export const listing = Rows.listing({ isPrimary: true })

export const eventOf = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  Rows.event(label, { providerId: `AAMk-${label}`, ...members })

export const botOf = (label: string, members: Partial<Bot> = {}): Bot => Rows.bot(eventOf(label), members)

/** A connected user with one calendar, and a claim on it. */
export const connected = Effect.fnUntraced(function* (userId: UserId): Effect.fn.Return<Claim, StoreError, Store> {
  const store = yield* Store
  const connection = connectionOf(userId)
  yield* store.saveConnection(connection, null)
  yield* store.listCalendars(connection, [listing], now)
  const claim = yield* store.claimCalendar(userId, calendarId, now, now + minute)
  return Option.getOrThrow(claim)
})
