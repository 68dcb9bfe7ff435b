/**
 * States in which nothing is left to decide, for laws that begin with one.
 */
import type { Slice } from "../../src/domain/Slice.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding } from "./Code.ts"
import { decided } from "./Decided.ts"
import { committed } from "./Model.ts"

/**
 * What decisions make of a user, written. One is not enough where a calendar is being read: what it postponed because of a
 * bot that then ended is decided by the next.
 */
export const settled = (code: Deciding, slice: Slice, { now, policy }: Subject): Slice => {
  let left = slice
  for (let nth = 0; nth < decisionsMax; nth++) {
    const decision = decided(left, {}, { now, policy, isWhole: true, isAll: true }, code)
    if (decision.isEmpty) return left
    left = committed(left, decision.commit)
  }
  return left
}

const decisionsMax = 3
