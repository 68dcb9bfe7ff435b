/**
 * The bot service as one simulated process reaches it: it says "later", refuses, takes too long, is not heard, or its answer
 * is lost, with the call arriving at once or some seconds after.
 * Decides by chance. The service itself, shared by all processes, keeps what it promises: one that replays a key refuses none
 * that it has.
 */
import { Effect } from "effect"
import type { BotId } from "../../src/domain/Ids.ts"
import {
  type LaunchOutcome,
  type LaunchRequest,
  Launcher,
  type LookupOutcome,
  type WithdrawOutcome
} from "../../src/ports/Launcher.ts"
import { whileAlive } from "./Faulty.ts"
import type { Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"

type Shape = Launcher["Service"]

/** Told of every call before it is answered, of what the service then did, and of what the process heard. */
export interface LauncherWatch {
  readonly onCall: (request: LaunchRequest, process: Process) => void
  /** What the service did. */
  readonly onOutcome: (request: LaunchRequest, outcome: LaunchOutcome) => void
  /** A call left a process and will arrive although nobody waits for it any more. */
  readonly onSent: (request: LaunchRequest) => void
  /** What the process heard of its call. */
  readonly onHeard: (request: LaunchRequest, outcome: LaunchOutcome, process: Process) => void
  readonly onLookedUp: (botId: BotId, outcome: LookupOutcome) => void
  /** The process itself gave up a call after so long. */
  readonly onBrokenOff: (request: LaunchRequest, afterMillis: number) => void
  /** Whether the service has a bot under this key, or a call for one is on its way. */
  readonly has: (botId: BotId) => boolean
}

/** Longer than any timeout of a call. */
const tooLongMillis = 45_000
/** A call that was lost to its caller arrives by then: sooner than Punctual believes that a bot is not there. */
const arrivalMillisMax = 8_000
/** The store goes away for so long while an answer is in hand: less than a lease. */
const awayMillisMax = 20_000

export const faultyLauncher = (stage: Stage, process: Process, real: Shape, watch: LauncherWatch): Shape =>
  Launcher.of({
    ...real,
    launch: (request) =>
      whileAlive(
        process,
        Effect.suspend(() => {
          const began = stage.loop.now()
          watch.onCall(request, process)
          const go = Effect.tap(real.launch(request), (outcome) => Effect.sync(() => watch.onOutcome(request, outcome)))
          return disturbed(stage, request, go, watch).pipe(
            Effect.tap((outcome) => Effect.sync(() => watch.onHeard(request, outcome, process))),
            Effect.tap(() => Effect.sync(() => loseStore(stage))),
            Effect.onInterrupt(() => Effect.sync(() => watch.onBrokenOff(request, stage.loop.now() - began)))
          )
        })
      ),
    lookUp: (botId) =>
      whileAlive(
        process,
        unheard<LookupOutcome>(stage, real.lookUp(botId), { kind: "unanswered", message: "simulated: not heard" })
      ).pipe(Effect.tap((outcome) => Effect.sync(() => watch.onLookedUp(botId, outcome)))),
    withdraw: (...asked) => {
      const withdraw = Effect.tap(real.withdraw(...asked), (outcome) =>
        Effect.sync(() => {
          if (outcome === "withdrawn") stage.marks.botWithdrawn += 1
        })
      )
      return whileAlive(process, unheard<WithdrawOutcome>(stage, withdraw, "unanswered"))
    }
  })

/** A question that is not heard, or whose answer is not. */
const unheard = <A>(stage: Stage, question: Effect.Effect<A>, otherwise: A): Effect.Effect<A> =>
  Effect.suspend(() => {
    const { chance, isHealed, marks, swarm } = stage
    if (isHealed || !chance.hits(swarm.launcherUnheard)) return question
    marks.launcherUnheard += 1
    return chance.hits(0.5) ? Effect.succeed(otherwise) : Effect.as(question, otherwise)
  })

const disturbed = (
  stage: Stage,
  request: LaunchRequest,
  go: Effect.Effect<LaunchOutcome>,
  watch: LauncherWatch
): Effect.Effect<LaunchOutcome> => {
  const { chance, loop, marks, swarm } = stage
  if (stage.isHealed) return go
  const lag = chance.hits(0.5) ? chance.int(1, Math.max(1, swarm.latencyMax)) : 0
  const isReplay = swarm.service === "replays" && watch.has(request.botId)
  if (!isReplay && chance.hits(swarm.launcherRejects)) {
    marks.launcherRejected += 1
    return Effect.succeed({ kind: "rejected", message: "simulated refusal" })
  }
  if (chance.hits(swarm.launcherRetry)) {
    marks.launcherSaidLater += 1
    const definite = chance.hits(0.7)
    const afterMillis = chance.hits(0.3) ? chance.int(1_000, 3_600_000) : null
    return Effect.as(Effect.sleep(lag), { kind: "retry", afterMillis, definite, message: "simulated: later" })
  }
  if (chance.hits(swarm.launcherLost)) {
    marks.launcherAnswerLost += 1
    const lost: LaunchOutcome = {
      kind: "retry",
      afterMillis: null,
      definite: false,
      message: "simulated: answer lost"
    }
    if (chance.hits(0.5)) return Effect.as(go, lost)
    watch.onSent(request)
    // Nobody waits for it: it arrives whatever becomes of the process.
    loop.at(loop.now() + chance.int(1, arrivalMillisMax), () => void loop.sync(go))
    return Effect.succeed(lost)
  }
  if (chance.hits(swarm.launcherSlow)) {
    marks.launcherTooSlow += 1
    return Effect.tap(go, () => Effect.sleep(tooLongMillis))
  }
  return lag === 0 ? go : Effect.andThen(Effect.sleep(lag), go)
}

/** At the moment at which an answer is in hand. */
const loseStore = ({ away, chance, isHealed, loop, marks, note, swarm }: Stage): void => {
  if (isHealed || away.has("storeFailed") || !chance.hits(swarm.storeAwayInHand)) return
  marks.storeAwayInHand += 1
  away.add("storeFailed")
  note("the store goes away, an answer in hand")
  loop.at(loop.now() + chance.int(500, awayMillisMax), () => void away.delete("storeFailed"))
}
