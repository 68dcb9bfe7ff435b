/**
 * Which of several intents was made last.
 * Decides that order by their numbers, and between equals (which no use case makes) by id, so that the order in which a
 * store hands them over changes nothing (law C4).
 */
import type { Sequence } from "../../domain/Sequence.ts"

/** Null: there are none. */
export const latest = <A extends { readonly seq: Sequence; readonly id: string }>(
  intents: ReadonlyArray<A>
): A | null =>
  intents.reduce<A | null>(
    (last, intent) =>
      last === null || intent.seq > last.seq || (intent.seq === last.seq && intent.id > last.id) ? intent : last,
    null
  )
