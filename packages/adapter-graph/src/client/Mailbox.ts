/**
 * The manners towards one mailbox: how many requests at once, how many in ten minutes, not before when, and when to
 * leave it alone for a while.
 *
 * Decides when an attempt may start. Never sends anything itself, never waits longer than `waitMaxMillis` (the caller
 * gets `Throttled` and comes back), and knows nothing of other mailboxes: a busy one delays only itself.
 */
import { Clock, Effect, Semaphore } from "effect"
import { AskedByUser, Throttled, Unavailable } from "@punctual/core"
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
  const circuit = makeCircuit(limits)
  let present = 0

  const holdUntil = (instant: number): void => {
    notBefore = Math.max(notBefore, instant)
  }

  /** Succeeds with whether this attempt is the one that tries a mailbox left alone. */
  const turn: Effect.Effect<boolean, Throttled | Unavailable> = Effect.gen(function* () {
    const isAsked = yield* AskedByUser
    while (true) {
      const now = yield* Clock.currentTimeMillis
      if (!circuit.isPassable(now, isAsked)) {
        return yield* new Unavailable({ message: "Microsoft Graph failed several times in a row for this mailbox." })
      }
      const wait = notBefore > now ? notBefore - now : bucket.take(now)
      if (wait <= 0) return circuit.enter(now)
      if (wait > limits.waitMaxMillis) return yield* new Throttled({ retryAfterMillis: wait })
      yield* Effect.sleep(wait)
    }
  })

  const learn = (lesson: Lesson, now: number): void => {
    if (lesson.kind === "throttled") holdUntil(now + lesson.waitMillis)
    if (lesson.kind === "failed" && lesson.waitMillis !== null) holdUntil(now + lesson.waitMillis)
    if (lesson.kind === "answered") circuit.close()
    if (lesson.kind === "failed") circuit.fail(now)
  }

  const attempt: Mailbox["attempt"] = (run, lesson) =>
    Effect.suspend(() => {
      if (present >= limits.waitingMax) return new Throttled({ retryAfterMillis: limits.backoffMaxMillis })
      present++
      return turn.pipe(
        Effect.flatMap((isTrial) =>
          run.pipe(
            Effect.tap((value) => Effect.map(Clock.currentTimeMillis, (now) => learn(lesson(value), now))),
            Effect.ensuring(Effect.sync(() => (isTrial ? circuit.leave() : undefined)))
          )
        ),
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
    isIdle: (now) => present === 0 && notBefore <= now && circuit.isAtRest(now) && bucket.isFull(now)
  }
}

/**
 * A mailbox that failed several times in a row is left alone; after a pause one attempt at a time tries it, and each that
 * fails makes the next pause twice as long. One answer, and it is as it was.
 */
const makeCircuit = ({ askedMillis, failuresMax, pauseMaxMillis, pauseMinMillis }: Limits) => {
  let failures = 0
  let pauseMillis = pauseMinMillis
  let pausedUntil = 0
  let triedAt = -Infinity
  let isTrying = false
  return {
    isPassable: (now: number, isAsked: boolean): boolean =>
      failures < failuresMax || (!isTrying && (now >= pausedUntil || (isAsked && now - triedAt >= askedMillis))),
    /** True: the one that tries. */
    enter: (now: number): boolean => {
      if (failures < failuresMax) return false
      isTrying = true
      triedAt = now
      return true
    },
    leave: (): void => {
      isTrying = false
    },
    close: (): void => {
      failures = 0
      pauseMillis = pauseMinMillis
    },
    fail: (now: number): void => {
      failures = Math.min(failures + 1, failuresMax)
      if (failures < failuresMax) return
      pausedUntil = now + pauseMillis
      triedAt = now
      pauseMillis = Math.min(pauseMaxMillis, pauseMillis * 2)
    },
    isAtRest: (now: number): boolean => pausedUntil <= now && !isTrying
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
