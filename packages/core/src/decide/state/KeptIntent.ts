/**
 * A bot as an intent for its meeting alone, so that it outlives what made it.
 * Decides what of the bot the intent has.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { EventIntent } from "../../domain/Intent.ts"
import type { State } from "./StateIndex.ts"

/**
 * The bot as an intent for its meeting alone, origin, number and configuration kept; none where one stands. What made it may
 * make none for a meeting that has begun, and would leave a meeting that goes on elsewhere without a bot.
 */
export const asEventIntent = ({ intents }: Pick<State, "intents">, bot: Bot): ReadonlyArray<EventIntent> =>
  intents.some((intent) => intent.kind === "event" && intent.meeting === bot.meeting)
    ? []
    : [
        {
          kind: "event",
          id: `event:${bot.meeting}`,
          seq: bot.seq,
          meeting: bot.meeting,
          origin: bot.origin,
          config: bot.config
        }
      ]
