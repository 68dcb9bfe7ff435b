/**
 * Why the log can't be followed from a place: what came after it is no longer kept.
 * Decides the words alone; when it is so is decided in `FollowChanges.ts`.
 */
import { DateTime, Option, Schema } from "effect"

export class PlaceExpired extends Schema.TaggedError<PlaceExpired>()("PlaceExpired", {
  /** Entries from then on are kept: milliseconds since 1970. */
  earliest: Schema.Finite
}) {
  override get message(): string {
    // A number that is no time is named as it is: a message never fails.
    const time = Option.map(DateTime.make(this.earliest), DateTime.formatIso)
    const earliest = Option.getOrElse(time, () => `${this.earliest}`)
    return `entries from before ${earliest} are no longer kept; read what there is, and go on from \`changesEnd\``
  }
}
