/**
 * How a store fails: one error, with the reasons inside.
 */
import { Schema } from "effect"

/** Someone else wrote first: load again and decide again. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {}) {}
/** The claim was taken over, the calendar deselected, or the connection replaced: stop. */
export class Fenced extends Schema.TaggedError<Fenced>()("Fenced", {}) {}
/** Out of reach, slow, or answering nonsense. Of a write nobody knows whether it was done. */
export class StoreUnavailable extends Schema.TaggedError<StoreUnavailable>()("StoreUnavailable", {
  message: Schema.String,
  /** What the store's driver failed with. */
  cause: Schema.optionalKey(Schema.Defect())
}) {}

export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  operation: Schema.String,
  reason: Schema.Union([Conflict, Fenced, StoreUnavailable])
}) {
  get isConflict(): boolean {
    return this.reason._tag === "Conflict"
  }
  get isFenced(): boolean {
    return this.reason._tag === "Fenced"
  }
}
