/**
 * The log and the history, which this store does not keep yet.
 * Decides nothing.
 */
import { Effect } from "effect"

const notYet = (): Effect.Effect<never> => Effect.die(new Error("not kept by this store yet"))

export const log = {
  changes: notYet,
  changePlace: notYet,
  allChanges: notYet,
  changesEnd: notYet,
  timeline: notYet,
  pruneChanges: notYet
}
export const history = { pruneHistory: notYet, pruneJobs: notYet }
export const updatedEvents = notYet
