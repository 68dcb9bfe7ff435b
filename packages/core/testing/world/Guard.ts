/**
 * Safety: what must hold at every step of a simulated world (S1 to S8, S11, S26 and S27 by the store's clock; S21 to S25 in
 * `Debts.ts`), judged where it happens.
 * Reads rows as they are written and calls as they reach the bot service; recomputes nothing with the code under test.
 * What changed less than a grace ago may still be acted upon: a claim reads first and calls a little later.
 */
import { Context } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import type { BotId, EventId, UserId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import type { LaunchRequest } from "../../src/ports/Launcher.ts"
import type { Schedule } from "../../src/ports/Scheduler.ts"
import { SchedulerProbe } from "../memory/SchedulerMemory.ts"
import { SecretsProbe } from "../memory/SecretsMemory.ts"
import { StoreProbe } from "../memory/StoreMemory.ts"
import { checkCall } from "./LaunchOracle.ts"
import { makeDebts } from "./Debts.ts"
import type { Process } from "./Loop.ts"
import { type Person, keyNow, seriesOfKey } from "./Model.ts"
import { checkAlone, checkRow, isLive } from "./RowOracle.ts"
import { keyOf } from "./Rows.ts"
import type { Ports, Watches } from "./Site.ts"
import type { Stage } from "./Stage.ts"
import { carriersOf } from "./Across.ts"
import { connectionsOf } from "../memory/store/Tenant.ts"
import { untrustedMillis } from "./Swarm.ts"

/** Between reading a meeting and calling the service at most this passes. */
const graceMillis = 60_000

/** A process stands still for at most this long. */
const stallMillisMax = 600_000

/** A bot that the service has made. */
export interface Made {
  readonly botId: BotId
  readonly userId: UserId
  readonly epoch: number
  readonly carriers: ReadonlyMap<string, number>
  readonly key: string
  readonly start: Instant
  readonly end: Instant
  readonly at: Instant
}

export interface Guard {
  readonly watches: Omit<Watches, "foresight">
  readonly isLaunching: (userId: UserId) => boolean
  readonly isAnyLaunching: () => boolean
  /** Bots whose alarm was set by a put that came after the bot had gone on: it rings once, for nothing. */
  readonly overtaken: ReadonlySet<BotId>
  /** Looks for bots that are left where they have nothing to do. */
  readonly judgeDebts: () => void
  /** Fires a schedule that was put once, whatever is held now. */
  readonly fireStale: () => void
}

export const makeGuard = (stage: Stage, ports: Ports, people: ReadonlyMap<UserId, Person>): Guard => {
  const { chance, loop, marks } = stage
  const tenants = loop.sync(Context.get(ports, StoreProbe).tenants)
  const scheduler = Context.get(ports, SchedulerProbe)
  const secrets = Context.get(ports, SecretsProbe)
  const known = new Map<BotId, Bot>()
  const mirroredAt = new Map<EventId, Instant>()
  const puts: Array<Schedule> = []
  const fired = new Set<BotId>()
  const called = new Map<BotId, number>()
  const made: Array<Made> = []
  const overtaken = new Set<BotId>()
  /** Calendars whose claimant has not yet said how its round ended. */
  const open = new Set<string>()

  /** Users whose bot is being launched. Noted at each write, since it is asked every half minute. */
  const launching = new Set<UserId>()

  const onBots = (operation: string, write: () => void): void => {
    const erasable = operation === "erase" ? [...tenants].flatMap(([, { bots }]) => [...bots.values()]) : []
    write()
    const left = new Set(erasable.length === 0 ? [] : [...tenants].flatMap(([, { bots }]) => [...bots.keys()]))
    for (const bot of erasable) if (!left.has(bot.id)) debts.onErased(bot)
    for (const [userId, tenant] of tenants) {
      let isLaunching = false
      for (const bot of tenant.bots.values()) {
        if (bot.status === "Launching") isLaunching = true
        const before = known.get(bot.id)
        if (before === bot) continue
        known.set(bot.id, bot)
        checkRow(stage, operation, before ?? null, bot)
        debts.onRow(before ?? null, bot)
        if (isLive(bot)) checkAlone(stage, tenant, bot)
      }
      if (isLaunching) launching.add(userId)
      else launching.delete(userId)
    }
  }

  const onMirror = (userId: UserId, ids: ReadonlyArray<EventId>, write: () => void): void => {
    const numberOf = (id: EventId): number | undefined => tenants.get(userId)?.events.get(id)?.changedAt
    const before = ids.map(numberOf)
    write()
    ids.forEach((id, index) => {
      if (numberOf(id) !== before[index]) mirroredAt.set(id, loop.now())
    })
  }

  const onCall = (request: LaunchRequest, process: Process): void => {
    const stalledMillis = process.stalledMillis()
    const person = people.get(request.userId)
    if (person === undefined) return stage.fail("S11", `a launch for nobody: ${request.userId}`)
    stage.note(`LAUNCH ${request.botId} of ${request.event.platformId} for ${request.event.start}`)
    const count = (called.get(request.botId) ?? 0) + 1
    called.set(request.botId, count)
    if (count > 1) marks.launchedOnRetry += 1
    if (count === 1 && !fired.has(request.botId)) marks.launchedWithoutFire += 1
    if (stalledMillis > 0) marks.launchedAfterStall += 1
    if (process.fastMillis !== 0) marks.launchedBySkewed += 1
    if (Math.abs(process.fastMillis) >= untrustedMillis) stage.fail("S27", `${process.name} launches by a wrong clock`)
    // A process that stood still between its look and its call can't know what came meanwhile.
    const grace = graceMillis + stalledMillis
    checkCall({
      stage,
      tenant: tenants.get(request.userId) ?? null,
      person,
      request,
      now: loop.now(),
      mirroredAt,
      grace,
      isRepeat: debts.wasInDoubt(request.botId)
    })
  }

  const onAccepted = (request: LaunchRequest): void => {
    const person = people.get(request.userId)
    const bot = tenants.get(request.userId)?.bots.get(request.botId)
    if (person === undefined || bot === undefined) return
    const key = keyOf(person, tenants.get(request.userId) ?? null, bot)
    if (made.some(({ botId }) => botId === request.botId)) {
      marks.launcherReplayed += 1
      return
    }
    const now = loop.now()
    marks.launched += 1
    if (now > request.joinAt + 2 * graceMillis) marks.launchedLate += 1
    const { end, start } = request.event
    // A connection that came after a disconnect, asked for or left half done, knows nothing of the bots before it.
    const carriers = carriersOf(tenants.get(request.userId) ?? null, bot.meeting)
    const other = made.findLast(
      (one) =>
        one.userId === person.userId &&
        one.epoch === person.epoch &&
        [...carriers].some(([id, generation]) => one.carriers.get(id) === generation) &&
        keyNow(person, one.key) === key &&
        one.start === start
    )
    const isShifted = person.series.get(seriesOfKey(key) ?? "")?.wasShifted === true
    // One that was withdrawn before makes room for another.
    if (other !== undefined && !isShifted && debts.inMeeting(other.botId) !== null) {
      stage.fail("S1", `two bots for ${key} at ${start}: ${other.botId} and ${request.botId}`)
    }
    made.push({
      botId: request.botId,
      userId: person.userId,
      epoch: person.epoch,
      carriers,
      key,
      start,
      end,
      at: now
    })
  }

  const debts = makeDebts(stage, ports, {
    onCall,
    onOutcome: (request, outcome) => {
      if (outcome.kind === "accepted") onAccepted(request)
    }
  })

  /** S18: what a connection names is there, whoever failed at replacing it. */
  const checkCredentials = (): void => {
    const refs = new Set(
      loop.sync(secrets.refs).map(({ connectionId, generation, version }) => `${connectionId}/${generation}/${version}`)
    )
    for (const { credentialsVersion, generation, id, status } of [...tenants.values()].flatMap(connectionsOf)) {
      if (status === "disconnected") continue
      if (refs.has(`${id}/${generation}/${credentialsVersion}`)) continue
      stage.fail("S18", `${id} is ${status} without credentials`)
    }
  }

  const onConnection = (row: Connection): void => {
    checkCredentials()
    if (row.status !== "reauthorization_required") return
    marks.signInAskedFor += 1
    const person = people.get(row.userId)
    const mailbox = person?.links.find(({ connectionId }) => connectionId === row.id)?.mailbox
    const isGood =
      mailbox !== undefined && !mailbox.isRevoked && loop.now() - mailbox.revokedAt > graceMillis + stallMillisMax
    if (isGood)
      stage.fail("L9", `${row.userId} is asked to sign in although the grant is good: ${row.statusReason ?? ""}`)
  }

  const fire = (old: Schedule): void => {
    marks.fireStale += 1
    stage.note(`stale fire ${old.botId} revision ${old.revision}`)
    loop.sync(scheduler.fire(old))
  }

  return {
    judgeDebts: () => debts.judge(people, mirroredAt),
    isLaunching: (userId) => launching.has(userId),
    isAnyLaunching: () => launching.size > 0,
    overtaken,
    fireStale: () => {
      // No alarm clock rings early for what it holds: only what was replaced since, or is due anyway.
      const old = puts.filter(
        ({ at, botId, revision }) => at <= loop.now() || (known.get(botId)?.schedule.wanted ?? 0) > revision
      )
      if (old.length === 0) return
      fire(chance.pick(old))
    },
    watches: {
      store: {
        onBots,
        onMirror,
        onConnection,
        onClaim: ({ calendar, userId }) => {
          const key = `${userId} ${calendar.id}`
          if (open.has(key)) marks.claimTakenOver += 1
          open.add(key)
        },
        leases: () =>
          new Map(
            [...tenants].flatMap(([userId, tenant]) =>
              [...tenant.calendars].map(([id, { leaseUntil }]) => [`${userId} ${id}`, leaseUntil] as const)
            )
          ),
        onLease: ({ calendar, userId }, leases) => {
          const heldUntil = leases.get(`${userId} ${calendar.id}`) ?? null
          if (heldUntil === null || heldUntil <= loop.now()) return
          stage.fail("S26", `${userId} ${calendar.id} is claimed ${heldUntil - loop.now()} ms before its lease ends`)
        },
        onRound: ({ calendar, userId }, round) => {
          open.delete(`${userId} ${calendar.id}`)
          if (round === null || round.basedAt === calendar.basedAt || calendar.basedAt === null) return
          if ([...(tenants.get(userId)?.bots.values() ?? [])].some(isLive)) marks.calendarRebasedWithBots += 1
        },
        onDisconnecting: (count) => {
          marks.disconnectResumed += count
        }
      },
      scheduler: {
        onPut: (schedules) => {
          for (const one of schedules) {
            const bot = known.get(one.botId)
            if (bot === undefined) stage.fail("S7", `a schedule for a bot that nobody wrote: ${one.botId}`)
            else if (bot.schedule.name !== one.name) stage.fail("S5", `${one.botId} is scheduled as ${one.name}`)
            if (bot !== undefined && bot.schedule.wanted > one.revision) {
              marks.putOvertaken += 1
              overtaken.add(one.botId)
            }
          }
          puts.push(...schedules)
          if (puts.length > putsMax) puts.splice(0, puts.length - putsMax)
        },
        onFire: ({ botId, revision }) => {
          fired.add(botId)
          const bot = known.get(botId)
          if (bot?.status !== "Scheduled" || bot.schedule.wanted !== revision) marks.fireDropped += 1
        },
        // A fire that was replaced meanwhile takes nothing with it.
        lose: (fire) => {
          if ((known.get(fire.botId)?.schedule.wanted ?? 0) <= fire.revision) loop.sync(scheduler.lose(fire))
        }
      },
      secrets: { onErased: checkCredentials },
      launcher: debts.watch
    }
  }
}

/** Puts remembered, to fire again. */
const putsMax = 20
