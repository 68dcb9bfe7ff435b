/**
 * How any port's operation goes wrong in a simulated world: it takes time, it fails before its work, or it does its work
 * and the answer is lost.
 * Decides which, by chance, and never while the world is healed. A process that was killed does nothing any more.
 */
import { Effect } from "effect"
import type { Process } from "./Loop.ts"
import type { Mark } from "./Marks.ts"
import type { Stage } from "./Stage.ts"

export interface Fault<E> {
  readonly probability: number
  readonly failure: (operation: string) => E
  readonly before: Mark
  /** Where there is no such fault: the one before. */
  readonly after?: Mark
}

/** Runs operations of one port for one process. */
export type Io<E> = <A, E2>(operation: string, effect: Effect.Effect<A, E2>) => Effect.Effect<A, E | E2>

export const makeIo =
  <E>(stage: Stage, process: Process, fault: Fault<E>): Io<E> =>
  (operation, effect) =>
    Effect.suspend(() => {
      if (!process.isAlive()) return Effect.never
      const body = disturbed(stage, fault, operation, effect)
      const lag = lagOf(stage)
      return lag === 0 ? body : Effect.andThen(Effect.sleep(lag), body)
    })

const disturbed = <A, E, E2>(
  stage: Stage,
  { after, before, failure, probability }: Fault<E>,
  operation: string,
  effect: Effect.Effect<A, E2>
): Effect.Effect<A, E | E2> => {
  const { chance, swarm } = stage
  if (stage.isHealed) return effect
  const isAway = stage.away.has(before)
  if (isAway) stage.marks.failedInSwizzle += 1
  else if (!chance.hits(probability)) return effect
  const isAfter = !isAway && after !== undefined && chance.hits(swarm.ambiguous)
  stage.marks[isAfter ? after : before] += 1
  stage.note(`${operation} fails${isAfter ? " afterwards" : ""}`)
  const failed = Effect.suspend(() => Effect.fail(failure(operation)))
  return isAfter ? Effect.andThen(effect, failed) : failed
}

/** What is left of a killed process may be woken by what it waited for; it goes no further. */
export const whileAlive = <A, E, R>(process: Process, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => (process.isAlive() ? effect : Effect.never))

/** Some operations answer at once, the others take their time. */
const lagOf = ({ chance, isHealed, swarm }: Stage): number => {
  if (!chance.hits(isHealed ? 0.1 : 0.4)) return 0
  return chance.int(1, isHealed ? healedLagMax : Math.max(1, swarm.latencyMax))
}

const healedLagMax = 20
