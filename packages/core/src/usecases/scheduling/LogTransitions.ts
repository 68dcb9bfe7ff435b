/**
 * One log line for each step of a bot, whoever takes it: enough to follow one bot from its request to its meeting's end.
 * Decides what such a line holds: whose bot, which meeting, from where to where, why, and the bot service's own words; and
 * that a bot which did not get into its meeting is a warning.
 */
import { DateTime, Effect } from "effect"
import type { Decision } from "../../decide/Decide.ts"
import type { Command } from "../../decide/reconcile/Command.ts"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"

/** What happened to it; the launch protocol's steps are `launch`. */
type BotStep = Command["kind"] | "launch" | "rename" | "withdraw"

/** `before` null: it was made just now. */
export const logTransition = (userId: UserId, step: BotStep, before: Bot | null, after: Bot): Effect.Effect<void> =>
  Effect.logWithLevel(after.status === "Failed" ? "Warn" : "Info")("a bot went on").pipe(
    Effect.annotateLogs({
      step,
      user_id: userId,
      event_id: after.eventId,
      bot_id: after.id,
      external_id: after.externalId,
      status: before === null ? after.status : `${before.status} to ${after.status}`,
      status_reason: after.statusReason ?? after.launch?.takenBack ?? null,
      status_message: after.statusMessage,
      join_at: DateTime.formatIso(DateTime.makeUnsafe(after.joinAt)),
      origin: after.origin,
      attempts: after.launch?.attempts ?? before?.launch?.attempts ?? 0,
      in_doubt: after.launch?.mayHaveSucceeded ?? false
    })
  )

/** The rows that a decision has written. */
export const logDecided = (userId: UserId, { commands, commit, renamed }: Decision): Effect.Effect<void> => {
  const written = commit.bots ?? []
  if (written.length === 0) return Effect.void
  const steps = new Map(commands.flatMap((command) => (command.kind === "create" ? [] : [[command.bot.id, command]])))
  const called = new Set(renamed.map(({ id }) => id))
  return Effect.forEach(
    written,
    ({ bot, expected }) => {
      const command = steps.get(bot.id)
      if (command !== undefined) return logTransition(userId, command.kind, command.bot, bot)
      if (expected === null) return logTransition(userId, "create", null, bot)
      return logTransition(userId, called.has(bot.id) ? "rename" : "withdraw", null, bot)
    },
    { discard: true }
  )
}
