/**
 * What a feed holds, as questions are answered from it: its meetings and series, each found by its id.
 * Decides what counts as a calendar that came whole, and what absence from it means: of an entry that stands there and can't be
 * read nothing is known.
 */
import type { ProviderEvent, ProviderSeries } from "@punctual/core"
import { type CalendarRead, type ReadOptions, readCalendar } from "../ReadCalendar.ts"
import { laidOut } from "../events/Layout.ts"
import { type ReadSeries, recurrenceIdOf, ruledOccurrence } from "../events/Told.ts"
import { dayMillis } from "../time/Values.ts"
import { decodeText } from "../text/DecodeText.ts"

export interface FeedContent {
  readonly read: CalendarRead
  /** Meetings and series, whatever their number of occurrences. */
  readonly count: number
  readonly events: ReadonlyMap<string, ProviderEvent>
  readonly series: ReadonlyMap<string, ReadSeries>
}

/** Or why it is none, for a person. */
export const contentOf = (
  bytes: Uint8Array,
  options: ReadOptions,
  componentsMax: number
): FeedContent | { readonly fault: string } => {
  const text = decodeText(bytes)
  if (!/BEGIN\s*:\s*VCALENDAR/i.test(text.slice(0, beginWithin))) {
    return { fault: "what is there is no calendar: it has no BEGIN:VCALENDAR" }
  }
  if (!/END\s*:\s*VCALENDAR\s*$/i.test(text.slice(-endWithin).replaceAll("\0", ""))) {
    return { fault: "it ends before its END:VCALENDAR" }
  }
  if (entriesIn(text) > componentsMax) return { fault: `it holds more than ${componentsMax} entries` }
  const read = readCalendar(text, options)
  const events = new Map<string, ProviderEvent>()
  const series = new Map<string, ReadSeries>()
  for (const { event } of read.events) events.set(event.providerId, event)
  for (const each of read.series) {
    series.set(each.providerId, each)
    for (const { event } of each.exceptions) events.set(event.providerId, event)
  }
  return { read, count: read.events.length + read.series.length, events, series }
}

/** Whatever stands before: a byte order mark, blank lines. */
const beginWithin = 4096
/** Blank lines may follow. */
const endWithin = 4096

/** A line may be written in any way; how many there are at most is told by the words alone. */
const entriesIn = (text: string): number => {
  let count = 0
  for (const _ of text.matchAll(/BEGIN[ \t]*:[ \t]*VEVENT/gi)) count++
  return count
}

/** Null: it is not there. */
export const eventIn = (content: FeedContent, providerId: string): ProviderEvent | null =>
  content.events.get(providerId) ?? ruledIn(content, providerId)

export const seriesIn = ({ series }: FeedContent, providerId: string): ProviderSeries | null =>
  series.get(providerId)?.series ?? null

/** Whether something of its meeting stands there that could not be read. */
export const isUnread = ({ read: { unread } }: FeedContent, providerId: string): boolean => {
  if (unread.size === 0) return false
  for (let end = providerId.length; end > 0; end = providerId.lastIndexOf("/", end - 1)) {
    if (unread.has(providerId.slice(0, end))) return true
  }
  return false
}

/** An occurrence is called by its series and its original time. */
const ruledIn = ({ series }: FeedContent, providerId: string): ProviderEvent | null => {
  const cut = providerId.lastIndexOf("/")
  const of = series.get(providerId.slice(0, cut))
  const near = Date.parse(providerId.slice(cut + 1))
  if (of === undefined || Number.isNaN(near)) return null
  const { layout, replaced, source } = of
  // A date is told in the zone of the series: none is further than a day from UTC.
  const span = source.isAllDay ? 2 * dayMillis : 1
  const found = laidOut(layout, source.isAllDay ? near - span : near, near + span, 2 * nearbyMax).find(
    ({ start }) => !replaced.has(start) && recurrenceIdOf(source, start) === providerId.slice(cut + 1)
  )
  return found === undefined ? null : ruledOccurrence(of, found).event
}

/** All-day occurrences around a date. */
const nearbyMax = 8
