/**
 * A simulated world: the production use cases of one to three replicas, people who edit and ask, and everything between
 * them that can go wrong, on a virtual clock and from one seed.
 *
 * Decides the phases: forty steps with faults, then all heals, two poll and sweep periods pass, and what people ask for
 * must be what is; and again. Safety is judged at every step. The same seed makes the same world, to the last trace line.
 */
import { Context } from "effect"
import type { UserId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import { makeAdministrator } from "./Administering.ts"
import { makeAccountCaller } from "./Accounts.ts"
import { makeCaller } from "./Calls.ts"
import { type Chance, makeChance } from "./Chance.ts"
import { makeCourier } from "./Courier.ts"
import { makeDailyJob } from "./DailyJob.ts"
import { makeGuard } from "./Guard.ts"
import { checkApart } from "./Across.ts"
import { watchingForesight } from "./ForesightOracle.ts"
import { judgePerson } from "./Judge.ts"
import { makeLogConsumer } from "./LogConsumer.ts"
import { watchingLog } from "./LogOracle.ts"
import { makeLoop } from "./Loop.ts"
import { type Marks, noMarks } from "./Marks.ts"
import { type Person, providerIdOf } from "./Model.ts"
import { settleIn } from "./Persons.ts"
import { makeOrganizer } from "./Organizing.ts"
import { makeRuler } from "./Choosing.ts"
import { makeProber } from "./Probing.ts"
import { type Ports, type Site, openPorts, openSite, worldPolicy } from "./Site.ts"
import { type Stage, makeTrace, noDecree, timeText } from "./Stage.ts"
import { type Swarm, drawSwarm } from "./Swarm.ts"

export interface WorldOptions {
  /** Steps with faults, of about a quarter of an hour each. */
  readonly steps: number
  /** Told each line of the trace as it happens. */
  readonly print: (line: string) => void
}

export interface Report {
  readonly seed: number
  /** Of everything that happened: equal for equal seeds. */
  readonly hash: number
  /** Broken invariants, first first. Empty: none. */
  readonly failures: ReadonlyArray<string>
  readonly marks: Marks
  readonly swarm: Swarm
  readonly tasks: number
  readonly simulatedMillis: number
  /** The last lines of the trace. */
  readonly tail: ReadonlyArray<string>
}

export const defaultSteps = 120

/** What came to worlds later is chosen from numbers of its own: a seed means the world that it meant, where it has none of it. */
const whimSalt = 0x5eed_1e55

const minute = 60_000
const stepsOfPhase = 40
/** What is read ahead is claimed within half a minute: several looks fit in. */
const foreseenMillis = 4_000

export const simulate = (seed: number, options: Partial<WorldOptions> = {}): Report => {
  // Each named effect notes where it was called from: a tenth of the time, and nobody reads it here.
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return simulated(seed, options)
  } finally {
    Error.stackTraceLimit = before
  }
}

const simulated = (seed: number, options: Partial<WorldOptions>): Report => {
  const steps = options.steps ?? defaultSteps
  const chance = makeChance(seed)
  const whim = makeChance(seed ^ whimSalt)
  const swarm = drawSwarm(chance, whim)
  const trace = makeTrace(options.print ?? (() => {}))
  const failures: Array<string> = []
  let mayCrash = (): void => {}
  const loop = makeLoop(chance, swarm.startAt, () => mayCrash())
  const note = (line: string): void => trace.add(`${timeText(loop.now())} ${line}`)
  const stage: Stage = {
    chance,
    swarm,
    loop,
    marks: noMarks(),
    trace,
    isHealed: false,
    away: new Set(),
    decree: noDecree(),
    phaseSince: swarm.startAt,
    note,
    fail: (law, what) => {
      failures.push(`${law} at ${timeText(loop.now())}: ${what}`)
      note(`FAILED ${law}: ${what}`)
    },
    failures
  }
  note(JSON.stringify(swarm))
  const world = build(stage, whim)
  mayCrash = world.mayCrash
  for (let step = 1; step <= steps && failures.length === 0; step++) {
    world.step()
    if (step % stepsOfPhase === 0 && failures.length === 0) world.heal()
  }
  note(`${loop.tasks()} tasks`)
  return {
    seed,
    hash: trace.hash(),
    failures,
    marks: stage.marks,
    swarm,
    tasks: loop.tasks(),
    simulatedMillis: loop.now() - swarm.startAt,
    tail: trace.tail()
  }
}

const build = (stage: Stage, whim: Chance) => {
  const { chance, loop, marks, swarm } = stage
  const ports = openPorts(stage)
  const everybody = settleIn(stage, ports)
  const people = new Map<UserId, Person>(everybody.map((person) => [person.userId, person]))
  const guard = makeGuard(stage, ports, people)
  const { watches } = guard
  const foresight = watchingForesight(stage, ports)
  const site = openSite(stage, ports, { ...watches, store: watchingLog(stage, ports, watches.store), foresight })
  const consumer = makeLogConsumer(stage, ports)
  const organizer = makeOrganizer(stage, ports, everybody)
  const caller = makeCaller(stage, ports, site)
  const accounts = makeAccountCaller(stage, ports, site)
  const courier = makeCourier(stage, ports, site)
  const prober = makeProber(stage, ports, site, organizer, everybody)
  const administrator = makeAdministrator(stage, ports, site, everybody)
  const ruler = makeRuler(stage, ports, site, whim)
  makeDailyJob(stage, site, everybody)
  for (const person of everybody) accounts.settle(person, false)

  /** Stops where a launch is read ahead or begins: what happens meanwhile is worth a step. */
  const passTime = (until: Instant): void => {
    while (loop.now() < until) {
      const isForeseen = foresight.foreseen().size > 0
      loop.runUntil(Math.min(until, loop.now() + (isForeseen ? foreseenMillis : minute / 2)))
      if ((isForeseen || guard.isAnyLaunching()) && chance.hits(0.5)) return
    }
  }

  const isHotOf = ({ userId }: Person): boolean => guard.isLaunching(userId) || foresight.foreseen().has(userId)

  /** A look at bots in meetings, as a server takes it every few seconds. */
  const withdraw = (): void =>
    void site.ask(
      "withdraw",
      (punctual) => punctual.withdrawBots(null),
      () => {}
    )

  const step = (): void => {
    // Where a bot is on its way just now, or about to be, its meeting is often changed.
    const hot = everybody.filter(isHotOf)
    const isHot = hot.length > 0 && chance.hits(0.7)
    const person = chance.pick(isHot ? hot : everybody)
    if (chance.hits(isHot ? 0.8 : 0.4)) organizer.edit(person)
    if (chance.hits(isHot ? 0.6 : 0.03)) accounts.sync(person)
    if (chance.hits(swarm.calls)) {
      if (chance.hits(0.8)) caller.call(person)
      else accounts.call(person)
    }
    if (isAnyAway(person) && chance.hits(0.3)) accounts.settle(person, false)
    if (isHot && chance.hits(0.1)) pauseShortly(stage, site, person)
    disturb(stage, ports, person)
    if (chance.hits(swarm.fireStale)) guard.fireStale()
    courier.deliver()
    if (chance.hits(swarm.swizzle)) swizzle(stage)
    if (chance.hits(0.2)) withdraw()
    administrator.act()
    ruler.act(person)
    if (chance.hits(swarm.lifecycle)) courier.tellLifecycle(person)
    // Often people act again while the last thing is still under way.
    const isSoon = chance.hits(isHot ? 0.9 : 0.3)
    passTime(loop.now() + (isSoon ? chance.int(0, 10_000) : chance.int(1, 35 * minute)))
  }

  const heal = (): void => {
    stage.isHealed = true
    stage.phaseSince = loop.now()
    marks.healed += 1
    stage.note("HEALED")
    const control = Context.get(ports, CalendarControl)
    for (const { mailbox } of everybody.flatMap(({ links }) => links)) {
      if (mailbox.isRevoked) mailbox.revokedAt = loop.now()
      loop.sync(control.setRevoked(mailbox.accountId, false))
    }
    // Some who have left stay away, so that what they leave behind is judged.
    const away = new Set(everybody.filter((person) => isAnyAway(person) && chance.hits(0.5)))
    for (const person of everybody) accounts.chooseAgain(person)
    // A request that stands still with its process keeps one from the next.
    for (let round = 0; round < 12 || (round < 24 && everybody.some(accounts.mustRenew)); round++) {
      loop.runUntil(loop.now() + minute)
      for (const person of everybody) accounts.settle(person, away.has(person))
      administrator.settle()
      for (const person of everybody) if (!away.has(person)) ruler.settle(person)
      courier.deliver()
      withdraw()
    }
    guard.judgeDebts()
    prober.tryNotifications()
    loop.runUntil(loop.now() + 2 * worldPolicy.safetyPollMillis + 2 * worldPolicy.sweepMillis)
    prober.tryLists()
    for (const person of everybody) judgePerson(stage, ports, person, guard.overtaken)
    checkApart(stage, ports)
    consumer.judge()
    stage.isHealed = false
    stage.phaseSince = loop.now()
    stage.note("FAULTY AGAIN")
  }

  return { step, heal, mayCrash: site.mayCrash }
}

/** Too short to be judged by what does not happen: whoever claims without a look at it is noticed. */
const pauseShortly = ({ chance, loop, marks }: Stage, site: Site, { userId }: Person): void => {
  marks.pausedByUser += 1
  const until = loop.now() + chance.int(1_000, minute / 2)
  site.ask(
    `${userId} pauses`,
    (punctual) => punctual.pause(userId, until),
    () => {}
  )
}

const isAnyAway = ({ links }: Person): boolean => links.some(({ connected }) => connected !== "yes")

/** All ports go, one after the other, and come back as chance has it. */
const swizzle = ({ away, chance, loop, marks, note }: Stage): void => {
  marks.portsSwizzled += 1
  const now = loop.now()
  for (const port of ["storeFailed", "schedulerFailed", "secretsFailed", "calendarFailed"] as const) {
    const goesAt = now + chance.int(0, minute)
    loop.at(goesAt, () => {
      away.add(port)
      note(`${port} from now on`)
    })
    loop.at(goesAt + chance.int(1, 6) * minute, () => {
      away.delete(port)
      note(`${port} no more`)
    })
  }
}

/** What goes wrong at the provider by itself. */
const disturb = (stage: Stage, ports: Ports, person: Person): void => {
  const { chance, loop, marks, swarm } = stage
  const control = Context.get(ports, CalendarControl)
  if (chance.hits(swarm.cursorForgotten)) {
    marks.cursorForgotten += 1
    loop.sync(control.forgetCursors(providerIdOf(person, chance.pick(person.calendars))))
  }
  if (chance.hits(swarm.subscriptionForgotten)) {
    marks.subscriptionForgotten += 1
    loop.sync(control.forgetSubscriptions(providerIdOf(person, chance.pick(person.calendars))))
  }
  if (!chance.hits(swarm.revoked)) return
  marks.grantRevoked += 1
  const { mailbox } = chance.pick(person.links)
  mailbox.isRevoked = true
  mailbox.revokedAt = loop.now()
  loop.sync(control.setRevoked(mailbox.accountId, true))
  stage.note(`${person.userId} revokes the grant of ${mailbox.name}`)
}
