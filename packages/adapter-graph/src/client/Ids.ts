/**
 * Ids and words in Graph's JSON.
 * Decides how long an id may be, and that words count in lower case.
 */
import { type JsonObject, readName, readText } from "@punctual/core/http"

/** Ids are about 150 characters; a database index takes at most 2,700 bytes. */
export const idLengthMax = 1_024

export const readId = (object: JsonObject): string | null => readName(object, "id", idLengthMax)

/** An enumeration's word in lower case: Graph writes them in several. */
export const readWord = (object: JsonObject, member: string): string | null =>
  readText(object, member)?.toLowerCase() ?? null
