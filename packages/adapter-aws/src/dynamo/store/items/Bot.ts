/**
 * A bot as an item.
 * Decides where a bot waits: for its instant, for a launch to time out, for its schedule to be brought up to date.
 */
import type { Bot, BotStatus, UserId } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { type BotKind, atTime, botKey, fit, inShard, ofMeeting, ordered } from "./Keys.ts"
import { seriesIndex } from "./Intent.ts"

/** Which list of a user's bots one stands in. */
export const kindOfStatus: Readonly<Record<BotStatus, BotKind>> = {
  Scheduled: "B#",
  Launching: "J#",
  Launched: "H#",
  Failed: "F#",
  Cancelled: "X#"
}

/** With a writer's name of its own. */
export const botItem = (userId: UserId, bot: Bot): Item & Key => ({
  ...botKey(userId, bot.id),
  writer: randomUUID(),
  row: JSON.stringify(bot),
  revision: bot.revision,
  ofMeeting: ofMeeting(bot.meeting),
  ofSeries: seriesIndex(bot.meeting),
  atTime: atTime(kindOfStatus[bot.status], bot.joinAt, bot.id),
  ...due(bot),
  ...behind(bot)
})

/**
 * What the scheduler was brought to is noted without raising the bot's revision, so a bot read before that note doesn't
 * take it back.
 */
export const writtenOver = (known: Bot | null, bot: Bot): Bot => {
  const applied = Math.max(known?.schedule.applied ?? bot.schedule.applied, bot.schedule.applied)
  return { ...bot, schedule: { ...bot.schedule, applied } }
}

export const toBot = (item: Item): Bot => JSON.parse(item["row"] as string) as Bot

export const isBotItem = (item: Item): boolean => String(item["sk"]).startsWith("BOT#")

/** A bot that may still come to a meeting; the others are terminal. */
export const isLive = (bot: Bot): boolean => bot.status === "Scheduled" || bot.status === "Launching"

/** Newest first. */
export const compareBots = (a: Bot, b: Bot): number =>
  b.createdAt - a.createdAt || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0)

/** A launch whose lease ran out is due again, unless it was asked to wait. */
export const isDue = (bot: Bot, before: number): boolean => {
  if (bot.status === "Scheduled") return bot.joinAt < before
  const again = relaunchAt(bot)
  return again !== null && again <= before
}

/** In `by_instant`. */
export const joinList = "JOIN"
export const relaunchList = "RELAUNCH"
/** By when the meeting ends. */
export const inMeetingList = "MEETING"
/** In `by_work`. */
export const unappliedList = "UNAPPLIED"

const relaunchAt = ({ launch, status }: Bot): number | null =>
  status === "Launching" && launch !== null ? Math.max(launch.leaseUntil, launch.retryAt ?? launch.leaseUntil) : null

/** Handed over and not withdrawn. */
export const isInMeeting = ({ status, statusReason }: Bot): boolean => status === "Launched" && statusReason === null

/** Which list a bot waits in, and for when. */
const waiting = (bot: Bot): readonly [list: string, at: number] | null => {
  if (bot.status === "Scheduled") return [joinList, bot.joinAt]
  if (isInMeeting(bot)) return [inMeetingList, bot.end]
  const again = relaunchAt(bot)
  return again === null ? null : [relaunchList, again]
}

const due = (bot: Bot): Item => {
  const place = waiting(bot)
  return place === null ? {} : { ipk: inShard(place[0], bot.id), isk: `${ordered(place[1])}#${fit(bot.id)}` }
}

const behind = (bot: Bot): Item =>
  bot.schedule.applied < bot.schedule.wanted
    ? { wpk: inShard(unappliedList, bot.id), wsk: `${ordered(bot.updatedAt)}#${fit(bot.id)}` }
    : {}
