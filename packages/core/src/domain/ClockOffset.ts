/**
 * How far a process's clock is from the store's, out of readings of both.
 * Decides what one reading proves, what several prove together, and which offset is gone by: the least that is proven, so
 * that a corrected clock is never ahead of the store's. Nothing is then launched early, and no lease taken for ended early.
 *
 *     process   sentAt ─────────────── receivedAt          the store read its clock between the two:
 *     store             at                                 at − receivedAt  <=  offset  <=  at + precision − sentAt
 */
import type { Instant } from "./Time.ts"

/** What a store's clock said. */
export interface StoreTime {
  readonly at: Instant
  /** How coarse the clock is: it may have been later than `at` by up to so much. */
  readonly precisionMillis: number
}

/** What the process's clock lacks to the store's lies in between, ends included; less than nothing where it is fast. */
export interface OffsetSpan {
  readonly least: number
  readonly most: number
}

/** Readings kept: at one a minute, ten minutes of them. */
export const readingsMax = 10

/** What one question proves: the sooner it was answered, the more. */
export const offsetReading = (
  sentAt: Instant,
  { at, precisionMillis }: StoreTime,
  receivedAt: Instant
): OffsetSpan => ({
  least: at - receivedAt,
  most: at + precisionMillis - sentAt
})

/** What readings prove together; null where they can't all be true. */
export const together = (readings: ReadonlyArray<OffsetSpan>): OffsetSpan | null => {
  const least = readings.reduce((so, each) => Math.max(so, each.least), -Infinity)
  const most = readings.reduce((so, each) => Math.min(so, each.most), Infinity)
  return least <= most ? { least, most } : null
}

/** The newest last. One that contradicts those before it tells of a clock that was set: it alone counts from then on. */
export const withReading = (readings: ReadonlyArray<OffsetSpan>, newest: OffsetSpan): ReadonlyArray<OffsetSpan> => {
  const all = [...readings, newest].slice(-readingsMax)
  return together(all) === null ? [newest] : all
}

/** What is added to the process's clock. */
export const correctionOf = (readings: ReadonlyArray<OffsetSpan>): number => {
  const span = together(readings)
  return span === null || span.least === -Infinity ? 0 : Math.floor(span.least)
}

/** How far the clock is wrong for certain, whichever way. */
export const provenSkewOf = (readings: ReadonlyArray<OffsetSpan>): number => {
  const span = together(readings)
  return span === null ? 0 : Math.max(0, span.least, -span.most)
}
