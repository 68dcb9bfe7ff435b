/**
 * Liveness: where a simulated world has healed and time has passed, what people ask for is what is (L1 to L10, L12).
 *
 * Decides from the provider's own calendars and the people's own account of their intents which bots must be there and
 * which must not; a second, naive reading of the contract. Leaves alone what a lost answer left open, and meetings whose
 * join or end is right now. Does not judge configurations, paging, idempotency keys or quotas: those have their own tests.
 */
import { Context } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import { mayBeInMeeting } from "../../src/domain/BotStatus.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { EventFacts } from "../../src/domain/Facts.ts"
import type { ProviderEvent } from "../../src/domain/Provider.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import type { Tenant } from "../memory/StoreMemory.ts"
import { connectionsOf } from "../memory/store/Tenant.ts"
import { SchedulerProbe } from "../memory/SchedulerMemory.ts"
import { calledOf, rowOf, tenantOf, twinOf } from "./Rows.ts"
import type { Case, Standing } from "./Case.ts"
import { isLong } from "./Administering.ts"
import { chained } from "./Chained.ts"
import { isListed } from "./Connecting.ts"
import { checkErased } from "./Erased.ts"
import {
  type Person,
  chosenOf,
  connectedOf,
  judgedIntent,
  keyOfOccurrence,
  keyOfSingle,
  linkOf,
  providerIdOf,
  seriesOfKey
} from "./Model.ts"
import { ruledOf } from "./Ruling.ts"
import { type Ports, worldPolicy } from "./Site.ts"
import type { Stage } from "./Stage.ts"
import { canBeKnown } from "./Swarm.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Nearer to its join or end than this a meeting is between two states. */
const marginMillis = 4 * minute

export const judgePerson = (stage: Stage, ports: Ports, person: Person, overtaken: ReadonlySet<string>): void => {
  const tenant = tenantOf(stage, ports, person)
  if (tenant === null || person.busy.size > 0) return
  for (const link of person.links) if (link.connected === "no") checkErased(stage, ports, person, link)
  if (connectedOf(person) !== "yes") return
  const now = stage.loop.now()
  for (const { connected, connectionId } of person.links) {
    const status = rowOf(tenant, connectionId)?.status
    if (connected !== "yes" || status === "active") continue
    return stage.fail("L9", `${connectionId} is ${status ?? "unknown"} although its grant is good`)
  }
  // What a calendar means that is chosen or not is not known.
  if (person.calendars.some((id) => isListed(person, id) && person.selected.get(id) === "unknown")) return
  const one: Case = {
    stage,
    person,
    tenant,
    now,
    overtaken,
    standing: standingOf(stage, ports, person, tenant, now),
    bots: grouped([...tenant.bots.values()], (bot) => calledOf(person, tenant, bot)),
    schedules: grouped(
      stage.loop.sync(Context.get(ports, SchedulerProbe).schedules).filter(({ userId }) => userId === person.userId),
      (schedule) => schedule.botId
    )
  }
  checkMirror(one)
  checkCalendars(one)
  checkTwins(one)
  checkBots(one)
  const { excused, required } = chained(one)
  const keys = new Set([...one.standing.keys(), ...one.bots.keys()])
  for (const key of keys) judgeMeeting(one, key, { isChained: required.has(key), isOpen: excused.has(key) })
}

const grouped = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): Map<string, Array<A>> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** Its first field: here a meeting has one link or none. */
const urlOf = (event: ProviderEvent): string | null => event.linkFields?.[0]?.text ?? null

/** One row for each meeting: of the copies in chosen calendars the first that takes place and has a link. */
const standingOf = (
  stage: Stage,
  ports: Ports,
  person: Person,
  tenant: Readonly<Tenant>,
  now: Instant
): ReadonlyMap<string, Standing> => {
  const control = Context.get(ports, CalendarControl)
  // The first copy counts also where it alone was left behind, in a past that no world outlives.
  const span = { from: now - 30 * day, to: now + worldPolicy.windowAheadMillis - 2 * day }
  const copies = connectionsOf(tenant)
    .flatMap(({ id }) => chosenOf(person).filter((calendarId) => linkOf(person, calendarId).connectionId === id))
    .flatMap((calendarId) =>
      stage.loop.sync(control.taking(providerIdOf(person, calendarId), span)).map((event): Standing => ({
        key:
          event.seriesProviderId === null
            ? (twinOf(person, event) ?? keyOfSingle(event.iCalUid ?? ""))
            : keyOfOccurrence(event.seriesProviderId, event.providerId.slice(event.seriesProviderId.length + 1)),
        seriesId: event.seriesProviderId,
        calendarId,
        start: event.start,
        end: event.end,
        isCancelled: event.isCancelled,
        url: urlOf(event),
        facts: event.facts
      }))
    )
  const standing = new Map<string, Standing>()
  for (const [key, all] of grouped(copies, (copy) => copy.key)) {
    if (new Set(all.map(({ calendarId }) => linkOf(person, calendarId))).size > 1) stage.marks.judgedAcross += 1
    const taking = all.filter(({ isCancelled }) => !isCancelled)
    const chosen = taking.find(({ url }) => url !== null) ?? taking[0] ?? all[0]
    if (chosen !== undefined) standing.set(key, chosen)
  }
  return standing
}

/** L6, L8, S9: the mirror of each chosen calendar is the calendar. */
const checkMirror = ({ now, person, stage, standing, tenant }: Case): void => {
  stage.marks.judgedMirror += 1
  const rows = new Map<string, CalendarEvent>()
  const chosen = new Set(chosenOf(person))
  for (const { row } of tenant.events.values()) {
    const isHere = chosen.has(row.calendarId) && !row.isVirtual
    if (isHere && !row.isDeleted) rows.set(`${twinOf(person, row) ?? row.meeting} ${row.calendarId}`, row)
  }
  for (const [key, truth] of standing) {
    if (truth.end <= now) continue
    const row = rows.get(`${key} ${truth.calendarId}`)
    const what = `${person.userId} ${key} in ${truth.calendarId}`
    if (row === undefined) stage.fail("L6", `${what} is not in the mirror`)
    else if (row.start !== truth.start || row.end !== truth.end) stage.fail("L6", `${what} is mirrored at another time`)
    else if (row.isCancelled !== truth.isCancelled) stage.fail("L6", `${what} is mirrored with isCancelled wrong`)
    else if ((row.link?.url ?? null) !== truth.url) stage.fail("L6", `${what} is mirrored with an old link`)
    else if (!sameFacts(row.facts, truth.facts)) stage.fail("L6", `${what} is mirrored with old facts`)
  }
  const limit = now + worldPolicy.windowAheadMillis - 3 * day
  for (const row of rows.values()) {
    if (row.end > now && row.start < limit && !standing.has(twinOf(person, row) ?? row.meeting)) {
      stage.fail("L6", `${person.userId} ${row.meeting} is in the mirror and in no calendar`)
    }
  }
}

/** B7: of several events of one calendar with one UID each is a meeting of its own. */
const checkTwins = ({ person, stage, standing, tenant }: Case): void => {
  if (person.twins.size === 0) return
  const known = new Map<string, string>()
  for (const { row } of tenant.events.values()) {
    const key = twinOf(person, row)
    if (row.isDeleted || key === null || !standing.has(key)) continue
    const other = known.get(`${row.calendarId} ${row.meeting}`)
    if ([...known.keys()].some((place) => place.startsWith(`${row.calendarId} `))) stage.marks.judgedTwins += 1
    if (other !== undefined) stage.fail("B7", `${person.userId} ${key} and ${other} are one meeting: ${row.meeting}`)
    known.set(`${row.calendarId} ${row.meeting}`, key)
  }
}

/** L7: a chosen calendar has a subscription, or a reason why it has none. */
const checkCalendars = ({ now, person, stage, tenant }: Case): void => {
  for (const calendar of tenant.calendars.values()) {
    if (!calendar.selected) continue
    const { pollingReason, subscription } = calendar
    const isSubscribed = subscription !== null && subscription.expiresAt > now
    if (!isSubscribed && pollingReason === null) {
      stage.fail("L7", `${person.userId} ${calendar.id} has neither a subscription nor a reason`)
    }
    if (calendar.syncStatus !== "ok") stage.fail("L6", `${person.userId} ${calendar.id} is ${calendar.syncStatus}`)
  }
}

/** L2, L3: every schedule is a scheduled bot's, at its time; nothing rests half done. */
const checkBots = ({ bots, now, overtaken, person, schedules, stage, tenant }: Case): void => {
  for (const bot of [...bots.values()].flat()) {
    const held = schedules.get(bot.id) ?? []
    const what = `${person.userId} ${bot.id} of ${bot.meeting} (${bot.status})`
    if (bot.status === "Launching" && (bot.launch?.leaseUntil ?? 0) + 3 * worldPolicy.sweepMillis < now) {
      stage.fail("L3", `${what} rests`)
    }
    if (Math.abs(bot.joinAt - now) < marginMillis) continue
    if (bot.schedule.applied < bot.schedule.wanted) stage.fail("L3", `${what} is not applied`)
    if (bot.status === "Scheduled") {
      if (bot.joinAt < now - 3 * worldPolicy.sweepMillis) stage.fail("L3", `${what} was due and is still scheduled`)
      else if (bot.joinAt > now && held.length !== 1) stage.fail("L1", `${what} has ${held.length} schedules`)
      else if (bot.joinAt > now && held[0]?.at !== bot.joinAt)
        stage.fail("L1", `${what} has a schedule for another time`)
    } else if (bot.status !== "Launching" && !overtaken.has(bot.id) && held.some(({ at }) => at > now)) {
      stage.fail("L2", `${what} has a schedule`)
    }
  }
  for (const [botId, held] of schedules) {
    const isOrphan = !tenant.bots.has(botId as Bot["id"]) && person.departures === 0 && held.some(({ at }) => at > now)
    if (isOrphan) stage.fail("S7", `${person.userId}: a schedule of no bot: ${botId}`)
  }
}

interface Chained {
  readonly isChained: boolean
  /** The chain may or may not reach it. */
  readonly isOpen: boolean
}

const judgeMeeting = (one: Case, key: string, chain: Chained): void => {
  const { bots, now, person, stage, standing } = one
  const { marks } = stage
  const intent = judgedIntent(person, key)
  const truth = standing.get(key)
  const own = bots.get(key) ?? []
  const scheduled = own.filter(({ status }) => status === "Scheduled")
  const what = `${person.userId} ${key}`
  const isNear = own.some(({ end, joinAt, status }) => status === "Scheduled" && isAround(now, joinAt, end))
  if (truth === undefined || truth.isCancelled || truth.url === null) {
    marks.judgedForbidden += 1
    // Beyond the window asked for there may be more.
    const within = scheduled.filter(({ start }) => start < now + worldPolicy.windowAheadMillis - 4 * day)
    if (within.length > 0 && !isNear) stage.fail("L2", `${what} has a bot and does not take place`)
    return
  }
  const joinAt = truth.start + (typeof intent.offset === "number" ? intent.offset : -worldPolicy.leadMillis)
  if (isAround(now, joinAt, truth.end) || Math.abs(truth.start - now) < marginMillis) return
  const answered = own.some(
    ({ end, status, statusReason }) =>
      end > truth.start &&
      // One that a lock has taken out answers for nothing once the lock is gone.
      statusReason !== "blocked_by_policy" &&
      (status === "Launched" || status === "Launching" || status === "Failed")
  )
  const isAsked = intent.explicit === "yes" && intent.excluded === "no"
  if (truth.end <= now) return
  if (isLong(truth) && stage.decree.locked !== "no") {
    if (stage.decree.locked === "unknown") return
    marks.judgedLocked += 1
    if (scheduled.length > 0) stage.fail("L2", `${what} is locked and has a bot`)
    return
  }
  if (joinAt < now) {
    if (!isAsked || intent.touchedAt > stage.phaseSince) return
    // Whoever got no answer to another join time may find it later than was asked before.
    if (intent.offset === "unknown" && scheduled.some((bot) => bot.joinAt > now)) return
    marks.judgedLaunched += 1
    if (!answered) stage.fail("L1", `${what} was asked for, goes on, and has no bot`)
    return
  }
  const ruling = ruledOf(person, truth)
  const isAuto = isAutoWanted(one, truth) && ruling === "join" && intent.excluded === "no"
  const isRequired = isAsked || isAuto || (chain.isChained && intent.excluded === "no")
  // One that was in its meeting went on into the room it moved to, whatever its user said of auto-scheduling since.
  const isFollowed = own.some(({ status, statusReason }) => status === "Launched" && statusReason === "link_changed")
  const isOnlyAuto = intent.explicit === "no" && !isFollowed && !chain.isChained && !chain.isOpen
  const isSkipped = isOnlyAuto && person.auto.on === "yes" && ruling === "skip"
  const isForbidden = intent.excluded === "yes" || isSkipped || (isOnlyAuto && person.auto.on === "no")
  // One whose outcome nobody can learn keeps its meeting until its own end (decision 0015): the next is made then.
  const isHeld = !canBeKnown(stage.swarm) && own.some((bot) => mayBeInMeeting(bot) && bot.end > now)
  if (isRequired && !answered && !isHeld) {
    marks.judgedRequired += 1
    if (isAuto && !isAsked) marks.judgedAuto += 1
    if (chain.isChained) marks.judgedChain += 1
    const law = isAsked ? "L1" : isAuto ? "L4" : "L5"
    if (scheduled.length !== 1) return stage.fail(law, `${what} is wanted and has ${scheduled.length} bots`)
    if (intent.offset !== "unknown" && scheduled[0]?.joinAt !== joinAt) {
      stage.fail("L1", `${what} joins at ${scheduled[0]?.joinAt ?? 0}, not at ${joinAt}`)
    }
    if (scheduled[0]?.link.url !== truth.url) stage.fail("L1", `${what} would join an old link`)
  }
  if (isForbidden) {
    marks.judgedForbidden += 1
    if (isSkipped) marks.judgedSkipped += 1
    if (scheduled.length > 0) stage.fail("L2", `${what} is not wanted and has a bot`)
  }
  const isShifted = person.series.get(seriesOfKey(key) ?? "")?.wasShifted === true
  if (answered && !isShifted && scheduled.length > 0 && !own.some(({ status }) => status === "Failed")) {
    stage.fail("S1", `${what} was launched and has another bot`)
  }
}

const sameFacts = (row: EventFacts | null, truth: EventFacts | null): boolean =>
  row?.response === truth?.response && row?.sensitivity === truth?.sensitivity

const isAround = (now: Instant, joinAt: Instant, end: Instant): boolean =>
  Math.abs(joinAt - now) < marginMillis || Math.abs(end - now) < marginMillis

const isAutoWanted = ({ person }: Case, truth: Standing): boolean =>
  person.auto.on === "yes" && person.auto.coveredAtLeast !== null && truth.start < person.auto.coveredAtLeast
