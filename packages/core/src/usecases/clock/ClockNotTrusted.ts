/**
 * Why a process launches nothing: its machine's clock is too far from the store's.
 * Decides the words alone; when it is so is decided in `StoreClock.ts`.
 */
import { Schema } from "effect"

export class ClockNotTrusted extends Schema.TaggedError<ClockNotTrusted>()("ClockNotTrusted", {
  /** How far it is wrong, whichever way. */
  skewMillis: Schema.Finite
}) {
  override get message(): string {
    return `this machine's clock is ${this.skewMillis} ms from the store's; set it, and bots are launched from here again`
  }
}
