/**
 * How the launch protocol writes a bot's row, and how long it goes on trying.
 * Decides that an answer of the bot service is never thrown away for want of a store: it is written until its lease ends,
 * and on while the meeting lasts, since the row's revision tells what others have done meanwhile. Every write that holds
 * leaves a log line.
 */
import { Clock, Effect, Option, Schedule } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import { launchChange } from "../../domain/BotChange.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { logTransition } from "../scheduling/LogTransitions.ts"

/** Whose bot it is, and what its meeting is called (null: not known), for whoever is told of it. */
export interface BotOwner {
  readonly userId: UserId
  readonly subject: string | null
}

/** Null: the bot was written by another since it was read. */
export const writeBot = Effect.fnUntraced(function* (
  owner: BotOwner,
  before: Bot,
  after: Bot
): Effect.fn.Return<Bot | null, StoreError, Store> {
  const next = nextRow(before, after, yield* Clock.currentTimeMillis)
  return (yield* isWritten(owner, before, next)) ? next : null
})

/**
 * Writes what `change` makes of the row, whatever else was written to it meanwhile. Null: nothing was written, since the bot
 * is gone or `change` has nothing to say of what it is now. Fails where the store stays away past lease and meeting.
 */
export const writeAnswer = Effect.fnUntraced(function* (
  owner: BotOwner,
  claimed: Bot,
  change: (row: Bot, now: Instant) => Bot | null
): Effect.fn.Return<Bot | null, StoreError, Store> {
  const store = yield* Store
  const patiently = retryUntil(Math.max(claimed.launch?.leaseUntil ?? 0, claimed.end))
  let row = claimed
  // Each turn but the last found the row written by another: who writes gets on.
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    const after = change(row, now)
    if (after === null) return null
    const next = nextRow(row, after, now)
    if (yield* patiently(isWritten(owner, row, next))) return next
    const found = Option.getOrNull(yield* patiently(store.bot(owner.userId, row.id)))
    if (found === null || isSame(found, next)) return found
    row = found
  }
})

/** From a tenth of a second, doubling up to two: a store that is back is noticed soon and asked by few. */
const pauses = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("2 seconds")])

const retryUntil =
  (until: Instant) =>
  <A, R>(effect: Effect.Effect<A, StoreError, R>): Effect.Effect<A, StoreError, R> =>
    effect.pipe(
      Effect.tapError((error) => Effect.logWarning("an answer of the bot service waits for the store", error.message)),
      Effect.retry({ schedule: pauses, while: () => Effect.map(Clock.currentTimeMillis, (now) => now < until) })
    )

/** The row as its next write has it. */
const nextRow = (before: Bot, after: Bot, now: Instant): Bot => ({
  ...after,
  revision: before.revision + 1,
  updatedAt: now
})

/** Written by a try of ours whose acknowledgement was lost. */
const isSame = (found: Bot, next: Bot): boolean =>
  found.revision === next.revision &&
  found.updatedAt === next.updatedAt &&
  found.status === next.status &&
  found.launch?.owner === next.launch?.owner

const isWritten = ({ subject, userId }: BotOwner, before: Bot, next: Bot): Effect.Effect<boolean, StoreError, Store> =>
  Effect.flatMap(Store, (store) =>
    store.writeBot(userId, next, before.revision, launchChange(before, next, { at: next.updatedAt, subject }))
  ).pipe(
    Effect.andThen(logTransition(userId, "launch", before, next)),
    Effect.as(true),
    Effect.catchIf(
      (error) => error.isConflict || error.isFenced,
      () => Effect.succeed(false)
    )
  )
