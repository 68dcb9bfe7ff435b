/**
 * What a bot that may have been made is owed (S21 to S25): no call is repeated blindly, no row lets go of a bot that is in its
 * meeting (nor goes with its user), none is left in a meeting that does not take place, what was heard is not asked again, and no call is broken off.
 * Decides from what the service itself has and what processes heard, never from the rows' own account of it.
 */
import { Context } from "effect"
import { arrivalMillisMax } from "../../src/decide/launch/LaunchAnswer.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { BotId, UserId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { type Launched, LauncherProbe } from "../memory/LauncherMemory.ts"
import { StoreProbe, type Tenant } from "../memory/StoreMemory.ts"
import type { LauncherWatch } from "./FaultyLauncher.ts"
import type { Process } from "./Loop.ts"
import type { Person } from "./Model.ts"
import { type Ports, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"
import { rowOf } from "./Rows.ts"

const minute = 60_000

/** What was told this long ago is acted upon by now, where all is well: a sweep, and a lease and a look after it. */
const actedMillis = worldPolicy.sweepMillis + 1.5 * minute

export interface Debts {
  readonly watch: LauncherWatch
  /** Whether the bot was claimed while an earlier call might have succeeded: made or not, nobody has heard of it. */
  readonly wasInDoubt: (botId: BotId) => boolean
  /** A bot of the service's that is where it was sent. */
  readonly inMeeting: (botId: BotId) => Launched | null
  /** Each row that a write changed. */
  readonly onRow: (before: Bot | null, after: Bot) => void
  /** Each row that went with its user's connection. */
  readonly onErased: (bot: Bot) => void
  /** Once the world has healed for some minutes. */
  readonly judge: (people: ReadonlyMap<UserId, Person>, mirroredAt: ReadonlyMap<string, Instant>) => void
}

interface Heard {
  readonly process: Process
}

export const makeDebts = (stage: Stage, ports: Ports, guard: Pick<LauncherWatch, "onCall" | "onOutcome">): Debts => {
  const { loop, marks, swarm } = stage
  const probe = Context.get(ports, LauncherProbe)
  const tenants = loop.sync(Context.get(ports, StoreProbe).tenants)
  /** Keys that were called, and nobody has heard what came of it. */
  const open = new Set<BotId>()
  /** Of those: only called once so far. */
  const first = new Set<BotId>()
  const doubtful = new Set<BotId>()
  const sent = new Map<BotId, number>()
  /** When a bot was called last, and which calls left their process when all that were made had to have arrived: it stood still. */
  const calledAt = new Map<BotId, Instant>()
  const late = new Set<BotId>()
  const accepted = new Map<BotId, Heard>()

  const inMeeting = (botId: BotId): Launched | null =>
    loop.sync(probe.launched).find((one) => one.request.botId === botId && !one.isWithdrawn) ?? null

  /** Processes that stood still can't know what came meanwhile, and ports that all go away leave nothing to write to. */
  const isSteady = swarm.stall === 0 && swarm.swizzle === 0

  const watch: LauncherWatch = {
    onCall: (request, process) => {
      const { botId } = request
      const isExcused = process.stalledMillis() > 0
      guard.onCall(request, process)
      if (open.has(botId)) {
        marks.launchRepeated += 1
        if (swarm.service !== "replays" && !isExcused)
          stage.fail("S21", `${botId} is called again, and nobody looked it up`)
      }
      const heard = accepted.get(botId)
      if (isSteady && heard?.process.isAlive() === true) stage.fail("S24", `${botId} was accepted and is called again`)
      if (open.has(botId)) first.delete(botId)
      else first.add(botId)
      open.add(botId)
      calledAt.set(botId, loop.now())
      late.delete(botId)
    },
    onOutcome: (request, outcome) => {
      const goneMillis = loop.now() - (calledAt.get(request.botId) ?? 0)
      if (goneMillis > worldPolicy.launchTimeoutMillis + arrivalMillisMax) late.add(request.botId)
      const left = (sent.get(request.botId) ?? 1) - 1
      if (left <= 0) sent.delete(request.botId)
      else sent.set(request.botId, left)
      guard.onOutcome(request, outcome)
    },
    onSent: ({ botId }) => void sent.set(botId, (sent.get(botId) ?? 0) + 1),
    onHeard: ({ botId }, outcome, process) => {
      if (outcome.kind === "accepted") accepted.set(botId, { process })
      // That a later call was refused says nothing of the first one.
      if (outcome.kind !== "retry" || (outcome.definite && first.has(botId))) open.delete(botId)
    },
    onLookedUp: (botId, outcome) => {
      if (outcome.kind !== "unanswered") marks.botLookedUp += 1
      // What is still on its way will be there when the look is over.
      if (outcome.kind === "absent" && !sent.has(botId)) open.delete(botId)
    },
    onBrokenOff: ({ botId }, afterMillis) => {
      if (afterMillis < worldPolicy.launchTimeoutMillis) stage.fail("S25", `the call for ${botId} was broken off`)
    },
    has: (botId) => sent.has(botId) || inMeeting(botId) !== null
  }

  return {
    watch,
    inMeeting,
    wasInDoubt: (botId) => doubtful.has(botId),
    onRow: (before, after) => {
      if ((after.launch?.attempts ?? 0) > (before?.launch?.attempts ?? 0)) {
        if (before?.launch?.mayHaveSucceeded === true) doubtful.add(after.id)
        else doubtful.delete(after.id)
      }
      if (before?.status !== "Launching" || after.status === "Launching" || after.status === "Launched") return
      if (loop.now() >= before.end) return
      if (watch.has(after.id) && !late.has(after.id))
        stage.fail("S23", `${after.id} is ${after.status} and in its meeting`)
    },
    onErased: (bot) => {
      if (bot.status !== "Launching" || loop.now() >= bot.end) return
      if (watch.has(bot.id)) stage.fail("S23", `${bot.id} is erased and in its meeting`)
    },
    judge: (people, mirroredAt) => {
      if (swarm.service === "neither" || !swarm.withdraws) return
      for (const one of loop.sync(probe.launched)) {
        const person = people.get(one.request.userId)
        const tenant = tenants.get(one.request.userId)
        const isActive = person?.links.every(
          ({ connected, connectionId }) =>
            connected === "no" || rowOf(tenant ?? null, connectionId)?.status === "active"
        )
        const isKnown = person?.departures === 0 && isActive === true
        if (one.request.event.end <= loop.now() || !isKnown || tenant === undefined) continue
        const goneSince = cancelledSince(tenant, one.request.botId, mirroredAt)
        if (goneSince === null) continue
        marks.judgedLeft += 1
        if (one.isWithdrawn) continue
        const since = Math.max(goneSince, stage.phaseSince)
        if (loop.now() - since > actedMillis) stage.fail("S22", `${one.externalId} is left in a meeting that is off`)
      }
    }
  }
}

/** Since when every copy of the bot's meeting is known to be cancelled or gone; null: one takes place. */
const cancelledSince = (
  tenant: Readonly<Tenant>,
  botId: BotId,
  mirroredAt: ReadonlyMap<string, Instant>
): Instant | null => {
  const meeting = tenant.bots.get(botId)?.meeting
  const copies = [...tenant.events.values()].filter(({ row }) => row.meeting === meeting)
  // A calendar that was left takes its rows along, and says nothing of the meetings.
  const isHere = copies.every(({ row }) => tenant.calendars.get(row.calendarId)?.selected === true)
  if (copies.length === 0 || !isHere || copies.some(({ row }) => !row.isCancelled && !row.isDeleted)) return null
  return Math.max(...copies.map(({ row }) => mirroredAt.get(row.id) ?? row.updatedAt))
}
