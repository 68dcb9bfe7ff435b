/**
 * What a call of the bot service must keep: not early, not late, nothing that is dead, one tenant's meeting only
 * (S2, S3, S4, S7, S11).
 * Decides against the people's own intents and the mirror. Never judges whether a call was made at all: that is liveness.
 */
import type { Bot } from "../../src/domain/Bot.ts"
import type { EventId } from "../../src/domain/Ids.ts"
import { clockLimits } from "../../src/domain/Limits.ts"
import type { Instant } from "../../src/domain/Time.ts"
import type { LaunchRequest } from "../../src/ports/Launcher.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import { isLong } from "./Administering.ts"
import { isBusyWithAll } from "./Calls.ts"
import { type Person, judgedIntent, seriesOfKey } from "./Model.ts"
import { ruledOf } from "./Ruling.ts"
import { calledOf } from "./Rows.ts"
import { worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"
import type { Connection } from "../../src/domain/Connection.ts"

export interface Call {
  readonly stage: Stage
  readonly tenant: Readonly<Tenant> | null
  readonly person: Person
  readonly request: LaunchRequest
  readonly now: Instant
  readonly mirroredAt: ReadonlyMap<EventId, Instant>
  readonly grace: number
  /** Nobody knows what came of an earlier call under this key: it is made again as it was, so that this is known. */
  readonly isRepeat: boolean
}

export const checkCall = (call: Call): void => {
  const { grace, isRepeat, now, person, request, stage, tenant } = call
  const { end, platformId, start, summary } = request.event
  const what = `${request.botId} for ${platformId}`
  // An attempt that may have succeeded is repeated under its key, also when the meeting has moved ahead meanwhile.
  if (now < request.joinAt && !isRepeat) stage.fail("S2", `${what} joins ${request.joinAt - now} ms early`)
  if (now > end + grace) stage.fail("S4", `${what} joins ${now - end} ms after the end`)
  const isOwn = person.links.some(({ mailbox }) => summary.startsWith(`${mailbox.name} `))
  if (summary !== "" && !isOwn) stage.fail("S11", `${what} is launched for ${person.userId}: ${summary}`)
  const bot = tenant?.bots.get(request.botId)
  const left = leftFor(call, bot)
  // What became of an earlier call is asked for also after that, where the bot can then be taken out.
  if (left !== null && now - left.updatedAt > grace && !(isRepeat && stage.swarm.withdraws)) {
    return stage.fail("S3", `${what} is launched for a connection that was taken down`)
  }
  if (bot === undefined) {
    if (left === null && person.departures === 0) stage.fail("S7", `${what}: no such bot`)
    return
  }
  if (bot.status === "Scheduled" && now - bot.updatedAt > grace) stage.fail("S3", `${what} was not claimed`)
  if (bot.status !== "Launching" && bot.status !== "Scheduled" && now - bot.updatedAt > grace) {
    stage.fail("S3", `${what} is ${bot.status}`)
  }
  // Where it is to go it is withdrawn as soon as that is known.
  if (isRepeat) return
  checkIntent(call, bot)
  checkPause(call, bot)
  checkRuling(call, bot)
  checkMirror(call, bot, start)
}

/**
 * The connection that the bot's calendar is of, or the last one of all, where it is taken down; null: it stands, or the
 * meeting does in another that stands.
 */
const leftFor = ({ person, tenant }: Call, bot: Bot | undefined): Connection | null => {
  const held = person.links.flatMap(({ calendars, connectionId }) => {
    const row = tenant?.connections.get(connectionId)
    return row === undefined ? [] : [{ row, isCarrier: bot !== undefined && calendars.includes(bot.calendarId) }]
  })
  const carrier = held.find(({ isCarrier }) => isCarrier)?.row
  if (carrier !== undefined) {
    const isElsewhere = [...(tenant?.events.values() ?? [])].some(
      ({ row }) =>
        row.meeting === bot?.meeting &&
        !row.isDeleted &&
        tenant?.connections.get(tenant.calendars.get(row.calendarId)?.connectionId ?? carrier.id)?.status !==
          "disconnected"
    )
    return carrier.status === "disconnected" && !isElsewhere ? carrier : null
  }
  if (held.some(({ row }) => row.status !== "disconnected")) return null
  return held.map(({ row }) => row).toSorted((a, b) => b.updatedAt - a.updatedAt)[0] ?? null
}

const checkIntent = ({ grace, now, person, request, stage, tenant }: Call, bot: Bot): void => {
  const intent = judgedIntent(person, calledOf(person, tenant, bot))
  if (intent.excluded === "yes" && intent.excludedAt !== null && now - intent.excludedAt > grace) {
    stage.fail("S3", `${bot.meeting} was removed by its user and is launched`)
  }
  if (intent.offset === "unknown" || now - intent.touchedAt <= grace) return
  const joinAt = request.event.start + (intent.offset ?? -worldPolicy.leadMillis)
  if (request.joinAt !== joinAt) {
    stage.fail("S2", `${bot.meeting} joins at ${request.joinAt}, not at ${joinAt}`)
  }
}

/** By the clock of the world: a process's may be some seconds behind. */
const checkPause = ({ grace, now, stage }: Call, bot: Bot): void => {
  const { pausedUntil, since } = stage.decree
  if (typeof pausedUntil !== "number" || now - since <= grace) return
  if (pausedUntil > now + clockLimits.refuseMillis)
    stage.fail("S3", `${bot.meeting} is launched though launches are paused`)
}

/** A bot that auto-scheduling alone has made is launched into nothing that it skips. */
const checkRuling = ({ grace, mirroredAt, now, person, stage, tenant }: Call, bot: Bot): void => {
  const { on, onSince, ruledSince, ruling } = person.auto
  if (bot.origin !== "auto" || on !== "yes" || ruling === "unknown" || isBusyWithAll(person)) return
  if (now - Math.max(onSince, ruledSince) <= grace) return
  const intent = judgedIntent(person, calledOf(person, tenant, bot))
  const series = person.series.get(seriesOfKey(intent.key) ?? "")
  if (intent.explicit !== "no" || (series !== undefined && series.chain !== "no")) return
  const copies = [...(tenant?.events.values() ?? [])].filter(({ row }) => row.meeting === bot.meeting)
  const row = copies.length === 1 ? copies[0]?.row : undefined
  if (row === undefined || row.isDeleted || now - (mirroredAt.get(row.id) ?? now) <= grace) return
  if (ruledOf(person, row) === "skip") stage.fail("S3", `${bot.meeting} is launched though auto-scheduling skips it`)
}

/** Against the mirror, not the calendar: what was not told yet can't be known. */
const checkMirror = ({ grace, mirroredAt, now, request, stage, tenant }: Call, bot: Bot, start: Instant): void => {
  const copies = [...(tenant?.events.values() ?? [])].filter(({ row }) => row.meeting === bot.meeting)
  const copy = copies[0]
  if (copy === undefined || copies.length > 1) return
  const { row } = copy
  const since = row.isDeleted ? row.updatedAt : (mirroredAt.get(row.id) ?? now)
  if (now - since <= grace) return
  if (row.isDeleted || row.isCancelled) stage.fail("S3", `${bot.meeting} does not take place and is launched`)
  else if (stage.decree.locked === "yes" && now - stage.decree.since > grace && isLong(row)) {
    stage.fail("S3", `${bot.meeting} is launched though it is locked`)
  } else if (row.link === null) stage.fail("S3", `${bot.meeting} has no link and is launched`)
  else if (row.link.url !== request.link.url) stage.fail("S3", `${bot.meeting} is launched to an old link`)
  if (row.start !== start) stage.fail("S2", `${bot.meeting} starts at ${row.start} and is launched for ${start}`)
}
