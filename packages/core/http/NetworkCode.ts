/**
 * The system's word for why there was no answer, such as `ECONNREFUSED`: what may be told of a failed request without
 * telling the request.
 */

const causesMax = 6

/** Some causes down; null: nothing in there has a code. */
export const networkCode = (error: unknown): string | null => {
  let at: unknown = error
  for (let depth = 0; depth < causesMax && typeof at === "object" && at !== null; depth++) {
    if ("code" in at && typeof at.code === "string") return at.code
    at = "reason" in at ? at.reason : "cause" in at ? at.cause : null
  }
  return null
}
