/**
 * Taking a connection down, for good.
 * Decides the order: a tombstone first, from which every late write fails; then credentials, schedules and rows; last
 * the provider, with the token still in memory. What is interrupted the sweep finishes from the tombstone. A bot that may
 * be in its meeting is a debt that outlives the connection: its row stays, marked to be withdrawn, until the launch protocol
 * has found out or the meeting is over.
 */
import { Clock, Effect, Option, Schedule } from "effect"
import { settled } from "../../decide/launch/LaunchAnswer.ts"
import type { Bot } from "../../domain/Bot.ts"
import { isTakenBack, mayBeInMeeting } from "../../domain/BotStatus.ts"
import type { Connection } from "../../domain/Connection.ts"
import { botChange } from "../../domain/BotChange.ts"
import { connectionChange } from "../../domain/ConnectionChange.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import { changing } from "../../decide/requests/Change.ts"
import { leaveCalendars } from "../../decide/requests/LeaveCalendars.ts"
import type { ConnectionId, UserId } from "../../domain/Ids.ts"
import { type Refusal, refuse } from "../../domain/Refusal.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { CalendarSession } from "../../ports/CalendarProvider.ts"
import { type Contention, isConflictOrFence, retryOnConflict } from "../../ports/RetryOnConflict.ts"
import { Scheduler, allDone } from "../../ports/Scheduler.ts"
import { Secrets } from "../../ports/Secrets.ts"
import { type Erased, Store, type StoreError } from "../../ports/Store.ts"
import { hasOtherAddresses } from "../../rules/People.ts"
import { mirrorLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import type { Disconnected, Failure } from "../contract/Contract.ts"
import { scheduleOf } from "../scheduling/ApplySchedules.ts"
import { decideAndCommit } from "../scheduling/DecideAndCommit.ts"
import { decideByAddresses } from "../scheduling/JudgeAnew.ts"
import { connectionsOf, notConnected, openAccount } from "../account/OpenAccount.ts"

/** What a tombstone says while rows are still to be removed. */
export const erasing = "erasing"

/** Requests about one user's connection: whoever asks is told how it ended, not that somebody else was there. */
export const connectionContention: Contention = {
  isConflict: isConflictOrFence,
  // Of two at once one comes through; of so many that this is too few, the last are told to come again.
  attemptsMax: 8,
  pauses: Schedule.jittered(Schedule.exponential("10 millis"))
}

/** How long stopping subscriptions goes on in the background: the access token in memory ends about then. */
const unsubscribeRetries = Schedule.max([Schedule.exponential("2 seconds"), Schedule.recurs(10)])

/**
 * Takes a connection of the user's down (null: all of them) and counts what went with it. Refused:
 * `calendar_not_connected`, `calendar_not_found`.
 */
export const disconnect = Effect.fn("Punctual.disconnect")(function* (
  userId: UserId,
  only: ConnectionId | null = null
): Effect.fn.Return<Disconnected, Failure, CalendarProviders | Scheduler | Secrets | Store> {
  const standing = yield* connectionsOf(userId)
  const chosen = standing.filter(({ id }) => only === null || id === only)
  if (chosen.length === 0) return yield* Effect.fail(refuse("calendar_not_found", "No such connection."))
  // All tombstones first: of two connections, what stands in the other must not seem to stand.
  const isLast = standing.length === chosen.length
  const taken = yield* Effect.forEach(chosen, ({ id }) =>
    retryOnConflict(entomb(userId, id, isLast), connectionContention)
  )
  let sum: Disconnected = { subscriptionsStopped: true, eventsDeleted: 0, schedulesCancelled: 0 }
  for (const { session, subscriptions, tombstone } of taken) {
    const { eventsDeleted, schedulesCancelled } = yield* erase(tombstone)
    const isStopped = yield* unsubscribeAll(session, subscriptions)
    sum = {
      subscriptionsStopped: sum.subscriptionsStopped && isStopped,
      eventsDeleted: sum.eventsDeleted + eventsDeleted,
      schedulesCancelled: sum.schedulesCancelled + schedulesCancelled
    }
  }
  // What stands in another connection was judged by the addresses of this one, too.
  if (!isLast) {
    for (const { connection, tombstone } of taken) yield* decideByAddresses(connection, tombstone)
  }
  return sum
})

/**
 * Commits the tombstone, with what is needed to stop the subscriptions in hand. Unless nothing stands beside it, it marks the
 * user: whoever dies before deciding by the addresses that are left leaves it to the sweep.
 */
const entomb = Effect.fnUntraced(function* (userId: UserId, id: ConnectionId, isLast: boolean) {
  const store = yield* Store
  const connection = (yield* connectionsOf(userId)).find((each) => each.id === id)
  if (connection === undefined) return yield* Effect.fail(notConnected)
  const session = Option.getOrNull(yield* Effect.option(openAccount(connection)))?.session ?? null
  const subscriptions = (yield* store.calendars(userId)).flatMap(({ connectionId, subscription }) =>
    subscription === null || connectionId !== id ? [] : [subscription.id]
  )
  const now = yield* Clock.currentTimeMillis
  const tombstone: Connection = {
    ...connection,
    generation: connection.generation + 1,
    revision: connection.revision + 1,
    status: "disconnected",
    statusReason: erasing,
    statusMessage: null,
    accountId: "",
    email: null,
    otherEmails: [],
    name: null,
    notBefore: null,
    updatedAt: now
  }
  const change = connectionChange(connection, tombstone, "user")
  const marksJudging = !isLast && hasOtherAddresses(connection, tombstone)
  yield* store.saveConnection(tombstone, connection.revision, change, marksJudging)
  return { connection, session, subscriptions, tombstone }
})

export interface Erasure extends Pick<Disconnected, "eventsDeleted" | "schedulesCancelled"> {
  /** Otherwise there is more to do: rows, or bots of which it is not yet known whether they are in their meetings. */
  readonly isDone: boolean
}

/**
 * Removes everything of ours that comes after the tombstone. Repeatable from any point. With `rest`, what is left by then
 * is left to the next time, for whoever has others to do.
 */
export const erase = Effect.fn("Punctual.erase")(function* (
  tombstone: Connection,
  rest: { readonly at: Instant } | null = null
): Effect.fn.Return<Erasure, Failure, Scheduler | Secrets | Store> {
  const store = yield* Store
  const secrets = yield* Secrets
  const { userId } = tombstone
  yield* secrets.eraseAll(tombstone)
  const now = yield* Clock.currentTimeMillis
  const isLast = !(yield* store.connections(userId)).some(isStanding)
  const left = isLast ? yield* leaveAll(userId, now) : yield* leaveConnection(userId, tombstone.id)
  const erased = yield* eraseRows(tombstone, rest)
  const isDone = erased.isDone && erased.keptBots === 0
  const counts = { eventsDeleted: erased.events, schedulesCancelled: left + erased.liveBots, isDone }
  if (!isDone) return counts
  yield* store
    .saveConnection(
      { ...tombstone, statusReason: null, revision: tombstone.revision + 1, updatedAt: now },
      tombstone.revision
    )
    .pipe(
      // The sweep worked on the same tombstone and was done sooner.
      Effect.catchReason("StoreError", "Conflict", () => Effect.void)
    )
  return counts
})

/** Of a user with no connection left: bots go with their rows, which counts them; those on their way are told to. */
const leaveAll = Effect.fnUntraced(function* (
  userId: UserId,
  now: Instant
): Effect.fn.Return<number, StoreError, Scheduler | Store> {
  const store = yield* Store
  const scheduler = yield* Scheduler
  const { bots, events } = yield* store.slice(userId, { kind: "intended" }, now)
  const live = bots.filter((bot) => bot.status === "Scheduled" || bot.status === "Launching")
  // A schedule that can't be cancelled now fires into nothing: its bot is gone.
  yield* allDone(
    scheduler.cancel(live.map((bot) => ({ ...scheduleOf(userId, bot), revision: bot.schedule.wanted + 1 })))
  ).pipe(Effect.catch((error) => Effect.logWarning("schedules not cancelled", error.reason._tag)))
  const onTheirWay = yield* Effect.forEach(live.filter(isOnItsWay), (bot) =>
    giveUp(userId, bot, events.find(({ id }) => id === bot.eventId)?.subject ?? null)
  )
  return onTheirWay.filter((isTold) => isTold).length
})

const isOnItsWay = (bot: Bot): boolean => bot.status === "Launching" && !isTakenBack(bot)

/** Says of a bot on its way that it is to go. False: it was written meanwhile, and the next look says it. */
const giveUp = Effect.fnUntraced(function* (
  userId: UserId,
  bot: Bot,
  subject: string | null
): Effect.fn.Return<boolean, StoreError, Store> {
  const store = yield* Store
  if (bot.launch === null) return false
  const gone: Bot = mayBeInMeeting(bot)
    ? { ...bot, launch: { ...bot.launch, takenBack: "calendar_disconnected" } }
    : settled(bot, "Cancelled", "calendar_disconnected", bot.statusMessage)
  const now = yield* Clock.currentTimeMillis
  const change = botChange(bot, gone, { at: now, subject, cause: "user" })
  return yield* store
    .writeBot(userId, { ...gone, revision: bot.revision + 1, updatedAt: now }, bot.revision, change)
    .pipe(
      Effect.as(true),
      Effect.catchIf(isConflictOrFence, () => Effect.succeed(false))
    )
})

/** Of a user with another connection: bots of meetings that stand there stay, the others are cancelled and counted. */
const leaveConnection = (
  userId: UserId,
  id: ConnectionId
): Effect.Effect<number, StoreError | Refusal, Scheduler | Store> =>
  decideAndCommit(
    userId,
    { kind: "intended" },
    changing((state) => leaveCalendars(state, ({ connectionId }) => connectionId === id))
  ).pipe(
    Effect.map(({ decision }) => decision.commands.filter(({ kind }) => kind === "cancel").length),
    // The other one went, too: what it leaves is erased with the user's last connection.
    Effect.catchIf(
      (error) => error._tag === "Refusal" && error.code === "calendar_not_connected",
      () => Effect.succeed(0)
    )
  )

/** Batch by batch, at least one, so that no statement holds the store for long, however much there is. */
const eraseRows = Effect.fnUntraced(function* (
  { id, userId }: Connection,
  rest: { readonly at: Instant } | null
): Effect.fn.Return<Erased, StoreError, Store> {
  const store = yield* Store
  const restAt = rest?.at ?? Infinity
  let sum: Erased = { events: 0, liveBots: 0, isDone: false, keptBots: 0 }
  do {
    const { events, isDone, keptBots, liveBots } = yield* store.erase(userId, id, mirrorLimits.eraseRowsMax)
    sum = { events: sum.events + events, liveBots: sum.liveBots + liveBots, isDone, keptBots }
  } while (!sum.isDone && (yield* Clock.currentTimeMillis) < restAt)
  return sum
})

/** True: the provider confirmed each. Otherwise it goes on in the background until the token in memory ends. */
const unsubscribeAll = Effect.fnUntraced(function* (
  session: CalendarSession | null,
  subscriptions: ReadonlyArray<string>
): Effect.fn.Return<boolean> {
  if (subscriptions.length === 0) return true
  if (session === null) return false
  const stop = (id: string) => session.unsubscribe(id)
  const results = yield* Effect.forEach(
    subscriptions,
    (id) =>
      stop(id).pipe(
        Effect.as(null),
        Effect.catch(() => Effect.succeed(id))
      ),
    { concurrency: 4 }
  )
  const left = results.filter((id) => id !== null)
  if (left.length === 0) return true
  yield* Effect.forkDetach(
    Effect.forEach(left, (id) => stop(id).pipe(Effect.retry(unsubscribeRetries), Effect.ignore), { concurrency: 1 })
  )
  return false
})
