/**
 * The store's clock, as this process keeps it: the one by which launches and leases are claimed, whatever the machine's
 * own says.
 * Decides how often the offset is measured, that work goes by the corrected clock from the first reading on, when the
 * machine's clock is worth a warning, and when it is so wrong that this process launches nothing until it is set right.
 */
import { Clock, Context, Effect, Latch, Layer, Option, Schedule } from "effect"
import { type OffsetSpan, correctionOf, provenSkewOf, offsetReading, withReading } from "../../domain/ClockOffset.ts"
import { clockLimits } from "../../domain/Limits.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { ClockNotTrusted } from "./ClockNotTrusted.ts"

/** What is known of this process's clock. */
export interface ClockState {
  /** What the machine's clock lacks to the store's, as it is corrected; less than nothing where it is fast. */
  readonly offsetMillis: number
  /** So wrong that somebody should set it (`clockLimits.warnMillis`). */
  readonly isSkewed: boolean
  /** Bots that this process did not launch for that (`clockLimits.refuseMillis`), since it started. */
  readonly launchesRefused: number
}

export class StoreClock extends Context.Service<
  StoreClock,
  {
    readonly state: Effect.Effect<ClockState>
    /** Measures; where that was done before it is left to its turn. */
    readonly measured: Effect.Effect<void, StoreError>
    /** By the store's clock, once it is known. */
    readonly corrected: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | StoreError, R>
    /** Succeeds where a launch may be claimed by this process. */
    readonly allowLaunch: Effect.Effect<void, ClockNotTrusted>
    /** Waits until that is so. */
    readonly trusted: Effect.Effect<void>
  }
>()("@punctual/core/usecases/StoreClock") {
  static readonly layer: Layer.Layer<StoreClock, never, Store> = Layer.effect(
    StoreClock,
    Effect.gen(function* () {
      const store = yield* Store
      const { clockMillis } = yield* CurrentPolicy
      const trust = yield* Latch.make(true)
      const ours = new WeakSet<Clock.Clock>()
      const known = { readings: [] as ReadonlyArray<OffsetSpan>, isMeasured: false, offsetMillis: 0, skewMillis: 0 }
      let launchesRefused = 0
      /** In one step: whoever finds the clock measured finds what came of it, whatever becomes of who measured. */
      const note = (readings: ReadonlyArray<OffsetSpan>): Effect.Effect<void> =>
        Effect.suspend(() => {
          const before = known.skewMillis
          const skewMillis = provenSkewOf(readings)
          Object.assign(known, { readings, isMeasured: true, offsetMillis: correctionOf(readings), skewMillis })
          if (skewMillis > clockLimits.refuseMillis) trust.closeUnsafe()
          else trust.openUnsafe()
          return tell(before, skewMillis)
        })
      /** Whether the store tells the time at all. */
      const measure = Effect.gen(function* () {
        const sentAt = yield* Clock.currentTimeMillis
        const told = yield* store.clock
        const receivedAt = yield* Clock.currentTimeMillis
        if (Option.isNone(told)) yield* note([])
        else if (receivedAt - sentAt <= clockLimits.readingMillisMax) {
          yield* note(withReading(known.readings, offsetReading(sentAt, told.value, receivedAt)))
        }
        return Option.isSome(told)
      })
      const measured = Effect.suspend(() =>
        known.isMeasured ? Effect.void : Effect.asVoid(Effect.repeat(measure, { until: () => known.isMeasured }))
      )
      yield* Effect.forkScoped(keepMeasuring(measured, measure, clockMillis))
      return StoreClock.of({
        state: Effect.sync(() => ({
          offsetMillis: known.offsetMillis,
          isSkewed: known.skewMillis > clockLimits.warnMillis,
          launchesRefused
        })),
        measured,
        corrected: (effect) =>
          Effect.flatMap(Clock.Clock, (machine) => {
            if (ours.has(machine)) return effect
            const clock = correctedClock(machine, () => known.offsetMillis)
            ours.add(clock)
            return Effect.andThen(measured, Effect.provideService(effect, Clock.Clock, clock))
          }),
        allowLaunch: Effect.suspend(() => {
          if (trust.isOpen()) return Effect.void
          launchesRefused += 1
          return Effect.fail(new ClockNotTrusted({ skewMillis: known.skewMillis }))
        }),
        trusted: trust.await
      })
    })
  )
}

/** A store that is out of reach is asked again so soon; so are the readings of a start, which tell more together. */
const againMillis = 1_000
const readingsAtStart = 3

/** Ends where the store tells no time. */
const keepMeasuring = (
  measured: Effect.Effect<void, StoreError>,
  measure: Effect.Effect<boolean, StoreError>,
  everyMillis: number
): Effect.Effect<unknown> => {
  const again = measure.pipe(
    Effect.catch((error) => Effect.as(Effect.logDebug("the clocks were not compared", error.message), true))
  )
  return measured.pipe(
    Effect.retry(Schedule.spaced(againMillis)),
    Effect.ignore,
    Effect.andThen(
      Effect.repeat(again, {
        schedule: Schedule.spaced(againMillis),
        times: readingsAtStart - 2,
        while: (isTold) => isTold
      })
    ),
    Effect.andThen((isTold) =>
      isTold ? Effect.schedule(Effect.asVoid(again), Schedule.spaced(everyMillis)) : Effect.void
    )
  )
}

const correctedClock = (machine: Clock.Clock, offsetMillis: () => number): Clock.Clock => {
  const millis = (): number => machine.currentTimeMillisUnsafe() + offsetMillis()
  const nanos = (): bigint => machine.currentTimeNanosUnsafe() + BigInt(offsetMillis()) * 1_000_000n
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    // How long something takes is the machine's to say.
    monotonicTimeNanosUnsafe: () => machine.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: machine.monotonicTimeNanos,
    sleep: (duration) => machine.sleep(duration)
  }
}

/** Says it once, each time that it becomes another matter. */
const tell = (beforeMillis: number, skewMillis: number): Effect.Effect<void> => {
  const gravity = (millis: number): number =>
    millis > clockLimits.refuseMillis ? 2 : millis > clockLimits.warnMillis ? 1 : 0
  const skew = Effect.annotateLogs({ skew_seconds: (skewMillis / 1_000).toFixed(1) })
  if (gravity(skewMillis) === gravity(beforeMillis)) return Effect.void
  switch (gravity(skewMillis)) {
    case 2:
      return skew(
        Effect.logError("this machine's clock is far from the store's: set it; nothing is launched from here")
      )
    case 1:
      return skew(Effect.logWarning("this machine's clock is not the store's: set it; it is corrected meanwhile"))
    default:
      return Effect.logInfo("this machine's clock is right again")
  }
}
