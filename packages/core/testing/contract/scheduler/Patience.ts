/**
 * Cases on the machine's clock that no stall turns red: such a case lays its instants a moment apart and works in
 * between, so that one that failed while the machine was slower than that says nothing.
 *
 * Decides when a case is run again, with longer moments. Never passes over a failure of one that was in time.
 */
import type { Vitest } from "@effect/vitest"
import { type Scope, Clock, Effect, Exit } from "effect"
import type { Scheduler } from "../../../src/ports/Scheduler.ts"
import type { Pace } from "./Bench.ts"

type It = Vitest.MethodsNonLive<Scheduler>
type Body = () => Effect.Effect<void, unknown, Scheduler | Scope.Scope>

export interface Cases {
  readonly effect: (name: string, body: Body) => void
  readonly skipIf: (isSkipped: boolean) => (name: string, body: Body) => void
}

/** A machine that is too slow for the last of them, with moments of half a minute, is of no use. */
const runsMax = 4
const stretchEach = 4
/** Work that takes this part of a moment may have been too late. */
const slowShare = 0.25
const lookMillis = 20

export const patient = (it: It, given: Pace): { readonly cases: Cases; readonly pace: Pace } => {
  if (given.time === "test") return { pace: given, cases: { effect: it.effect, skipIf: it.effect.skipIf } }
  let momentMillis = given.momentMillis
  let slowestMillis = 0
  const note = (millis: number): void => {
    slowestMillis = Math.max(slowestMillis, millis)
  }
  const run = (body: Body, runsLeft: number): Effect.Effect<void, unknown, Scheduler> =>
    Effect.gen(function* () {
      slowestMillis = 0
      // A scope of its own: what listens in a run that is over would take the fires of the next.
      const exit = yield* Effect.exit(Effect.scoped(Effect.andThen(Effect.forkScoped(watchTimers(note)), body())))
      if (Exit.isSuccess(exit) || runsLeft <= 1 || slowestMillis < momentMillis * slowShare) return yield* exit
      momentMillis *= stretchEach
      return yield* run(body, runsLeft - 1)
    })
  const patiently =
    (add: (name: string, body: Body) => void) =>
    (name: string, body: Body): void =>
      add(name, () => run(body, runsMax))
  return {
    cases: { effect: patiently(it.effect), skipIf: (isSkipped) => patiently(it.effect.skipIf(isSkipped)) },
    pace: {
      time: given.time,
      get momentMillis() {
        return momentMillis
      },
      note
    }
  }
}

/** Notes how late plain timers are. */
const watchTimers = (note: (millis: number) => void): Effect.Effect<never> =>
  Effect.forever(
    Effect.gen(function* () {
      const before = yield* Clock.currentTimeMillis
      yield* Effect.sleep(lookMillis)
      note((yield* Clock.currentTimeMillis) - before - lookMillis)
    })
  )
