/**
 * How a store fails: one error, with the reasons inside.
 */
import { Schema } from "effect"
import { portMessage } from "./PortMessage.ts"

/** Someone else wrote first: load again and decide again. */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", {}) {
  override get message(): string {
    return "someone else wrote first; load again and decide again"
  }
}
/** The claim was taken over, the calendar deselected, or the connection replaced: stop. */
export class Fenced extends Schema.TaggedError<Fenced>()("Fenced", {}) {
  override get message(): string {
    return "the claim was taken over, the calendar deselected or the connection replaced; stop"
  }
}
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
  override readonly cause = this.reason
  override get message(): string {
    return portMessage("Store", this.operation, this.reason)
  }
  get isConflict(): boolean {
    return this.reason._tag === "Conflict"
  }
  get isFenced(): boolean {
    return this.reason._tag === "Fenced"
  }
}
