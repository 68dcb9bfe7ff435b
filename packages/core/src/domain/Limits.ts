/**
 * The core's budgets, each with its name and unit: what one user may take of a process that others share.
 * Decides the numbers alone; who keeps to them stands beside each. What a host may set is `Policy.ts`.
 */

const second = 1_000
const minute = 60 * second

/** One user's share of work that is done for all (`usecases/account/UserShares.ts`). */
export const shareLimits = {
  /** The first failure costs no pause: most pass. From the second on the pause doubles from here, to there. */
  backoffMinMillis: minute,
  backoffMaxMillis: 30 * minute,
  /** Users held back that a process remembers; beyond them the one held longest is forgotten. */
  heldMax: 10_000
} as const
