/**
 * Marks of what was told, summed up: what a cursor carries of a feed with more meetings than it carries marks of.
 * Decides what can be known by them of a feed as it is now: a share (those whose keys begin alike, about twenty of 20,000) that
 * has the same sum is as it was; one with the same keys changed and lost nothing; one that has one key more, or lacks one that
 * stands there and can't be read, is known too. Of any other something may be gone, and nobody knows what.
 */
import { type Marks, anotherMark, keyCharacters, markCharacters } from "./Marks.ts"
import type { Listed } from "./Listing.ts"

/** Of each share, by its number. */
export interface MarkSums {
  readonly shares: ReadonlyArray<Share>
}

interface Share {
  readonly count: number
  /** All keys, and all marks, laid over each other by exclusive or; hexadecimal. */
  readonly keys: string
  readonly marks: string
}

export interface Recollected {
  /** As far as they are known: `anotherMark` of what is not told as it was. */
  readonly marks: Marks
  /** Whether all of what was told is among them. */
  readonly isAll: boolean
}

export const sumsOf = (marks: Marks): MarkSums => {
  const shares = Array.from({ length: sharesMax }, (): Array<readonly [string, string]> => [])
  for (const each of marks) shares[shareOf(each[0])]?.push(each)
  return { shares: shares.map(shareOfMarks) }
}

/** `unread`: keys of what stands there and can't be read. */
export const recollect = (
  { shares }: MarkSums,
  told: ReadonlyMap<string, Listed>,
  unread: Iterable<string>
): Recollected => {
  const now = Array.from({ length: sharesMax }, () => ({ listed: newMarks(), unread: newKeys() }))
  for (const [key, { mark }] of told) now[shareOf(key)]?.listed.set(key, mark)
  for (const key of unread) if (!told.has(key)) now[shareOf(key)]?.unread.add(key)
  const marks = newMarks()
  let isAll = true
  for (const [number, { listed, unread: hidden }] of now.entries()) {
    const before = shares[number] ?? nothing
    const keys = keysBefore(before, [...listed.keys()], [...hidden])
    isAll &&= keys !== null
    for (const [key, mark] of marksBefore(before, keys ?? [...listed.keys()], listed)) marks.set(key, mark)
  }
  return { marks, isAll }
}

/** Which of these are all that were told; null: nobody knows. */
const keysBefore = (
  before: Share,
  listed: ReadonlyArray<string>,
  hidden: ReadonlyArray<string>
): ReadonlyArray<string> | null => {
  if (before.count === listed.length) return over(listed, keyCharacters) === before.keys ? listed : null
  const [offered, added] = before.count > listed.length ? [hidden, 1] : [listed, -1]
  if (before.count !== listed.length + added) return null
  const missing = over([...listed, before.keys], keyCharacters)
  if (!offered.includes(missing)) return null
  return added === 1 ? [...listed, missing] : listed.filter((key) => key !== missing)
}

/** What is hidden is taken to be what the sum leaves. */
const marksBefore = (
  before: Share,
  keys: ReadonlyArray<string>,
  listed: Marks
): ReadonlyArray<readonly [string, string]> => {
  const rest = over([...keys.flatMap((key) => listed.get(key) ?? []), before.marks], markCharacters)
  return keys.map((key) => [
    key,
    rest === anotherMark ? (listed.get(key) ?? rest) : listed.has(key) ? anotherMark : rest
  ])
}

const newMarks = () => new Map<string, string>()
const newKeys = () => new Set<string>()

const sharesMax = 1024
const nothing: Share = { count: 0, keys: "0".repeat(keyCharacters), marks: anotherMark }

const shareOf = (key: string): number => Number.parseInt(key.slice(0, 3), 16) >> 2

const shareOfMarks = (marks: ReadonlyArray<readonly [string, string]>): Share => ({
  count: marks.length,
  keys: over(
    marks.map(([key]) => key),
    keyCharacters
  ),
  marks: over(
    marks.map(([, mark]) => mark),
    markCharacters
  )
})

/** Laid over each other, in halves that fit in a number. */
const over = (texts: ReadonlyArray<string>, characters: number): string => {
  const half = characters / 2
  let [left, right] = [0, 0]
  for (const text of texts) {
    left ^= Number.parseInt(text.slice(0, half), 16)
    right ^= Number.parseInt(text.slice(half), 16)
  }
  return [left, right].map((part) => (part >>> 0).toString(16).padStart(half, "0")).join("")
}

const countCharacters = 4

export const writeSums = ({ shares }: MarkSums): string =>
  Buffer.from(
    shares.map(({ count, keys, marks }) => count.toString(16).padStart(countCharacters, "0") + keys + marks).join(""),
    "hex"
  ).toString("base64")

/** Null: these are none. */
export const readSums = (carried: string): MarkSums | null => {
  const text = Buffer.from(carried, "base64").toString("hex")
  const length = countCharacters + keyCharacters + markCharacters
  if (text.length !== length * sharesMax) return null
  return {
    shares: Array.from({ length: sharesMax }, (_, number) => {
      const share = text.slice(number * length, (number + 1) * length)
      return {
        count: Number.parseInt(share.slice(0, countCharacters), 16),
        keys: share.slice(countCharacters, countCharacters + keyCharacters),
        marks: share.slice(countCharacters + keyCharacters)
      }
    })
  }
}
