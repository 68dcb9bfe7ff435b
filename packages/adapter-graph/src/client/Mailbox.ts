/**
 * The manners towards one mailbox: how many requests at once, how many in ten minutes, not before when, and when to
 * leave it alone for a while. One that gave no answer has one request at a time until it answers.
 *
 * Decides when an attempt may start. Never sends anything itself, never waits longer than `waitMaxMillis` (the caller
 * gets `Throttled` and comes back), and knows nothing of other mailboxes: a busy one delays only itself.
 */
import { Clock, Effect, Semaphore } from "effect"
import { AskedByUser, Throttled, Unavailable } from "@punctual/core"
import { type Rate, type TokenBucket, isFull, reserve } from "@punctual/core/http"
import type { Limits } from "./Limits.ts"

/** What an attempt taught about the mailbox. */
export type Lesson =
  | { readonly kind: "answered" }
  /** Asked to wait. */
  | { readonly kind: "throttled"; readonly waitMillis: number }
  /** No answer at all, for as long as one is waited for. */
  | { readonly kind: "unanswered" }
  /** An answer that makes no sense; perhaps with an intent to be left alone. */
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

/** One attempt, from when somebody wants it to its end. */
interface Visit {
  /** Whether it is the one that tries a mailbox left alone. */
  isTrial: boolean
}

export const makeMailbox = (limits: Limits): Mailbox => {
  const slots = Semaphore.makeUnsafe(limits.concurrencyMax)
  /** The one slot of a mailbox on probation. */
  const single = Semaphore.makeUnsafe(1)
  let isOnProbation = false
  const rate = rateOf(limits)
  let bucket: TokenBucket | undefined
  let notBefore = 0
  const circuit = makeCircuit(limits)
  let present = 0

  const holdUntil = (instant: number): void => {
    notBefore = Math.max(notBefore, instant)
  }

  /** 0: a token was taken. Otherwise ask again after so many milliseconds. */
  const take = (now: number): number => {
    const reserved = reserve(bucket, now, rate)
    if (reserved.waitMillis === 0) bucket = reserved.bucket
    return reserved.waitMillis
  }

  /** One look at whether the turn of a visit has come. False: it was waited, and others may have come first. */
  const look = Effect.fnUntraced(function* (visit: Visit): Effect.fn.Return<boolean, Throttled | Unavailable> {
    const now = yield* Clock.currentTimeMillis
    if (!circuit.isPassable(now, yield* AskedByUser)) {
      return yield* new Unavailable({ message: "Microsoft Graph failed several times in a row for this mailbox." })
    }
    const wait = notBefore > now ? notBefore - now : take(now)
    if (wait > limits.waitMaxMillis) return yield* new Throttled({ retryAfterMillis: wait })
    if (wait > 0) {
      yield* Effect.sleep(wait)
      return false
    }
    visit.isTrial = circuit.enter(now)
    return true
  })
  const turn = (visit: Visit) => Effect.repeat(look(visit), { until: (hasCome) => hasCome })

  const arrive = Effect.suspend((): Effect.Effect<Visit, Throttled> => {
    if (present >= limits.waitingMax) return new Throttled({ retryAfterMillis: limits.backoffMaxMillis })
    present++
    return Effect.succeed({ isTrial: false })
  })

  const depart = (visit: Visit): Effect.Effect<void> =>
    Effect.sync(() => {
      present--
      if (visit.isTrial) circuit.leave()
    })

  const learn = (lesson: Lesson, now: number): void => {
    if (lesson.kind === "throttled") holdUntil(now + lesson.waitMillis)
    if (lesson.kind === "failed" && lesson.waitMillis !== null) holdUntil(now + lesson.waitMillis)
    if (lesson.kind === "answered") circuit.close()
    if (lesson.kind === "failed" || lesson.kind === "unanswered") circuit.fail(now)
    if (lesson.kind !== "nothing") isOnProbation = lesson.kind === "unanswered"
  }

  // Whoever arrives departs, at whatever step an interruption comes.
  const attempt: Mailbox["attempt"] = (run, lesson) =>
    Effect.acquireUseRelease(
      arrive,
      (visit) => {
        const inTurn = Effect.andThen(
          turn(visit),
          Effect.tap(run, (value) => Effect.map(Clock.currentTimeMillis, (now) => learn(lesson(value), now)))
        )
        return slots.withPermits(1)(Effect.suspend(() => (isOnProbation ? single.withPermits(1)(inTurn) : inTurn)))
      },
      depart
    )

  return {
    attempt,
    holdUntil,
    heldUntil: () => notBefore,
    isIdle: (now) => present === 0 && notBefore <= now && circuit.isAtRest(now) && isFull(bucket, now, rate)
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

const tenMinutesSeconds = 600

const rateOf = ({ burstMax, requestsPerTenMinutes }: Limits): Rate => ({
  perSecond: requestsPerTenMinutes / tenMinutesSeconds,
  burst: burstMax
})
