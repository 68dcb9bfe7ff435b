/**
 * The part of Google's item that is kept in the mirror: description and attendees cut to the core's limits. Total on any
 * JSON.
 */
import { keptBody, rawAttendeesMax, rawBodyCharactersMax } from "@punctual/core"
import { type JsonObject, readList, readText } from "@punctual/core/http"

export interface Trimmed {
  readonly raw: unknown
  readonly rawTruncated: boolean
}

/** The item, cut where it is long; the same object where it is not. */
export const trimRaw = (raw: JsonObject): Trimmed => {
  const description = readText(raw, "description") ?? ""
  const attendees = readList(raw, "attendees")
  const isLong = description.length > rawBodyCharactersMax
  const isCrowded = attendees.length > rawAttendeesMax
  if (!isLong && !isCrowded) return { raw, rawTruncated: false }
  return {
    raw: {
      ...raw,
      ...(isLong ? { description: keptBody(description) } : {}),
      ...(isCrowded ? { attendees: attendees.slice(0, rawAttendeesMax) } : {})
    },
    rawTruncated: true
  }
}
