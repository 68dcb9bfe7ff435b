/**
 * The place where Punctual runs in a simulated world: shared durable ports, and replicas that are killed and come back.
 * Decides when a replica dies and for how long. Never decides what it does.
 */
import { Context, Effect, type Exit, Layer } from "effect"
import { CalendarProviders } from "../../src/ports/CalendarProviders.ts"
import { Launcher } from "../../src/ports/Launcher.ts"
import { Scheduler } from "../../src/ports/Scheduler.ts"
import { Secrets } from "../../src/ports/Secrets.ts"
import { Store } from "../../src/ports/Store.ts"
import { type Policy, defaultPolicy } from "../../src/domain/Policy.ts"
import { Punctual } from "../../src/Punctual.ts"
import { CurrentPolicy } from "../../src/usecases/contract/CurrentPolicy.ts"
import { CurrentInstance } from "../../src/usecases/launch/CurrentInstance.ts"
import * as CalendarMemory from "../memory/CalendarMemory.ts"
import * as LauncherMemory from "../memory/LauncherMemory.ts"
import * as SchedulerMemory from "../memory/SchedulerMemory.ts"
import * as SecretsMemory from "../memory/SecretsMemory.ts"
import * as StoreMemory from "../memory/StoreMemory.ts"
import { type SecretsWatch, faultyCalendar, faultySecrets } from "./FaultyCalendar.ts"
import { type LauncherWatch, faultyLauncher } from "./FaultyLauncher.ts"
import { type SchedulerWatch, faultyScheduler } from "./FaultyScheduler.ts"
import { type ForesightWatch, type StoreWatch, faultyStore } from "./FaultyStore.ts"
import type { Forked, Process } from "./Loop.ts"
import type { Stage } from "./Stage.ts"
import { untrustedMillis } from "./Swarm.ts"

const minute = 60_000

/**
 * As the defaults, but that idle looks are rare: a world of days has little time for them, and faults that strike by chance
 * should strike work.
 */
export const worldPolicy: Policy = {
  ...defaultPolicy,
  pollMillis: 15 * minute,
  safetyPollMillis: 45 * minute,
  sweepMillis: 10 * minute,
  // At the usual distances these looks would be most of what a world does.
  withdrawMillis: 6 * minute,
  takeOverMillis: 60 * minute,
  idleMillis: 20 * minute,
  clockMillis: 60 * minute,
  windowAheadMillis: 8 * 24 * 60 * minute
}

/** Kinds of provider, over the same mailboxes. */
export const platforms = ["memory_calendar", "other_calendar"] as const

export type Ports = ReturnType<typeof openPorts>

/** What survives every crash, and the probes of it. */
export const openPorts = (stage: Stage) => {
  const { commitOperationsMax, pageSize, service, withdraws } = stage.swarm
  return stage.loop.sync(
    Effect.scoped(
      Layer.build(
        Layer.mergeAll(
          StoreMemory.layerWith({ commitOperationsMax, tellsTime: true }),
          SchedulerMemory.layer,
          SecretsMemory.layer,
          LauncherMemory.layerWith({
            replays: service === "replays",
            lookup: service === "lookup",
            withdraw: withdraws
          }),
          CalendarMemory.layerWith({ pageSize, subscriptionMillis: 14 * 60 * minute, platforms })
        )
      )
    )
  )
}

export interface Watches {
  readonly store: StoreWatch
  readonly foresight: ForesightWatch
  readonly scheduler: SchedulerWatch
  readonly launcher: LauncherWatch
  readonly secrets: SecretsWatch
}

/** How a call ended for whoever made it; `lost`: the process died before it answered. */
export type Answer<A, E> = Exit.Exit<A, E> | "lost"

export interface Site {
  /** Asks a replica that is up; null: none is. */
  readonly ask: <A, E>(
    name: string,
    question: (punctual: Punctual["Service"]) => Effect.Effect<A, E>,
    onAnswer: (answer: Answer<A, E>) => void
  ) => boolean
  /** Told after each task: now a replica may die. */
  readonly mayCrash: () => void
  readonly isUp: () => boolean
}

/** Between the request to stop and the end. */
const stopMillis = 10_000

interface Replica {
  readonly index: number
  readonly fastMillis: number
  process: Process | null
  punctual: Punctual["Service"] | null
  work: Forked | null
  isStopping: boolean
  readonly waiting: Set<(answer: "lost") => void>
}

export const openSite = (stage: Stage, ports: Ports, watches: Watches): Site => {
  const { chance, loop, marks, swarm } = stage
  const replicas = Array.from({ length: swarm.replicas }, (_, index): Replica => ({
    index,
    fastMillis: fastOf(stage, index),
    process: null,
    punctual: null,
    work: null,
    isStopping: false,
    waiting: new Set()
  }))

  const boot = (replica: Replica): void => {
    const process = loop.spawn(`replica ${replica.index}`, replica.fastMillis)
    replica.process = process
    replica.work = process.fork(
      Effect.scoped(
        Effect.gen(function* () {
          const layer = Punctual.layer.pipe(
            Layer.provide(Layer.succeedContext(portsOf(stage, ports, process, watches))),
            Layer.provide(Layer.succeed(CurrentInstance, `replica ${replica.index}`)),
            Layer.provideMerge(Layer.succeed(CurrentPolicy, worldPolicy))
          )
          const punctual = Context.get(yield* Layer.build(layer), Punctual)
          replica.punctual = punctual
          return yield* Effect.provideService(punctual.run, CurrentPolicy, worldPolicy)
        })
      ),
      (exit) => {
        if (!replica.isStopping) stage.fail("run", `a replica's work ended: ${exit._tag}`)
      }
    )
  }

  /** As an upgrade does it: nothing new is begun, what was asked is answered, and after a while it is killed. */
  const stop = (replica: Replica): void => {
    if (replica.process === null || replica.isStopping) return
    marks.replicaStopped += 1
    stage.note(`STOP replica ${replica.index}`)
    replica.isStopping = true
    replica.punctual = null
    replica.work?.interrupt()
    const { process } = replica
    loop.at(loop.now() + stopMillis, () => {
      if (replica.process === process) crash(replica)
    })
  }

  const crash = (replica: Replica): void => {
    if (replica.process === null) return
    replica.process.kill()
    replica.process = null
    replica.punctual = null
    replica.work = null
    if (!replica.isStopping) marks.replicaCrashed += 1
    replica.isStopping = false
    stage.note(`CRASH replica ${replica.index}`)
    const lost = [...replica.waiting]
    replica.waiting.clear()
    for (const tell of lost) {
      marks.callLostInCrash += 1
      tell("lost")
    }
    loop.at(loop.now() + chance.int(1_000, 30_000), () => {
      marks.replicaRestarted += 1
      boot(replica)
    })
  }

  /** One process, or the whole machine that sleeps. */
  const stall = (): void => {
    const until = loop.now() + chance.int(1_000, chance.pick([30_000, 10 * minute]))
    const chosen = chance.hits(0.2) ? replicas : [chance.pick(replicas)]
    marks.replicaStalled += 1
    for (const { index, process } of chosen) {
      process?.stall(until)
      stage.note(`STALL replica ${index} until ${until}`)
    }
  }

  for (const replica of replicas) boot(replica)
  return {
    ask: (name, question, onAnswer) => {
      const up = replicas.filter(({ punctual }) => punctual !== null)
      if (up.length === 0) return false
      const replica = chance.pick(up)
      const { process, punctual } = replica
      if (process === null || punctual === null) return false
      const lost = (answer: "lost"): void => {
        stage.note(`${name} lost`)
        onAnswer(answer)
      }
      replica.waiting.add(lost)
      process.fork(
        Effect.suspend(() => Effect.provideService(question(punctual), CurrentPolicy, worldPolicy)),
        (exit) => {
          replica.waiting.delete(lost)
          stage.note(`${name} ${exit._tag === "Success" ? "ok" : "failed"}`)
          onAnswer(exit)
        }
      )
      return true
    },
    mayCrash: () => {
      if (stage.isHealed) return
      if (chance.hits(swarm.crash)) crash(chance.pick(replicas))
      if (chance.hits(swarm.stop)) stop(chance.pick(replicas))
      if (chance.hits(swarm.stall)) stall()
    },
    isUp: () => replicas.some(({ punctual }) => punctual !== null)
  }
}

/** Of one replica at least the clock is good enough to launch by. */
const fastOf = ({ chance, marks, note, swarm }: Stage, index: number): number => {
  const { clockSkewMillis } = swarm
  if (clockSkewMillis === 0 || (clockSkewMillis >= untrustedMillis && index === 0)) return 0
  const fastMillis = clockSkewMillis * chance.pick([-1, 0, 1])
  if (fastMillis !== 0) marks.clockSkewed += 1
  note(`the clock of replica ${index} is ${fastMillis} ms fast`)
  return fastMillis
}

const portsOf = (stage: Stage, ports: Ports, process: Process, watches: Watches) =>
  Context.make(
    Store,
    faultyStore(stage, process, Context.get(ports, Store), { ...watches.store, ...watches.foresight })
  ).pipe(
    Context.add(Scheduler, faultyScheduler(stage, process, Context.get(ports, Scheduler), watches.scheduler)),
    Context.add(Launcher, faultyLauncher(stage, process, Context.get(ports, Launcher), watches.launcher)),
    Context.add(Secrets, faultySecrets(stage, process, Context.get(ports, Secrets), watches.secrets)),
    Context.add(
      CalendarProviders,
      CalendarProviders.of({
        all: Context.get(ports, CalendarProviders).all.map((provider) => faultyCalendar(stage, process, provider))
      })
    )
  )
