/** Who is next of those that wait to be launched. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { BotId, UserId } from "../../../src/index.ts"
import { type Waiting, makeWaitingRoom } from "../../../src/usecases/launch/WaitingRoom.ts"

const one = (user: string, bot: string, at = 0): Waiting => ({ userId: user as UserId, botId: bot as BotId, at })
const idsOf = (all: ReadonlyArray<Waiting>): ReadonlyArray<string> => all.map(({ botId }) => botId)
const room = () => Effect.runSync(makeWaitingRoom<Waiting>())

describe("a waiting room", () => {
  it("lets nobody go before their instant, and knows the next", () => {
    const { add, nextAt, ready, size, take } = room()
    assert.isNull(nextAt())
    add([one("a", "late", 30), one("a", "soon", 10)])
    add([one("b", "between", 20)])
    assert.deepStrictEqual([size(), ready(9), nextAt()], [3, 0, 10])
    assert.isEmpty(take(10, 9))
    assert.deepStrictEqual(idsOf(take(10, 20)), ["soon", "between"])
    assert.deepStrictEqual([size(), ready(20), nextAt()], [1, 0, 30])
    assert.deepStrictEqual(idsOf(take(10, 30)), ["late"])
    assert.isEmpty(take(10, 30))
  })

  it("lets a user with one bot go before the second of anybody else, who came first or not", () => {
    const { add, take } = room()
    add(Array.from({ length: 500 }, (_, index) => one("heavy", `heavy ${index}`)))
    assert.lengthOf(take(20, 0), 20)
    add([one("light", "light")])
    assert.deepStrictEqual(idsOf(take(1, 0)), ["light"])
    assert.deepStrictEqual(idsOf(take(2, 0)), ["heavy 20", "heavy 21"])
  })

  it("takes turns among those who have many", () => {
    const { add, take } = room()
    add(["a", "b", "c"].flatMap((user) => [0, 1, 2].map((index) => one(user, `${user}${index}`))))
    assert.deepStrictEqual(idsOf(take(6, 0)), ["a0", "b0", "c0", "a1", "b1", "c1"])
    assert.deepStrictEqual(idsOf(take(6, 0)), ["a2", "b2", "c2"])
  })

  it("holds a bot once, at the place that is given last, and its user waits for it once", () => {
    const { add, find, ready, size, take } = room()
    add([one("a", "again", 10), one("a", "other", 10)])
    assert.strictEqual(ready(10), 2)
    add([one("a", "again", 20)])
    assert.deepStrictEqual([size(), ready(10), find("again" as BotId)?.at], [2, 1, 20])
    assert.deepStrictEqual(idsOf(take(10, 10)), ["other"])
    add([one("b", "b", 20), one("a", "again", 15)])
    assert.deepStrictEqual(idsOf(take(10, 20)), ["again", "b"])
    assert.deepStrictEqual([size(), ready(99)], [0, 0])
    assert.isUndefined(find("again" as BotId))
  })

  it("is empty once it is cleared, of those that wait for their instant too, and goes on", () => {
    const { add, clear, nextAt, ready, size, take } = room()
    add([one("a", "ripe"), one("a", "unripe", 50)])
    assert.strictEqual(ready(0), 1)
    assert.deepStrictEqual(idsOf(clear()).toSorted(), ["ripe", "unripe"])
    assert.deepStrictEqual([size(), ready(99), nextAt()], [0, 0, null])
    add([one("a", "anew")])
    assert.deepStrictEqual(idsOf(take(9, 0)), ["anew"])
  })
})
