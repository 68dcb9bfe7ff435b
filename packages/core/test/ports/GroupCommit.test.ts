/**
 * Writes shared by who asks meanwhile: one at a time, none waits for nothing, and nobody is told before theirs has ended.
 */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Exit, Fiber, Option, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { groupCommits } from "../../src/ports/GroupCommit.ts"

interface Write {
  readonly items: ReadonlyArray<number>
  readonly beganAt: number
  readonly endedAt: number
  readonly ending: Ending
}

type Ending = "done" | "failed" | "died"

const itemsMax = 3
const endlessMillis = 1_000_000

/** Writes that last and end as they are told to, and what was seen of them. */
const desk = (lasting: ReadonlyArray<{ readonly millis: number; readonly ending: Ending }>) => {
  const writes: Array<Write> = []
  let count = 0
  let underWay = 0
  const write = Effect.fnUntraced(function* (items: ReadonlyArray<number>) {
    const { ending, millis } = lasting[count++ % lasting.length] ?? { ending: "done", millis: 0 }
    const beganAt = yield* Clock.currentTimeMillis
    assert.strictEqual(++underWay, 1, "two writes at once")
    yield* Effect.sleep(millis)
    underWay -= 1
    writes.push({ items, beganAt, endedAt: beganAt + millis, ending })
    if (ending === "died") return yield* Effect.die("the write died")
    return ending === "failed" ? yield* Effect.fail("the write failed") : items.map((item) => `wrote ${item}`)
  })
  return { write, writes }
}

/** Asked once, at an instant; who gives up is gone before any answer. */
interface Asking {
  readonly at: number
  readonly isGone: boolean
}

const askedAt = Effect.fnUntraced(function* (
  ask: (item: number) => Effect.Effect<string, string>,
  item: number,
  { at, isGone }: Asking
) {
  yield* Effect.sleep(at)
  const exit = yield* Effect.exit(Effect.timeoutOption(ask(item), isGone ? 0 : endlessMillis))
  return { exit, answeredAt: yield* Clock.currentTimeMillis }
})

const lasting = fc.array(
  fc.record({
    millis: fc.integer({ min: 1, max: 20 }),
    ending: fc.constantFrom<Ending>("done", "done", "failed", "died")
  }),
  { minLength: 1, maxLength: 6 }
)

const askings = fc.array(fc.record({ at: fc.nat(60), isGone: fc.nat(9).map((chance) => chance === 0) }), {
  maxLength: 30
})

const judge = (
  asked: ReadonlyArray<Asking>,
  told: ReadonlyArray<{ readonly exit: Exit.Exit<unknown, string>; readonly answeredAt: number }>,
  writes: ReadonlyArray<Write>
): void => {
  assert.sameMembers(
    writes.flatMap(({ items }) => items),
    asked.map((_, item) => item),
    "each is written, and once"
  )
  let freeAt = 0
  for (const { beganAt, endedAt, items } of writes) {
    assert.isAtMost(items.length, itemsMax)
    const came = items.map((item) => asked[item]?.at ?? Infinity)
    assert.isAtMost(Math.max(...came), beganAt)
    assert.strictEqual(beganAt, Math.max(freeAt, Math.min(...came)), "a write waited for nothing")
    freeAt = endedAt
  }
  for (const [item, { answeredAt, exit }] of told.entries()) {
    const write = writes.find(({ items }) => items.includes(item))
    if (asked[item]?.isGone === true || write === undefined) continue
    assert.strictEqual(answeredAt, write.endedAt)
    if (write.ending === "done") assert.deepStrictEqual(exit, Exit.succeed(Option.some(`wrote ${item}`)))
    else
      assert.deepStrictEqual(
        exit,
        write.ending === "failed" ? Exit.fail("the write failed") : Exit.die("the write died")
      )
  }
}

describe("groupCommits", () => {
  it.effect("answers each when the write that took it has ended, and as it ended; writes one after the other", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(lasting, askings, (endings, asked) =>
          Effect.gen(function* () {
            const { write, writes } = desk(endings)
            const ask = yield* groupCommits(write, itemsMax)
            const asking = yield* Effect.forkChild(
              Effect.forEach(asked, (each, item) => askedAt(ask, item, each), { concurrency: "unbounded" })
            )
            yield* TestClock.adjust(10_000)
            judge(asked, yield* Fiber.join(asking), writes)
          }).pipe(Effect.scoped, Effect.provide(TestClock.layer()), Effect.runPromise)
        )
      )
    )
  )

  it.effect("leaves nobody waiting when it is closed: not who is being written, who waits, nor who comes later", () =>
    Effect.gen(function* () {
      const { write, writes } = desk([{ millis: 1_000, ending: "done" }])
      const scope = yield* Scope.make()
      const ask = yield* groupCommits(write, itemsMax).pipe(Scope.provide(scope))
      const first = yield* Effect.forkChild(ask(1))
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(ask(2))
      yield* TestClock.adjust(1)
      yield* Scope.close(scope, Exit.void)
      const third = yield* Effect.forkChild(ask(3))
      for (const fiber of [first, second, third]) assert.isTrue(Exit.isFailure(yield* Fiber.await(fiber)))
      assert.deepStrictEqual(writes, [])
    })
  )
})
