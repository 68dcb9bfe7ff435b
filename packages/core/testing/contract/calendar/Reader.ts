/**
 * A reader of rounds, as simple as it can be: what it holds after each round is what it understood of the calendar.
 *
 * Decides how items are read: the last word holds, a series that is told again replaces its occurrences, and what is
 * said to be removed is looked at no further. Never asks by id.
 */
import { Effect, Stream } from "effect"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { ChangeItem, ChangePage } from "../../../src/domain/Provider.ts"
import type { Span } from "../../../src/domain/Time.ts"
import type { CalendarError, CalendarSession } from "../../../src/ports/CalendarProvider.ts"

export interface Held {
  readonly start: number
  readonly end: number
  readonly seriesId: string | null
}

/** By the provider's id. */
export type Reading = ReadonlyMap<string, Held>

export interface Read {
  readonly reading: Reading
  readonly cursor: string
  readonly items: ReadonlyArray<ChangeItem>
}

/** Reads a round to its end, on top of what was held before. */
export const read = Effect.fnUntraced(function* (
  session: CalendarSession,
  calendarId: ProviderCalendarId,
  from: { readonly window: Span } | { readonly cursor: string },
  before: Reading = new Map()
): Effect.fn.Return<Read, CalendarError> {
  const pages = yield* Stream.runCollect(session.changes(calendarId, from))
  const cursors = pages.map((page: ChangePage) => page.cursor)
  const cursor = cursors.at(-1) ?? null
  if (cursor === null || cursors.slice(0, -1).some((each) => each !== null)) {
    return yield* Effect.die(new Error(`a cursor is on the last page alone, not ${JSON.stringify(cursors)}`))
  }
  const items = pages.flatMap((page) => page.items)
  return { reading: readItems(items, "window" in from ? new Map() : before), cursor, items }
})

const readItems = (items: ReadonlyArray<ChangeItem>, before: Reading): Reading => {
  const told = new Set(items.flatMap((item) => (item.kind === "series" ? [item.series.providerId] : [])))
  const held = new Map([...before].filter(([, { seriesId }]) => seriesId === null || !told.has(seriesId)))
  for (const item of items) {
    if (item.kind === "event") {
      const { end, providerId, seriesProviderId, start } = item.event
      held.set(providerId, { start, end, seriesId: seriesProviderId })
    } else if (item.kind === "occurrence") {
      held.set(item.providerId, { start: item.start, end: item.end, seriesId: item.seriesProviderId })
    } else if (item.kind === "removed") {
      for (const [id, { seriesId }] of held) {
        if (id === item.providerId || seriesId === item.providerId) held.delete(id)
      }
    }
  }
  return held
}

/** In an order of its own, for comparing. */
export const sorted = (reading: Reading): ReadonlyArray<readonly [string, Held]> =>
  [...reading].toSorted(([a], [b]) => (a < b ? -1 : 1))
