/**
 * S28: what is claimed by numbers is what a look at that moment claims, and it was read half a minute ago at most.
 *
 * Decides by the row that such a look would write, of what the store holds as the claim is written. Judges the short way
 * against the long one, and so calls the code of the long one: whether that one is right is for the other oracles.
 */
import { Context } from "effect"
import { decide } from "../../src/decide/Decide.ts"
import { claimedRow } from "../../src/decide/launch/Claim.ts"
import { launchStep } from "../../src/decide/launch/LaunchStep.ts"
import { nothing } from "../../src/decide/requests/Change.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { BotId, UserId } from "../../src/domain/Ids.ts"
import { sameJson } from "../../src/domain/JsonEquality.ts"
import { launchLimits } from "../../src/domain/Limits.ts"
import { Refusal } from "../../src/domain/Refusal.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { Launcher } from "../../src/ports/Launcher.ts"
import { type OwnedBotWrite, Store } from "../../src/ports/Store.ts"
import { scopeOfBots } from "../../src/ports/StoreParts.ts"
import type { ForesightWatch } from "./FaultyStore.ts"
import type { Process } from "./Loop.ts"
import { type Ports, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"

export interface Foreseeing extends ForesightWatch {
  /** Users of whom a bot was read ahead and is not claimed yet. */
  readonly foreseen: () => ReadonlySet<UserId>
}

export const watchingForesight = (stage: Stage, ports: Ports): Foreseeing => {
  const { loop, marks } = stage
  const store = Context.get(ports, Store)
  const { capabilities } = Context.get(ports, Launcher)
  const reads = new WeakMap<Process, Map<BotId, Instant>>()
  const waiting = new Map<BotId, UserId>()

  /** By the clock of who claims; null: a look would not claim it. */
  const lookedAt = ({ bot, userId }: OwnedBotWrite): Bot | null => {
    const now = bot.updatedAt
    const slice = loop.sync(store.slice(userId, scopeOfBots([bot]), now))
    const decided = decide(slice, nothing, { policy: worldPolicy, now, isWhole: false })
    if (decided instanceof Refusal) return null
    const { bots, pausedUntil, verdicts } = decided.decision
    const found = bots.find(({ id }) => id === bot.id)
    const verdict = found === undefined ? undefined : verdicts.get(found.meeting)
    if (found === undefined || verdict === undefined) return null
    const isLaunchable = found.status === "Scheduled" || found.status === "Launching"
    const step = isLaunchable ? launchStep(found, verdict, { capabilities, now, pausedUntil }) : null
    if (step?.kind !== "call") return null
    const row = claimedRow(found, verdict, step, {
      now,
      policy: worldPolicy,
      capabilities,
      owner: bot.launch?.owner ?? null
    })
    return row === null ? null : { ...row, revision: found.revision + 1, updatedAt: now }
  }

  return {
    foreseen: () => new Set(waiting.values()),
    onReadAhead: (process, asked) => {
      const known = reads.get(process) ?? new Map<BotId, Instant>()
      reads.set(process, known)
      for (const { botIds, userId } of asked) {
        for (const id of botIds) {
          known.set(id, loop.now())
          waiting.set(id, userId)
        }
      }
    },
    onLaunches: (process, writes) => {
      for (const { bot, numbers } of writes) {
        waiting.delete(bot.id)
        if (numbers === null) continue
        // A process that stood still between its decision and the write: the numbers still prove that nothing changed.
        const age = loop.now() - (reads.get(process)?.get(bot.id) ?? -Infinity) - process.stalledMillis()
        if (age > launchLimits.proofMillisMax) stage.fail("S28", `${bot.id} is claimed by what was read ${age} ms ago`)
      }
    },
    judge: (writes) => {
      const claims = writes.map((write) => ({
        write,
        looked: write.numbers === null ? null : lookedAt(write)
      }))
      return (written) => {
        for (const [at, { looked, write }] of claims.entries()) {
          if (write.numbers === null) continue
          marks[written[at] === true ? "claimedByNumbers" : "numbersChanged"] += 1
          if (written[at] !== true) continue
          const isSame = looked !== null && sameJson(shown(looked), shown(write.bot))
          if (!isSame) {
            stage.fail(
              "S28",
              `${write.bot.id} is claimed by numbers, and a look says ${looked === null ? "no" : "otherwise"}`
            )
          }
        }
      }
    }
  }
}

/** What the scheduler holds of it is noted beside the protocol. */
const shown = ({ schedule: _, ...row }: Bot) => row
