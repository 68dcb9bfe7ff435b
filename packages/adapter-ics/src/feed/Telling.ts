/**
 * What of a feed is told in a window: each meeting, and each series with its occurrences.
 * Decides what counts as a change: whatever a reader is told but the stamps (when an entry was written), since many servers
 * write the time of the answer there.
 */
import { createHash } from "node:crypto"
import type { ChangeItem, ProviderEvent, ProviderSeries, Span } from "@punctual/core"
import type { Slices } from "../text/Slices.ts"
import type { Family } from "../events/Family.ts"
import { laidOut } from "../events/Layout.ts"
import { type ReadSeries, ruledOccurrence } from "../events/Told.ts"
import { dayMillis } from "../time/Values.ts"
import { markCharacters } from "./Marks.ts"

/** A meeting or a series, with all that is told of it. */
export interface Told {
  readonly providerId: string
  readonly items: ReadonlyArray<ChangeItem>
}

export function* toldOf({ events, series }: Family, span: Span, occurrencesMax: number): Generator<Told> {
  for (const { event } of events) {
    if (overlaps(event, span)) yield { providerId: event.providerId, items: [{ kind: "event", event }] }
  }
  for (const each of series) {
    const items = [...occurrencesOf(each, span, occurrencesMax), ...changedOf(each, span)]
    if (items.length > 0) {
      yield { providerId: each.providerId, items: [{ kind: "series", series: each.series }, ...items] }
    }
  }
}

/** Meetings of a span one by one, and no series. */
export function* viewedOf({ events, series }: Family, span: Span, occurrencesMax: number): Generator<ChangeItem> {
  for (const { event } of events) if (overlaps(event, span)) yield { kind: "event", event }
  for (const each of series) {
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
export function* markOf({ items }: Told): Slices<string> {
  // Bit by bit: of a series with all its changes it would be a long text.
  const digest = createHash("sha256")
  for (const item of items) {
    if (item.kind !== "series") digest.update(JSON.stringify(lasting(item)))
    else {
      digest.update(JSON.stringify(unstamped(item.series)))
      for (const event of item.series.exceptions ?? []) {
        digest.update(JSON.stringify(unstamped(event)))
        yield itemBytes
      }
    }
    yield itemBytes
  }
  return digest.digest("hex").slice(0, markCharacters)
}

/** To lay out and to mark one item takes as long as reading so much. */
const itemBytes = 200

const lasting = (item: Exclude<ChangeItem, { readonly kind: "series" }>): unknown => {
  switch (item.kind) {
    case "event":
      return unstamped(item.event)
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
