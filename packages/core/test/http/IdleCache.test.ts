/** Which values an idle cache keeps, and which it evicts. */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { makeIdleCache } from "../../http/IdleCache.ts"

const memory = (busy: ReadonlySet<string> = new Set()) => {
  let made = 0
  return makeIdleCache({
    sizeMax: 3,
    idleMillis: 1_000,
    make: (key) => ({ key, number: ++made }),
    mayEvict: ({ key }) => !busy.has(key)
  })
}

describe("a bounded memory", () => {
  it("forgets the longest unused when it is full", () => {
    const { get, size } = memory()
    const [a, b] = [get("a", 0), get("b", 1)]
    get("c", 2)
    assert.strictEqual(get("a", 3), a)
    get("d", 4)
    assert.strictEqual(size(), 3)
    assert.strictEqual(get("a", 5), a)
    assert.notStrictEqual(get("b", 6), b)
  })

  it("forgets what nobody used for a while, at the next newcomer", () => {
    const { get, size } = memory()
    get("a", 0)
    get("b", 900)
    get("c", 1_500)
    assert.strictEqual(size(), 2)
  })

  it("never forgets what is in use, and is otherwise bounded", () => {
    const key = fc.constantFrom(..."abcdefgh")
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer({ min: 0, max: 900 }))), fc.uniqueArray(key), (uses, busy) => {
        const { get, size } = memory(new Set(busy))
        const first = new Map(busy.map((each) => [each, get(each, 0)]))
        let now = 0
        for (const [each, later] of uses) {
          now += later
          const value = get(each, now)
          if (first.has(each)) assert.strictEqual(value, first.get(each))
          assert.isAtMost(size(), busy.length + 3)
        }
      })
    )
  })
})
