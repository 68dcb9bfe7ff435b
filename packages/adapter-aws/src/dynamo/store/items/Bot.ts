/**
 * A bot as an item.
 * Decides where a bot waits: for its instant, for a launch to time out, for its schedule to be brought up to date.
 */
import {
  type DueBot,
  type Bot,
  type BotStatus,
  type SharedConfigs,
  type StoredRow,
  type UserId,
  storedRow,
  wholeRow
} from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { type BotKind, atTime, botKey, fit, inShard, ofMeeting, ordered } from "./Keys.ts"
import { seriesIndex } from "./Intent.ts"
import { type ConfigOf, storedAttributes } from "./SharedConfig.ts"

/** Which list of a user's bots one stands in. */
export const kindOfStatus: Readonly<Record<BotStatus, BotKind>> = {
  Scheduled: "B#",
  Launching: "J#",
  Launched: "H#",
  Failed: "F#",
  Cancelled: "X#"
}

/** A bot as far as its item says it alone. What it is configured by may have to be looked up. */
export type BareBot = Omit<Bot, "config" | "customAttributes">

/** With a writer's name of its own. */
export const botItem = (userId: UserId, bot: Bot, configs: SharedConfigs): Item & Key =>
  itemOf(userId, bot, storedRow(bot, configs))

/** The same, with the revision that the scheduler was brought to. */
export const appliedItem = (userId: UserId, item: Item, applied: number): Item & Key => {
  const known = bareBot(item)
  const row = { ...known, schedule: { ...known.schedule, applied } }
  return itemOf(userId, row, { row, config: (item["config"] as string | undefined) ?? null })
}

const itemOf = (userId: UserId, bot: BareBot, stored: StoredRow): Item & Key => ({
  ...botKey(userId, bot.id),
  writer: randomUUID(),
  ...storedAttributes(stored),
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
export const writtenOver = (known: BareBot | null, bot: Bot): Bot => {
  const applied = Math.max(known?.schedule.applied ?? bot.schedule.applied, bot.schedule.applied)
  return { ...bot, schedule: { ...bot.schedule, applied } }
}

export const bareBot = (item: Item): BareBot => JSON.parse(item["row"] as string) as BareBot

/** The cast: with what it refers to a row is whole. */
export const toBot = (item: Item, configOf: ConfigOf): Bot => wholeRow(bareBot(item) as Bot, configOf(item["config"]))

export const isBotItem = (item: Item): boolean => String(item["sk"]).startsWith("BOT#")

/** A bot that may still come to a meeting; the others are terminal. */
export const isLive = (bot: BareBot): boolean => bot.status === "Scheduled" || bot.status === "Launching"

/** Newest first. */
export const compareBots = (a: Bot, b: Bot): number =>
  b.createdAt - a.createdAt || (b.id < a.id ? -1 : b.id > a.id ? 1 : 0)

/** When it is due, where it is by then. A launch whose lease ran out is due again, unless it was asked to wait. */
export const dueOf = (bot: BareBot, before: number): Pick<DueBot, "status" | "at"> | null => {
  const { joinAt, status } = bot
  if (status === "Scheduled") return joinAt < before ? { status, at: joinAt } : null
  const again = relaunchAt(bot)
  return again !== null && again <= before ? { status: "Launching", at: again } : null
}

/** In `by_instant`. */
export const joinList = "JOIN"
export const relaunchList = "RELAUNCH"
/** By when the meeting ends. */
export const inMeetingList = "MEETING"
/** In `by_work`. */
export const unappliedList = "UNAPPLIED"

const relaunchAt = ({ launch, status }: BareBot): number | null =>
  status === "Launching" && launch !== null ? Math.max(launch.leaseUntil, launch.retryAt ?? launch.leaseUntil) : null

/** Handed over and not withdrawn. */
export const isInMeeting = ({ status, statusReason }: BareBot): boolean =>
  status === "Launched" && statusReason === null

/** Which list a bot waits in, and for when. */
const waiting = (bot: BareBot): readonly [list: string, at: number] | null => {
  if (bot.status === "Scheduled") return [joinList, bot.joinAt]
  if (isInMeeting(bot)) return [inMeetingList, bot.end]
  const again = relaunchAt(bot)
  return again === null ? null : [relaunchList, again]
}

const due = (bot: BareBot): Item => {
  const place = waiting(bot)
  return place === null ? {} : { ipk: inShard(place[0], bot.id), isk: `${ordered(place[1])}#${fit(bot.id)}` }
}

const behind = (bot: BareBot): Item =>
  bot.schedule.applied < bot.schedule.wanted
    ? { wpk: inShard(unappliedList, bot.id), wsk: `${ordered(bot.updatedAt)}#${fit(bot.id)}` }
    : {}
