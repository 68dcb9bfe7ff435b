/**
 * Passes over a feed: everything in a window, or what changed since a cursor.
 * Decides what is told: a feed is read whole and compared with what was told of it (`Compare.ts`), and what is believed of it
 * with what it held (`Believed.ts`). Whatever may fail has failed before the first page is told.
 */
import {
  type CalendarSession,
  type ChangeItem,
  type ChangePage,
  CursorExpired,
  type Span,
  Unavailable
} from "@punctual/core"
import { Clock, Effect, type Scope, Stream } from "effect"
import { believe, heldOf } from "./Believed.ts"
import { compare, goneFrom, knownTo, unsettledSince } from "./Compare.ts"
import type { Feed } from "./Feed.ts"
import { type FeedCursor, readCursor, writeCursor } from "./FeedCursor.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import type { ReadAnswer } from "./FeedMemory.ts"
import { pagesOf, viewOf } from "./FeedPages.ts"
import { listingOf } from "./FeedContent.ts"
import { sumOf } from "./Marks.ts"
import { type FeedReader, hostOf, readNow, readRecent, readSince, readingOf } from "./ReadFeed.ts"
import { type Reason, reasonOf } from "./Reason.ts"

export type Pages = Stream.Stream<ChangePage, Reason>

export type PassFrom = Parameters<CalendarSession["changes"]>[1]

/** Pages are read before the scope ends. */
export const changes = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  from: PassFrom
): Effect.fn.Return<Pages, Reason, Scope.Scope> {
  const text = "cursor" in from ? from.cursor : (from.before ?? null)
  const found = text === null ? null : readCursor(text)
  // Of another address or other settings it says nothing of this one.
  const before = found?.reading === readingOf(feed) ? found : null
  if ("cursor" in from && before === null) return yield* new CursorExpired()
  if (!("cursor" in from) || before === null) {
    const window = "window" in from ? from.window : { from: 0, to: 0 }
    const answer = yield* Effect.mapError(readNow(reader, feed, window), reasonOf)
    return yield* told(reader, feed, answer, window, before, "everything")
  }
  // Who was told more than this cursor says is told what became of it, also where nothing changed since the cursor.
  const state = reader.memory.of(readingOf(feed))
  const isSettled = unsettledSince(state, before.sum).length === 0
  const answer = yield* Effect.mapError(
    isSettled ? readSince(reader, feed, before, before.window) : readNow(reader, feed, before.window),
    reasonOf
  )
  if (answer === null) {
    state.suspectedAt = null
    return Stream.succeed({ items: [], rejected: 0, cursor: from.cursor })
  }
  return yield* told(reader, feed, answer, before.window, before, "changes")
})

/** Everything in a span, with no cursor. */
export const view = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  span: Span
): Effect.fn.Return<Pages, Reason, Scope.Scope> {
  const { content } = yield* Effect.mapError(readRecent(reader, feed), reasonOf)
  return viewOf(reader, content, span, tooMuch(feed, reader.limits))
})

const tooMuch = (feed: Feed, { itemsMax }: FeedLimits): Unavailable =>
  new Unavailable({
    message: `${hostOf(feed)} holds more than ${itemsMax} meetings in the time looked at; publish a smaller calendar.`
  })

const told = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  { content, digest, validators }: ReadAnswer,
  window: Span,
  before: FeedCursor | null,
  what: "everything" | "changes"
): Effect.fn.Return<Pages, Reason> {
  const { limits, memory, turns } = reader
  const reading = readingOf(feed)
  const state = memory.of(reading)
  const belief = believe(state, content, before, yield* Clock.currentTimeMillis, limits)
  if (belief === "shrunk") return yield* notBelieved(feed, `suddenly holds ${content.count} meetings`)
  const listing = yield* turns.take(listingOf(content, window, limits))
  if (listing.isTooMuch) return yield* tooMuch(feed, limits)
  const known = before === null ? null : knownTo(before, state, listing, content)
  const unsettled = what === "changes" && before !== null ? unsettledSince(state, before.sum) : []
  const compared = compare(listing, known?.marks ?? null, unsettled)
  const gone = known === null ? null : goneFrom(content, known, unsettled, compared.marks, state)
  if (belief === "garbled" && gone !== null) {
    if (gone.isAnyAbsent) return yield* notBelieved(feed, "can be read less of than before")
    state.held = heldOf(content)
  }
  const removed: ReadonlyArray<ChangeItem> | null = what === "changes" ? (gone?.removed ?? null) : []
  // What is gone is not known by name here any more: all of it is told anew, and what is not there is asked about by id.
  if (removed === null) return yield* new CursorExpired()
  const sum = sumOf(compared.marks)
  memory.keepTelling(state, sum, { marks: compared.marks, names: compared.names, since: before?.sum ?? null })
  const cursor = { reading, window, ...validators, digest, ...heldOf(content), sum, marks: compared.marks }
  return pagesOf(reader, content, {
    span: window,
    told: what === "everything" ? compared.all : compared.changed,
    removed,
    cursor: writeCursor(cursor, limits.marksMax)
  })
})

const notBelieved = (feed: Feed, what: string): Unavailable =>
  new Unavailable({
    message: `${hostOf(feed)} ${what}; what it lacks is not taken for deleted until that has lasted.`
  })
