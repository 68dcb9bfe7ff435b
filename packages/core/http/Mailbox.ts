/**
 * The manners towards one mailbox: how many requests at once, how many in a time, not before when, and when to leave it alone
 * for a while. One that gave no answer has one request at a time until it answers. What several mailboxes share, such as the
 * quota of an app, may hold all of them.
 *
 * Decides when an attempt may start. Never sends anything itself, never waits longer than `waitMaxMillis` (the caller is told
 * to come back), and knows nothing of other mailboxes: a busy one delays only itself.
 */
import { Clock, Effect, Semaphore } from "effect"
import { type CircuitLimits, makeCircuit } from "./Circuit.ts"
import type { Hold } from "./Hold.ts"
import { type Rate, type TokenBucket, isFull, reserve } from "./TokenBucket.ts"

/** What an attempt taught about the mailbox. */
export type Lesson =
  | { readonly kind: "answered" }
  /** Asked to wait; null: not told how long. `shared`: it is about what several mailboxes share. */
  | { readonly kind: "throttled"; readonly waitMillis: number | null; readonly whose: "mailbox" | "shared" }
  /** No answer at all, for as long as one is waited for. */
  | { readonly kind: "unanswered" }
  /** An answer that makes no sense; perhaps with a wish to be left alone. */
  | { readonly kind: "failed"; readonly waitMillis: number | null }
  /** Nothing about the mailbox. */
  | { readonly kind: "nothing" }

export interface MailboxLimits extends CircuitLimits {
  /** Requests under way at once. */
  readonly concurrencyMax: number
  /** Callers that may queue. */
  readonly waitingMax: number
  /** A wait up to this is waited out; a longer one is handed back. */
  readonly waitMaxMillis: number
  readonly backoffMaxMillis: number
}

export interface MailboxOptions<E> {
  readonly limits: MailboxLimits
  readonly rate: Rate
  readonly own: Hold
  /** Of what it shares with others; null: nothing. */
  readonly shared: Hold | null
  /** Whether somebody waits for what is asked just now. */
  readonly isAsked: Effect.Effect<boolean>
  /** To come back after so long. */
  readonly throttled: (retryAfterMillis: number) => E
  /** It is left alone. */
  readonly failing: () => E
}

export interface Mailbox<E> {
  /** Runs one attempt when its turn has come, and learns from it before the next one may start. */
  readonly attempt: <A, F, R>(run: Effect.Effect<A, F, R>, lesson: (value: A) => Lesson) => Effect.Effect<A, E | F, R>
  /** No attempt starts before this instant. */
  readonly holdUntil: (instant: number) => void
  /** When an attempt may start at the earliest; long past where nothing holds. */
  readonly heldUntil: () => number
  /** Whether anything would be lost by forgetting this mailbox at `now`. */
  readonly isIdle: (now: number) => boolean
}

/** One attempt, from when somebody wants it to its end. */
interface Visit {
  /** Whether it is the one that tries a mailbox left alone. */
  isTrial: boolean
}

export const makeMailbox = <E>({
  failing,
  isAsked,
  limits,
  own,
  rate,
  shared,
  throttled
}: MailboxOptions<E>): Mailbox<E> => {
  const slots = Semaphore.makeUnsafe(limits.concurrencyMax)
  /** The one slot of a mailbox on probation. */
  const single = Semaphore.makeUnsafe(1)
  const circuit = makeCircuit(limits)
  let isOnProbation = false
  let bucket: TokenBucket | undefined
  let present = 0

  const heldUntil = (): number => Math.max(own.until(), shared?.until() ?? 0)

  /** 0: a token was taken. Otherwise ask again after so many milliseconds. */
  const take = (now: number): number => {
    const reserved = reserve(bucket, now, rate)
    if (reserved.waitMillis === 0) bucket = reserved.bucket
    return reserved.waitMillis
  }

  /** One look at whether the turn of a visit has come. False: it was waited, and others may have come first. */
  const look = Effect.fnUntraced(function* (visit: Visit): Effect.fn.Return<boolean, E> {
    const now = yield* Clock.currentTimeMillis
    if (!circuit.isPassable(now, yield* isAsked)) return yield* Effect.fail(failing())
    const held = heldUntil() - now
    const wait = held > 0 ? held : take(now)
    if (wait > limits.waitMaxMillis) return yield* Effect.fail(throttled(wait))
    if (wait > 0) {
      yield* Effect.sleep(wait)
      return false
    }
    visit.isTrial = circuit.enter(now)
    return true
  })
  const turn = (visit: Visit) => Effect.repeat(look(visit), { until: (hasCome) => hasCome })

  const arrive = Effect.suspend((): Effect.Effect<Visit, E> => {
    if (present >= limits.waitingMax) return Effect.fail(throttled(limits.backoffMaxMillis))
    present++
    return Effect.succeed({ isTrial: false })
  })

  const depart = (visit: Visit): Effect.Effect<void> =>
    Effect.sync(() => {
      present--
      if (visit.isTrial) circuit.leave()
    })

  const learn = (lesson: Lesson, now: number): void => {
    if (lesson.kind === "throttled") {
      const held = lesson.whose === "shared" ? (shared ?? own) : own
      held.throttle(now, lesson.waitMillis)
    }
    if (lesson.kind === "failed" && lesson.waitMillis !== null) own.extend(now + lesson.waitMillis)
    if (lesson.kind === "answered") {
      own.release()
      // What was under way when the others were held says nothing of the wait.
      if (shared !== null && shared.until() <= now) shared.release()
      circuit.close()
    }
    if (lesson.kind === "failed" || lesson.kind === "unanswered") circuit.fail(now)
    if (lesson.kind !== "nothing") isOnProbation = lesson.kind === "unanswered"
  }

  // Whoever arrives departs, at whatever step an interruption comes.
  const attempt: Mailbox<E>["attempt"] = (run, lesson) =>
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
    holdUntil: own.extend,
    heldUntil,
    isIdle: (now) => present === 0 && own.until() <= now && circuit.isAtRest(now) && isFull(bucket, now, rate)
  }
}
