/**
 * Where a reader of a feed stands: which answer it was told of, and marks of what it was told.
 * Decides what a cursor carries, so that any process can go on from it: for each meeting or series told 14 bytes, of a feed
 * within `marksMax`; of a larger one sums over a share of it each (`MarkSums.ts`).
 */
import type { Span } from "@punctual/core"
import { Option, Schema } from "effect"
import { type Marks, keyCharacters, markCharacters } from "./Marks.ts"
import { type MarkSums, readSums, sumsOf, writeSums } from "./MarkSums.ts"

export interface FeedCursor {
  /** Of address and settings: with others the same bytes say something else. */
  readonly reading: string
  readonly window: Span
  /** By which the server tells whether anything changed since. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** Of its bytes: what a server that can't tell sends again is not read again. */
  readonly digest: string
  /** Meetings and series in the whole feed, and what of it could not be read. */
  readonly count: number
  readonly problems: number
  /** Of all marks together. */
  readonly sum: string
  readonly marks: Marks | MarkSums
}

export const writeCursor = (cursor: FeedCursor & { readonly marks: Marks }, marksMax: number): string => {
  const { marks, ...members } = cursor
  return JSON.stringify(
    marks.size > marksMax
      ? { ...members, sums: writeSums(sumsOf(marks)) }
      : {
          ...members,
          marks: Buffer.from([...marks].map(([key, mark]) => key + mark).join(""), "hex").toString("base64")
        }
  )
}

/** Null: nothing that was written here. */
export const readCursor = (text: string): FeedCursor | null => {
  const decoded = Option.getOrNull(decodeCursor(text))
  if (decoded === null) return null
  const { marks, sums, ...members } = decoded
  const known = marks === undefined ? readSums(sums ?? "") : marksOf(marks)
  return known === null ? null : { ...members, marks: known }
}

const decodeCursor = Schema.decodeUnknownOption(
  Schema.fromJsonString(
    Schema.Struct({
      reading: Schema.String,
      window: Schema.Struct({ from: Schema.Finite, to: Schema.Finite }),
      etag: Schema.NullOr(Schema.String),
      lastModified: Schema.NullOr(Schema.String),
      digest: Schema.String,
      count: Schema.Int,
      problems: Schema.Int,
      sum: Schema.String,
      marks: Schema.optionalKey(Schema.String),
      sums: Schema.optionalKey(Schema.String)
    })
  )
)

const marksOf = (carried: string): Marks => {
  const text = Buffer.from(carried, "base64").toString("hex")
  const marks = new Map<string, string>()
  const length = keyCharacters + markCharacters
  for (let at = 0; at + length <= text.length; at += length) {
    marks.set(text.slice(at, at + keyCharacters), text.slice(at + keyCharacters, at + length))
  }
  return marks
}
