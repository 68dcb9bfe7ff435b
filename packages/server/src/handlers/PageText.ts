/**
 * The two long lists as the JSON that the contract's schemas would write, written without them: encoding a page member
 * by member through a schema takes longer than everything else the server does for it. A test holds each text to its
 * schema, letter by letter. Decides nothing.
 */
import { HttpServerResponse } from "effect/http"
import type { EventBot, ScheduledBot } from "../api/BotSchemas.ts"
import type { ScheduledBotsAnswer } from "../api/BotsApi.ts"
import type { EventsAnswer } from "../api/EventsApi.ts"
import type { EventItem } from "./EventView.ts"
import { formatInstant } from "../api/Time.ts"

/** `results`: as `eventText` writes each, parted by commas. */
type EventsPage = Omit<typeof EventsAnswer.Type, "results"> & { readonly results: string }

export const eventsText = ({ has_more, next, previous, results, stale_reason }: EventsPage): string => {
  const stale = stale_reason === undefined ? "" : `,"stale":true,"stale_reason":${JSON.stringify(stale_reason)}`
  const turns = `"next":${JSON.stringify(next)},"previous":${JSON.stringify(previous)}`
  return `{${turns},"results":[${results}],"has_more":${has_more}${stale}}`
}

export const scheduledBotsText = (page: typeof ScheduledBotsAnswer.Type): string =>
  JSON.stringify({ ...page, scheduled_bots: page.scheduled_bots.map(scheduledBotOnWire) })

/** A 200 with the text as its body. */
export const jsonAnswer = (text: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(text, { contentType: "application/json" })

/** The provider's own item is text already: it is put in its place, neither read nor written again. */
export const eventText = (item: EventItem): string => {
  const before = JSON.stringify({
    ...item,
    start_time: formatInstant(item.start_time),
    end_time: formatInstant(item.end_time),
    created_at: formatInstant(item.created_at),
    updated_at: formatInstant(item.updated_at),
    original_start_time: item.original_start_time === null ? null : formatInstant(item.original_start_time),
    raw: undefined,
    raw_truncated: undefined,
    bots: undefined,
    bot_count: undefined,
    will_join: undefined,
    decision: undefined
  })
  const truncated = item.raw_truncated === true ? ',"raw_truncated":true' : ""
  const bots = JSON.stringify(item.bots.map(eventBotOnWire))
  const explained =
    item.decision === undefined ? "" : `,"will_join":${item.will_join},"decision":${JSON.stringify(item.decision)}`
  return `${before.slice(0, -1)},"raw":${item.raw}${truncated},"bots":${bots},"bot_count":${item.bot_count}${explained}}`
}

const eventBotOnWire = (bot: typeof EventBot.Type) => ({
  ...bot,
  scheduled_join_time: formatInstant(bot.scheduled_join_time)
})

export const scheduledBotOnWire = (bot: typeof ScheduledBot.Type) => ({
  ...bot,
  scheduled_join_time: formatInstant(bot.scheduled_join_time),
  created_at: formatInstant(bot.created_at)
})
