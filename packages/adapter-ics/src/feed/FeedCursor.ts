/**
 * Where a reader of a feed stands: which answer it was told of, and marks of what it was told.
 * Decides what a cursor carries, so that any process can go on from it: for each meeting or series told 14 bytes, of a feed
 * within `marksMax`. A larger one's are remembered by the process that told them.
 */
import type { Span } from "@punctual/core"
import { Option, Schema } from "effect"
import { digestOf } from "./Feed.ts"

/** What was told, by a digest of its id: what a digest of it was. */
export type Marks = ReadonlyMap<string, string>

export interface FeedCursor {
  /** Of address and settings: with others the same bytes say something else. */
  readonly reading: string
  readonly window: Span
  /** By which the server tells whether anything changed since. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** Meetings and series in the whole feed, and what of it could not be read. */
  readonly count: number
  readonly problems: number
  /** Of all marks together. */
  readonly sum: string
  /** Null: too many to be carried. */
  readonly marks: Marks | null
}

/** Hexadecimal, of an id and of what is told. */
export const keyCharacters = 16
export const markCharacters = 12

export const keyOf = (providerId: string): string => digestOf(providerId, keyCharacters)

export const sumOf = (marks: Marks): string =>
  digestOf(
    [...marks]
      .map(([key, mark]) => key + mark)
      .toSorted()
      .join(""),
    keyCharacters
  )

export const writeCursor = (cursor: FeedCursor, marksMax: number): string => {
  const { marks, ...members } = cursor
  const carried =
    marks === null || marks.size > marksMax
      ? null
      : Buffer.from([...marks].map(([key, mark]) => key + mark).join(""), "hex").toString("base64")
  return JSON.stringify({ ...members, marks: carried })
}

/** Null: nothing that was written here. */
export const readCursor = (text: string): FeedCursor | null =>
  Option.getOrNull(Option.map(decodeCursor(text), ({ marks, ...members }) => ({ ...members, marks: marksOf(marks) })))

const decodeCursor = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({
      reading: Schema.String,
      window: Schema.Struct({ from: Schema.Finite, to: Schema.Finite }),
      etag: Schema.NullOr(Schema.String),
      lastModified: Schema.NullOr(Schema.String),
      count: Schema.Int,
      problems: Schema.Int,
      sum: Schema.String,
      marks: Schema.NullOr(Schema.String)
    })
  )
)

const marksOf = (carried: string | null): Marks | null => {
  if (carried === null) return null
  const text = Buffer.from(carried, "base64").toString("hex")
  const marks = new Map<string, string>()
  const length = keyCharacters + markCharacters
  for (let at = 0; at + length <= text.length; at += length) {
    marks.set(text.slice(at, at + keyCharacters), text.slice(at + keyCharacters, at + length))
  }
  return marks
}
