/**
 * The manners towards one mailbox: how many requests at once, how many in a minute, not before when, and when to leave it
 * alone for a while. The quota of the client's project is shared by all its mailboxes, and so is the wait for it.
 *
 * Decides when an attempt may start, and how long a wait is that Google asks for without naming it. Never sends anything
 * itself, and never waits longer than `waitMaxMillis`: the caller gets `Throttled` and comes back.
 */
import { Clock, Effect, Semaphore } from "effect"
import { AskedByUser, Throttled, Unavailable } from "@punctual/core"
import { type Rate, type TokenBucket, isFull, reserve } from "@punctual/core/http"
import type { Limits } from "./Limits.ts"

/** What an attempt taught about the mailbox. */
export type Lesson =
  | { readonly kind: "answered" }
  /** Asked to wait; null: not told how long. */
  | { readonly kind: "throttled"; readonly waitMillis: number | null; readonly whose: "mailbox" | "project" }
  /** No answer, or one that makes no sense; perhaps with a wish to be left alone. */
  | { readonly kind: "failed"; readonly waitMillis: number | null }
  /** Nothing about the mailbox. */
  | { readonly kind: "nothing" }

/** Not before when, and how often in a row that was asked for. */
export interface Hold {
  readonly until: () => number
  readonly extend: (instant: number) => void
  readonly throttle: (now: number, waitMillis: number | null) => void
  readonly release: () => void
}

export const makeHold = ({ throttledMaxMillis, throttledMinMillis }: Limits): Hold => {
  let until = 0
  let streak = 0
  const extend = (instant: number): void => {
    until = Math.max(until, instant)
  }
  return {
    until: () => until,
    extend,
    throttle: (now, waitMillis) => {
      const grown = Math.min(throttledMaxMillis, throttledMinMillis * 2 ** streak)
      streak = Math.min(streak + 1, streakMax)
      extend(now + (waitMillis ?? grown))
    },
    release: () => {
      streak = 0
    }
  }
}

/** Doubling ends where the longest wait is long reached. */
const streakMax = 20

export interface Mailbox {
  /** Runs one attempt when its turn has come, and learns from it before the next one may start. */
  readonly attempt: <A, E, R>(
    run: Effect.Effect<A, E, R>,
    lesson: (value: A) => Lesson
  ) => Effect.Effect<A, E | Throttled | Unavailable, R>
  /** No attempt starts before this instant. */
  readonly holdUntil: (instant: number) => void
  /** When an attempt may start at the earliest; long past where nothing holds. */
  readonly heldUntil: () => number
  /** Whether anything would be lost by forgetting this mailbox at `now`. */
  readonly isIdle: (now: number) => boolean
}

export const makeMailbox = (limits: Limits, project: Hold): Mailbox => {
  const slots = Semaphore.makeUnsafe(limits.concurrencyMax)
  const rate = rateOf(limits)
  const own = makeHold(limits)
  const circuit = makeCircuit(limits)
  let bucket: TokenBucket | undefined
  let present = 0

  const heldUntil = (): number => Math.max(own.until(), project.until())

  /** 0: a token was taken. Otherwise ask again after so many milliseconds. */
  const take = (now: number): number => {
    const reserved = reserve(bucket, now, rate)
    if (reserved.waitMillis === 0) bucket = reserved.bucket
    return reserved.waitMillis
  }

  /** One look at whether the turn has come. False: it was waited, and others may have come first. */
  const look = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (!circuit.isPassable(now, yield* AskedByUser)) {
      return yield* new Unavailable({ message: "Google Calendar failed several times in a row for this mailbox." })
    }
    const held = heldUntil() - now
    const wait = held > 0 ? held : take(now)
    if (wait > limits.waitMaxMillis) return yield* new Throttled({ retryAfterMillis: wait })
    if (wait > 0) yield* Effect.sleep(wait)
    return wait <= 0
  })

  const learn = (lesson: Lesson, now: number): void => {
    if (lesson.kind === "throttled") (lesson.whose === "project" ? project : own).throttle(now, lesson.waitMillis)
    if (lesson.kind === "answered") {
      own.release()
      if (project.until() <= now) project.release()
      circuit.close()
    }
    if (lesson.kind === "failed") {
      if (lesson.waitMillis !== null) own.extend(now + lesson.waitMillis)
      circuit.fail(now)
    }
  }

  const arrive = Effect.suspend((): Effect.Effect<void, Throttled> => {
    if (present >= limits.waitingMax) return new Throttled({ retryAfterMillis: limits.backoffMaxMillis })
    present++
    return Effect.void
  })

  // Whoever arrives departs, at whatever step an interruption comes.
  const attempt: Mailbox["attempt"] = (run, lesson) =>
    Effect.acquireUseRelease(
      arrive,
      () =>
        slots.withPermits(1)(
          Effect.repeat(look, { until: (hasCome) => hasCome }).pipe(
            Effect.andThen(
              Effect.tap(run, (value) => Effect.map(Clock.currentTimeMillis, (now) => learn(lesson(value), now)))
            )
          )
        ),
      () => Effect.sync(() => void present--)
    )

  return {
    attempt,
    holdUntil: own.extend,
    heldUntil,
    isIdle: (now) => present === 0 && heldUntil() <= now && circuit.isAtRest(now) && isFull(bucket, now, rate)
  }
}

/**
 * A mailbox that failed several times in a row is left alone for a while, each time twice as long as before; then one
 * attempt tries it. One answer, and it is as it was.
 */
const makeCircuit = ({ askedMillis, failuresMax, pauseMaxMillis, pauseMinMillis }: Limits) => {
  let failures = 0
  let pauseMillis = pauseMinMillis
  let pausedUntil = 0
  let triedAt = -Infinity
  return {
    /** Whoever is let through while it is open is the one that tries it: nobody else is, until that is answered or the pause over. */
    isPassable: (now: number, isAsked: boolean): boolean => {
      if (failures < failuresMax) return true
      if (now < pausedUntil && !(isAsked && now - triedAt >= askedMillis)) return false
      triedAt = now
      pausedUntil = now + pauseMillis
      return true
    },
    close: (): void => {
      failures = 0
      pauseMillis = pauseMinMillis
      pausedUntil = 0
    },
    fail: (now: number): void => {
      failures = Math.min(failures + 1, failuresMax)
      if (failures < failuresMax) return
      pausedUntil = now + pauseMillis
      triedAt = now
      pauseMillis = Math.min(pauseMaxMillis, pauseMillis * 2)
    },
    isAtRest: (now: number): boolean => pausedUntil <= now
  }
}

const rateOf = ({ burstMax, requestsPerMinute }: Limits): Rate => ({
  perSecond: requestsPerMinute / 60,
  burst: burstMax
})
