/**
 * A user of two connections, with a calendar each. Decides rows and names only.
 */
import { type CalendarEvent, type CalendarId, type Connection, type Store } from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { Effect, Option } from "effect"
import { connectionOf, eventOf, minute, now, userId } from "./StoreKit.ts"

export const first = connectionOf()
export const second = connectionOf({ platform: "other_calendar", createdAt: now + 1 })
export const other = Rows.listing({ connectionId: second.id, isPrimary: true })
export const buried: Connection = {
  ...second,
  generation: 2,
  revision: 2,
  status: "disconnected",
  statusReason: "erasing"
}

/** Both, with a calendar each. */
export const bothConnected = Effect.fnUntraced(function* (store: Store["Service"]) {
  for (const [row, listing] of [
    [first, Rows.listing()],
    [second, other]
  ] as const) {
    yield* store.saveConnection(row, null)
    yield* store.listCalendars(row, [listing], now)
  }
})

export const claimOn = (store: Store["Service"], id: CalendarId, at = now) =>
  Effect.map(store.claimCalendar(userId, id, at, at + minute), Option.getOrThrow)

export const elsewhere = (label: string, members: Partial<CalendarEvent> = {}): CalendarEvent =>
  eventOf(label, { calendarId: other.id, ...members })

export const manyElsewhere = (count: number) => Array.from({ length: count }, (_, n) => elsewhere(`other ${n}`))
