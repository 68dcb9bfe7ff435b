/**
 * What changed since a cursor.
 *
 * Decides what a change of one item is to the window: a change of a series, or of one of its instances, has the series told
 * again with everything of it that lies in the window, by one expansion of Google's. What was cancelled or moved out is said
 * to be removed; of several versions of one item the last holds.
 */
import { Effect, Result, Stream } from "effect"
import { type ChangePage, CursorExpired, type ProviderCalendarId, type Span } from "@punctual/core"
import type { Reason } from "../client/GoogleClient.ts"
import type { GoogleContext } from "../client/GoogleContext.ts"
import type { Page } from "../client/Pages.ts"
import { type GoogleItem, isMeeting } from "../mapping/GoogleItem.ts"
import type { Rejection } from "../mapping/Rejection.ts"
import { seriesOf } from "../mapping/Series.ts"
import { readableMaster, unlessGone } from "./ById.ts"
import { readCursor, writeCursor } from "./Cursor.ts"
import { changedSince, instancesIn, mastersQueryText } from "./Lists.ts"
import { type Telling, pageOf, readItems, tellEvent, tellInstance } from "./Told.ts"

export const laterRound = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  text: string
): Stream.Stream<ChangePage, Reason> => {
  const cursor = readCursor(text, mastersQueryText)
  if (cursor === null) return Stream.fail(new CursorExpired())
  const { token, window } = cursor
  return Stream.unwrap(
    Effect.gen(function* () {
      // Read to its end before anything is told: a later page may take back what an earlier one says.
      const pages = yield* Stream.runCollect(changedSince(context, calendarId, token))
      const changed = changedOn(pages)
      const { telling, touched } = sorted(changed, window)
      const last = pages.at(-1)?.syncToken ?? token
      return Stream.concat(
        Stream.fromEffect(pageOf(telling, null)),
        Stream.concat(
          Stream.mapEffect(
            Stream.fromIterable(touched.values()),
            (series) => tellSeries({ context, calendarId, window, calendarZone: changed.calendarZone }, series),
            { concurrency: context.limits.concurrencyMax }
          ),
          Stream.fromEffect(
            pageOf({ items: [], rejections: [] }, writeCursor({ token: last, window }, mastersQueryText))
          )
        )
      )
    })
  )
}

interface Changed {
  /** By id, each in its last version. */
  readonly items: ReadonlyMap<string, GoogleItem>
  readonly rejections: ReadonlyArray<Rejection>
  readonly calendarZone: string | null
}

const changedOn = (pages: ReadonlyArray<Page>): Changed => {
  const items = new Map<string, GoogleItem>()
  const rejections: Array<Rejection> = []
  for (const page of pages) {
    const read = readItems(page.items)
    for (const item of read.items) items.set(item.id, item)
    rejections.push(...read.rejections)
  }
  return { items, rejections, calendarZone: pages[0]?.calendarZone ?? null }
}

/** A series of which something changed. */
interface Touched {
  readonly seriesId: string
  /** Where it was told itself. */
  readonly master: GoogleItem | null
  /** Instances that were told, for when the series can't be read. */
  readonly instances: Array<GoogleItem>
}

/** What can be told by itself, and the series of which more must be asked. */
const sorted = (
  { calendarZone, items, rejections }: Changed,
  window: Span
): { readonly telling: Telling; readonly touched: ReadonlyMap<string, Touched> } => {
  const telling: Telling = { items: [], rejections: [...rejections] }
  const touched = new Map<string, Touched>()
  const touch = (seriesId: string): Touched => {
    const known = touched.get(seriesId) ?? { seriesId, master: items.get(seriesId) ?? null, instances: [] }
    touched.set(seriesId, known)
    return known
  }
  for (const item of items.values()) {
    const { id: providerId, kind, seriesId } = item
    if (kind === "master" && isMeeting(item)) touch(providerId)
    else if (kind === "instance" && seriesId !== null && isMeeting(item)) touch(seriesId).instances.push(item)
    else if (
      kind !== "single" ||
      !isMeeting(item) ||
      !tellEvent(telling, item, { calendarZone, master: null }, window)
    ) {
      telling.items.push({ kind: "removed", providerId })
    }
  }
  // What went with its series is told by its absence.
  for (const { id, kind } of items.values()) if (kind === "cancelled") touched.delete(id)
  return { telling, touched }
}

interface Place {
  readonly context: GoogleContext
  readonly calendarId: ProviderCalendarId
  readonly window: Span
  readonly calendarZone: string | null
}

const tellSeries = Effect.fnUntraced(function* (
  { calendarId, calendarZone, context, window }: Place,
  { instances, master: told, seriesId }: Touched
): Effect.fn.Return<ChangePage, Reason> {
  const telling: Telling = { items: [], rejections: [] }
  const master = told?.kind === "master" ? told : yield* readableMaster(context, calendarId, seriesId)
  const read = master === null ? null : seriesOf(master, null, calendarZone)
  if (master === null || read === null || Result.isFailure(read)) {
    telling.items.push({ kind: "removed", providerId: seriesId })
    // Somebody may be invited to one instance of a series that they can't read.
    for (const item of instances) {
      if (!tellEvent(telling, item, { calendarZone, master: null }, window)) {
        telling.items.push({ kind: "removed", providerId: item.id })
      }
    }
    return yield* pageOf(telling, null)
  }
  const series = read.success
  telling.items.push({ kind: "series", series })
  const instancesThere = unlessGone(context, calendarId, seriesId, instancesIn(context, calendarId, seriesId, window))
  yield* Stream.runForEach(instancesThere, (page) =>
    Effect.sync(() => {
      const { items, rejections } = readItems(page.items)
      telling.rejections.push(...rejections)
      const around = { calendarZone, master }
      for (const item of items) {
        if (item.kind === "instance") tellInstance(telling, item, { around, series, span: window })
      }
    })
  )
  return yield* pageOf(telling, null)
})
