/**
 * Marks of what was told of a feed: short digests, by which one answer is compared with another.
 * Decides how short.
 */
import { digestOf } from "./Feed.ts"

/** What was told, by a digest of its id: what a digest of it was. */
export type Marks = ReadonlyMap<string, string>

/** Hexadecimal, of an id and of what is told. */
export const keyCharacters = 16
export const markCharacters = 12

/** Of what is told in another way than it was. */
export const anotherMark = "0".repeat(markCharacters)

export const keyOf = (providerId: string): string => digestOf(providerId, keyCharacters)

export const sumOf = (marks: Marks): string =>
  digestOf(
    [...marks]
      .map(([key, mark]) => key + mark)
      .toSorted()
      .join(""),
    keyCharacters
  )
