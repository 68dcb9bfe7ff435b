/**
 * Punctual as plain promises, for hosts that do not use Effect.
 * Decides nothing: each method runs the facade's operation of the same name in one runtime. The only file of the core
 * that may speak of promises.
 */
import { type Effect, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import type { Credentials } from "./domain/Connection.ts"
import type { UserId } from "./domain/Ids.ts"
import type { Policy } from "./domain/Policy.ts"
import { type Ports, Punctual, type WorkPart } from "./Punctual.ts"
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
  | "connection"
  | "calendars"
  | "selectCalendar"
  | "resubscribe"
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

/** Rejections are the facade's errors: a `Refusal` has a `code`. */
export interface PunctualPromises extends Promised<Operations>, AsyncDisposable {
  readonly connect: (
    userId: UserId,
    credentials: Credentials
  ) => Promise<Awaited<ReturnType<Promised<Pick<Shape, "connect">>["connect"]>>>
  readonly autoUsers: () => Promise<ReadonlyArray<UserId>>
  readonly sweep: () => Promise<Effect.Success<Shape["sweep"]>>
  /** Does all standing work in the background until the object is disposed, or the parts of it that are named. */
  readonly start: (parts?: ReadonlyArray<WorkPart>) => void
}

export interface EmbedOptions {
  readonly policy?: Policy
}

/** One runtime over the adapters given. Dispose it to stop. */
export const embed = <E>(adapters: Layer.Layer<Ports, E>, options: EmbedOptions = {}): PunctualPromises => {
  const policy = options.policy === undefined ? Layer.empty : Layer.succeed(CurrentPolicy, options.policy)
  const runtime = ManagedRuntime.make(Punctual.layer.pipe(Layer.provide(adapters), Layer.provideMerge(policy)))
  const call =
    <Args extends ReadonlyArray<unknown>, A, F>(of: (punctual: Shape) => (...args: Args) => Effect.Effect<A, F>) =>
    (...args: Args): Promise<A> =>
      runtime.runPromise(Punctual.use((punctual) => of(punctual)(...args)))
  const take = <A, F>(of: (punctual: Shape) => Effect.Effect<A, F>): Promise<A> => runtime.runPromise(Punctual.use(of))
  return {
    connect: (userId, credentials) => take((punctual) => punctual.connect(userId, Redacted.make(credentials))),
    disconnect: call((punctual) => punctual.disconnect),
    connection: call((punctual) => punctual.connection),
    calendars: call((punctual) => punctual.calendars),
    selectCalendar: call((punctual) => punctual.selectCalendar),
    resubscribe: call((punctual) => punctual.resubscribe),
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
    sweep: () => take((punctual) => punctual.sweep),
    start: (parts) => {
      runtime.runFork(Punctual.use((punctual) => (parts === undefined ? punctual.run : punctual.runParts(parts))))
    },
    [Symbol.asyncDispose]: () => runtime.dispose()
  }
}
