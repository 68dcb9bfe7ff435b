/**
 * How the launch protocol writes a bot's row, and how long it goes on trying.
 * Decides that an answer of the bot service is never thrown away for want of a store: it is written until its lease ends,
 * and on while the meeting lasts, since the row's revision tells what others have done meanwhile. Every write that holds
 * leaves a log line.
 */
import { Clock, Context, Effect, Option, Schedule } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import { launchChange } from "../../domain/BotChange.ts"
import type { UserId, WorkspaceId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import type { UserNumbers } from "../../domain/UserNumbers.ts"
import { type OwnedBotWrite, Store, type StoreError } from "../../ports/Store.ts"
import { logTransition } from "../scheduling/LogTransitions.ts"

/** Whose bot it is, and what its meeting is called (null: not known), for whoever is told of it. */
export interface BotOwner {
  readonly userId: UserId
  /** Null: of none. */
  readonly workspaceId: WorkspaceId | null
  readonly subject: string | null
}

/** Null: the bot was written by another since it was read. */
export const writeBot = Effect.fnUntraced(function* (
  owner: BotOwner,
  before: Bot,
  after: Bot
): Effect.fn.Return<Bot | null, StoreError, Store> {
  const next = nextRow(before, after, yield* Clock.currentTimeMillis)
  return (yield* written(owner, before, next)).isWritten ? next : null
})

/**
 * Writes what `change` makes of the row, whatever else was written to it meanwhile. Null: nothing was written, since the bot
 * is gone or `change` has nothing to say of what it is now. Fails where the store stays away past lease and meeting.
 */
export const writeAnswer = Effect.fnUntraced(function* (
  owner: BotOwner,
  claimed: Bot,
  change: (row: Bot, now: Instant) => Bot | null
): Effect.fn.Return<WrittenAnswer, StoreError, Store> {
  const store = yield* Store
  const patiently = retryUntil(Math.max(claimed.launch?.leaseUntil ?? 0, claimed.end))
  let row = claimed
  // Each turn but the last found the row written by another: who writes gets on.
  for (;;) {
    const now = yield* Clock.currentTimeMillis
    const after = change(row, now)
    if (after === null) return { row: null, numbers: null }
    const next = nextRow(row, after, now)
    const { isWritten, numbers } = yield* patiently(written(owner, row, next))
    if (isWritten) return { row: next, numbers }
    const found = Option.getOrNull(yield* patiently(store.bot(owner.userId, row.id)))
    if (found === null || isSame(next)(found)) return { row: found, numbers: null }
    row = found
  }
})

export interface WrittenAnswer {
  readonly row: Bot | null
  /** Its user's, as they were once it was written; null: not known. */
  readonly numbers: UserNumbers | null
}

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
export const nextRow = <After extends Bot>(before: Bot, after: After, now: Instant): After => ({
  ...after,
  revision: before.revision + 1,
  updatedAt: now
})

/** Written by a try of ours whose acknowledgement was lost. */
export const isSame =
  (next: Bot) =>
  (found: Bot): boolean =>
    found.revision === next.revision &&
    found.updatedAt === next.updatedAt &&
    found.status === next.status &&
    found.launch?.owner === next.launch?.owner

/** What became of one write. */
export interface Written {
  readonly isWritten: boolean
  readonly numbers: UserNumbers | null
}

/** How bots are written here: by themselves, unless a process writes those that come together in one go. */
export const WriteTogether = Context.Reference<
  ((write: Omit<OwnedBotWrite, "numbers">) => Effect.Effect<Written, StoreError>) | null
>("@punctual/core/usecases/launch/WriteTogether", { defaultValue: () => null })

const written = Effect.fnUntraced(function* (
  { subject, userId }: BotOwner,
  before: Bot,
  bot: Bot
): Effect.fn.Return<Written, StoreError, Store> {
  const together = yield* WriteTogether
  const change = launchChange(before, bot, { at: bot.updatedAt, subject })
  const write = { userId, bot, expected: before.revision, change }
  const outcome = yield* together === null ? writeAlone(write) : together(write)
  if (outcome.isWritten) yield* logTransition(userId, "launch", before, bot)
  return outcome
})

const writeAlone = ({ bot, change, expected, userId }: Omit<OwnedBotWrite, "numbers">) =>
  Effect.flatMap(Store, (store) => store.writeBot(userId, bot, expected, change)).pipe(
    Effect.as<Written>({ isWritten: true, numbers: null }),
    Effect.catchIf(
      (error) => error.isConflict || error.isFenced,
      () => Effect.succeed<Written>({ isWritten: false, numbers: null })
    )
  )
