/**
 * Everything in a window, and plain views of a span.
 *
 * Decides that masters say what there is, and Google's own expansion when it takes place. The token is taken before the
 * masters and the window are read: what changes between is told twice, and nothing is lost. Where a list with a bound ends
 * without a token, one without bounds is gone through for it, and masters that changed meanwhile are read again.
 */
import { Effect, Result, Stream } from "effect"
import { type ChangePage, type ProviderCalendarId, type ProviderSeries, type Span, Unavailable } from "@punctual/core"
import type { Reason } from "../client/GoogleClient.ts"
import type { GoogleContext } from "../client/GoogleContext.ts"
import type { Page } from "../client/Pages.ts"
import { type GoogleItem, isMeeting } from "../mapping/GoogleItem.ts"
import { seriesOf } from "../mapping/Series.ts"
import { readableMaster } from "./ById.ts"
import { writeCursor } from "./Cursor.ts"
import { expandedIn, mastersFrom, mastersQueryText, tokenOnly } from "./Lists.ts"
import { type Telling, pageOf, readItems, tellEvent, tellInstance } from "./Told.ts"

/** The last page carries the cursor for the next round. */
export const fullRound = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  window: Span
): Stream.Stream<ChangePage, Reason> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { masters, token } = yield* tokenPass(context, calendarId, window.from)
      const cursor = writeCursor({ token, window }, mastersQueryText)
      const read = readerOf(context, calendarId, window, masters)
      return Stream.mapEffect(expandedIn(context, calendarId, window), (page) =>
        Effect.flatMap(read(page), (telling) => pageOf(telling, page.isLast ? cursor : null))
      )
    })
  )

/** Everything in a span, whole, without masters and without a cursor. */
export const view = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  span: Span
): Stream.Stream<ChangePage, Reason> => {
  const masters: Masters = new Map()
  return Stream.mapEffect(expandedIn(context, calendarId, span), ({ calendarZone, items: page }) =>
    Effect.gen(function* () {
      const { items, rejections } = readItems(page)
      const telling: Telling = { items: [], rejections: [...rejections] }
      for (const item of items.filter(takesPlace)) {
        const master = item.seriesId === null ? null : yield* masterOf(context, calendarId, masters, item.seriesId)
        tellEvent(telling, item, { calendarZone, master }, span)
      }
      return yield* pageOf(telling, null)
    })
  )
}

/** By id; null: one that can't be read. */
type Masters = Map<string, GoogleItem | null>

/** Cancelled items were seen in lists that should have none. */
const takesPlace = (item: GoogleItem): boolean => item.kind !== "cancelled" && item.kind !== "master" && isMeeting(item)

const tokenPass = Effect.fnUntraced(function* (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  from: number
): Effect.fn.Return<{ readonly masters: Masters; readonly token: string }, Reason> {
  const { masters, token: own, updated } = yield* gathered(mastersFrom(context, calendarId, from))
  if (own !== null) return { masters, token: own }
  const { token, updated: updatedThen } = yield* gathered(tokenOnly(context, calendarId))
  if (token === null) {
    const message = "Google Calendar ended a list without saying where the next round of changes begins."
    return yield* new Unavailable({ message })
  }
  // Of what changed in between, the token tells nothing: masters have to be read after it.
  if (updated.first !== null && updated.first === updatedThen.last) return { masters, token }
  return { masters: (yield* gathered(mastersFrom(context, calendarId, from))).masters, token }
})

interface Gathered {
  readonly masters: Masters
  /** At the end of the list, if it has one. */
  readonly token: string | null
  /** What its first page and its last say of when anything last changed. */
  readonly updated: { readonly first: string | null; readonly last: string | null }
}

/** Goes through a list and keeps its masters alone: the rest of a large calendar would be much to hold. */
const gathered = (pages: Stream.Stream<Page, Reason>): Effect.Effect<Gathered, Reason> => {
  const none: Gathered = { masters: new Map(), token: null, updated: { first: null, last: null } }
  return Stream.runFold(
    Stream.zipWithIndex(pages),
    () => none,
    (before, [{ items, syncToken, updated }, index]) => ({
      masters: new Map([...before.masters, ...mastersAmong(items)]),
      token: syncToken,
      updated: { first: index === 0 ? updated : before.updated.first, last: updated }
    })
  )
}

const mastersAmong = (items: ReadonlyArray<unknown>): ReadonlyArray<readonly [string, GoogleItem]> =>
  readItems(items).items.flatMap((item) => (item.kind === "master" ? [[item.id, item] as const] : []))

/** Reads the pages of one round: each series is told once, before the first of its instances. */
const readerOf = (context: GoogleContext, calendarId: ProviderCalendarId, window: Span, masters: Masters) => {
  const told = new Map<string, ProviderSeries | null>()

  const seriesFor = Effect.fnUntraced(function* (
    telling: Telling,
    seriesId: string,
    calendarZone: string | null
  ): Effect.fn.Return<ProviderSeries | null, Reason> {
    const known = told.get(seriesId)
    if (known !== undefined) return known
    const master = yield* masterOf(context, calendarId, masters, seriesId)
    const read = master === null ? null : seriesOf(master, null, calendarZone)
    const series = read !== null && Result.isSuccess(read) ? read.success : null
    told.set(seriesId, series)
    if (series !== null) telling.items.push({ kind: "series", series })
    return series
  })

  return Effect.fnUntraced(function* (page: Page): Effect.fn.Return<Telling, Reason> {
    const { items, rejections } = readItems(page.items)
    const telling: Telling = { items: [], rejections: [...rejections] }
    for (const item of items.filter(takesPlace)) {
      const { calendarZone } = page
      const series = item.seriesId === null ? null : yield* seriesFor(telling, item.seriesId, calendarZone)
      const master = item.seriesId === null ? null : (masters.get(item.seriesId) ?? null)
      const around = { calendarZone, master }
      // What belongs to a series that can't be read stands alone.
      if (series === null) tellEvent(telling, item, around, window)
      else tellInstance(telling, item, { around, series, span: window })
    }
    return telling
  })
}

/** A master may lie before everything that was listed, or be made since. */
const masterOf = (
  context: GoogleContext,
  calendarId: ProviderCalendarId,
  masters: Masters,
  seriesId: string
): Effect.Effect<GoogleItem | null, Reason> => {
  const known = masters.get(seriesId)
  return known === undefined
    ? Effect.tap(readableMaster(context, calendarId, seriesId), (master) =>
        Effect.sync(() => void masters.set(seriesId, master))
      )
    : Effect.succeed(known)
}
