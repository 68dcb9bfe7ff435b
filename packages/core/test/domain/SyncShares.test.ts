/**
 * V4: who is left out of the next claim, for any users with any syncs under way.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { UserId } from "../../src/domain/Ids.ts"
import { syncSlotLimits } from "../../src/domain/Limits.ts"
import { leftOutOf } from "../../src/domain/SyncShares.ts"

const { ofOneUserMax, onProbationMax } = syncSlotLimits

const userOf = (number: number): UserId => `usr_${number}` as UserId
const users = fc.nat(30).map(userOf)
const probations = fc.uniqueArray(users).map((list) => new Set(list))

/** Claims for users who come by chance, as long as they may, and never an end. */
const begunBy = (probation: ReadonlySet<UserId>, comers: ReadonlyArray<UserId>): ReadonlyMap<UserId, number> => {
  const underWay = new Map<UserId, number>()
  for (const userId of comers) {
    if (!leftOutOf(underWay, probation).includes(userId)) underWay.set(userId, (underWay.get(userId) ?? 0) + 1)
  }
  return underWay
}

const comers = fc.array(users, { maxLength: 200 })

describe("V4: who is left out", () => {
  it("is nobody while nothing is under way", () => {
    fc.assert(fc.property(probations, (probation) => assert.deepStrictEqual(leftOutOf(new Map(), probation), [])))
  })

  it("never lets one user have more than a mailbox takes, nor one on probation more than one", () => {
    fc.assert(
      fc.property(probations, comers, (probation, list) => {
        for (const [userId, count] of begunBy(probation, list)) {
          assert.isAtMost(count, probation.has(userId) ? 1 : ofOneUserMax)
        }
      })
    )
  })

  it("never lets those on probation have more than half of the slots, however many they are", () => {
    fc.assert(
      fc.property(probations, comers, (probation, list) => {
        const counts = [...begunBy(probation, list)].filter(([userId]) => probation.has(userId))
        const together = counts.reduce((sum, [, count]) => sum + count, 0)
        assert.isAtMost(together, onProbationMax)
        assert.isAtMost(onProbationMax, syncSlotLimits.slotsMax / 2)
      })
    )
  })

  it("always lets a user begin who is not on probation and has room", () => {
    fc.assert(
      fc.property(probations, comers, users, (probation, list, userId) => {
        const underWay = begunBy(probation, list)
        fc.pre(!probation.has(userId) && (underWay.get(userId) ?? 0) < ofOneUserMax)
        assert.notInclude(leftOutOf(underWay, probation), userId)
      })
    )
  })
})
