/**
 * The two long lists as the JSON that the contract's schemas would write, written without them: encoding a page member
 * by member through a schema takes longer than everything else the server does for it. A test holds each text to its
 * schema, letter by letter. Decides nothing.
 */
import { HttpServerResponse } from "effect/http"
import type { EventBot, ScheduledBot } from "../api/BotSchemas.ts"
import type { ScheduledBotsAnswer } from "../api/BotsApi.ts"
import type { EventsAnswer } from "../api/EventsApi.ts"
import { formatInstant } from "../api/Time.ts"

export const eventsText = (page: typeof EventsAnswer.Type): string =>
  JSON.stringify({ ...page, results: page.results.map(eventOnWire) })

export const scheduledBotsText = (page: typeof ScheduledBotsAnswer.Type): string =>
  JSON.stringify({ ...page, scheduled_bots: page.scheduled_bots.map(scheduledBotOnWire) })

/** A 200 with the text as its body. */
export const jsonAnswer = (text: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(text, { contentType: "application/json" })

const eventOnWire = (item: (typeof EventsAnswer.Type)["results"][number]) => ({
  ...item,
  start_time: formatInstant(item.start_time),
  end_time: formatInstant(item.end_time),
  created_at: formatInstant(item.created_at),
  updated_at: formatInstant(item.updated_at),
  original_start_time: item.original_start_time === null ? null : formatInstant(item.original_start_time),
  bots: item.bots.map(eventBotOnWire)
})

const eventBotOnWire = (bot: typeof EventBot.Type) => ({
  ...bot,
  scheduled_join_time: formatInstant(bot.scheduled_join_time)
})

const scheduledBotOnWire = (bot: typeof ScheduledBot.Type) => ({
  ...bot,
  scheduled_join_time: formatInstant(bot.scheduled_join_time),
  created_at: formatInstant(bot.created_at)
})
