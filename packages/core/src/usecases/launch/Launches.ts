/**
 * The slots of one process, and who gets them: the loop behind `LaunchPool`.
 *
 * Decides what happens in which order: those whose turn it is are read together where they were not before their time,
 * claimed together, and called each by itself; whoever could not be claimed so is looked at alone, in the same slot. Runs
 * while anybody waits; the first who comes starts it.
 */
import { Clock, Effect, Exit, FiberSet, Latch, Option } from "effect"
import type { Foresight } from "../../decide/Foresight.ts"
import type { BotId } from "../../domain/Ids.ts"
import { launchLimits } from "../../domain/Limits.ts"
import type { StoreError } from "../../ports/Store.ts"
import type { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import type { DecideLater } from "./DecideLater.ts"
import { type Attempt, type NextAttempt, beginLaunch } from "./LaunchBot.ts"
import type { LaunchRequirements } from "./LaunchRequirements.ts"
import { claimForeseen, readAhead } from "./ReadAhead.ts"
import { type Waiting, makeWaitingRoom } from "./WaitingRoom.ts"

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
  readonly add: (entrants: ReadonlyArray<Entrant>) => Effect.Effect<void, never, LaunchRequirements>
  /** Waits until not too many wait. */
  readonly hasRoom: Effect.Effect<void>
  readonly waiting: Effect.Effect<number>
  readonly decideLater: (typeof DecideLater)["Service"]
}

interface Around {
  readonly running: FiberSet.FiberSet<void>
  /** Open: nothing new is claimed. */
  readonly stopping: Latch.Latch
  /** Whether another attempt may be claimed; if not, others go on. */
  readonly mayGoOn: Effect.Effect<void, ClockNotTrusted>
}

type Later = Effect.Effect<void, StoreError, LaunchRequirements>
/** What fails in it is logged. */
type Work = Effect.Effect<void, never, LaunchRequirements>
type Claiming = Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>

export const makeLaunches = ({ mayGoOn, running, stopping }: Around): Effect.Effect<Launching> =>
  Effect.gen(function* () {
    const room = yield* makeWaitingRoom<Entrant>()
    /** Opened whenever somebody comes or a slot is free. */
    const changed = yield* Latch.make()
    const later: Array<{ readonly decision: Later; readonly since: number }> = []
    let isRunning = false
    let taken = 0
    let deciding = 0

    const fork = (work: Work): Work => Effect.asVoid(FiberSet.run(running, work))

    /** One attempt in a slot that is taken for it; another one takes a slot when its turn comes. */
    const runOne = (
      entrant: Entrant,
      claiming: Effect.Effect<Option.Option<Attempt>, StoreError, LaunchRequirements>
    ) =>
      Effect.flatMap(claiming, Option.match({ onNone: () => settled, onSome: (attempt) => attempt })).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            taken -= 1
            changed.openUnsafe()
          })
        ),
        Effect.flatMap((next) => (next === null ? Effect.void : goOn(entrant, next))),
        Effect.catchCause((cause) => Effect.logError("launch interrupted; its lease will end", cause))
      )

    const goOn = Effect.fnUntraced(function* (
      { botId, userId }: Entrant,
      next: NextAttempt
    ): Effect.fn.Return<void, never, LaunchRequirements> {
      yield* Effect.raceFirst(Effect.sleep(next.afterMillis), stopping.await)
      if (stopping.isOpen()) return
      const at = yield* Clock.currentTimeMillis
      yield* add([{ userId, botId, at, again: next.again, told: () => Effect.void, left: Effect.void }])
    })

    /** Those whose turn it is, each in a slot. */
    const begin = Effect.fnUntraced(function* (
      entrants: ReadonlyArray<Entrant>
    ): Effect.fn.Return<void, never, LaunchRequirements> {
      const attempts = yield* Effect.catchCause(claimTogether(entrants), () =>
        // Each is looked at by itself, and what is wrong with one is that one's alone.
        Effect.succeed(new Map<BotId, Attempt>())
      )
      const claimed: Array<Entrant> = []
      for (const entrant of entrants) {
        const attempt = attempts.get(entrant.botId)
        if (attempt === undefined) {
          yield* fork(runOne(entrant, alone(entrant)))
        } else {
          claimed.push(entrant)
          yield* fork(runOne(entrant, Effect.succeedSome(attempt)))
        }
      }
      if (claimed.length > 0) {
        yield* fork(Effect.forEach(claimed, ({ told }) => told(Exit.void), { concurrency: "unbounded", discard: true }))
      }
    })

    const alone = ({ again, botId, told, userId }: Entrant): Claiming =>
      Effect.onExit(again ?? beginLaunch(userId, botId), (exit) => told(Exit.asVoid(exit)))

    const tellAll = (entrants: ReadonlyArray<Entrant>, exit: Exit.Exit<void, ClockNotTrusted>) =>
      Effect.forEach(entrants, ({ told }) => told(exit), { discard: true })

    /** How many may be taken now; 0: it is waited for more slots, or nobody's turn has come. */
    const takeable = (now: number, isPatient: boolean): number => {
      const free = launchLimits.launchesMax - taken
      const ready = room.ready(now)
      const count = Math.min(free, ready, launchLimits.groupMax)
      return isPatient && count < Math.min(ready, launchLimits.groupMin) ? 0 : count
    }

    const takeTurns: Work = Effect.gen(function* () {
      let isPatient = true
      while (!stopping.isOpen()) {
        changed.closeUnsafe()
        const now = yield* Clock.currentTimeMillis
        const count = takeable(now, isPatient)
        if (count > 0) {
          isPatient = true
          const entrants = room.take(count, now)
          const mayBegin = yield* Effect.exit(mayGoOn)
          if (Exit.isFailure(mayBegin)) {
            yield* tellAll(entrants, mayBegin)
            continue
          }
          taken += entrants.length
          yield* begin(entrants)
          continue
        }
        yield* decideWhatWaits(now)
        if (room.size() === 0 && later.length === 0) {
          // In one step with the look, so that whoever comes next starts it again.
          isRunning = false
          return
        }
        isPatient = room.ready(now) === 0 || taken === launchLimits.launchesMax
        const waitMillis = isPatient ? (room.nextAt() ?? Infinity) - now : launchLimits.gatherMillis
        yield* Effect.raceFirst(changed.await, waitMillis === Infinity ? Effect.never : Effect.sleep(waitMillis)).pipe(
          Effect.raceFirst(stopping.await)
        )
      }
    })

    /** What follows upon launches: when nobody waits for a slot, or when it has waited long itself. */
    const decideWhatWaits = Effect.fnUntraced(function* (
      now: number
    ): Effect.fn.Return<void, never, LaunchRequirements> {
      for (;;) {
        const [first] = later
        if (first === undefined || deciding >= launchLimits.decisionsAtOnce) return
        const isOver = room.ready(now) === 0 || stopping.isOpen()
        if (!isOver && now - first.since < launchLimits.decisionMillisMax) return
        later.shift()
        deciding += 1
        yield* fork(
          first.decision.pipe(
            Effect.catchCause((cause) => Effect.logWarning("not decided after a launch; the sweep decides", cause)),
            Effect.ensuring(
              Effect.sync(() => {
                deciding -= 1
                changed.openUnsafe()
              })
            )
          )
        )
      }
    })

    /** What is left when the process ends: nobody is left waiting, and what follows upon launches is decided. */
    const ending: Work = Effect.gen(function* () {
      for (;;) {
        yield* tellAll(room.clear(), Exit.interrupt())
        changed.closeUnsafe()
        yield* decideWhatWaits(yield* Clock.currentTimeMillis)
        if (room.size() === 0 && later.length === 0) {
          isRunning = false
          return
        }
        yield* changed.await
      }
    })

    const run: Work = takeTurns.pipe(
      Effect.andThen(Effect.suspend(() => (isRunning && stopping.isOpen() ? ending : Effect.void))),
      Effect.catchCause((cause) =>
        Effect.andThen(
          Effect.sync(() => void (isRunning = false)),
          Effect.logError("launches stood still", cause)
        )
      )
    )

    const start: Work = Effect.suspend(() => {
      changed.openUnsafe()
      if (isRunning) return Effect.void
      isRunning = true
      return fork(run)
    })

    const add = Effect.fnUntraced(function* (
      entrants: ReadonlyArray<Entrant>
    ): Effect.fn.Return<void, never, LaunchRequirements> {
      const superfluous: Array<Entrant> = []
      const fresh = new Map<BotId, Entrant>()
      for (const entrant of entrants) {
        const waiting = fresh.get(entrant.botId) ?? room.find(entrant.botId)
        if (waiting !== undefined && waiting.at <= entrant.at) {
          superfluous.push(entrant)
          continue
        }
        if (waiting !== undefined) {
          room.remove(waiting.botId)
          superfluous.push(waiting)
        }
        fresh.set(entrant.botId, entrant)
      }
      room.add([...fresh.values()])
      yield* start
      yield* Effect.forEach(superfluous, ({ left }) => left, { discard: true })
    })

    return {
      add,
      hasRoom: Effect.suspend(() =>
        room.size() < launchLimits.waitingMax ? Effect.void : Effect.sleep(launchLimits.gatherMillis)
      ).pipe(Effect.repeat({ until: () => room.size() < launchLimits.waitingMax || stopping.isOpen() })),
      waiting: Effect.map(Clock.currentTimeMillis, (now) => room.ready(now)),
      decideLater: (decision) =>
        Effect.gen(function* () {
          later.push({ decision, since: yield* Clock.currentTimeMillis })
          yield* start
        })
    }
  })

const settled: Attempt = Effect.succeed(null)

/** By what is foreseen of each; what was not read before its time, or too long ago, is read now. */
const claimTogether = Effect.fnUntraced(function* (
  entrants: ReadonlyArray<Entrant>
): Effect.fn.Return<ReadonlyMap<BotId, Attempt>, StoreError, LaunchRequirements> {
  const now = yield* Clock.currentTimeMillis
  const first = entrants.filter(({ again }) => again === undefined)
  const isFresh = ({ foresight }: Entrant): boolean =>
    foresight !== undefined && now - foresight.readAt <= launchLimits.proofMillisMax
  const unread = first.filter((entrant) => !isFresh(entrant))
  const read = unread.length === 0 ? new Map<BotId, Foresight>() : yield* readAhead(unread)
  return yield* claimForeseen(
    first.flatMap((entrant) => {
      const foresight = isFresh(entrant) ? entrant.foresight : read.get(entrant.botId)
      return foresight === undefined ? [] : [{ ...entrant, foresight }]
    })
  )
})
