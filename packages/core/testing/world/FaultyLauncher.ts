/**
 * The bot service as one simulated process reaches it: it says "later", refuses, takes too long, or its answer is lost.
 * Decides by chance. The service itself, shared by all processes, keeps its promise about keys.
 */
import { Effect } from "effect"
import { type LaunchOutcome, type LaunchRequest, Launcher } from "../../src/ports/Launcher.ts"
import { whileAlive } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Shape = Launcher["Service"]

/** Told of every call before it is answered, and of what the service then did. */
export interface LauncherWatch {
  readonly onCall: (request: LaunchRequest, stalledMillis: number) => void
  readonly onOutcome: (request: LaunchRequest, outcome: LaunchOutcome) => void
}

/** Longer than any timeout of a call. */
const tooLongMillis = 45_000

export const faultyLauncher = (stage: Stage, process: Process, real: Shape, watch: LauncherWatch): Shape =>
  Launcher.of({
    ...real,
    launch: (request) =>
      whileAlive(
        process,
        Effect.suspend(() => {
          watch.onCall(request, process.stalledMillis())
          const go = Effect.tap(real.launch(request), (outcome) => Effect.sync(() => watch.onOutcome(request, outcome)))
          return disturbed(stage, go)
        })
      )
  })

const disturbed = (stage: Stage, go: Effect.Effect<LaunchOutcome>): Effect.Effect<LaunchOutcome> => {
  const { chance, marks, swarm } = stage
  if (stage.isHealed) return go
  const lag = chance.hits(0.5) ? chance.int(1, Math.max(1, swarm.latencyMax)) : 0
  if (chance.hits(swarm.launcherRejects)) {
    marks.launcherRejected += 1
    return Effect.succeed({ kind: "rejected", message: "simulated refusal" })
  }
  if (chance.hits(swarm.launcherRetry)) {
    marks.launcherSaidLater += 1
    const definite = chance.hits(0.7)
    const afterMillis = chance.hits(0.3) ? chance.int(1_000, 90_000) : null
    return Effect.as(Effect.sleep(lag), { kind: "retry", afterMillis, definite, message: "simulated: later" })
  }
  if (chance.hits(swarm.launcherLost)) {
    marks.launcherAnswerLost += 1
    return Effect.as(go, { kind: "retry", afterMillis: null, definite: false, message: "simulated: answer lost" })
  }
  if (chance.hits(swarm.launcherSlow)) {
    marks.launcherTooSlow += 1
    return Effect.tap(go, () => Effect.sleep(tooLongMillis))
  }
  return lag === 0 ? go : Effect.andThen(Effect.sleep(lag), go)
}
