/**
 * What a feed holds, as questions are answered from it: its meetings and series, each read when it is asked for.
 * Decides what counts as a calendar that came whole, and what absence from it means: of an entry that stands there and can't be
 * read nothing is known.
 */
import type { ProviderEvent, ProviderSeries, Span } from "@punctual/core"
import { type CalendarFile, type ReadOptions, openCalendar } from "../CalendarFile.ts"
import type { Slices } from "../text/Slices.ts"
import type { Family } from "../events/Family.ts"
import { laidOut } from "../events/Layout.ts"
import { type ReadSeries, recurrenceIdOf, ruledOccurrence } from "../events/Told.ts"
import { dayMillis } from "../time/Values.ts"
import { type FileBytes, fileBytes } from "../text/FileBytes.ts"
import { makeProblems } from "../text/Problem.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import { type Listing, listFamily, newListing } from "./Listing.ts"

export interface FeedContent {
  readonly file: CalendarFile
  /** Meetings and series, whatever their number of occurrences. */
  readonly count: number
  /** What of it could not be read. */
  readonly problems: number
  /** Ids of families of which something could not be read. */
  readonly unread: ReadonlySet<string>
  /** Ids of meetings and series that are not called as their family is. */
  readonly others: ReadonlyArray<string>
  /** Ids of families of which nothing is called so: of a series that is not there, changed occurrences. */
  readonly hollow: ReadonlySet<string>
  /** What there is to tell of a window, the last that was asked for. */
  listing: Listing | null
}

export interface Fault {
  readonly fault: string
}

/** Or why it is none, for a person. `span`: the window that will be asked for. */
export function* contentOf(
  bytes: Uint8Array,
  options: ReadOptions,
  limits: FeedLimits,
  span: Span | null
): Slices<FeedContent | Fault> {
  const whole = yield* fileBytes(bytes)
  const fault = faultOf(whole)
  if (fault !== null) return { fault }
  const problems = makeProblems()
  const file = yield* openCalendar(whole, options, problems, limits.componentsMax)
  if ("fault" in file) return file
  const listing = span === null ? null : newListing(span)
  const unread = new Set<string>()
  const others: Array<string> = []
  const hollow = new Set<string>()
  let count = 0
  for (const id of file.ids()) {
    const family = yield* file.family(id, problems)
    if (family.isUnread) unread.add(id)
    const ids = idsIn(family)
    others.push(...ids.filter((other) => other !== id))
    if (!ids.includes(id)) hollow.add(id)
    count += ids.length
    if (listing !== null) yield* listFamily(listing, id, family, limits)
  }
  return { file, count, problems: problems.list().length, unread, others, hollow, listing }
}

const idsIn = ({ events, series }: Family): ReadonlyArray<string> => [
  ...events.map(({ event }) => event.providerId),
  ...series.map(({ providerId }) => providerId)
]

const faultOf = ({ begin, bytes }: FileBytes): string | null => {
  if (!/BEGIN\s*:\s*VCALENDAR/i.test(bytes.toString("latin1", begin, begin + beginWithin))) {
    return "what is there is no calendar: it has no BEGIN:VCALENDAR"
  }
  const end = bytes.toString("latin1", Math.max(0, bytes.length - endWithin)).replaceAll("\0", "")
  return /END\s*:\s*VCALENDAR\s*$/i.test(end) ? null : "it ends before its END:VCALENDAR"
}

/** Whatever stands before: blank lines. */
const beginWithin = 4096
/** Blank lines may follow. */
const endWithin = 4096

/** What there is to tell of a window. */
export function* listingOf(content: FeedContent, span: Span, limits: FeedLimits): Slices<Listing> {
  const known = content.listing
  if (known !== null && known.span.from === span.from && known.span.to === span.to) return known
  const listing = newListing(span)
  for (const id of content.file.ids()) yield* listFamily(listing, id, yield* content.file.family(id), limits)
  content.listing = listing
  return listing
}

/** Null: it is not there. */
export function* eventIn(content: FeedContent, providerId: string): Slices<ProviderEvent | null> {
  for (const id of familiesOf(content, providerId)) {
    const { events, series } = yield* content.file.family(id)
    const told = [events, ...series.map(({ exceptions }) => exceptions)]
      .map((all) => all.find(({ event }) => event.providerId === providerId))
      .find((found) => found !== undefined)
    const found = told?.event ?? ruledIn(series, providerId)
    if (found !== null) return found
  }
  return null
}

export function* seriesIn(content: FeedContent, providerId: string): Slices<ProviderSeries | null> {
  for (const id of familiesOf(content, providerId)) {
    const { series } = yield* content.file.family(id)
    const found = series.find((each) => each.providerId === providerId)
    if (found !== undefined) return found.series
  }
  return null
}

/** Whether something of its meeting stands there that could not be read. */
export const isUnread = ({ unread }: FeedContent, providerId: string): boolean =>
  unread.size > 0 && beginnings(providerId).some((id) => unread.has(id))

/** What is called by an id stands in the family that it begins with. */
const familiesOf = ({ file }: FeedContent, providerId: string): ReadonlyArray<string> =>
  beginnings(providerId).filter((id) => file.has(id))

/** An id up to its end, and up to each of its slashes. */
const beginnings = (providerId: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  for (let end = providerId.length; end > 0; end = providerId.lastIndexOf("/", end - 1)) {
    found.push(providerId.slice(0, end))
  }
  return found
}

/** An occurrence is called by its series and its original time. */
const ruledIn = (series: ReadonlyArray<ReadSeries>, providerId: string): ProviderEvent | null => {
  const cut = providerId.lastIndexOf("/")
  const of = series.find((each) => each.providerId === providerId.slice(0, cut))
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
