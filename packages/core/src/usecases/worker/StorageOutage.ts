/**
 * Storage that is out of reach, told in two lines: that it is, with why, and after how long it was back.
 *
 * Decides by what every operation of storage came to when an outage begins and ends, and which lines of others only say
 * the same again: those are left out meanwhile. One that fails while others work is an outage too, until nothing has
 * failed for two seconds.
 */
import { Cause, Clock, Context, Effect, Layer, Logger } from "effect"
import { SchedulerError } from "../../ports/Scheduler.ts"
import { Store, StoreError } from "../../ports/Store.ts"

/** What is known; all in milliseconds. */
interface Outage {
  readonly since: number
  readonly failedAt: number
  /** The first success since the last failure. */
  readonly workedAt: number | null
}

/** Nothing may have failed for so long before storage counts as back. */
const calmMillis = 2_000

export const afterFailure = (outage: Outage | null, now: number): Outage =>
  outage === null ? { since: now, failedAt: now, workedAt: null } : { ...outage, failedAt: now, workedAt: null }

/** `back`: after so many milliseconds. */
export const afterSuccess = (
  outage: Outage,
  now: number
): { readonly outage: Outage | null; readonly back: number | null } => {
  const workedAt = outage.workedAt ?? now
  return now - outage.failedAt < calmMillis
    ? { outage: { ...outage, workedAt }, back: null }
    : { outage: null, back: workedAt - outage.since }
}

/** One for a process: what storage is asked through writes it, loggers read it. */
export interface StorageWatch {
  outage: Outage | null
  /** Whether who asked to be told of failures has heard of this outage. */
  isTold: boolean
}

export const makeStorageWatch = (): StorageWatch => ({ outage: null, isTold: false })

/**
 * The watch of a host that watches its store itself, with `watchStorage`, because it asks more of storage than the core
 * does and has lines of its own. Null: the core watches the store that it is given.
 */
export const CurrentStorageWatch = Context.Reference<StorageWatch | null>(
  "@punctual/core/usecases/worker/CurrentStorageWatch",
  { defaultValue: () => null }
)

/** The store as the core asks it, watched by one. */
export const watchedStore: Layer.Layer<Store, never, Store> = Layer.effectContext(
  Effect.gen(function* () {
    const store = yield* Store
    const given = yield* CurrentStorageWatch
    if (given !== null) return Context.make(Store, store)
    const watch = makeStorageWatch()
    const watched = watchStorage(watch, "Store", storeTrouble)(store)
    return Context.add(Context.make(Store, watched), CurrentStorageWatch, watch)
  })
)

const away = "storage is out of reach; what needs it waits"

/** Why an operation failed for want of storage; null: it failed for another reason, and storage has answered. */
export type TroubleOf = (error: unknown) => string | null

export const storeTrouble: TroubleOf = (error) =>
  error instanceof StoreError && error.reason._tag === "StoreUnavailable" ? error.reason.message : null

const noteFailure = (watch: StorageWatch, operation: string, message: string): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const isNew = watch.outage === null
    watch.outage = afterFailure(watch.outage, now)
    if (!isNew) return Effect.void
    watch.isTold = false
    return Effect.logError(away).pipe(Effect.annotateLogs({ operation, message }))
  })

const noteSuccess = (watch: StorageWatch): Effect.Effect<void> =>
  Effect.suspend(() =>
    watch.outage === null
      ? Effect.void
      : Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (watch.outage === null) return Effect.void
          const { back, outage } = afterSuccess(watch.outage, now)
          watch.outage = outage
          return back === null ? Effect.void : Effect.logWarning(`storage is back after ${(back / 1_000).toFixed(0)} s`)
        })
  )

/**
 * Work that ended because the scheduler is out of reach is of an outage too: the scheduler is in the same storage, or as much
 * needed, and may be asked long before the store is.
 */
export const noteEndOfWork = (cause: Cause.Cause<unknown>): Effect.Effect<void> =>
  Effect.flatMap(CurrentStorageWatch, (watch) => {
    const error = Cause.squash(cause)
    return watch !== null && error instanceof SchedulerError && error.reason._tag === "SchedulerUnavailable"
      ? noteFailure(watch, `Scheduler.${error.operation}`, error.reason.message)
      : Effect.void
  })

/** The same port, each operation of which is noted. */
export const watchStorage = (watch: StorageWatch, port: string, troubleOf: TroubleOf) => {
  const seen =
    (operation: string) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      effect.pipe(
        Effect.tap(() => noteSuccess(watch)),
        Effect.tapError((error) => {
          const trouble = troubleOf(error)
          return trouble === null ? noteSuccess(watch) : noteFailure(watch, `${port}.${operation}`, trouble)
        })
      )
  return <S extends object>(service: S): S => {
    const members = Object.entries(service).map(([name, member]: readonly [string, unknown]) => {
      // The casts: every operation of such a port is an effect or a function that gives one; the rest is plain data.
      if (Effect.isEffect(member)) return [name, seen(name)(member as Effect.Effect<unknown, unknown>)]
      if (typeof member !== "function") return [name, member]
      return [
        name,
        (...args: ReadonlyArray<unknown>) => {
          const effect: unknown = Reflect.apply(member, service, args)
          return Effect.isEffect(effect) ? seen(name)(effect as Effect.Effect<unknown, unknown>) : effect
        }
      ]
    })
    return Object.fromEntries(members) as S
  }
}

/** The same logger, less the lines that only say during an outage that there is one. */
export const quietLogger = <Output>(
  watch: StorageWatch,
  logger: Logger.Logger<unknown, Output>
): Logger.Logger<unknown, Output | undefined> =>
  Logger.make((line) =>
    watch.outage !== null && saysSo(line.message, line.cause) && !isOwn(line.message) ? undefined : logger.log(line)
  )

/** The work, with such loggers. */
export const quietDuringOutages = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(CurrentStorageWatch, (watch) =>
    watch === null
      ? work
      : Effect.updateService(
          work,
          Logger.CurrentLoggers,
          (loggers) => new Set([...loggers].map((logger) => quietLogger(watch, logger)))
        )
  )

/** Whether a failure is of an outage of which who asked to be told has heard; from now on they have. */
export const isToldOfOutage = (cause: Cause.Cause<unknown>): Effect.Effect<boolean> =>
  Effect.map(CurrentStorageWatch, (watch) => {
    if (watch === null || watch.outage === null || !saysSo([], cause)) return false
    const wasTold = watch.isTold
    watch.isTold = true
    return wasTold
  })

const isOwn = (message: unknown): boolean => (Array.isArray(message) ? message[0] : message) === away

const saysSo = (message: unknown, cause: Cause.Cause<unknown>): boolean =>
  textsOf(message).some((text) => aboutStorage.test(text)) || aboutStorage.test(Cause.pretty(cause))

/** As the errors of ports print themselves that stand or fall with storage. */
const aboutStorage = /\b(Store|Accounts|Secrets|Scheduler)\.\w+: |\b(Store|Accounts|Secrets|Scheduler)Unavailable\b/

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (value instanceof Error) return [String(value)]
  if (Cause.isCause(value)) return [Cause.pretty(value)]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []
}
