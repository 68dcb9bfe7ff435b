/**
 * The slots of one process, and who gets them: the loop behind `LaunchPool`.
 *
 * Decides what happens in which order: those whose turn it is are claimed together, and called each by itself; whoever could
 * not be claimed so is looked at alone, in the same slot. Runs while anybody waits; the first who comes starts it.
 */
import { Clock, Effect, Exit, FiberSet, Latch, Option } from "effect"
import type { Foresight } from "../../decide/Foresight.ts"
import type { BotId } from "../../domain/Ids.ts"
import { launchLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import type { StoreError } from "../../ports/Store.ts"
import type { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import type { DecideLater } from "./DecideLater.ts"
import { type FollowUps, makeFollowUps } from "./FollowUps.ts"
import { type Attempt, type NextAttempt, beginLaunch } from "./LaunchBot.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"
import { claimDue } from "./ReadAhead.ts"
import { type Waiting, type WaitingRoom, makeWaitingRoom } from "./WaitingRoom.ts"

/** A bot that waits for a slot, or for its instant. */
export interface Entrant extends Waiting {
  /** What was read of it before its time. */
  readonly foresight?: Foresight | undefined
  /** An attempt after the first claims it so. */
  readonly again?: NextAttempt["again"]
  /** Told once the claim is durable, or nothing is to be claimed. */
  readonly told: (exit: Exit.Exit<void, StoreError | ClockNotTrusted>) => Effect.Effect<void>
  /** Told instead where the same bot waits already, or is to be launched sooner. */
  readonly left: Effect.Effect<void>
}

export interface Launching {
  readonly add: (entrants: ReadonlyArray<Entrant>) => Work
  /** Waits until not too many wait. */
  readonly hasRoom: Effect.Effect<void>
  readonly waiting: Effect.Effect<number>
  readonly isCrowded: () => boolean
  readonly decideLater: (typeof DecideLater)["Service"]
}

interface Around {
  readonly running: FiberSet.FiberSet<void>
  /** Open: nothing new is claimed. */
  readonly stopping: Latch.Latch
  /** Whether another attempt may be claimed; if not, others go on. */
  readonly mayGoOn: Effect.Effect<void, ClockNotTrusted>
}

/** What fails in it is logged. */
type Work = Effect.Effect<void, never, LaunchRequirements>
type Claiming = Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>

interface Slots extends Around {
  readonly room: WaitingRoom<Entrant>
  readonly followUps: FollowUps
  /** Opened whenever somebody comes or a slot is free. */
  readonly changed: Latch.Latch
  isRunning: boolean
  taken: number
}

export const makeLaunches = (around: Around): Effect.Effect<Launching> =>
  Effect.gen(function* () {
    const room = yield* makeWaitingRoom<Entrant>()
    const changed = yield* Latch.make()
    const followUps = makeFollowUps(() => changed.openUnsafe())
    const slots: Slots = { ...around, room, followUps, changed, isRunning: false, taken: 0 }
    const isRoomy = (): boolean => room.size() < launchLimits.waitingMax
    return {
      add: (entrants) => add(slots, entrants),
      hasRoom: Effect.suspend(() => (isRoomy() ? Effect.void : Effect.sleep(launchLimits.gatherMillis))).pipe(
        Effect.repeat({ until: () => isRoomy() || around.stopping.isOpen() })
      ),
      waiting: Effect.map(Clock.currentTimeMillis, (now) => room.ready(now)),
      isCrowded: () => room.size() >= launchLimits.crowdMin,
      decideLater: (decision) =>
        Effect.gen(function* () {
          followUps.add(decision, yield* Clock.currentTimeMillis)
          yield* start(slots)
        })
    }
  })

/** A bot waits once: for the attempt that goes on with it, or else for its soonest instant. */
const add = Effect.fnUntraced(function* (
  slots: Slots,
  entrants: ReadonlyArray<Entrant>
): Effect.fn.Return<void, never, LaunchRequirements> {
  const superfluous: Array<Entrant> = []
  const fresh = new Map<BotId, Entrant>()
  for (const entrant of entrants) {
    const waiting = fresh.get(entrant.botId) ?? slots.room.find(entrant.botId)
    if (waiting !== undefined && !goesBefore(entrant, waiting)) {
      superfluous.push(entrant)
      continue
    }
    if (waiting !== undefined) superfluous.push(waiting)
    fresh.set(entrant.botId, entrant)
  }
  slots.room.add([...fresh.values()])
  yield* start(slots)
  yield* Effect.forEach(superfluous, ({ left }) => left, { discard: true })
})

/** Whoever else finds the bot held would leave it to the attempt that holds it, which then must not be the one to go. */
const goesBefore = (entrant: Entrant, waiting: Entrant): boolean =>
  entrant.again === undefined ? waiting.again === undefined && entrant.at < waiting.at : true

const fork = ({ running }: Slots, work: Work): Work => Effect.asVoid(FiberSet.run(running, work))

/** Noted and begun as one: interrupted in between, it would be taken for running, and nothing would be launched any more. */
const start = (slots: Slots): Work =>
  Effect.uninterruptible(
    Effect.suspend(() => {
      slots.changed.openUnsafe()
      if (slots.isRunning) return Effect.void
      slots.isRunning = true
      return fork(slots, run(slots))
    })
  )

const run = (slots: Slots): Work =>
  takeTurns(slots).pipe(
    Effect.andThen(Effect.suspend(() => (slots.isRunning && slots.stopping.isOpen() ? ending(slots) : Effect.void))),
    Effect.catchCause((cause) =>
      Effect.andThen(
        Effect.sync(() => void (slots.isRunning = false)),
        Effect.logError("launches stood still", cause)
      )
    )
  )

const takeTurns = Effect.fnUntraced(function* (slots: Slots): Effect.fn.Return<void, never, LaunchRequirements> {
  const { changed, followUps, mayGoOn, room, stopping } = slots
  let isPatient = true
  while (!stopping.isOpen()) {
    changed.closeUnsafe()
    const now = yield* Clock.currentTimeMillis
    const count = takeable(slots, now, isPatient)
    if (count > 0) {
      isPatient = true
      const entrants = room.take(count, now)
      const mayBegin = yield* Effect.exit(mayGoOn)
      yield* Exit.isFailure(mayBegin) ? tellAll(entrants, mayBegin) : begin(slots, entrants)
      continue
    }
    yield* decideWhatWaits(slots, now)
    if (room.size() === 0 && followUps.size() === 0) {
      // In one step with the look, so that whoever comes next starts it again.
      slots.isRunning = false
      return
    }
    isPatient = room.ready(now) === 0 || slots.taken === launchLimits.launchesMax
    const waitMillis = isPatient ? (room.nextAt() ?? Infinity) - now : launchLimits.gatherMillis
    yield* Effect.raceFirst(changed.await, waitMillis === Infinity ? Effect.never : Effect.sleep(waitMillis)).pipe(
      Effect.raceFirst(stopping.await)
    )
  }
})

/** How many may be taken now; 0: it is waited for more slots, or nobody's turn has come. */
const takeable = ({ room, taken }: Slots, now: Instant, isPatient: boolean): number => {
  const ready = room.ready(now)
  const count = Math.min(launchLimits.launchesMax - taken, ready, launchLimits.groupMax)
  return isPatient && count < Math.min(ready, launchLimits.groupMin) ? 0 : count
}

/** Those whose turn it is, each in a slot. */
const begin = Effect.fnUntraced(function* (
  slots: Slots,
  entrants: ReadonlyArray<Entrant>
): Effect.fn.Return<void, never, LaunchRequirements> {
  slots.taken += entrants.length
  const first = entrants.filter(({ again }) => again === undefined)
  // Where it fails each is looked at by itself, and what is wrong with one is that one's alone.
  const attempts = yield* Effect.catchCause(claimDue(first), () => Effect.succeed(new Map<BotId, Attempt>()))
  for (const entrant of entrants) {
    const attempt = attempts.get(entrant.botId)
    yield* fork(slots, runOne(slots, entrant, attempt === undefined ? alone(entrant) : Effect.succeedSome(attempt)))
  }
  const claimed = entrants.filter(({ botId }) => attempts.has(botId))
  if (claimed.length > 0) yield* fork(slots, tellAll(claimed, Exit.void))
})

const alone = ({ again, botId, told, userId }: Entrant): Claiming =>
  Effect.onExit(again ?? beginLaunch(userId, botId), (exit) => told(Exit.asVoid(exit)))

const tellAll = (entrants: ReadonlyArray<Entrant>, exit: Exit.Exit<void, ClockNotTrusted>): Effect.Effect<void> =>
  Effect.forEach(entrants, ({ told }) => told(exit), { concurrency: "unbounded", discard: true })

/** One attempt in a slot that is taken for it; another one takes a slot when its turn comes. */
const runOne = (slots: Slots, entrant: Entrant, claiming: Claiming): Work =>
  Effect.flatMap(claiming, Option.match({ onNone: () => settled, onSome: (attempt) => attempt })).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        slots.taken -= 1
        slots.changed.openUnsafe()
      })
    ),
    Effect.flatMap((next) => (next === null ? Effect.void : goOn(slots, entrant, next))),
    Effect.catchCause((cause) => Effect.logError("launch interrupted; its lease will end", cause))
  )

const settled: Attempt = Effect.succeed(null)

const goOn = Effect.fnUntraced(function* (
  slots: Slots,
  { botId, userId }: Entrant,
  next: NextAttempt
): Effect.fn.Return<void, never, LaunchRequirements> {
  yield* Effect.raceFirst(Effect.sleep(next.afterMillis), slots.stopping.await)
  if (slots.stopping.isOpen()) return
  const at = yield* Clock.currentTimeMillis
  yield* add(slots, [{ userId, botId, at, again: next.again, told: () => Effect.void, left: Effect.void }])
})

const decideWhatWaits = (slots: Slots, now: Instant): Work =>
  Effect.suspend(() => {
    const isCalm = slots.room.ready(now) === 0 || slots.stopping.isOpen()
    return Effect.forEach(slots.followUps.take(now, isCalm), (decision) => fork(slots, decision), { discard: true })
  })

/** What is left when the process ends: nobody is left waiting, and what follows upon launches is decided. */
const ending = Effect.fnUntraced(function* (slots: Slots): Effect.fn.Return<void, never, LaunchRequirements> {
  for (;;) {
    yield* tellAll(slots.room.clear(), Exit.interrupt())
    slots.changed.closeUnsafe()
    yield* decideWhatWaits(slots, yield* Clock.currentTimeMillis)
    if (slots.room.size() === 0 && slots.followUps.size() === 0) {
      slots.isRunning = false
      return
    }
    yield* slots.changed.await
  }
})
