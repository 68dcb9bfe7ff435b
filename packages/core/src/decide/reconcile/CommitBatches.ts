/**
 * A decision that is too large for one commit, in parts that a store takes at once.
 * Decides what goes together and in which order. Never decides what is written.
 */
import type { Commit, Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"

/**
 * Stands for "at once" while a decision is written in parts: found in a slice, it says that one was not finished, so
 * that what there is to decide may lie anywhere in the user's state.
 */
const unfinishedAt: Instant = 0

/** Whether an earlier decision was cut short: it is finished by one over everything (scope `all`, `isAll`). */
export const isUnfinished = (slice: Pick<Slice, "decideAt">): boolean => slice.decideAt === unfinishedAt

/**
 * The same commit in parts. Intents go first, then bots in order; only the last part notes the mirror number and clears
 * the mark, so that a crash in between leaves a user who lags, whom the sweep finishes.
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
      generation: commit.generation,
      decided: isLast ? commit.decided : null,
      decideAt: isLast ? commit.decideAt : unfinishedAt,
      bots: bots.slice(from, from + operationsMax)
    }
    parts.push(from === 0 ? { ...commit, ...part } : part)
  }
  return parts
}
