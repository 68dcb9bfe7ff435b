/**
 * The in-memory scheduler: an alarm clock that keeps Effect's time, so that a virtual clock drives it.
 *
 * Decides which schedule is held, when it is due and when a fire that nobody confirmed comes again. Never checks a fire
 * against the store: that is the launch protocol's.
 */
import { Clock, Context, Effect, Latch, Layer, Result, Stream } from "effect"
import type { Instant } from "../../src/domain/Time.ts"
import {
  type Fire,
  type Schedule,
  type ScheduleOutcome,
  Scheduler,
  SchedulerError,
  SchedulerRefused,
  SchedulerUnavailable
} from "../../src/ports/Scheduler.ts"
import { type FailNext, type Faults, makeFaults } from "./faults/Faults.ts"

/** What a test may see and turn that no use case may. */
export class SchedulerProbe extends Context.Service<
  SchedulerProbe,
  {
    readonly schedules: Effect.Effect<ReadonlyArray<Schedule>>
    /** The next `times` operations fail with `SchedulerUnavailable`. */
    readonly failNext: FailNext
    /** Refuses these from now on, to put and to cancel. */
    readonly refuse: (isRefused: (schedule: Key) => boolean) => Effect.Effect<void>
    /** Forgets a schedule, as if it had fired into the void. */
    readonly lose: (schedule: Key) => Effect.Effect<void>
    /** Delivers a fire that is stale, early or doubled, whatever is held. */
    readonly fire: (schedule: Schedule) => Effect.Effect<void>
  }
>()("@punctual/core/testing/memory/SchedulerMemory/SchedulerProbe") {}

export interface Options {
  /** Instants are rounded down to this; an adapter of a coarser clock fires early by less than it. */
  readonly precisionMillis: number
  readonly putMax: number
  /** A fire that nobody confirmed comes again after this long. */
  readonly redeliverAfterMillis: number
}

export const defaultOptions: Options = { precisionMillis: 1, putMax: 100, redeliverAfterMillis: 30_000 }

/** The scheduler and its probe, sharing one state. */
export const layerWith = (options: Partial<Options>): Layer.Layer<Scheduler | SchedulerProbe> =>
  Layer.effectContext(Effect.sync(() => make({ ...defaultOptions, ...options })))

export const layer: Layer.Layer<Scheduler | SchedulerProbe> = layerWith({})

/** What a schedule is held under. */
type Key = Pick<Schedule, "name" | "group">

interface Held {
  readonly schedule: Schedule
  /** When it is to be delivered, for the first time or again. */
  readonly deliverAt: Instant
}

interface State {
  readonly held: Map<string, Held>
  /** Asked for by a test, delivered before all others. */
  readonly extra: Array<Schedule>
  /** Opened when there may be something sooner to wait for. */
  readonly changed: Latch.Latch
  /** As a test asks for it. */
  isRefused: (schedule: Key) => boolean
}

/** Timers of a runtime take no longer wait than 24 days; a day is looked at again. */
const waitMaxMillis = 86_400_000

const make = (options: Options): Context.Context<Scheduler | SchedulerProbe> => {
  const state: State = { held: new Map(), extra: [], changed: Latch.makeUnsafe(false), isRefused: () => false }
  const faults = makeFaults((operation) => {
    const reason = new SchedulerUnavailable({ message: `${operation}: asked to fail by a test` })
    return new SchedulerError({ operation: operation as SchedulerError["operation"], reason })
  })
  return Context.make(Scheduler, schedulerOf(state, faults, options)).pipe(
    Context.add(SchedulerProbe, probeOf(state, faults))
  )
}

const schedulerOf = (state: State, faults: Faults<SchedulerError>, options: Options): Scheduler["Service"] =>
  Scheduler.of({
    capabilities: { precisionMillis: options.precisionMillis, putMax: options.putMax },
    put: (schedules) =>
      schedules.length > options.putMax
        ? Effect.die(new Error(`a put takes ${options.putMax} schedules at most`))
        : each(state, faults, "put", schedules, (schedule) => hold(state, schedule, options)),
    cancel: (keys) => each(state, faults, "cancel", keys, (key) => release(state, key)),
    list: Stream.fromIterableEffect(
      faults.guard(
        "list",
        Effect.sync(() => [...state.held.values()].map(({ schedule }) => schedule))
      )
    ),
    fires: (aheadMillis) =>
      Stream.fromEffectRepeat(faults.guard("fires", nextBatch(state, faults, options, aheadMillis))).pipe(
        Stream.filter((fires) => fires.length > 0)
      )
  })

/** A fault meets all of a call, a refusal one of them. */
const each = <K extends Key>(
  { isRefused }: State,
  faults: Faults<SchedulerError>,
  operation: "put" | "cancel",
  keys: ReadonlyArray<K>,
  run: (key: K) => void
): Effect.Effect<ReadonlyArray<ScheduleOutcome>> => {
  const refused = new SchedulerError({ operation, reason: new SchedulerRefused({ message: "refused by a test" }) })
  return Effect.forEach(keys, (key) =>
    isRefused(key) ? Effect.succeed(Result.fail(refused)) : done(() => run(key))
  ).pipe(
    (all) => faults.guard(operation, all),
    Effect.catch((error) => Effect.succeed(keys.map(() => Result.fail(error))))
  )
}

const done = (run: () => void): Effect.Effect<ScheduleOutcome> => Effect.as(Effect.sync(run), Result.void)

const probeOf = (state: State, faults: Faults<SchedulerError>): SchedulerProbe["Service"] =>
  SchedulerProbe.of({
    schedules: Effect.sync(() => [...state.held.values()].map(({ schedule }) => schedule)),
    failNext: faults.failNext,
    refuse: (isRefused) => Effect.sync(() => void (state.isRefused = isRefused)),
    lose: (key) => Effect.sync(() => state.held.delete(idOf(key))),
    fire: (schedule) =>
      Effect.sync(() => {
        state.extra.push(schedule)
        state.changed.openUnsafe()
      })
  })

const idOf = ({ group, name }: Key): string => `${group}/${name}`

const hold = (state: State, schedule: Schedule, { precisionMillis }: Options): void => {
  const id = idOf(schedule)
  const known = state.held.get(id)
  if (known !== undefined && known.schedule.revision > schedule.revision) return
  const deliverAt = Math.floor(schedule.at / precisionMillis) * precisionMillis
  state.held.set(id, { schedule, deliverAt })
  state.changed.openUnsafe()
}

/** What was put since by somebody who knew better stays. */
const release = (state: State, key: Key & Pick<Schedule, "revision">): void => {
  const known = state.held.get(idOf(key))
  if (known !== undefined && known.schedule.revision <= key.revision) state.held.delete(idOf(key))
}

/** Takes what is due out of the sight of other consumers until it is to come again. Nothing: it has waited. */
const nextBatch = Effect.fnUntraced(function* (
  state: State,
  faults: Faults<SchedulerError>,
  options: Options,
  aheadMillis: number
) {
  // Closed before looking, so that a change while looking wakes.
  state.changed.closeUnsafe()
  const now = yield* Clock.currentTimeMillis
  const due = takeDue(state, now, options, aheadMillis)
  if (due.length > 0) return due.map((schedule) => fireOf(state, faults, schedule))
  const soonest = [...state.held.values()].reduce((least, { deliverAt }) => Math.min(least, deliverAt), Infinity)
  const timer = soonest === Infinity ? Effect.never : Effect.sleep(Math.min(soonest - aheadMillis - now, waitMaxMillis))
  yield* Effect.raceFirst(timer, state.changed.whenOpen(Effect.void))
  return []
})

const takeDue = (
  state: State,
  now: Instant,
  { redeliverAfterMillis }: Options,
  aheadMillis: number
): ReadonlyArray<Schedule> => {
  const extra = state.extra.splice(0)
  const due = [...state.held].filter(([, { deliverAt }]) => deliverAt <= now + aheadMillis)
  for (const [id, held] of due) {
    // Counted from its instant: until then nobody has had reason to confirm it.
    const deliverAt = Math.max(now, held.deliverAt) + redeliverAfterMillis + aheadMillis
    state.held.set(id, { ...held, deliverAt })
  }
  return [...extra, ...due.map(([, { schedule }]) => schedule).toSorted((a, b) => a.at - b.at)]
}

const fireOf = (state: State, faults: Faults<SchedulerError>, schedule: Schedule): Fire => ({
  ...schedule,
  done: faults.guard(
    "done",
    Effect.sync(() => release(state, schedule))
  )
})
