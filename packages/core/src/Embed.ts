/**
 * Punctual as plain promises, for hosts that do not use Effect.
 * Decides nothing: each method runs the facade's operation of the same name in one runtime. The only file of the core
 * that may speak of promises.
 */
import { Cause, Context, Effect, Exit, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import type { Credentials } from "./domain/Connection.ts"
import type { UserId } from "./domain/Ids.ts"
import { type Policy, defaultPolicy } from "./domain/Policy.ts"
import { InvalidArgument, kindOf } from "./domain/InvalidArgument.ts"
import { argumentFault } from "./CheckedArguments.ts"
import type { LogOperations } from "./LogOperations.ts"
import { Store } from "./ports/Store.ts"
import { type ClockState, type FollowedChange, type Ports, Punctual, type WorkPart, WorkFailures } from "./Punctual.ts"
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
  | keyof LogOperations
  | "disconnect"
  | "connections"
  | "calendars"
  | "selectCalendar"
  | "removeCalendar"
  | "resubscribe"
  | "joinWorkspace"
  | "events"
  | "event"
  | "explain"
  | "explainMeetings"
  | "schedule"
  | "unschedule"
  | "bots"
  | "bot"
  | "updateBot"
  | "removeBot"
  | "autoSchedule"
  | "enableAuto"
  | "setAutoRules"
  | "previewAuto"
  | "pause"
  | "pausedUntil"
  | "forecast"
  | "workspacePolicy"
  | "workspaceUsers"
  | "setWorkspacePolicy"
  | "previewPolicy"
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
  /**
   * Everybody's log from a place on, in a loop that ends when the object is disposed or the loop is left. Null: from the
   * earliest entry that is kept. Rejects with `PlaceExpired` where the place is older than that.
   */
  readonly changes: (after: string | null) => AsyncIterable<FollowedChange>
  /** A place before all that is written from now on. */
  readonly changesEnd: () => Promise<string>
  /** How far this machine's clock is from the store's, by which everything here is done. */
  readonly clock: () => Promise<ClockState>
  readonly sweep: () => Promise<Effect.Success<Shape["sweep"]>>
  /**
   * Does all standing work in the background until the object is disposed, or the parts of it that are named. Resolves once
   * storage has answered. Rejects where an adapter can't be opened or storage does not answer, with why: nothing goes on then.
   */
  readonly start: (parts?: ReadonlyArray<WorkPart>) => Promise<void>
  /** Resolves when the object was disposed and its work has ended; rejects with what ended the work before that. */
  readonly closed: Promise<void>
}

export interface EmbedOptions {
  readonly policy?: Policy
  /**
   * Told of each failure that standing work gets over by itself, beside the log; of storage that is out of reach once, until
   * it was back.
   */
  readonly onError?: (error: Error, part: WorkPart) => void
}

/** One runtime over the adapters given. Dispose it to stop. Throws `InvalidArgument` where they are none. */
export const embed = <E>(adapters: Layer.Layer<Ports, E>, options: EmbedOptions = {}): PunctualPromises => {
  demandLayer(adapters)
  demandPolicy(options.policy)
  const runtime = runtimeOf(adapters, options)
  const closed = Promise.withResolvers<void>()
  const disposed = Promise.withResolvers<void>()
  // Waited for by whoever wants to know.
  closed.promise.catch(() => {})
  const call: Call =
    (of) =>
    (...args) =>
      runtime.runPromise(Punctual.use((punctual) => of(punctual)(...args)))
  const take = <A, F>(of: (punctual: Shape) => Effect.Effect<A, F>): Promise<A> => runtime.runPromise(Punctual.use(of))
  return {
    connect: (userId, credentials, platform = null) =>
      take((punctual) => punctual.connect(userId, Redacted.make(credentials), platform)),
    disconnect: call((punctual) => punctual.disconnect),
    connections: call((punctual) => punctual.connections),
    calendars: call((punctual) => punctual.calendars),
    selectCalendar: call((punctual) => punctual.selectCalendar),
    removeCalendar: call((punctual) => punctual.removeCalendar),
    resubscribe: call((punctual) => punctual.resubscribe),
    joinWorkspace: call((punctual) => punctual.joinWorkspace),
    events: call((punctual) => punctual.events),
    event: call((punctual) => punctual.event),
    explain: call((punctual) => punctual.explain),
    explainMeetings: call((punctual) => punctual.explainMeetings),
    schedule: call((punctual) => punctual.schedule),
    unschedule: call((punctual) => punctual.unschedule),
    bots: call((punctual) => punctual.bots),
    bot: call((punctual) => punctual.bot),
    ...logPromises(call),
    updateBot: call((punctual) => punctual.updateBot),
    removeBot: call((punctual) => punctual.removeBot),
    autoSchedule: call((punctual) => punctual.autoSchedule),
    enableAuto: call((punctual) => punctual.enableAuto),
    setAutoRules: call((punctual) => punctual.setAutoRules),
    previewAuto: call((punctual) => punctual.previewAuto),
    pause: call((punctual) => punctual.pause),
    pausedUntil: call((punctual) => punctual.pausedUntil),
    forecast: call((punctual) => punctual.forecast),
    workspacePolicy: call((punctual) => punctual.workspacePolicy),
    workspaceUsers: call((punctual) => punctual.workspaceUsers),
    setWorkspacePolicy: call((punctual) => punctual.setWorkspacePolicy),
    previewPolicy: call((punctual) => punctual.previewPolicy),
    disableAuto: call((punctual) => punctual.disableAuto),
    toggleRecurrence: call((punctual) => punctual.toggleRecurrence),
    scheduleNext: call((punctual) => punctual.scheduleNext),
    receive: call((punctual) => punctual.receive),
    autoScheduleUser: call((punctual) => punctual.autoScheduleUser),
    renewUser: call((punctual) => punctual.renewUser),
    syncUser: call((punctual) => punctual.syncUser),
    changes: (after) => following(runtime, after, disposed.promise),
    changesEnd: () => take((punctual) => punctual.changesEnd),
    autoUsers: () => take((punctual) => Stream.runCollect(punctual.autoUsers)),
    clock: () => take((punctual) => punctual.clock),
    sweep: () => take((punctual) => punctual.sweep),
    start: async (parts) => {
      demandParts(parts)
      await runtime.runPromise(Store.use((store) => store.nextDue([])))
      const work = Punctual.use((punctual) => (parts === undefined ? punctual.run : punctual.runParts(parts)))
      runtime.runFork(withDefect(work, closed.reject))
    },
    closed: closed.promise,
    [Symbol.asyncDispose]: () => {
      disposed.resolve()
      return runtime.dispose().then(closed.resolve, closed.reject)
    }
  }
}

/** Work never ends by itself but by a defect; a disposal interrupts it. */
const withDefect = <A, E, R>(work: Effect.Effect<A, E, R>, tell: (defect: unknown) => void): Effect.Effect<A, E, R> =>
  Effect.onExit(work, (exit) =>
    Effect.sync(() => {
      if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) tell(Cause.squash(exit.cause))
    })
  )

/** Each loop is one of its own, that ends when `end` comes. */
const following = <E>(
  runtime: ManagedRuntime.ManagedRuntime<Punctual, E>,
  after: string | null,
  end: Promise<void>
): AsyncIterable<FollowedChange> =>
  Stream.unwrap(Effect.map(runtime.contextEffect, (context) => Context.get(context, Punctual).changes(after))).pipe(
    Stream.interruptWhen(Effect.promise(() => end)),
    Stream.toAsyncIterable
  )

type Call = <Args extends ReadonlyArray<unknown>, A, F>(
  of: (punctual: Shape) => (...args: Args) => Effect.Effect<A, F>
) => (...args: Args) => Promise<A>

const logPromises = (call: Call): Promised<LogOperations> => ({
  readChanges: call((punctual) => punctual.readChanges),
  readAllChanges: call((punctual) => punctual.readAllChanges),
  timeline: call((punctual) => punctual.timeline),
  updatedEvents: call((punctual) => punctual.updatedEvents)
})

const runtimeOf = <E>(adapters: Layer.Layer<Ports, E>, { onError, policy }: EmbedOptions) => {
  const policies = policy === undefined ? Layer.empty : Layer.succeed(CurrentPolicy, policy)
  const failures = onError === undefined ? Layer.empty : Layer.succeed(WorkFailures, onError)
  return ManagedRuntime.make(
    Punctual.layer.pipe(Layer.provideMerge(adapters), Layer.provideMerge(Layer.merge(policies, failures)))
  )
}

const demandLayer = (adapters: unknown): void => {
  if (Layer.isLayer(adapters)) return
  const expected = "a layer of the five ports, such as `Layer.mergeAll` of the adapters' layers"
  throw new InvalidArgument({ operation: "embed", member: "adapters", expected, found: kindOf(adapters) })
}

const demandParts = (parts: ReadonlyArray<WorkPart> | undefined): void => {
  const fault = parts === undefined ? null : argumentFault("runParts", [parts])
  if (fault !== null) throw new InvalidArgument({ ...fault, operation: "start" })
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
