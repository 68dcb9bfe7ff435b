/**
 * Ids in Google's JSON.
 * Decides how long one may be.
 */
import { type JsonObject, readName } from "@punctual/core/http"

/** Google's own limit for ids that are given to events. */
export const idLengthMax = 1_024

export const readId = (object: JsonObject): string | null => readName(object, "id", idLengthMax)
