/**
 * Passes over a feed: everything in a window, or what changed since a cursor.
 * Decides what is told: a feed is read whole and compared with what was told of it. What can't be read in it is left as it was
 * told, and nothing is said to be gone that the reader was not told of.
 */
import {
  type CalendarSession,
  type ChangeItem,
  type ChangePage,
  CursorExpired,
  type Span,
  Unavailable
} from "@punctual/core"
import { Clock, Effect } from "effect"
import { believe, heldOf } from "./Believed.ts"
import type { Feed } from "./Feed.ts"
import { type FeedContent, isUnread } from "./FeedContent.ts"
import { type FeedCursor, type Marks, keyOf, readCursor, sumOf, writeCursor } from "./FeedCursor.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import type { FeedState, ReadAnswer, Telling } from "./FeedMemory.ts"
import { type FeedReader, hostOf, readNow, readRecent, readSince, readingOf } from "./ReadFeed.ts"
import { type Reason, reasonOf } from "./Reason.ts"
import { markOf, toldIn, viewedIn } from "./Telling.ts"

export type PassFrom = Parameters<CalendarSession["changes"]>[1]

export const changes = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  from: PassFrom
): Effect.fn.Return<ReadonlyArray<ChangePage>, Reason> {
  const text = "cursor" in from ? from.cursor : (from.before ?? null)
  const found = text === null ? null : readCursor(text)
  // Of another address or other settings it says nothing of this one.
  const before = found?.reading === readingOf(feed) ? found : null
  if ("cursor" in from && before === null) return yield* new CursorExpired()
  if (!("cursor" in from) || before === null) {
    const window = "window" in from ? from.window : { from: 0, to: 0 }
    const answer = yield* Effect.mapError(readNow(reader, feed), reasonOf)
    return yield* told(reader, feed, answer, window, before, "everything")
  }
  // Who was told more than this cursor says is told what became of it, also where nothing changed since the cursor.
  const state = reader.memory.of(readingOf(feed))
  const isSettled = unsettledSince(state, before.sum).length === 0
  const answer = yield* Effect.mapError(isSettled ? readSince(reader, feed, before) : readNow(reader, feed), reasonOf)
  if (answer === null) {
    state.suspectedAt = null
    return [{ items: [], rejected: 0, cursor: from.cursor }]
  }
  return yield* told(reader, feed, answer, before.window, before, "changes")
})

/** Everything in a span, with no cursor. */
export const view = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  span: Span
): Effect.fn.Return<ReadonlyArray<ChangePage>, Reason> {
  const { limits } = reader
  const { content } = yield* Effect.mapError(readRecent(reader, feed), reasonOf)
  const items: Array<ChangeItem> = []
  for (const item of viewedIn(content, span, limits.occurrencesMax)) {
    items.push(item)
    if (items.length > limits.itemsMax) return yield* tooMuch(feed, limits)
  }
  return pagesOf(
    items.map((item) => [item]),
    limits.pageSize,
    null
  )
})

const tooMuch = (feed: Feed, { itemsMax }: FeedLimits): Unavailable =>
  new Unavailable({
    message: `${hostOf(feed)} holds more than ${itemsMax} meetings in the time looked at; publish a smaller calendar.`
  })

const told = Effect.fnUntraced(function* (
  reader: FeedReader,
  feed: Feed,
  { content, validators }: ReadAnswer,
  window: Span,
  before: FeedCursor | null,
  what: "everything" | "changes"
): Effect.fn.Return<ReadonlyArray<ChangePage>, Reason> {
  const { limits, memory } = reader
  const reading = readingOf(feed)
  const state = memory.of(reading)
  const belief = believe(state, content, before, yield* Clock.currentTimeMillis, limits)
  if (belief === "shrunk") return yield* notBelieved(feed, `suddenly holds ${content.count} meetings`)
  const known = before === null ? null : (before.marks ?? state.tellings.get(before.sum)?.marks ?? "forgotten")
  const unsettled = what === "changes" && before !== null ? unsettledSince(state, before.sum) : []
  const compared = compare(content, window, known, unsettled, limits)
  if (compared === null) return yield* tooMuch(feed, limits)
  const gone =
    known === null || known === "forgotten" ? null : goneFrom(content, known, unsettled, compared.marks, state)
  if (belief === "garbled" && known !== null) {
    if (gone === null || gone.isAnyAbsent) return yield* notBelieved(feed, "can be read less of than before")
    state.held = heldOf(content)
  }
  const sum = sumOf(compared.marks)
  const groups = what === "everything" ? compared.all : compared.changed
  if (what === "changes") {
    // What it was told of is not known here any more: all of it is told anew, and what is not there is asked about by id.
    if ((gone?.removed ?? null) === null && sum !== before?.sum) return yield* new CursorExpired()
    if (known === "forgotten") groups.length = 0
    groups.push(gone?.removed ?? [])
  }
  memory.keepTelling(state, sum, { marks: compared.marks, names: compared.names, since: before?.sum ?? null })
  const cursor: FeedCursor = { reading, window, ...validators, ...heldOf(content), sum, marks: compared.marks }
  return pagesOf(groups, limits.pageSize, writeCursor(cursor, limits.marksMax))
})

const notBelieved = (feed: Feed, what: string): Unavailable =>
  new Unavailable({
    message: `${hostOf(feed)} ${what}; what it lacks is not taken for deleted until that has lasted.`
  })

/** What was told to a reader who came again with the same cursor: that pass was broken off somewhere on the way. */
const unsettledSince = ({ tellings }: FeedState, since: string): ReadonlyArray<Telling> =>
  [...tellings].flatMap(([sum, telling]) => (telling.since === since && sum !== since ? [telling] : []))

interface Compared {
  readonly all: Array<ReadonlyArray<ChangeItem>>
  readonly changed: Array<ReadonlyArray<ChangeItem>>
  readonly marks: Map<string, string>
  readonly names: Map<string, string>
}

/** Null: more than one pass tells. */
const compare = (
  content: FeedContent,
  window: Span,
  known: Marks | "forgotten" | null,
  unsettled: ReadonlyArray<Telling>,
  { itemsMax, occurrencesMax }: FeedLimits
): Compared | null => {
  const compared: Compared = { all: [], changed: [], marks: new Map(), names: new Map() }
  let count = 0
  for (const each of toldIn(content, window, occurrencesMax)) {
    count += each.items.length
    if (count > itemsMax) return null
    const key = keyOf(each.providerId)
    const mark = markOf(each)
    const former = known === "forgotten" ? "" : known?.get(key)
    compared.names.set(key, each.providerId)
    // Of what was told before, and can't be read as it stands, what was told holds.
    const isLeft = each.isDoubtful && former !== undefined && former !== mark
    if (!isLeft) compared.marks.set(key, mark)
    else if (known !== "forgotten") compared.marks.set(key, former)
    if (isLeft) continue
    compared.all.push(each.items)
    if (former !== mark || unsettled.some(({ marks }) => marks.has(key) && marks.get(key) !== mark)) {
      compared.changed.push(each.items)
    }
  }
  return compared
}

interface Gone {
  /** Null: of some of it the id is not known. */
  readonly removed: ReadonlyArray<ChangeItem> | null
  /** Something is in the feed no more, not even at another time. */
  readonly isAnyAbsent: boolean
}

/** What was told and is not there now. What can't be read keeps its mark. */
const goneFrom = (
  content: FeedContent,
  known: Marks,
  unsettled: ReadonlyArray<Telling>,
  marks: Map<string, string>,
  { tellings }: FeedState
): Gone => {
  let removed: Array<ChangeItem> | null = []
  let isAnyAbsent = false
  let here: ReadonlyMap<string, string> | null = null
  const told = new Map([...unsettled.flatMap((telling) => [...telling.marks]), ...known])
  for (const [key, mark] of told) {
    if (marks.has(key)) continue
    here ??= namesIn(content)
    const isAbsent = !here.has(key)
    const providerId = here.get(key) ?? [...tellings.values()].map(({ names }) => names.get(key)).find(Boolean)
    if (providerId !== undefined && isUnread(content, providerId)) {
      if (known.has(key)) marks.set(key, mark)
      continue
    }
    isAnyAbsent ||= isAbsent && known.has(key)
    if (providerId === undefined) removed = null
    else removed?.push({ kind: "removed", providerId })
  }
  return { removed, isAnyAbsent }
}

const namesIn = ({ events, series }: FeedContent): ReadonlyMap<string, string> =>
  new Map([...events.keys(), ...series.keys()].map((providerId) => [keyOf(providerId), providerId]))

/** Pages of about that size: a series stands whole on one. The last may be empty; the cursor is on it alone. */
const pagesOf = (
  groups: ReadonlyArray<ReadonlyArray<ChangeItem>>,
  pageSize: number,
  cursor: string | null
): ReadonlyArray<ChangePage> => {
  const pages: Array<Array<ChangeItem>> = [[]]
  for (const group of groups) {
    const last = pages.at(-1)
    if (last === undefined || last.length >= pageSize) pages.push([...group])
    else last.push(...group)
  }
  return pages.map((items, n) => ({ items, rejected: 0, cursor: n === pages.length - 1 ? cursor : null }))
}
