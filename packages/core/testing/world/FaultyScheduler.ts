/**
 * The alarm clock of one simulated process, in front of the shared in-memory one: puts and cancels that fail, all or some, fires
 * that come twice, late or never.
 * Decides by chance. A fire that is lost for ever is the memory of the schedule too: only the sweep can mend it.
 */
import { Effect, Exit, Result, Stream } from "effect"
import {
  type Fire,
  type Schedule,
  type ScheduleOutcome,
  Scheduler,
  SchedulerError,
  SchedulerUnavailable
} from "../../src/ports/Scheduler.ts"
import { makeIo, whileAlive } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Shape = Scheduler["Service"]

/** Told what the scheduler was given and what it gave. */
export interface SchedulerWatch {
  readonly onPut: (schedules: ReadonlyArray<Schedule>) => void
  readonly onFire: (fire: Schedule) => void
  /** Forgets what is held. */
  readonly lose: (fire: Schedule) => void
}

const lateMillisMax = 59_000
/** A put or a cancel that takes its time meets whatever happens meanwhile. */
const slowMillisMax = 240_000

export const faultyScheduler = (stage: Stage, process: Process, real: Shape, watch: SchedulerWatch): Shape => {
  const failure = (operation: string): SchedulerError =>
    new SchedulerError({
      operation: operation as SchedulerError["operation"],
      reason: new SchedulerUnavailable({ message: `${operation}: simulated` })
    })
  const io = makeIo(stage, process, {
    probability: stage.swarm.schedulerError,
    failure,
    before: "schedulerFailed",
    after: "schedulerFailedAfterwards"
  })
  const slowly = <A, E>(operation: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const { chance, isHealed, marks, swarm } = stage
      if (isHealed || !chance.hits(swarm.schedulerSlow)) return operation
      marks.schedulerSlow += 1
      return Effect.andThen(Effect.sleep(chance.int(1_000, slowMillisMax)), operation)
    })
  /** All of them fail at once, or one of them by itself, or none. */
  const some = <K>(
    operation: string,
    keys: ReadonlyArray<K>,
    run: (passed: ReadonlyArray<K>) => Effect.Effect<ReadonlyArray<ScheduleOutcome>>
  ): Effect.Effect<ReadonlyArray<ScheduleOutcome>> =>
    Effect.suspend(() => {
      const { chance, isHealed, marks, swarm } = stage
      const isOneHit = keys.length > 1 && !isHealed && chance.hits(swarm.schedulerError)
      const hit = isOneHit ? chance.int(0, keys.length - 1) : keys.length
      if (isOneHit) marks.schedulerFailed += 1
      return io(operation, run(keys.filter((_, at) => at !== hit))).pipe(
        Effect.map((outcomes) => (isOneHit ? outcomes.toSpliced(hit, 0, Result.fail(failure(operation))) : outcomes)),
        Effect.catch((error) => Effect.succeed(keys.map(() => Result.fail(error))))
      )
    })
  /** Told of in the step in which it happens: whoever puts may die in the next one. */
  const watchedPut = (schedules: ReadonlyArray<Schedule>): Effect.Effect<ReadonlyArray<ScheduleOutcome>> =>
    Effect.suspend(() => {
      const exit = stage.loop.syncExit(real.put(schedules))
      if (Exit.isSuccess(exit)) watch.onPut(schedules)
      return exit
    })
  return Scheduler.of({
    capabilities: real.capabilities,
    put: (schedules) => slowly(some("put", schedules, watchedPut)),
    cancel: (keys) => slowly(some("cancel", keys, real.cancel)),
    list: real.list,
    fires: (aheadMillis) =>
      real.fires(aheadMillis).pipe(
        Stream.mapEffect((batch) =>
          whileAlive(
            process,
            Effect.map(
              Effect.forEach(batch, (fire) => disturb(stage, process, watch, { ...fire, done: io("done", fire.done) })),
              (fires) => fires.flat()
            )
          )
        ),
        Stream.mapEffect((fires) => Effect.sync(() => (fires.forEach(watch.onFire), fires)))
      )
  })
}

const disturb = (
  stage: Stage,
  process: Process,
  watch: SchedulerWatch,
  fire: Fire
): Effect.Effect<ReadonlyArray<Fire>> =>
  Effect.suspend((): Effect.Effect<ReadonlyArray<Fire>> => {
    const { chance, isHealed, marks, swarm } = stage
    if (isHealed) return Effect.succeed([fire])
    if (chance.hits(swarm.fireLost)) {
      marks.fireLost += 1
      stage.note(`fire lost ${fire.botId}`)
      watch.lose(fire)
      return Effect.succeed([])
    }
    const isDoubled = chance.hits(swarm.fireDoubled)
    if (isDoubled) marks.fireDoubled += 1
    const fires = isDoubled ? [fire, fire] : [fire]
    if (!chance.hits(swarm.fireLate)) return Effect.succeed(fires)
    marks.fireLate += 1
    return Effect.as(whileAlive(process, Effect.sleep(chance.int(1, lateMillisMax))), fires)
  })
