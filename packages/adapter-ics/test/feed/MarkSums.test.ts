/** What sums of marks tell: never that something is as it was which is not, nor that all is there of which something is gone. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { Listed } from "../../src/feed/Listing.ts"
import { digestOf } from "../../src/feed/Feed.ts"
import { anotherMark, keyOf, markCharacters } from "../../src/feed/Marks.ts"
import { readSums, recollect, sumsOf, writeSums } from "../../src/feed/MarkSums.ts"

/** Keys of few shares, so that several fall into one. */
const keys = Array.from({ length: 12 }, (_, n) => `0${n % 3}0${keyOf(`meeting ${n}`).slice(3)}`)
/** What is told of two things is never the same: their ids are in it. */
const markOf = (key: string, version: number): string => digestOf(`${key} ${version}`, markCharacters)
const listed = (key: string, version: number, isDoubtful = false): Listed => ({
  providerId: "",
  family: "",
  mark: markOf(key, version),
  isDoubtful
})

/** Of each key: its version then and now; 0: it is not there, -1: it stands there and can't be read. */
const histories = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant({ then: 1, now: 1, isDoubtful: false }) },
    {
      weight: 1,
      arbitrary: fc.record({
        then: fc.integer({ min: 0, max: 2 }),
        now: fc.integer({ min: -1, max: 2 }),
        isDoubtful: fc.boolean()
      })
    }
  ),
  { minLength: keys.length, maxLength: keys.length }
)

describe("sums of marks", () => {
  it("tell nothing that is not so", () => {
    let isAllSeen = 0
    fc.assert(
      fc.property(histories, (history) => {
        const told = new Map(
          keys.flatMap((key, n) => ((history[n]?.then ?? 0) > 0 ? [[key, markOf(key, history[n]?.then ?? 0)]] : []))
        )
        const now = new Map(
          keys.flatMap((key, n) => {
            const { isDoubtful = false, now: version = 0 } = history[n] ?? {}
            return version > 0 ? [[key, listed(key, version, isDoubtful)] as const] : []
          })
        )
        const unread = keys.filter((_, n) => history[n]?.now === -1)
        const { isAll, marks } = recollect(readSums(writeSums(sumsOf(told))) ?? assert.fail("no sums"), now, unread)
        if (isAll) {
          isAllSeen++
          assert.deepStrictEqual([...marks.keys()].toSorted(), [...told.keys()].toSorted())
        }
        for (const [key, { isDoubtful, mark }] of now) {
          if (!isDoubtful && marks.get(key) === mark) assert.strictEqual(told.get(key), mark, key)
        }
      }),
      { numRuns: 2_000 }
    )
    assert.isAbove(isAllSeen, 200)
  })

  it("know all of what is as it was, and what is hidden by what it leaves", () => {
    const told = new Map(keys.map((key, n) => [key, markOf(key, n)]))
    const now = new Map(keys.map((key, n) => [key, listed(key, n)]))
    const same = recollect(sumsOf(told), now, [])
    assert.isTrue(same.isAll)
    assert.deepStrictEqual([...same.marks].toSorted(), [...told].toSorted())
    const [hidden = ""] = keys
    now.delete(hidden)
    const { isAll, marks } = recollect(sumsOf(told), now, [hidden])
    assert.isTrue(isAll)
    assert.strictEqual(marks.get(hidden), told.get(hidden))
    assert.isFalse(recollect(sumsOf(told), now, []).isAll)
  })

  it("are nothing that was written elsewhere", () => {
    assert.isNull(readSums(""))
    assert.isNull(readSums(Buffer.alloc(100).toString("base64")))
    assert.strictEqual(anotherMark.length, markCharacters)
  })
})
