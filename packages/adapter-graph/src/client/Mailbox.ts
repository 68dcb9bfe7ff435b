/**
 * The manners towards one mailbox: how many requests at once, how many in ten minutes, not before when, and when to
 * leave it alone for a while.
 *
 * Decides when an attempt may start. Never sends anything itself, never waits longer than `waitMaxMillis` (the caller
 * gets `Throttled` and comes back), and knows nothing of other mailboxes: a busy one delays only itself.
 */
import { Clock, Effect, Semaphore } from "effect"
import { Throttled, Unavailable } from "@punctual/core"
import type { Limits } from "./Limits.ts"

/** What an attempt taught about the mailbox. */
export type Lesson =
  | { readonly kind: "answered" }
  /** Asked to wait. */
  | { readonly kind: "throttled"; readonly waitMillis: number }
  /** No answer, or none that makes sense; perhaps with an intent to be left alone. */
  | { readonly kind: "failed"; readonly waitMillis: number | null }
  /** Nothing about the mailbox. */
  | { readonly kind: "nothing" }

export interface Mailbox {
  /** Runs one attempt when its turn has come, and learns from it before the next one may start. */
  readonly attempt: <A, E, R>(
    run: Effect.Effect<A, E, R>,
    lesson: (value: A) => Lesson
  ) => Effect.Effect<A, E | Throttled | Unavailable, R>
  /** No attempt starts before this instant. */
  readonly holdUntil: (instant: number) => void
  /** When the hold ends, as an instant; long past when there is none. */
  readonly heldUntil: () => number
  /** Whether anything would be lost by forgetting this mailbox at `now`. */
  readonly isIdle: (now: number) => boolean
}

export const makeMailbox = (limits: Limits): Mailbox => {
  const slots = Semaphore.makeUnsafe(limits.concurrencyMax)
  const bucket = makeBucket(limits)
  let notBefore = 0
  let pausedUntil = 0
  let failures = 0
  let present = 0

  const holdUntil = (instant: number): void => {
    notBefore = Math.max(notBefore, instant)
  }

  const turn: Effect.Effect<void, Throttled | Unavailable> = Effect.gen(function* () {
    while (true) {
      const now = yield* Clock.currentTimeMillis
      if (now < pausedUntil) {
        return yield* new Unavailable({ message: "Microsoft Graph failed several times in a row for this mailbox." })
      }
      const wait = notBefore > now ? notBefore - now : bucket.take(now)
      if (wait <= 0) return
      if (wait > limits.waitMaxMillis) return yield* new Throttled({ retryAfterMillis: wait })
      yield* Effect.sleep(wait)
    }
  })

  const learn = (lesson: Lesson, now: number): void => {
    if (lesson.kind === "throttled") holdUntil(now + lesson.waitMillis)
    if (lesson.kind === "answered") failures = 0
    if (lesson.kind !== "failed") return
    if (lesson.waitMillis !== null) holdUntil(now + lesson.waitMillis)
    failures++
    if (failures < limits.failuresMax) return
    pausedUntil = now + limits.pauseMillis
    // One more failure after the pause is enough for the next one; one answer forgets them all.
    failures = limits.failuresMax - 1
  }

  const attempt: Mailbox["attempt"] = (run, lesson) =>
    Effect.suspend(() => {
      if (present >= limits.waitingMax) return new Throttled({ retryAfterMillis: limits.backoffMaxMillis })
      present++
      return turn.pipe(
        Effect.andThen(run),
        Effect.tap((value) => Effect.map(Clock.currentTimeMillis, (now) => learn(lesson(value), now))),
        slots.withPermits(1),
        Effect.ensuring(
          Effect.sync(() => {
            present--
          })
        )
      )
    })

  return {
    attempt,
    holdUntil,
    heldUntil: () => notBefore,
    isIdle: (now) => present === 0 && notBefore <= now && pausedUntil <= now && bucket.isFull(now)
  }
}

const tenMinutesMillis = 600_000

/** A token bucket: a burst, and a steady refill besides. */
const makeBucket = (limits: Limits) => {
  const perMilli = limits.requestsPerTenMinutes / tenMinutesMillis
  let level = limits.burstMax
  let at = 0
  const refill = (now: number): void => {
    // A clock set back gives nothing and takes nothing.
    level = Math.min(limits.burstMax, level + Math.max(0, now - at) * perMilli)
    at = now
  }
  return {
    /** Takes one and answers 0, or takes none and answers how many milliseconds until there is one. */
    take: (now: number): number => {
      refill(now)
      if (level < 1) return Math.ceil((1 - level) / perMilli)
      level--
      return 0
    },
    isFull: (now: number): boolean => level + Math.max(0, now - at) * perMilli >= limits.burstMax
  }
}
