/**
 * An administrator of a simulated world, in whose workspace everybody is: locks long meetings and lets them go, pauses all
 * launches for a while.
 * Decides, by chance, what is written. What a lost answer leaves open is written again once the world has healed.
 */
import { Context } from "effect"
import type { WorkspaceId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { noPolicy } from "../../src/domain/Workspace.ts"
import { Store } from "../../src/ports/Store.ts"
import { policyRule } from "../rows/Workspace.ts"
import { checkDefect } from "./Calls.ts"
import type { Person } from "./Model.ts"
import type { Ports, Site } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000

/** What is locked, while it is: every meeting that takes longer than an hour. */
const lockedMinutes = 61

const workspace = "wsp_world" as WorkspaceId

export interface Administrator {
  /** Writes another policy, now and then. */
  readonly act: () => void
  /** Ends a pause, and writes again what nobody knows the end of. */
  readonly settle: () => void
}

/** The meeting is one that a lock forbids while it stands. */
export const isLong = ({ end, start }: { readonly start: Instant; readonly end: Instant }): boolean =>
  end - start >= lockedMinutes * minute

export const makeAdministrator = (
  stage: Stage,
  ports: Ports,
  site: Site,
  everybody: ReadonlyArray<Person>
): Administrator => {
  const { chance, decree, loop, marks } = stage
  const store = Context.get(ports, Store)
  for (const { userId } of everybody) loop.sync(store.joinWorkspace(userId, workspace))
  let isAsking = false

  const write = (isLocked: boolean, pausedUntil: Instant | null): void => {
    if (isAsking) return
    const rules = isLocked ? [policyRule({ name: "Short ones only", when: { minutes: { min: lockedMinutes } } })] : []
    isAsking = site.ask(
      "policy",
      (punctual) => punctual.setWorkspacePolicy(workspace, { ...noPolicy, rules, pausedUntil }),
      (answer) => {
        isAsking = false
        if (answer !== "lost") checkDefect(stage, "policy", answer)
        if (answer === "lost" || answer._tag === "Failure") return
        marks[isLocked ? "policyLocked" : "policyOpened"] += 1
        if (pausedUntil !== null) marks.launchesPaused += 1
        Object.assign(decree, { locked: isLocked ? "yes" : "no", pausedUntil, since: loop.now() })
      }
    )
    if (isAsking) Object.assign(decree, { locked: "unknown", pausedUntil: "unknown", wanted: isLocked })
  }

  return {
    act: () => {
      if (!chance.hits(0.02)) return
      write(chance.hits(0.5), chance.hits(0.3) ? loop.now() + chance.int(5, 90) * minute : null)
    },
    settle: () => {
      if (decree.locked === "unknown" || decree.pausedUntil !== null) write(decree.wanted, null)
    }
  }
}
