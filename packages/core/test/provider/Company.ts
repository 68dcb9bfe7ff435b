/**
 * The production use cases over a calendar adapter, with stores in memory: what a host runs, less sockets and databases. The
 * stores outlive processes; a process that dies takes the adapter's memory with it.
 */
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import {
  type CalendarProvider,
  CalendarProviders,
  type Credentials,
  CurrentPolicy,
  type Notification,
  type Policy,
  Punctual,
  type UserId,
  defaultPolicy
} from "@punctual/core"
import { LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import type { Loop, Process } from "../../../core/test/provider/Loop.ts"

type Facade = Punctual["Service"]

/** All of one user, as the store in memory holds it. */
export type Tenant = Readonly<StoreMemory.Tenant>

export interface Company {
  /** Asks the process that runs now, and lets time pass until it has answered. Throws what is not answered. */
  readonly ask: <A, E>(question: (punctual: Facade) => Effect.Effect<A, E>) => Promise<A>
  readonly askExit: <A, E>(question: (punctual: Facade) => Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>
  /** Begins something that goes on beside. */
  readonly begin: (question: (punctual: Facade) => Effect.Effect<unknown, unknown>) => void
  readonly tenant: (userId: UserId) => Tenant
  /** The process dies at once, and another takes its place. */
  readonly crash: () => Promise<void>
  readonly isUp: () => boolean
  /** The process dies at once. */
  readonly kill: () => void
  /** Takes in what the provider has to deliver; answers how many items were ours. */
  readonly receive: () => Promise<number>
}

export interface CompanyOptions {
  /** Built anew for each process. */
  readonly provider: Layer.Layer<CalendarProvider>
  /** What the provider has to deliver now, taken out. */
  readonly deliveries: () => ReadonlyArray<Notification>
  readonly policy?: Partial<Policy>
}

export const openCompany = async (loop: Loop, options: CompanyOptions): Promise<Company> => {
  // A story says itself when what was told is read.
  const policy = { ...defaultPolicy, settleMillis: 0, ...options.policy }
  const storage = valueOf(
    await loop
      .spawn()
      .run(
        Effect.scoped(
          Layer.build(
            Layer.mergeAll(StoreMemory.layer, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer)
          )
        )
      )
  )
  const probe = Context.get(storage, StoreMemory.StoreProbe)
  const cell: { process: Process | null; punctual: Facade | null } = { process: null, punctual: null }

  const boot = async (): Promise<void> => {
    const process = loop.spawn()
    const layer = Punctual.layer.pipe(
      Layer.provide(Layer.merge(Layer.succeedContext(storage), CalendarProviders.layer(options.provider))),
      Layer.provideMerge(Layer.succeed(CurrentPolicy, policy))
    )
    const built = await process.run(Layer.buildWithScope(layer, Scope.makeUnsafe()))
    cell.process = process
    cell.punctual = Context.get(valueOf(built), Punctual)
  }

  const running = (): { readonly process: Process; readonly punctual: Facade } => {
    const { process, punctual } = cell
    if (process === null || punctual === null) throw new Error("no process runs")
    return { process, punctual }
  }
  const inPolicy = <A, E>(question: (punctual: Facade) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => Effect.provideService(question(running().punctual), CurrentPolicy, policy))
  const askExit: Company["askExit"] = (question) => running().process.run(inPolicy(question))
  const kill = (): void => {
    cell.process?.kill()
    cell.process = null
    cell.punctual = null
  }
  await boot()
  return {
    askExit,
    ask: async (question) => valueOf(await askExit(question)),
    begin: (question) => running().process.fork(inPolicy(question)),
    tenant: (userId) => {
      const found = Effect.runSync(probe.tenants).get(userId)
      if (found === undefined) throw new Error(`${userId} is nobody`)
      return found
    },
    kill,
    isUp: () => cell.process !== null,
    crash: () => {
      kill()
      return boot()
    },
    receive: async () => valueOf(await askExit((punctual) => punctual.receive(options.deliveries()))).accepted
  }
}

/** What a person pasted. */
export const pasted = ({
  clientId,
  clientSecret,
  refreshToken
}: Omit<Credentials, "obtainedAt">): Redacted.Redacted<Credentials> =>
  Redacted.make({ clientId, clientSecret, refreshToken, obtainedAt: 0 })

export const valueOf = <A, E>(exit: Exit.Exit<A, E>): A => {
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(`it failed: ${JSON.stringify(exit.cause, null, 1).slice(0, 2_000)}`)
}
