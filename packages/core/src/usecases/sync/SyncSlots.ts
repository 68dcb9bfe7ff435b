/**
 * The syncs of one process: how many are at work, and whose may begin.
 * Decides that a sync which waits for the provider holds no slot; that a user has few under way; and that one whose
 * provider did not answer is on probation until it does: one sync at a time, and half of the slots at most for all of
 * them together. So those who get no answer never keep others from theirs.
 */
import { Cause, Clock, Effect, Exit, Option, Schedule, Semaphore, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import { syncSlotLimits } from "../../domain/Limits.ts"
import { leftOutOf } from "../../domain/SyncShares.ts"
import type { Instant } from "../../domain/Time.ts"
import { CalendarError, type CalendarSession } from "../../ports/CalendarProvider.ts"
import { CalendarProviders } from "../../ports/CalendarProviders.ts"

export interface SyncSlots {
  /** Waits for a slot. It is given back, or used by who begins. */
  readonly take: Effect.Effect<void>
  readonly giveBack: Effect.Effect<void>
  /** Users of whom nothing may begin now. */
  readonly leftOut: () => ReadonlyArray<UserId>
  /** Counts one of the user's as under way; what it answers runs the sync in the slot taken. */
  readonly begin: (userId: UserId) => RunInSlot
}

type RunInSlot = <A, E, R>(sync: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | CalendarProviders>

/** `onRoom`: somebody who was left out need not be any more. */
export const makeSyncSlots = Effect.fnUntraced(function* (onRoom: Effect.Effect<void>): Effect.fn.Return<SyncSlots> {
  const begun = yield* Semaphore.make(syncSlotLimits.begunMax)
  const slots = yield* Semaphore.make(syncSlotLimits.slotsMax)
  const underWay = new Map<UserId, number>()
  const probation = new Set<UserId>()
  /** When who may begin was last asked. */
  let isAnyLeftOut = false
  const count = (userId: UserId, change: number): void => {
    const left = (underWay.get(userId) ?? 0) + change
    if (left === 0) underWay.delete(userId)
    else underWay.set(userId, left)
  }
  const listener = (userId: UserId): Listener => ({
    onSilence: () => {
      if (probation.has(userId)) return
      const [longest] = probation
      if (longest !== undefined && probation.size >= syncSlotLimits.rememberedMax) probation.delete(longest)
      probation.add(userId)
    },
    onAnswer: () => void probation.delete(userId)
  })
  const runIn = (userId: UserId): RunInSlot =>
    Effect.fnUntraced(function* (sync) {
      const { all } = yield* CalendarProviders
      const slot = makeSlot(slots, listener(userId))
      const watched = CalendarProviders.of({
        all: all.map((provider) => ({
          ...provider,
          open: (options) => Effect.map(provider.open(options), (session) => watchedSession(session, slot))
        }))
      })
      return yield* Effect.forkScoped(slot.watch).pipe(
        Effect.andThen(Effect.provideService(sync, CalendarProviders, watched)),
        Effect.scoped,
        Effect.ensuring(
          Effect.suspend(() => {
            count(userId, -1)
            return Effect.all([slot.end, begun.release(1), isAnyLeftOut ? onRoom : Effect.void])
          })
        )
      )
    })
  return {
    take: Effect.asVoid(Effect.andThen(begun.take(1), slots.take(1))),
    giveBack: Effect.asVoid(Effect.andThen(slots.release(1), begun.release(1))),
    leftOut: () => {
      const found = leftOutOf(underWay, probation)
      isAnyLeftOut = found.length > 0
      return found
    },
    begin: (userId) => {
      count(userId, 1)
      return runIn(userId)
    }
  }
})

interface Slot {
  /** Never ends: looks whether what was asked is answered. */
  readonly watch: Effect.Effect<unknown>
  /** A request to the provider, of which the slot is told. */
  readonly asking: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly end: Effect.Effect<void>
}

interface Listener {
  readonly onSilence: () => void
  readonly onAnswer: () => void
}

/** A slot that is let go of while the provider is waited for, and taken again once it has answered. */
const makeSlot = (slots: Semaphore.Semaphore, { onAnswer, onSilence }: Listener): Slot => {
  const { patienceMillis, timeoutMillis } = syncSlotLimits
  const open = new Set<{ readonly since: Instant }>()
  let isHeld = true
  const isAnyOlder = (now: Instant, millis: number): boolean => [...open].some(({ since }) => since + millis <= now)
  const release = Effect.suspend(() => {
    if (!isHeld) return Effect.void
    isHeld = false
    return Effect.asVoid(slots.release(1))
  })
  const look = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    if (isAnyOlder(now, timeoutMillis)) onSilence()
    return isAnyOlder(now, patienceMillis) ? release : Effect.void
  })
  const takeAgain = Effect.uninterruptibleMask((restore) =>
    Effect.andThen(
      restore(slots.take(1)),
      Effect.suspend(() => {
        // Of two answers at once one is enough.
        if (isHeld) return Effect.asVoid(slots.release(1))
        isHeld = true
        return Effect.void
      })
    )
  )
  const goOn = Effect.flatMap(Clock.currentTimeMillis, (now) =>
    isHeld || isAnyOlder(now, patienceMillis) ? Effect.void : takeAgain
  )
  return {
    watch: Effect.repeat(look, Schedule.spaced(patienceMillis)),
    asking: (request) =>
      Effect.flatMap(Clock.currentTimeMillis, (since) => {
        const asked = { since }
        open.add(asked)
        return Effect.exit(
          Effect.ensuring(
            request,
            Effect.sync(() => open.delete(asked))
          )
        ).pipe(
          Effect.tap((exit) => Effect.sync(() => (isSilence(exit) ? onSilence() : onAnswer()))),
          Effect.tap(() => goOn),
          Effect.flatten
        )
      }),
    end: release
  }
}

/** Whether the provider said nothing that tells of the mailbox. Whatever else it said, a refusal too, is an answer. */
const isSilence = (exit: Exit.Exit<unknown, unknown>): boolean => {
  const error = Exit.isFailure(exit) ? Option.getOrNull(Cause.findErrorOption(exit.cause)) : null
  return error instanceof CalendarError && error.reason._tag === "Unavailable"
}

const watchedSession = (session: CalendarSession, { asking }: Slot): CalendarSession => {
  const askingEach = <A, E>(stream: Stream.Stream<A, E>): Stream.Stream<A, E> =>
    Stream.transformPull(stream, (pull) => Effect.succeed(asking(pull)))
  return {
    profile: asking(session.profile),
    calendars: asking(session.calendars),
    changes: (...args) => askingEach(session.changes(...args)),
    view: (...args) => askingEach(session.view(...args)),
    event: (...args) => asking(session.event(...args)),
    series: (...args) => asking(session.series(...args)),
    subscribe: (...args) => asking(session.subscribe(...args)),
    renew: (...args) => asking(session.renew(...args)),
    unsubscribe: (...args) => asking(session.unsubscribe(...args)),
    subscriptions: asking(session.subscriptions)
  }
}
