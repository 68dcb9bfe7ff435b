/**
 * Rounds of changes of the in-memory calendar provider.
 *
 * Decides what a round says and where the next begins: a cursor is a place in the calendar's log with the window frozen
 * into it. A changed series is told again whole; what lies outside the window is said to be removed, whether the reader
 * ever saw it or not. Never forgets a change by itself.
 */
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { ChangeItem, ChangePage } from "../../../src/domain/Provider.ts"
import type { Span } from "../../../src/domain/Time.ts"
import { type HeldCalendar, type World, itemsOf } from "./Mailbox.ts"
import { itemsIn } from "./Telling.ts"

/** What a cursor stands for. It is opaque to whoever holds it. */
interface Position {
  readonly calendarId: ProviderCalendarId
  readonly epoch: number
  readonly length: number
  readonly window: Span
}

/** Everything in the window; with the place from which the next round goes on. */
export const fullPass = (
  world: World,
  calendarId: ProviderCalendarId,
  calendar: HeldCalendar,
  window: Span,
  pageSize: number
) =>
  pagesOf(
    itemsOf(world, calendarId).map((item) => toldOf(calendar, itemsIn(item, window))),
    pageSize,
    cursorOf({ calendarId, epoch: calendar.epoch, length: calendar.length, window })
  )

const toldOf = ({ withoutMasters }: HeldCalendar, items: ReadonlyArray<ChangeItem>): ReadonlyArray<ChangeItem> =>
  withoutMasters ? items.filter(({ kind }) => kind !== "series") : items

/** Everything in a span, with no cursor. */
export const view = (
  world: World,
  calendarId: ProviderCalendarId,
  span: Span,
  pageSize: number
): ReadonlyArray<ChangePage> =>
  pagesOf(
    itemsOf(world, calendarId).map((item) => itemsIn(item, span)),
    pageSize,
    null
  )

/** What changed since; null: the cursor is forgotten, or never was one. */
export const nextRound = (
  world: World,
  calendarId: ProviderCalendarId,
  calendar: HeldCalendar,
  cursor: string,
  pageSize: number
): ReadonlyArray<ChangePage> | null => {
  const from = positionOf(cursor)
  if (from === null || from.calendarId !== calendarId || from.epoch !== calendar.epoch) return null
  const changed = itemsOf(world, calendarId)
    .filter((item) => item.changedAt > from.length)
    .toSorted((a, b) => a.changedAt - b.changedAt)
    .map((item): ReadonlyArray<ChangeItem> => {
      const told = toldOf(calendar, itemsIn(item, from.window))
      return told.length > 0 ? told : [{ kind: "removed", providerId: item.providerId }]
    })
  return pagesOf(changed, pageSize, cursorOf({ ...from, length: calendar.length }))
}

/** Pages of about that size: a series stands whole on one. The last one may be empty; the cursor is on it alone. */
const pagesOf = (
  groups: ReadonlyArray<ReadonlyArray<ChangeItem>>,
  pageSize: number,
  cursor: string | null
): ReadonlyArray<ChangePage> => {
  const pages: Array<Array<ChangeItem>> = [[]]
  for (const group of groups) {
    const last = pages.at(-1)
    if (last === undefined || last.length >= pageSize) pages.push([...group])
    else last.push(...group)
  }
  return pages.map((items, n) => ({ items, rejected: 0, cursor: n === pages.length - 1 ? cursor : null }))
}

const cursorOf = (position: Position): string => JSON.stringify(position)

const positionOf = (cursor: string): Position | null => {
  // Only what `cursorOf` wrote begins like this; a test may hand in any text as a cursor that is not known.
  return cursor.startsWith('{"calendarId":') ? (JSON.parse(cursor) as Position) : null
}
