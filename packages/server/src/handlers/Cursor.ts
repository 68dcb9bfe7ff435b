/**
 * Where a page ends and the next begins, as a text that only this server can write.
 *
 * Decides what a cursor holds: the whole query and a place in its order, so that a page needs nothing else. The
 * signature covers the user and the list, and is checked before anything in the text is read.
 */
import { Option, Schema } from "effect"
import type { Signing } from "../auth/Signing.ts"
import { type Instant, type Place, botsWanted } from "@punctual/core"
import { InstantParameter } from "../api/Time.ts"

/** Which list a cursor belongs to. */
export type ListName = "events" | "bots" | "updates" | "changes" | "allChanges" | "timeline"

export interface Turn {
  readonly place: Place
  /** Towards the start of the list. */
  readonly backwards: boolean
}

const PlaceFields = { at: Schema.Finite, id: Schema.String, backwards: Schema.Boolean, limit: Schema.Int }

/** The part of an events query that a cursor repeats. */
export const EventsCursor = Schema.Struct({
  ...PlaceFields,
  calendarId: Schema.NullOr(Schema.String),
  from: Schema.Finite,
  to: Schema.Finite,
  includeDeleted: Schema.Boolean,
  uniqueMeetings: Schema.Boolean,
  /** Left out by releases that could not explain. */
  explain: Schema.optionalKey(Schema.Boolean)
})
export type EventsCursor = typeof EventsCursor.Type

/** `status` is left out by releases that listed those ahead alone. */
export const BotsCursor = Schema.Struct({ ...PlaceFields, status: Schema.optionalKey(Schema.Literals(botsWanted)) })
export type BotsCursor = typeof BotsCursor.Type

/** Longer texts are no cursors of ours: not even verified. */
const lengthMax = 4_096

/** A place among events as they changed, and whose. */
export const UpdatesCursor = Schema.Struct({
  mirrorNumber: Schema.Int,
  id: Schema.String,
  connections: Schema.Array(Schema.Struct({ id: Schema.String, generation: Schema.Int })),
  calendarId: Schema.NullOr(Schema.String),
  limit: Schema.Int,
  explain: Schema.Boolean
})
export type UpdatesCursor = typeof UpdatesCursor.Type

export interface Cursors {
  readonly write: (userId: string, list: ListName, content: object) => string
  /** Null: cut, forged, another user's, another list's. */
  readonly read: <A>(userId: string, list: ListName, schema: Schema.ConstraintDecoder<A>, text: string) => A | null
}

export const makeCursors = (signing: Signing): Cursors => {
  const purpose = (userId: string, list: ListName) => `cursor ${list} ${userId}`
  return {
    write: (userId, list, content) => {
      const body = Buffer.from(JSON.stringify(content)).toString("base64url")
      return `${body}.${signing.sign(purpose(userId, list), body)}`
    },
    read: (userId, list, schema, text) => {
      if (text.length > lengthMax) return null
      const [body, signature, ...rest] = text.split(".")
      if (body === undefined || signature === undefined || rest.length > 0) return null
      if (!signing.isSigned(purpose(userId, list), body, signature)) return null
      const content: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"))
      return Option.getOrNull(Schema.decodeUnknownOption(schema)(content))
    }
  }
}

/** A time where a cursor may also be one; null: it is none. */
export const instantIn = (text: string): Instant | null =>
  Option.getOrNull(Schema.decodeUnknownOption(InstantParameter)(text))

export interface Turns {
  readonly next: Turn | null
  readonly previous: Turn | null
}

/**
 * The turns from a page: towards where it came from there is always one, in the other direction where there is more.
 * A page that came out empty (its rows went meanwhile) is left by the place it was reached by, that row included.
 */
export const turnsOf = (
  page: { readonly items: ReadonlyArray<Place>; readonly hasMore: boolean },
  reachedBy: Turn | null
): Turns => {
  const first = page.items.at(0)
  const last = page.items.at(-1)
  const isBackwards = reachedBy?.backwards === true
  const forward = last ?? (reachedBy === null ? undefined : { ...reachedBy.place, id: justBefore(reachedBy.place.id) })
  const backward = first ?? (reachedBy === null ? undefined : { ...reachedBy.place, id: justAfter(reachedBy.place.id) })
  const hasNext = isBackwards || page.hasMore
  const hasPrevious = isBackwards ? page.hasMore : reachedBy !== null
  return {
    next: hasNext && forward !== undefined ? { place: placeOf(forward), backwards: false } : null,
    previous: hasPrevious && backward !== undefined ? { place: placeOf(backward), backwards: true } : null
  }
}

const placeOf = ({ at, id }: Place): Place => ({ at, id })

/** Ids are letters, digits and `_`: all of them sort after `!`, so nothing lies between an id and this. */
const justAfter = (id: string): string => `${id}!`

/** Sorts before the id itself; what lies between is on the page that was empty, so there is nothing. */
const justBefore = (id: string): string => id.slice(0, -1)
