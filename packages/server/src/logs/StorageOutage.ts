/**
 * Storage that is out of reach, told in two lines: that it is, with why, and after how long it was back.
 *
 * Decides by what every operation of storage came to when an outage begins and ends, and which lines of others only say
 * the same again: those are left out meanwhile. One that fails while others work is an outage too, until nothing has
 * failed for two seconds.
 */
import { Cause, Clock, Effect, Layer, Logger } from "effect"
import { Store, type StoreError } from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"

/** What is known; all in milliseconds. */
export interface Outage {
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

/** One for a process: the layers write it, the logger reads it. */
export interface StorageWatch {
  outage: Outage | null
}

export const makeWatch = (): StorageWatch => ({ outage: null })

const away = "storage is out of reach; what needs it waits"

/** As much of either port's error as is looked at. */
type Failed = Partial<Pick<AccountsUnavailable, "detail">> & {
  readonly _tag?: string
  readonly reason?: StoreError["reason"]
}

/** Whether an operation failed for want of storage; null: it failed for another reason, and storage has answered. */
const troubleOf = (error: unknown): string | null => {
  const { _tag, detail, reason } = error as Failed
  if (_tag === "AccountsUnavailable") return detail ?? ""
  return _tag === "StoreError" && reason?._tag === "StoreUnavailable" ? reason.message : null
}

const noteFailure = (watch: StorageWatch, port: string, operation: string, message: string): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const isNew = watch.outage === null
    watch.outage = afterFailure(watch.outage, now)
    return isNew
      ? Effect.logError(away).pipe(Effect.annotateLogs({ operation: `${port}.${operation}`, message }))
      : Effect.void
  })

const noteSuccess = (watch: StorageWatch): Effect.Effect<void> =>
  Effect.suspend(() =>
    watch.outage === null
      ? Effect.void
      : Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (watch.outage === null) return Effect.void
          const { back, outage } = afterSuccess(watch.outage, now)
          watch.outage = outage
          return back === null ? Effect.void : Effect.logWarning(`storage is back after ${Math.round(back / 1_000)} s`)
        })
  )

const watched = (watch: StorageWatch, port: string) => {
  const seen =
    (operation: string) =>
    <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      effect.pipe(
        Effect.tap(() => noteSuccess(watch)),
        Effect.tapError((error) => {
          const trouble = troubleOf(error)
          return trouble === null ? noteSuccess(watch) : noteFailure(watch, port, operation, trouble)
        })
      )
  return <S extends object>(service: S): S => {
    const members = Object.entries(service).map(([name, member]: readonly [string, unknown]) => {
      // The casts: every operation of the two ports is an effect or a function that gives one; the rest is plain data.
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

/** Storage, watched. */
export const layer = (watch: StorageWatch): Layer.Layer<Accounts | Store, never, Accounts | Store> =>
  Layer.mergeAll(
    Layer.effect(Store, Effect.map(Store, watched(watch, "Store"))),
    Layer.effect(Accounts, Effect.map(Accounts, watched(watch, "Accounts")))
  )

/** The same logger, less the lines that only say during an outage that there is one. */
export const quiet = <Output>(
  watch: StorageWatch,
  logger: Logger.Logger<unknown, Output>
): Logger.Logger<unknown, Output | undefined> =>
  Logger.make((line) =>
    watch.outage !== null && saysSo(line.message, line.cause) && !isOwn(line.message) ? undefined : logger.log(line)
  )

const isOwn = (message: unknown): boolean => (Array.isArray(message) ? message[0] : message) === away

const saysSo = (message: unknown, cause: Cause.Cause<unknown>): boolean =>
  textsOf(message).some((text) => aboutStorage.test(text)) || aboutStorage.test(Cause.pretty(cause))

/** As the ports' errors print themselves. */
const aboutStorage = /\b(Store|Accounts|Secrets|Scheduler)\.\w+: |\b(Store|Accounts|Secrets|Scheduler)Unavailable\b/

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (value instanceof Error) return [String(value)]
  if (Cause.isCause(value)) return [Cause.pretty(value)]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []
}
