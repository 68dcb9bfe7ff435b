/**
 * What is told of single events and instances: which lie in a span, and what of an instance is its series'.
 *
 * Decides that an instance without changes is told by its times alone where its series is told with it and its rule is
 * known; otherwise it comes whole. Counts what could not be understood.
 */
import { Effect, Metric, Result } from "effect"
import type { ChangeItem, ChangePage, ProviderEvent, ProviderSeries, Span } from "@punctual/core"
import { type Around, eventOf } from "../mapping/Event.ts"
import { type GoogleItem, readGoogleItem } from "../mapping/GoogleItem.ts"
import type { Rejection } from "../mapping/Rejection.ts"

/** Items of a page, and those that were not understood. */
export interface Read {
  readonly items: ReadonlyArray<GoogleItem>
  readonly rejections: ReadonlyArray<Rejection>
}

export const readItems = (page: ReadonlyArray<unknown>): Read => {
  const [rejections, items] = parted(page.map(readGoogleItem))
  return { items, rejections }
}

/** Collects what is told on one page, in its order. */
export interface Telling {
  readonly items: Array<ChangeItem>
  readonly rejections: Array<Rejection>
}

/** An event, if it overlaps the span; answers whether it does. */
export const tellEvent = (telling: Telling, item: GoogleItem, around: Around, span: Span): boolean => {
  const event = eventIn(telling, item, around, span)
  if (event !== null) telling.items.push({ kind: "event", event })
  return event !== null
}

/** An instance of a series that was told before it. */
export const tellInstance = (
  telling: Telling,
  item: GoogleItem,
  { around, series, span }: { readonly around: Around; readonly series: ProviderSeries; readonly span: Span }
): void => {
  const event = eventIn(telling, item, around, span)
  if (event === null) return
  const { end, kind, providerId, raw, start } = event
  const isThin = kind === "occurrence" && series.timing !== null
  telling.items.push(
    isThin
      ? { kind: "occurrence", providerId, seriesProviderId: series.providerId, start, end, raw }
      : { kind: "event", event }
  )
}

/** Google's bounds are for what it lists: what changed since is told wherever it lies. */
const eventIn = (telling: Telling, item: GoogleItem, around: Around, { from, to }: Span): ProviderEvent | null => {
  const read = eventOf(item, around)
  if (Result.isFailure(read)) {
    telling.rejections.push(read.failure)
    return null
  }
  return read.success.start < to && read.success.end > from ? read.success : null
}

export const pageOf = (telling: Telling, cursor: string | null): Effect.Effect<ChangePage> =>
  Effect.as(count(telling.rejections), { items: telling.items, rejected: telling.rejections.length, cursor })

const rejectedItems = Metric.counter("punctual_google_items_rejected", {
  description: "Calendar items that could not be understood, by reason",
  incremental: true
})

/** Skipped is not silent. */
const count = (rejections: ReadonlyArray<Rejection>): Effect.Effect<void> =>
  Effect.forEach(rejections, ({ reason }) => Metric.update(Metric.withAttributes(rejectedItems, { reason }), 1), {
    discard: true
  })

const parted = (
  results: ReadonlyArray<Result.Result<GoogleItem, Rejection>>
): readonly [ReadonlyArray<Rejection>, ReadonlyArray<GoogleItem>] => [
  results.flatMap((each) => (Result.isFailure(each) ? [each.failure] : [])),
  results.flatMap((each) => (Result.isSuccess(each) ? [each.success] : []))
]
