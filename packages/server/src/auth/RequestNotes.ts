/**
 * What becomes known of a request on its way in, for the line that tells of it when it is answered.
 * Decides nothing: the error boundary lays it out, whoever learns something writes it down.
 */
import { Context } from "effect"

export interface RequestNotes {
  /** Whose key it was. */
  userId: string | null
  keyId: string | null
}

export const noNotes = (): RequestNotes => ({ userId: null, keyId: null })

/** Of the request at hand; where nobody laid it out, nobody reads it either. */
export const CurrentNotes = Context.Reference<RequestNotes>("@punctual/server/auth/RequestNotes", {
  defaultValue: noNotes
})
