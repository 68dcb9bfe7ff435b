/**
 * Whose calendars may not be read now, by what is under way.
 * Decides that a user has few syncs at once and one on probation, and that those on probation have a bounded number
 * together, so that the rest is for those who are answered.
 */
import type { UserId } from "./Ids.ts"
import { syncSlotLimits } from "./Limits.ts"

export const leftOutOf = (
  /** Syncs begun and not ended, of users who have any. */
  underWay: ReadonlyMap<UserId, number>,
  probation: ReadonlySet<UserId>
): ReadonlyArray<UserId> => {
  const { ofOneOnProbationMax, ofOneUserMax, onProbationMax } = syncSlotLimits
  let onProbation = 0
  const leftOut = new Set<UserId>()
  for (const [userId, count] of underWay) {
    const isOnProbation = probation.has(userId)
    if (isOnProbation) onProbation += count
    if (count >= (isOnProbation ? ofOneOnProbationMax : ofOneUserMax)) leftOut.add(userId)
  }
  if (onProbation >= onProbationMax) for (const userId of probation) leftOut.add(userId)
  return [...leftOut]
}
