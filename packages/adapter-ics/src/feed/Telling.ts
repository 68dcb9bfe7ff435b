/**
 * What of a feed is told in a window: each meeting, and each series with its occurrences.
 * Decides what counts as a change: whatever a reader is told but the stamps (when an entry was written), since many servers
 * write the time of the answer there.
 */
import type { ChangeItem, ProviderEvent, ProviderSeries, Span } from "@punctual/core"
import { laidOut } from "../events/Layout.ts"
import { type ReadSeries, ruledOccurrence } from "../events/Told.ts"
import { dayMillis } from "../time/Values.ts"
import { digestOf } from "./Feed.ts"
import { markCharacters } from "./FeedCursor.ts"
import { type FeedContent, isUnread } from "./FeedContent.ts"

/** A meeting or a series, with all that is told of it. */
export interface Told {
  readonly providerId: string
  /** Something of it stands in the feed that can't be read: what is told here may be less than there is. */
  readonly isDoubtful: boolean
  readonly items: ReadonlyArray<ChangeItem>
}

/** In the order of the feed. */
export function* toldIn(content: FeedContent, span: Span, occurrencesMax: number): Generator<Told> {
  const told = (providerId: string, items: ReadonlyArray<ChangeItem>): Told => ({
    providerId,
    isDoubtful: isUnread(content, providerId),
    items
  })
  for (const { event } of content.read.events) {
    if (overlaps(event, span)) yield told(event.providerId, [{ kind: "event", event }])
  }
  for (const each of content.read.series) {
    const items = [...occurrencesOf(each, span, occurrencesMax), ...changedOf(each, span)]
    if (items.length > 0) yield told(each.providerId, [{ kind: "series", series: each.series }, ...items])
  }
}

/** Meetings of a span one by one, and no series. */
export function* viewedIn(content: FeedContent, span: Span, occurrencesMax: number): Generator<ChangeItem> {
  for (const { event } of content.read.events) if (overlaps(event, span)) yield { kind: "event", event }
  for (const each of content.read.series) {
    for (const times of laidIn(each, span, occurrencesMax)) {
      yield { kind: "event", event: ruledOccurrence(each, times).event }
    }
    yield* changedOf(each, span)
  }
}

const laidIn = ({ layout, replaced }: ReadSeries, span: Span, occurrencesMax: number) =>
  // An all-day occurrence lasts as long as its dates do.
  laidOut(layout, span.from - layout.timing.durationMillis - dayMillis, span.to, occurrencesMax)
    .filter((times) => !replaced.has(times.start))
    .filter((times) => overlaps(times, span))

/** Thin, but where the core could not work out the rest: in a zone that the file alone knows. */
const occurrencesOf = (each: ReadSeries, span: Span, occurrencesMax: number): ReadonlyArray<ChangeItem> =>
  laidIn(each, span, occurrencesMax).map((times) => {
    const { event } = ruledOccurrence(each, times)
    if (each.series.timing === null) return { kind: "event", event }
    const { end, providerId, start } = event
    return { kind: "occurrence", providerId, seriesProviderId: each.providerId, start, end, raw: { id: providerId } }
  })

const changedOf = ({ exceptions }: ReadSeries, span: Span): ReadonlyArray<ChangeItem> =>
  exceptions.flatMap(({ event }) => (overlaps(event, span) ? [{ kind: "event", event }] : []))

const overlaps = ({ end, start }: { readonly start: number; readonly end: number }, { from, to }: Span): boolean =>
  start < to && end > from

/** Of a meeting or series, short: the same for the same told. */
export const markOf = ({ items }: Told): string =>
  digestOf(JSON.stringify(items.map((item) => lasting(item))), markCharacters)

const lasting = (item: ChangeItem): unknown => {
  switch (item.kind) {
    case "event":
      return [item.kind, unstamped(item.event)]
    case "series":
      return [item.kind, unstamped(item.series), item.series.exceptions?.map((event) => unstamped(event))]
    case "occurrence":
      return [item.providerId, item.start, item.end]
    case "removed":
      return item
  }
}

const unstamped = (told: ProviderEvent | ProviderSeries): unknown => {
  // The cast: what a file tells is kept as its properties by name.
  const { DTSTAMP: _, CREATED: __, "LAST-MODIFIED": ___, ...raw } = told.raw as Readonly<Record<string, unknown>>
  return { ...told, createdAt: 0, updatedAt: 0, raw, exceptions: null }
}
