/**
 * Splits a decision that is too large for one commit into batches that a store accepts.
 * Decides what goes together and in which order, so that after a crash between two batches the sweep decides the user
 * again. Never decides what is written.
 */
import type { Commit, Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"

/**
 * The `decideAt` of a user whose decision is being written in batches: always due. Found in a slice, it says that the
 * last batch was not written.
 */
const unfinishedAt: Instant = 0

/** Whether an earlier decision was cut short. Deciding the user's whole state (scope `all`, `isAll`) finishes it. */
export const isUnfinished = (slice: Pick<Slice, "decideAt">): boolean => slice.decideAt === unfinishedAt

/**
 * The commit in batches: intents first, then bots in order. The last batch alone notes the mirror number and clears the
 * mark, so that a crash in between leaves a lagging user, whom the sweep decides again.
 */
export const splitCommit = (commit: Commit, operationsMax: number): ReadonlyArray<Commit> => {
  const bots = commit.bots ?? []
  if (bots.length <= operationsMax) return [commit]
  const parts: Array<Commit> = []
  for (let from = 0; from < bots.length; from += operationsMax) {
    const isLast = from + operationsMax >= bots.length
    const part: Commit = {
      userId: commit.userId,
      version: commit.version + parts.length,
      decided: isLast ? commit.decided : null,
      decideAt: isLast ? commit.decideAt : unfinishedAt,
      bots: bots.slice(from, from + operationsMax)
    }
    parts.push(from === 0 ? { ...commit, ...part } : part)
  }
  return parts
}
