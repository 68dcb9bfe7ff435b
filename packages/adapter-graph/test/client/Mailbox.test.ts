/** Law S16, seen from one mailbox: how many at once, how many in ten minutes, never before a Retry-After. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Fiber, Scheduler } from "effect"
import { AskedByUser } from "@punctual/core"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import type { Limits } from "../../src/client/Limits.ts"
import type { Lesson } from "@punctual/core/http"
import { makeGraphMailbox } from "../../src/client/Mailbox.ts"
import { limitsOf } from "../fakes/FakeGraph.ts"

const answered: Lesson = { kind: "answered" }
const failed: Lesson = { kind: "failed", waitMillis: null }
const unanswered: Lesson = { kind: "unanswered" }
const throttled = (waitMillis: number): Lesson => ({ kind: "throttled", waitMillis, whose: "mailbox" })

/** Many attempts at once, each taking some time and teaching something; answers when each began, on the test's clock. */
const crowd = (limits: Limits, attempts: ReadonlyArray<{ readonly takes: number; readonly lesson: Lesson }>) =>
  Effect.gen(function* () {
    const mailbox = makeGraphMailbox(limits)
    const log: Array<{ readonly began: number; readonly ended: number; readonly lesson: Lesson }> = []
    const fibers = yield* Effect.forEach(attempts, ({ lesson, takes }) =>
      Effect.forkChild(
        Effect.exit(
          mailbox.attempt(
            Effect.gen(function* () {
              const began = yield* Clock.currentTimeMillis
              yield* Effect.sleep(takes)
              log.push({ began, ended: yield* Clock.currentTimeMillis, lesson })
            }),
            () => lesson
          )
        )
      )
    )
    // Long enough for everyone: the slowest budget tried gives one turn in ten minutes.
    yield* TestClock.adjust("40 hours")
    const exits = yield* Effect.forEach(fibers, Fiber.join)
    return { exits, log }
  })

const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, TestClock.layer()))

const anyLesson: fc.Arbitrary<Lesson> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(answered) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60_000 }).map(throttled) },
  { weight: 1, arbitrary: fc.constantFrom(failed, unanswered) },
  { weight: 1, arbitrary: fc.constant<Lesson>({ kind: "nothing" }) }
)
const anyAttempts = fc.array(fc.record({ takes: fc.integer({ min: 0, max: 5_000 }), lesson: anyLesson }), {
  minLength: 1,
  maxLength: 60
})
/** From so few that a fiber still gets on between its pauses, to more than an attempt takes. */
const [stepsMin, stepsMax] = [10, 150]

const patient = limitsOf({ waitMaxMillis: 3_600_000, failuresMax: 1_000 })

describe("S16: one mailbox", () => {
  it("never has more than four attempts under way, and lets all of them have their turn", () =>
    fc.assert(
      fc.asyncProperty(anyAttempts, async (attempts) => {
        const { exits, log } = await run(crowd(patient, attempts))
        for (const { began } of log) {
          assert.isAtMost(log.filter((other) => other.began <= began && other.ended > began).length, 4)
        }
        assert.strictEqual(exits.filter((exit) => exit._tag === "Success").length, attempts.length)
      })
    ))

  it("never begins an attempt before a Retry-After has passed", () =>
    fc.assert(
      fc.asyncProperty(anyAttempts, async (attempts) => {
        const { log } = await run(crowd(patient, attempts))
        for (const { ended, lesson } of log) {
          if (lesson.kind !== "throttled") continue
          assert.isEmpty(log.filter(({ began }) => began > ended && began < ended + (lesson.waitMillis ?? 0)))
        }
      })
    ))

  it("never begins more than its budget in any ten minutes, bursts and all", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 150 }),
        async (burstMax, requestsPerTenMinutes, count) => {
          const limits = { ...patient, burstMax, requestsPerTenMinutes }
          const { log } = await run(
            crowd(
              limits,
              Array.from({ length: count }, () => ({ takes: 0, lesson: answered }))
            )
          )
          for (const { began } of log) {
            const within = log.filter((other) => other.began >= began && other.began < began + 600_000)
            assert.isAtMost(within.length, burstMax + requestsPerTenMinutes)
          }
        }
      )
    ))

  it("keeps within Outlook's 10,000 in ten minutes by default", () => {
    const { burstMax, requestsPerTenMinutes } = limitsOf()
    assert.isAtMost(burstMax + requestsPerTenMinutes, 10_000)
  })

  it.effect("V4: has one request at a time after one that was not answered, until one is", () =>
    Effect.gen(function* () {
      const mailbox = makeGraphMailbox(limitsOf())
      let underWay = 0
      let most = 0
      const attempt = (lesson: Lesson) =>
        mailbox.attempt(
          Effect.acquireUseRelease(
            Effect.sync(() => void (most = Math.max(most, ++underWay))),
            () => Effect.sleep("1 second"),
            () => Effect.sync(() => void underWay--)
          ),
          () => lesson
        )
      const mostOf = Effect.fnUntraced(function* (...lessons: ReadonlyArray<Lesson>) {
        most = 0
        const fiber = yield* Effect.forkChild(Effect.forEach(lessons, attempt, { concurrency: "unbounded" }))
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(fiber)
        return most
      })
      assert.strictEqual(yield* mostOf(answered, answered, answered, answered), 4)
      assert.strictEqual(yield* mostOf(unanswered), 1)
      assert.strictEqual(yield* mostOf(unanswered, unanswered, unanswered, unanswered), 1)
      // The first of them was the answer; these waited for it.
      assert.strictEqual(yield* mostOf(answered, answered, answered, answered), 1)
      assert.strictEqual(yield* mostOf(answered, answered, answered, answered), 4)
      assert.strictEqual(yield* mostOf(failed), 1)
      assert.strictEqual(yield* mostOf(answered, answered, answered, answered), 4)
    })
  )

  it.effect("hands back a wait that is longer than its patience, and says how long", () =>
    Effect.gen(function* () {
      const mailbox = makeGraphMailbox(limitsOf())
      yield* TestClock.setTime(1_000)
      mailbox.holdUntil(61_000)
      const error = yield* Effect.flip(mailbox.attempt(Effect.void, () => answered))
      assert.deepInclude(error, { _tag: "Throttled", retryAfterMillis: 60_000 })
      yield* TestClock.setTime(61_000)
      yield* mailbox.attempt(Effect.void, () => answered)
    })
  )

  it.effect("leaves a mailbox alone that fails again and again, tries once, and forgets at the first answer", () =>
    Effect.gen(function* () {
      const mailbox = makeGraphMailbox(limitsOf({ failuresMax: 3, pauseMinMillis: 30_000 }))
      const attempt = (lesson: Lesson) => Effect.exit(mailbox.attempt(Effect.void, () => lesson))
      for (let i = 0; i < 3; i++) yield* attempt(failed)
      assert.strictEqual((yield* attempt(answered))._tag, "Failure")
      yield* TestClock.adjust("31 seconds")
      yield* attempt(failed)
      assert.strictEqual((yield* attempt(answered))._tag, "Failure")
      yield* TestClock.adjust("31 seconds")
      yield* attempt(answered)
      yield* attempt(failed)
      assert.strictEqual((yield* attempt(answered))._tag, "Success")
    })
  )

  it.effect("V10: is tried by one request at a time, after 2 s, then 4, at most 30, and by who asks every 2 s", () =>
    Effect.gen(function* () {
      const mailbox = makeGraphMailbox(limitsOf({ failuresMax: 3 }))
      let sent = 0
      const attempt = (lesson: Lesson, takes = 0) =>
        Effect.exit(
          mailbox.attempt(
            Effect.andThen(
              Effect.sync(() => void sent++),
              Effect.sleep(takes)
            ),
            () => lesson
          )
        )
      for (let i = 0; i < 3; i++) yield* attempt(failed)
      const tries: Array<number> = []
      const started = yield* Clock.currentTimeMillis
      while (tries.length < 7) {
        yield* TestClock.adjust(1_000)
        sent = 0
        yield* attempt(failed)
        if (sent > 0) tries.push(((yield* Clock.currentTimeMillis) - started) / 1_000)
      }
      assert.deepStrictEqual(tries, [2, 6, 14, 30, 60, 90, 120], "the pause doubles, up to 30 s")

      // The pause has just begun: the user's own request need not wait for its end.
      const asking = (lesson: Lesson, takes = 0) => Effect.provideService(attempt(lesson, takes), AskedByUser, true)
      sent = 0
      yield* asking(failed)
      assert.strictEqual(sent, 0, "tried just now")
      yield* TestClock.adjust(2_000)
      yield* asking(failed)
      yield* asking(failed)
      assert.strictEqual(sent, 1)

      yield* TestClock.adjust("31 seconds")
      sent = 0
      const crowd = yield* Effect.forEach(Array.from({ length: 20 }), () => Effect.forkChild(attempt(answered, 1_000)))
      yield* TestClock.adjust(0)
      assert.strictEqual(sent, 1, "half open: one probe")
      yield* TestClock.adjust(1_000)
      yield* Effect.forEach(crowd, (fiber) => Fiber.join(fiber))
      sent = 0
      for (let i = 0; i < 5; i++) yield* attempt(answered)
      assert.strictEqual(sent, 5, "one answer, and it is as it was")
    })
  )

  it.effect("V10: is tried again after a try that was broken off, at whatever step", () =>
    Effect.gen(function* () {
      for (let steps = stepsMin; steps <= stepsMax; steps++) {
        const mailbox = makeGraphMailbox(limitsOf({ failuresMax: 1 }))
        yield* mailbox.attempt(Effect.void, () => failed)
        yield* TestClock.adjust("1 minute")
        const broken = yield* mailbox
          .attempt(Effect.void, () => failed)
          .pipe(
            // Where a fiber stops to let others run, an interruption reaches it.
            Effect.provideService(Scheduler.MaxOpsBeforeYield, steps),
            Effect.forkChild({ startImmediately: true })
          )
        yield* Fiber.interrupt(broken)
        yield* TestClock.adjust("1 minute")
        const idle = mailbox.isIdle(yield* Clock.currentTimeMillis)
        assert.isTrue(idle, `broken off after ${steps} steps`)
        yield* mailbox.attempt(Effect.void, () => answered)
      }
    })
  )

  it.effect("turns a crowd away rather than queueing without end, and gives back the places", () =>
    Effect.gen(function* () {
      const mailbox = makeGraphMailbox(limitsOf({ waitingMax: 5 }))
      const slow = yield* Effect.forEach(Array.from({ length: 5 }), () =>
        Effect.forkChild(mailbox.attempt(Effect.sleep("1 second"), () => answered))
      )
      yield* TestClock.adjust(0)
      const error = yield* Effect.flip(mailbox.attempt(Effect.void, () => answered))
      assert.strictEqual(error._tag, "Throttled")
      yield* Effect.forEach(slow, Fiber.interrupt)
      yield* mailbox.attempt(Effect.void, () => answered)
      assert.isFalse(mailbox.isIdle(yield* Clock.currentTimeMillis))
      yield* TestClock.adjust("1 hour")
      assert.isTrue(mailbox.isIdle(yield* Clock.currentTimeMillis))
    })
  )

  it.effect("is not confused by a clock that is set back", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      const mailbox = makeGraphMailbox(limitsOf({ burstMax: 2, requestsPerTenMinutes: 600, waitMaxMillis: 0 }))
      yield* mailbox.attempt(Effect.void, () => answered)
      yield* TestClock.setTime(500_000)
      yield* mailbox.attempt(Effect.void, () => answered)
      assert.strictEqual((yield* Effect.flip(mailbox.attempt(Effect.void, () => answered)))._tag, "Throttled")
      yield* TestClock.setTime(501_001)
      yield* mailbox.attempt(Effect.void, () => answered)
    })
  )
})
