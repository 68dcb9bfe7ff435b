/**
 * The simulated Google's items as its API writes them.
 *
 * Decides which members are left out, that an instance which was never changed carries its master's etag, and what is left
 * of a cancelled item.
 */
import type { Instance } from "../world/Instances.ts"
import type { Calendar, Entry, Item, Options } from "../world/World.ts"

type Json = Readonly<Record<string, unknown>>

/** Twice the microseconds of its last change; the sequence keeps two changes of one millisecond apart. */
const etagOf = ({ changed, updated }: Item): string => `"${updated * 2_000 + 2 * (changed % 1_000)}"`

const iso = (instant: number): string => new Date(instant).toISOString()

/** A single event, a master, or an exception. */
export const itemJson = (item: Item): Json => ({
  kind: "calendar#event",
  etag: etagOf(item),
  id: item.id,
  status: item.isCancelled ? "cancelled" : "confirmed",
  htmlLink: `https://www.google.com/calendar/event?eid=${encodeURIComponent(item.id)}`,
  created: iso(item.created),
  updated: iso(item.updated),
  iCalUID: `${item.seriesId ?? item.id}@google.com`,
  sequence: 0,
  reminders: { useDefault: true },
  eventType: "default",
  ...item.members
})

/** An instance of a master, changed or not. */
export const instanceJson = (master: Item, instance: Instance, options: Options): Json => {
  const { exception, originalStart, times } = instance
  const original = { originalStartTime: timeJson(originalStart, times.isDate, times.zone) }
  if (exception?.isCancelled === true) return cancelledJson(exception, options)
  if (exception !== null) return { ...itemJson(exception), ...original, recurringEventId: master.id }
  const { recurrence: _, ...whole } = itemJson(master)
  return {
    ...whole,
    id: instance.id,
    start: timeJson(times.start, times.isDate, times.zone),
    end: timeJson(times.end, times.isDate, times.zone),
    recurringEventId: master.id,
    ...original
  }
}

/** What is left: of an instance its place in the series, or less; of anything else an id. */
export const cancelledJson = (item: Item, { sparseCancelled }: Options): Json => ({
  kind: "calendar#event",
  etag: etagOf(item),
  id: item.id,
  status: "cancelled",
  ...(item.seriesId === null || item.originalStart === null || sparseCancelled
    ? {}
    : {
        recurringEventId: item.seriesId,
        // Seen without a zone.
        originalStartTime:
          item.members["isDate"] === true
            ? { date: iso(item.originalStart).slice(0, 10) }
            : { dateTime: iso(item.originalStart) }
      })
})

const timeJson = (instant: number, isDate: boolean, zone: string): Json =>
  isDate ? { date: iso(instant).slice(0, 10) } : { dateTime: iso(instant), timeZone: zone }

export const entryJson = ({ isPrimary, role }: Entry, calendar: Calendar): Json => ({
  kind: "calendar#calendarListEntry",
  etag: '"1700000000000000"',
  id: calendar.id,
  summary: calendar.summary,
  timeZone: calendar.timeZone,
  colorId: "14",
  backgroundColor: "#9fe1e7",
  foregroundColor: "#000000",
  selected: true,
  accessRole: role,
  defaultReminders: [],
  // What is false is left out.
  ...(isPrimary ? { primary: true } : {})
})
