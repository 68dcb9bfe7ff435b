/**
 * Closes a slice: follows meetings to their series and series to their meetings, until nothing new comes up.
 *
 * Decides what belongs to it. A meeting brings the series that own a copy of it. A series brings those of its meetings
 * that have an intent, an override or a live bot; if there is any intent among them, it brings its stored occurrences
 * ahead as well. Few keys are looked up one by one; beyond a limit the whole partition is read instead, once.
 */
import type { Instant, MeetingKey, SeriesKey, UserId } from "@punctual/core"
import { Effect } from "effect"
import type { Item } from "../table/Item.ts"
import { allOf } from "../table/Queries.ts"
import type { Table } from "../table/Table.ts"
import type { TableError } from "../table/TableError.ts"
import { isBotItem, isLive, toBot } from "./items/Bot.ts"
import { isEventItem, toEvent } from "./items/Mirrored.ts"
import { isIntentItem, isOverrideItem, toIntent, toOverride } from "./items/Intent.ts"
import { ofMeeting, ofSeries, ofSeriesFrom, partitionOf } from "./items/Keys.ts"

export interface Seed {
  readonly meetings: ReadonlyArray<MeetingKey>
  readonly series: ReadonlyArray<SeriesKey>
}

export interface SliceClosure {
  readonly meetings: ReadonlySet<MeetingKey>
  readonly series: ReadonlySet<SeriesKey>
  /** Everything about them, and perhaps more. */
  readonly items: ReadonlyArray<Item>
}

/** How a user's items are found. */
interface Lookup {
  /** Copies, intents, overrides and bots of a meeting. */
  readonly ofMeeting: (meeting: MeetingKey) => Effect.Effect<ReadonlyArray<Item>, TableError>
  /** Rows of a series, and the intents, overrides and bots about it or an occurrence of it. */
  readonly ofSeries: (series: SeriesKey) => Effect.Effect<ReadonlyArray<Item>, TableError>
  /** Stored occurrences of a series that end after the instant. */
  readonly ahead: (series: SeriesKey, now: Instant) => Effect.Effect<ReadonlyArray<Item>, TableError>
}

/** Keys to be looked up from which reading the whole partition is the lesser work. */
const keysMax = 150

const readsAtOnce = 16

export const sliceClosure = Effect.fnUntraced(function* (
  table: Table,
  userId: UserId,
  seed: Seed,
  now: Instant
): Effect.fn.Return<SliceClosure, TableError> {
  const meetings = new Set<MeetingKey>()
  const series = new Set<SeriesKey>()
  const items = new Map<unknown, Item>()
  let next: Seed = seed
  let lookup = oneByOne(table, userId)
  let isWhole = false
  // A fixpoint: what is asked next is made of all that was answered before.
  for (;;) {
    const newMeetings = [...new Set(next.meetings)].filter((key) => !meetings.has(key))
    const newSeries = [...new Set(next.series)].filter((key) => !series.has(key))
    if (newMeetings.length + newSeries.length === 0) return { meetings, series, items: [...items.values()] }
    for (const key of newMeetings) meetings.add(key)
    for (const key of newSeries) series.add(key)
    if (!isWhole && meetings.size + series.size > keysMax) {
      lookup = within(yield* allOf(table.page, { partition: partitionOf(userId) }))
      isWhole = true
    }
    const steps = [
      ...newMeetings.map((key) => meetingStep(lookup, key)),
      ...newSeries.map((key) => seriesStep(lookup, key, now))
    ]
    const found = yield* Effect.all(steps, { concurrency: readsAtOnce })
    for (const step of found) for (const item of step.items) items.set(item["sk"], item)
    next = {
      meetings: found.flatMap((step) => step.meetings),
      series: found.flatMap((step) => step.series)
    }
  }
})

type Step = Effect.Effect<Seed & { readonly items: ReadonlyArray<Item> }, TableError>

const meetingStep = (lookup: Lookup, meeting: MeetingKey): Step =>
  Effect.map(lookup.ofMeeting(meeting), (items) => ({
    items,
    meetings: [],
    series: items.filter(isEventItem).flatMap((item) => toEvent(item).seriesKey ?? [])
  }))

const seriesStep = (lookup: Lookup, series: SeriesKey, now: Instant): Step =>
  Effect.gen(function* () {
    const items = yield* lookup.ofSeries(series)
    const intents = items.filter(isIntentItem).map(toIntent)
    const spoken = [
      ...intents.flatMap((intent) => ("meeting" in intent ? [intent.meeting] : [])),
      ...items.filter(isOverrideItem).map((item) => toOverride(item).meeting),
      ...items
        .filter(isBotItem)
        .map(toBot)
        .filter(isLive)
        .map((bot) => bot.meeting)
    ]
    const ahead = intents.length === 0 ? [] : (yield* lookup.ahead(series, now)).map(toEvent)
    return {
      items,
      series: [],
      meetings: [...spoken, ...ahead.filter((event) => event.end > now).map((event) => event.meeting)]
    }
  })

const oneByOne = (table: Table, userId: UserId): Lookup => {
  const partition = partitionOf(userId)
  return {
    ofMeeting: (meeting) => {
      const place = ofMeeting(meeting)
      return allOf(table.page, { index: "by_meeting", partition, low: place, high: place })
    },
    ofSeries: (series) => {
      const place = ofSeries(series)
      return allOf(table.page, { index: "by_series", partition, low: place, high: place })
    },
    ahead: (series, now) =>
      allOf(table.page, {
        index: "by_series",
        partition,
        ...ofSeriesFrom(series, now)
      })
  }
}

/** The same by what was read already. */
const within = (items: ReadonlyArray<Item>): Lookup => {
  const byMeeting = Map.groupBy(items, (item) => item["ofMeeting"])
  const bySeries = Map.groupBy(items, (item) => item["ofSeries"])
  const events = Map.groupBy(items.filter(isEventItem), (item) => toEvent(item).seriesKey)
  return {
    ofMeeting: (meeting) => Effect.succeed(byMeeting.get(ofMeeting(meeting)) ?? []),
    ofSeries: (series) => Effect.succeed(bySeries.get(ofSeries(series)) ?? []),
    ahead: (series) => Effect.succeed(events.get(series) ?? [])
  }
}
