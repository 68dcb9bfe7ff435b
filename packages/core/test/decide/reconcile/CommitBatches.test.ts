/**
 * A decision that is too large for one commit: what goes first, what goes last, and what a crash in between leaves.
 */
import { assert, describe, it } from "@effect/vitest"
import { isUnfinished, splitCommit } from "../../../src/decide/reconcile/CommitBatches.ts"
import type { Slice } from "../../../src/domain/Slice.ts"
import { decided } from "../Decided.ts"
import { committed } from "../Model.ts"
import { event, eventIntent, monday, policy, slice } from "../Rows.ts"

const events = Array.from({ length: 7 }, (_, place) => event(`meeting ${place}`))
const user = slice({ events, mirrorNumber: 3, decided: 2 })
const asked = { putIntents: events.map(({ meeting }, place) => eventIntent(meeting, { seq: place + 1 })) }
const whole = { policy, now: monday, isWhole: true }
const { commit } = decided(user, asked, whole)

const scheduled = ({ bots }: Slice) => bots.filter(({ status }) => status === "Scheduled").length

describe("a decision in parts", () => {
  it("is left whole where it fits", () => assert.deepStrictEqual(splitCommit(commit, 7), [commit]))

  it("has its intents in the first part, and its mirror number in the last", () => {
    const parts = splitCommit(commit, 3)
    assert.deepStrictEqual(
      parts.map(({ bots }) => bots?.length),
      [3, 3, 1]
    )
    assert.deepStrictEqual(
      parts.map(({ decided, putIntents, version }) => [version, putIntents?.length, decided]),
      [
        [10, 7, null],
        [11, undefined, null],
        [12, undefined, 3]
      ]
    )
  })

  it("leaves a mark until the last part is written, at an instant that stores can keep", () => {
    const [first] = splitCommit(commit, 3)
    assert.isDefined(first)
    if (first === undefined) return
    const cut = committed(user, first)
    assert.isTrue(isUnfinished(cut))
    assert.isTrue(Number.isFinite(cut.decideAt))
    assert.isFalse(isUnfinished(splitCommit(commit, 3).reduce(committed, user)))
  })

  it("is finished by a decision over everything, and by no other", () => {
    const [first] = splitCommit(commit, 3)
    assert.isDefined(first)
    if (first === undefined) return
    const cut = committed(user, first)
    const nothing = decided({ ...cut, events: [], intents: [], bots: [] }, {}, { ...whole, isAll: false })
    assert.isTrue(isUnfinished(nothing.commit))
    const all = decided(cut, {}, { ...whole, isAll: true })
    const done = committed(cut, all.commit)
    assert.deepStrictEqual([scheduled(done), isUnfinished(done), done.decided], [7, false, 3])
  })

  it("is finished, where nobody says what is everything, by what holds all that changed", () => {
    const [first] = splitCommit(commit, 3)
    assert.isDefined(first)
    if (first === undefined) return
    assert.isFalse(isUnfinished(decided(committed(user, first), {}, whole).commit))
    assert.isTrue(isUnfinished(decided(committed(user, first), {}, { ...whole, isWhole: false }).commit))
  })
})
