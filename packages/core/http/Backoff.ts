/**
 * How long to wait before an attempt is repeated that nobody said when to repeat.
 * Decides that pauses grow up to a limit, with jitter: those who failed together do not come back together.
 */
import { Effect, Random } from "effect"

/** What a first pause is about, and no pause is longer than. */
export interface BackoffLimits {
  readonly backoffMinMillis: number
  readonly backoffMaxMillis: number
}

/** After the first attempt, the second, and so on. */
export const backoffMillis = (limits: BackoffLimits, attempt: number): Effect.Effect<number> => {
  const ceiling = Math.min(limits.backoffMaxMillis, limits.backoffMinMillis * 2 ** (attempt - 1))
  return Effect.map(Random.next, (share) => Math.ceil(ceiling / 2 + (share * ceiling) / 2))
}
