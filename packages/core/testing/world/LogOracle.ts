/**
 * The log at each write (S23): what is told of a bot has changed exactly where there is an entry with it, and what a write of
 * the mirror changed is counted until somebody tells of it.
 * Decides from the rows before and after, by a reading of its own of what is told. Never by the code under test.
 */
import { Context } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import type { BotId, UserId } from "../../src/domain/Ids.ts"
import { sameJson } from "../../src/domain/JsonEquality.ts"
import type { BotChange, LoggedBot } from "../../src/domain/LoggedChange.ts"
import { StoreProbe, type Tenant } from "../memory/StoreMemory.ts"
import type { StoreWatch } from "./FaultyStore.ts"
import type { Ports } from "./Site.ts"
import type { Stage } from "./Stage.ts"

/** What lists show of a bot, and where it is found. */
export const toldOf = (bot: Omit<LoggedBot, "id" | "subject" | "createdAt">) => ({
  places: [bot.meeting, bot.eventId, bot.calendarId, bot.link],
  looks: [bot.botName, bot.customAttributes, bot.config, bot.externalId, bot.origin],
  status: [bot.status, bot.statusReason, bot.statusMessage],
  times: [bot.joinAt, bot.start, bot.end]
})

/** The same watch, with an eye on the log. */
export const watchingLog = (stage: Stage, ports: Ports, watch: StoreWatch): StoreWatch => {
  const tenants = stage.loop.sync(Context.get(ports, StoreProbe).tenants)

  const onBots: StoreWatch["onBots"] = (operation, write) => {
    const before = new Map([...tenants].map(([userId, tenant]) => [userId, stateOf(tenant)]))
    watch.onBots(operation, write)
    for (const [userId, tenant] of tenants) checkBots(stage, operation, before.get(userId) ?? nothing, tenant)
  }

  const onMirror: StoreWatch["onMirror"] = (userId, ids, write) => {
    const changedOf = () => ids.map((id) => tenants.get(userId)?.events.get(id)?.changedAt)
    const [before, counted] = [changedOf(), countedOf(tenants, userId)]
    watch.onMirror(userId, ids, write)
    const after = changedOf()
    const changed = new Set(ids.filter((_, at) => before[at] !== after[at])).size
    const more = countedOf(tenants, userId) - counted
    if (more !== changed) stage.fail("S23 (log)", `${userId}: ${changed} events changed and ${more} were counted`)
  }

  const onRound: StoreWatch["onRound"] = (claim, round) => {
    watch.onRound(claim, round)
    const left = tenants.get(claim.userId)?.counts.get(claim.calendar.id)
    if (left !== undefined) stage.fail("S23 (log)", `${claim.calendar.id}: ${JSON.stringify(left)} is left untold`)
  }

  return { ...watch, onBots, onMirror, onRound }
}

interface State {
  readonly bots: ReadonlyMap<BotId, Bot>
  readonly sequence: number
}

const nothing: State = { bots: new Map(), sequence: 0 }

const stateOf = ({ bots, sequence }: Readonly<Tenant>): State => ({ bots: new Map(bots), sequence })

const countedOf = (tenants: ReadonlyMap<UserId, Readonly<Tenant>>, userId: UserId): number =>
  [...(tenants.get(userId)?.counts.values() ?? [])].reduce(
    (sum, { created, deleted, updated }) => sum + created + deleted + updated,
    0
  )

const checkBots = (
  stage: Stage,
  operation: string,
  before: State,
  { bots, log, sequence, userId }: Readonly<Tenant>
) => {
  const told = new Map<BotId, BotChange>()
  // From the end: a log is long, and what is new stands there.
  for (let at = log.length - 1; at >= 0 && (log[at]?.change.sequence ?? 0) > before.sequence; at--) {
    const change = log[at]?.change
    if (change === undefined || !("bot" in change.data)) continue
    const { bot } = change.data
    if (told.has(bot.id)) stage.fail("S23 (log)", `${operation}: two entries tell of ${bot.id}`)
    // The cast: it has a bot.
    told.set(bot.id, change as BotChange)
  }
  const isNothing = sequence === before.sequence
  for (const bot of bots.values()) {
    const was = before.bots.get(bot.id)
    if (was === bot && isNothing) continue
    const isChanged = was === undefined || !sameJson(toldOf(was), toldOf(bot))
    const entry = told.get(bot.id)
    told.delete(bot.id)
    if (isChanged !== (entry !== undefined)) {
      stage.fail(
        "S23 (log)",
        `${operation} of ${userId}: ${bot.id} ${isChanged ? "changed untold" : "is told unchanged"}`
      )
    } else if (entry !== undefined) {
      for (const lie of liesIn(entry, was, bot)) stage.fail("S23 (log)", `${operation} of ${userId}: ${bot.id} ${lie}`)
    }
  }
  for (const id of told.keys()) stage.fail("S23 (log)", `${operation} of ${userId}: ${id} is told and is not there`)
}

const liesIn = ({ data, type }: BotChange, was: Bot | undefined, bot: Bot): ReadonlyArray<string> => [
  ...(sameJson(toldOf(data.bot), toldOf(bot)) ? [] : ["is told otherwise than it is"]),
  ...(was === undefined || sameJson(toldOf({ ...data.bot, ...data.previous }), toldOf(was))
    ? []
    : ["is told otherwise than it was"]),
  ...(type === nameOf(was, bot) ? [] : [`has ${nameOf(was, bot)} and is told as ${type}`])
]

/** One name, however much has changed: where it ends or gets to, then when, then whatever else. */
const nameOf = (was: Bot | undefined, bot: Bot): string => {
  if (was === undefined) return "bot.scheduled"
  if (was.status !== bot.status) return bot.status === "Scheduled" ? "bot.moved" : `bot.${bot.status.toLowerCase()}`
  const isOut = bot.status === "Launched" && bot.statusReason !== null && bot.statusReason !== "call_back_refused"
  if (isOut && was.statusReason !== bot.statusReason) return "bot.withdrawn"
  return sameJson(toldOf(was).times, toldOf(bot).times) ? "bot.updated" : "bot.moved"
}
