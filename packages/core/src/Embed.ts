/**
 * Punctual as plain promises, for hosts that do not use Effect.
 * Decides nothing: each method runs the facade's operation of the same name in one runtime. The only file of the core
 * that may speak of promises.
 */
import { type Effect, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import type { Credentials } from "./domain/Connection.ts"
import type { UserId } from "./domain/Ids.ts"
import { type Policy, defaultPolicy } from "./domain/Policy.ts"
import { InvalidArgument, kindOf } from "./domain/InvalidArgument.ts"
import { argumentFault } from "./CheckedArguments.ts"
import { type ClockState, type Ports, Punctual, type WorkPart } from "./Punctual.ts"
import { CurrentPolicy } from "./usecases/contract/CurrentPolicy.ts"

type Shape = Punctual["Service"]

/** The methods of an object whose results are promises. */
type Promised<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer Args) => Effect.Effect<infer A, infer _E>
    ? (...args: Args) => Promise<A>
    : never
}

type Operations = Pick<
  Shape,
  | "disconnect"
  | "connections"
  | "calendars"
  | "selectCalendar"
  | "events"
  | "event"
  | "explain"
  | "schedule"
  | "unschedule"
  | "bots"
  | "updateBot"
  | "removeBot"
  | "autoSchedule"
  | "enableAuto"
  | "disableAuto"
  | "toggleRecurrence"
  | "scheduleNext"
  | "receive"
  | "autoScheduleUser"
  | "renewUser"
  | "syncUser"
>

/**
 * Rejections are the facade's errors: a `Refusal` has a `code`. An argument that is not what was asked for rejects with
 * `InvalidArgument`, which names the operation and the member.
 */
export interface PunctualPromises extends Promised<Operations>, AsyncDisposable {
  readonly connect: (
    userId: UserId,
    credentials: Credentials,
    platform?: string | null
  ) => Promise<Awaited<ReturnType<Promised<Pick<Shape, "connect">>["connect"]>>>
  readonly autoUsers: () => Promise<ReadonlyArray<UserId>>
  /** How far this machine's clock is from the store's, by which everything here is done. */
  readonly clock: () => Promise<ClockState>
  readonly sweep: () => Promise<Effect.Success<Shape["sweep"]>>
  /** Does all standing work in the background until the object is disposed, or the parts of it that are named. */
  readonly start: (parts?: ReadonlyArray<WorkPart>) => void
}

export interface EmbedOptions {
  readonly policy?: Policy
}

/** One runtime over the adapters given. Dispose it to stop. Throws `InvalidArgument` where they are none. */
export const embed = <E>(adapters: Layer.Layer<Ports, E>, options: EmbedOptions = {}): PunctualPromises => {
  demandLayer(adapters)
  demandPolicy(options.policy)
  const policy = options.policy === undefined ? Layer.empty : Layer.succeed(CurrentPolicy, options.policy)
  const runtime = ManagedRuntime.make(Punctual.layer.pipe(Layer.provide(adapters), Layer.provideMerge(policy)))
  const call =
    <Args extends ReadonlyArray<unknown>, A, F>(of: (punctual: Shape) => (...args: Args) => Effect.Effect<A, F>) =>
    (...args: Args): Promise<A> =>
      runtime.runPromise(Punctual.use((punctual) => of(punctual)(...args)))
  const take = <A, F>(of: (punctual: Shape) => Effect.Effect<A, F>): Promise<A> => runtime.runPromise(Punctual.use(of))
  return {
    connect: (userId, credentials, platform = null) =>
      take((punctual) => punctual.connect(userId, Redacted.make(credentials), platform)),
    disconnect: call((punctual) => punctual.disconnect),
    connections: call((punctual) => punctual.connections),
    calendars: call((punctual) => punctual.calendars),
    selectCalendar: call((punctual) => punctual.selectCalendar),
    events: call((punctual) => punctual.events),
    event: call((punctual) => punctual.event),
    explain: call((punctual) => punctual.explain),
    schedule: call((punctual) => punctual.schedule),
    unschedule: call((punctual) => punctual.unschedule),
    bots: call((punctual) => punctual.bots),
    updateBot: call((punctual) => punctual.updateBot),
    removeBot: call((punctual) => punctual.removeBot),
    autoSchedule: call((punctual) => punctual.autoSchedule),
    enableAuto: call((punctual) => punctual.enableAuto),
    disableAuto: call((punctual) => punctual.disableAuto),
    toggleRecurrence: call((punctual) => punctual.toggleRecurrence),
    scheduleNext: call((punctual) => punctual.scheduleNext),
    receive: call((punctual) => punctual.receive),
    autoScheduleUser: call((punctual) => punctual.autoScheduleUser),
    renewUser: call((punctual) => punctual.renewUser),
    syncUser: call((punctual) => punctual.syncUser),
    autoUsers: () => take((punctual) => Stream.runCollect(punctual.autoUsers)),
    clock: () => take((punctual) => punctual.clock),
    sweep: () => take((punctual) => punctual.sweep),
    start: (parts) => {
      const fault = parts === undefined ? null : argumentFault("runParts", [parts])
      if (fault !== null) throw new InvalidArgument({ ...fault, operation: "start" })
      runtime.runFork(Punctual.use((punctual) => (parts === undefined ? punctual.run : punctual.runParts(parts))))
    },
    [Symbol.asyncDispose]: () => runtime.dispose()
  }
}

const demandLayer = (adapters: unknown): void => {
  if (Layer.isLayer(adapters)) return
  const expected = "a layer of the five ports, such as `Layer.mergeAll` of the adapters' layers"
  throw new InvalidArgument({ operation: "embed", member: "adapters", expected, found: kindOf(adapters) })
}

const demandPolicy = (policy: unknown): void => {
  if (policy === undefined) return
  for (const [name, value] of Object.entries(defaultPolicy)) {
    const given = (policy as Readonly<Record<string, unknown>> | null)?.[name]
    if (typeof given === typeof value) continue
    const expected = `a ${typeof value}, as in \`defaultPolicy\`: spread it and set what differs`
    throw new InvalidArgument({ operation: "embed", member: `options.policy.${name}`, expected, found: kindOf(given) })
  }
}
