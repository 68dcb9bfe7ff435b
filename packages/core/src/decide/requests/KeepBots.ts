/**
 * Gives bots intents of their own, so that they outlive the rule that made them: it is switched off, or can make no bot
 * for the meeting any more.
 */
import type { State } from "../state/StateIndex.ts"
import type { BotConfig, BotOrigin } from "../../domain/Bot.ts"
import type { EventIntent } from "../../domain/Intent.ts"

/** Each live bot of an origin as an intent for its meeting alone, origin and number kept. */
export const keepBots = (
  { bots, intents }: Pick<State, "bots" | "intents">,
  origin: BotOrigin,
  /** Null: each keeps its own. */
  config: BotConfig | null
): ReadonlyArray<EventIntent> => {
  const pinned = new Set(intents.flatMap((intent) => (intent.kind === "event" ? [intent.meeting] : [])))
  return bots
    .filter(
      (bot) =>
        bot.origin === origin && (bot.status === "Scheduled" || bot.status === "Launching") && !pinned.has(bot.meeting)
    )
    .map((bot) => ({
      kind: "event",
      id: `event:${bot.meeting}`,
      seq: bot.seq,
      meeting: bot.meeting,
      origin,
      config: config ?? bot.config
    }))
}
