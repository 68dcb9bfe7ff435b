/**
 * The part of Graph's item that is kept in the mirror: body and attendees cut to the core's limits. Total on any JSON.
 */
import { Predicate } from "effect"
import { keptBody, rawAttendeesMax, rawBodyCharactersMax } from "@punctual/core"

export interface Trimmed {
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/** The item, cut where it is long; the same object where it is not. */
export const trimRaw = (raw: unknown): Trimmed => {
  if (!Predicate.isReadonlyObject(raw)) return { raw, rawTruncated: false }
  const body = raw["body"]
  const content = Predicate.isReadonlyObject(body) ? body["content"] : undefined
  const isLongBody = typeof content === "string" && content.length > rawBodyCharactersMax
  const attendees = raw["attendees"]
  const isCrowded = Array.isArray(attendees) && attendees.length > rawAttendeesMax
  if (!isLongBody && !isCrowded) return { raw, rawTruncated: false }
  return {
    raw: {
      ...raw,
      ...(isLongBody && Predicate.isReadonlyObject(body) ? { body: { ...body, content: keptBody(content) } } : {}),
      ...(isCrowded ? { attendees: attendees.slice(0, rawAttendeesMax) } : {})
    },
    rawTruncated: true
  }
}
