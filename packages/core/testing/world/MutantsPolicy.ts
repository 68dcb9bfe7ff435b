/**
 * Mistakes about a workspace's policy that the simulated world must notice. As `MutantList.ts`.
 */
import type { Mutant } from "./Mutant.ts"

export const policyMutants: ReadonlyArray<Mutant> = [
  {
    name: "a lock is not asked",
    file: "src/decide/desired/Judge.ts",
    search: "time, lock, exclusion, served, intent]",
    replace: "time, exclusion, served, intent]"
  },
  {
    name: "launches go on through a pause",
    file: "src/decide/launch/LaunchStep.ts",
    search: "      return isPaused(pausedUntil, now) ? ",
    replace: "      return pausedUntil === now ? "
  },
  {
    name: "a policy reaches only those who are decided anyway",
    file: "src/usecases/workspace/SpreadPolicy.ts",
    search: "for (const scope of yield* judgedByPolicy(userId)) {",
    replace: "for (const scope of (yield* judgedByPolicy(userId)).slice(2)) {"
  }
]
