/**
 * Why an item of Google's was not understood. Rejected items are counted and skipped; they never stop a round.
 */
export type RejectionReason =
  | "not_an_object"
  | "too_deep"
  | "no_id"
  | "bad_start"
  | "bad_end"
  | "ends_before_start"
  /** A series where an event was expected, or the reverse. */
  | "other_kind"

export interface Rejection {
  readonly reason: RejectionReason
  readonly providerId: string | null
}
