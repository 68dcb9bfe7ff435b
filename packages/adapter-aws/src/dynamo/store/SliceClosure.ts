/**
 * Closes a slice: follows meetings to their series and families, families to all their meetings, and series to their
 * meetings, until nothing new comes up.
 *
 * Decides what belongs to it. A meeting brings the series that own a copy of it, and all events of its copies' families. A
 * series brings those of its meetings that have an intent, an override or a live bot; if there is any intent among them, it
 * brings its stored occurrences ahead as well. Few keys are looked up one by one; beyond a limit the whole partition is read
 * instead, once.
 */
import {
  type CalendarEvent,
  type Instant,
  type MeetingKey,
  type SeriesKey,
  type UserId,
  seriesOfMeeting
} from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import { type Range, allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { bareBot, isBotItem, isLive } from "./items/Bot.ts"
import { type Apart, isApartItem, isEventItem, toApart, toEvent } from "./items/Mirrored.ts"
import { bareIntent, bareOverride, isIntentItem, isOverrideItem } from "./items/Intent.ts"
import { ofMeeting, ofSeries, ofSeriesFrom, partitionOf } from "./items/Keys.ts"

export interface Seed {
  readonly meetings: ReadonlyArray<MeetingKey>
  readonly series: ReadonlyArray<SeriesKey>
  /** All of whose events belong to it. */
  readonly families?: ReadonlyArray<MeetingKey>
}

export interface SliceClosure {
  readonly meetings: ReadonlySet<MeetingKey>
  readonly series: ReadonlySet<SeriesKey>
  /** Everything about them, and perhaps more. */
  readonly items: ReadonlyArray<Item>
}

/** Keys to be looked up from which reading the whole partition is the lesser work. */
const keysMax = 150

const readsAtOnce = 16

export const sliceClosure = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  { families = [], meetings, series }: Seed,
  now: Instant
): Effect.fn.Return<SliceClosure, TableError> {
  const reach: Reach = { meetings: new Set(meetings), series: new Set(series), families: new Set(families) }
  const held = nothingHeld()
  const looked = new Set<string>()
  // A fixpoint: what is asked next is made of all that was answered before.
  for (;;) {
    grow(reach, held, now)
    const lookups = lookupsOf(userId, reach, held, now).filter(({ name }) => !looked.has(name))
    if (lookups.length === 0) break
    for (const { name } of lookups) looked.add(name)
    if (looked.size > keysMax) {
      keep(held, yield* allOf(table.page, { partition: partitionOf(userId) }))
      grow(reach, held, now)
      break
    }
    const found = yield* Effect.forEach(lookups, ({ range }) => allOf(table.page, range), { concurrency: readsAtOnce })
    for (const items of found) keep(held, items)
  }
  return { meetings: reach.meetings, series: reach.series, items: [...held.items.values()] }
})

/** What a slice is about: it grows until it is closed. */
interface Reach {
  readonly meetings: Set<MeetingKey>
  readonly series: Set<SeriesKey>
  readonly families: Set<MeetingKey>
}

/** What was read so far. */
interface Held {
  readonly items: Map<unknown, Item>
  readonly events: Array<CalendarEvent>
  readonly apart: Array<Apart>
  /** Occurrences that somebody asks for or against, or that have a live bot. */
  readonly spoken: Array<{ readonly meeting: MeetingKey; readonly series: SeriesKey }>
  /** Series that an intent is about, or one about an occurrence of theirs. */
  readonly wished: Set<SeriesKey>
}

const nothingHeld = (): Held => ({ items: new Map(), events: [], apart: [], spoken: [], wished: new Set() })

const keep = (held: Held, items: ReadonlyArray<Item>): void => {
  for (const item of items) {
    if (held.items.has(item["sk"])) continue
    held.items.set(item["sk"], item)
    if (isEventItem(item)) held.events.push(toEvent(item))
    else if (isApartItem(item)) held.apart.push(toApart(item))
    else if (isIntentItem(item)) {
      const intent = bareIntent(item)
      const series = "series" in intent ? intent.series : seriesOfMeeting(intent.meeting)
      if (series !== null) held.wished.add(series)
      if ("meeting" in intent) speakOf(held, intent.meeting)
    } else if (isOverrideItem(item)) speakOf(held, bareOverride(item).meeting)
    else if (isBotItem(item)) {
      const bot = bareBot(item)
      if (isLive(bot)) speakOf(held, bot.meeting)
    }
  }
}

const speakOf = ({ spoken }: Held, meeting: MeetingKey): void => {
  const series = seriesOfMeeting(meeting)
  if (series !== null) spoken.push({ meeting, series })
}

/** As far as what was read tells. */
const grow = ({ families, meetings, series }: Reach, { events, spoken, wished }: Held, now: Instant): void => {
  for (let size = -1; size !== meetings.size + series.size + families.size;) {
    size = meetings.size + series.size + families.size
    for (const each of spoken) if (series.has(each.series)) meetings.add(each.meeting)
    for (const { end, family, meeting, seriesKey } of events) {
      const isAhead = seriesKey !== null && series.has(seriesKey) && wished.has(seriesKey) && end > now
      if (isAhead || families.has(family)) meetings.add(meeting)
      if (!meetings.has(meeting)) continue
      families.add(family)
      if (seriesKey !== null) series.add(seriesKey)
    }
  }
}

interface Lookup {
  readonly name: string
  readonly range: Range
}

/** Where the rest of it stands: copies, intents, overrides and bots by meeting or family, and by series. */
const lookupsOf = (
  userId: UserId,
  { families, meetings, series }: Reach,
  { apart, wished }: Held,
  now: Instant
): ReadonlyArray<Lookup> => {
  const partition = partitionOf(userId)
  const pointed = apart.filter(({ meeting }) => meetings.has(meeting)).map(({ family }) => family)
  return [
    ...[...new Set([...meetings, ...families, ...pointed])].map((key): Lookup => {
      const place = ofMeeting(key)
      return { name: `meeting ${key}`, range: { index: "by_meeting", partition, low: place, high: place } }
    }),
    ...[...series].map((key): Lookup => {
      const place = ofSeries(key)
      return { name: `series ${key}`, range: { index: "by_series", partition, low: place, high: place } }
    }),
    ...[...series]
      .filter((key) => wished.has(key))
      .map((key): Lookup => ({
        name: `ahead ${key}`,
        range: { index: "by_series", partition, ...ofSeriesFrom(key, now) }
      }))
  ]
}
