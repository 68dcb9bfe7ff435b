/**
 * Every number that following a feed is bound by, with its unit.
 * Decides the numbers alone; who keeps to them stands beside each.
 */

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const mebibyte = 1024 * 1024

/** One fetch (`FetchFeed.ts`). */
export interface FetchLimits {
  readonly bytesMax: number
  /** From the first byte asked to the last one told, redirects within. */
  readonly waitMillis: number
  readonly redirectsMax: number
  /** Waited for where a server asks to wait and does not say how long. */
  readonly retryAfterMillisUsual: number
  readonly retryAfterMillisMin: number
  readonly retryAfterMillisMax: number
}

export const fetchLimits: FetchLimits = {
  bytesMax: 20 * mebibyte,
  waitMillis: 10 * second,
  redirectsMax: 5,
  retryAfterMillisUsual: minute,
  retryAfterMillisMin: second,
  retryAfterMillisMax: hour
}

export interface FeedLimits {
  /** Entries of one feed (VEVENT), changed occurrences among them. */
  readonly componentsMax: number
  /** Read at a time, before others have their turn, as far as an entry's own size allows. */
  readonly sliceBytes: number
  /** A question by id is answered from what was read so shortly before. */
  readonly freshMillis: number
  /** After a failure a feed is left alone: from here, doubling, to there. Who asks by hand waits `askedMillis` at most. */
  readonly backoffMinMillis: number
  readonly backoffMaxMillis: number
  readonly askedMillis: number
  /** From so many meetings on a feed that shrinks below a tenth is not believed, until it is so for so long. */
  readonly shrinkMeetingsMin: number
  readonly shrinkFactor: number
  readonly shrinkMillis: number
  /** Items of a page, about: a series stands whole on one. */
  readonly pageSize: number
  /** Occurrences of one series in one window; later ones are answered by id. */
  readonly occurrencesMax: number
  /** Items of one pass. */
  readonly itemsMax: number
  /** Meetings and series that a cursor carries marks of, 14 bytes each; of a feed with more it carries sums, 16 KiB. */
  readonly marksMax: number
  /** Of all feeds together, what a process remembers: bytes of text that were read, and meetings that were told. */
  readonly rememberedBytesMax: number
  readonly rememberedTellingsMax: number
  /** What was read is forgotten when nobody has asked about it for so long. */
  readonly rememberedMillis: number
  /** Feeds of which a process remembers when they may be asked and what they held. */
  readonly feedsMax: number
}

export const feedLimits: FeedLimits = {
  componentsMax: 20_000,
  sliceBytes: 64 * 1024,
  freshMillis: 10 * second,
  backoffMinMillis: 30 * second,
  backoffMaxMillis: hour,
  askedMillis: 2 * second,
  shrinkMeetingsMin: 10,
  shrinkFactor: 10,
  shrinkMillis: hour,
  pageSize: 200,
  occurrencesMax: 2_000,
  itemsMax: 100_000,
  marksMax: 1_000,
  rememberedBytesMax: 20 * mebibyte,
  rememberedTellingsMax: 50_000,
  rememberedMillis: minute,
  feedsMax: 10_000
}
