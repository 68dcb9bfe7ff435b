/**
 * What the store holds of the people of a simulated world, and what they themselves call it.
 * Decides how a meeting of the store's is found among theirs: by its key, and of several events with one UID by the row.
 */
import { Context } from "effect"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { BotId, ConnectionId } from "../../src/domain/Ids.ts"
import { StoreProbe, type Tenant } from "../memory/StoreMemory.ts"
import { type Person, dateOfKey, keyNow, seriesOfKey } from "./Model.ts"
import type { Ports } from "./Site.ts"
import type { Stage } from "./Stage.ts"

/** What the store holds of a person; null: nothing yet. */
export const tenantOf = (stage: Stage, ports: Ports, person: Person): Readonly<Tenant> | null =>
  stage.loop.sync(Context.get(ports, StoreProbe).tenants).get(person.userId) ?? null

/** A connection as the store holds it; null: it was never made. */
export const rowOf = (tenant: Readonly<Tenant> | null, id: ConnectionId): Connection | null =>
  tenant?.connections.get(id) ?? null

/** What a row's meeting is called by the people, where it is one of several with one UID; null: it is not. */
export const twinOf = ({ twins }: Person, { providerId }: Pick<CalendarEvent, "providerId">): string | null =>
  twins.get(providerId) ?? null

/**
 * What the store's meeting is called by the people. Only where there are several events with one UID its key alone does not
 * say which of them it is.
 */
export const calledOf = (
  person: Person,
  tenant: Readonly<Tenant> | null,
  { eventId, meeting }: Pick<Bot, "eventId" | "meeting">
): string => {
  if (person.twins.size === 0 || meeting.startsWith("on:")) return meeting
  const all = [...(tenant?.events.values() ?? [])].map(({ row }) => row)
  const rows = all.filter((row) => row.meeting === meeting)
  const own = all.find(({ id }) => id === eventId)
  // Mirrored and not decided yet, several have one key, and the key of a bot in an answer may be another's by now: a bot
  // knows its own.
  const row = own ?? rows.find(({ isDeleted }) => !isDeleted) ?? rows[0]
  return row === undefined ? meeting : (twinOf(person, row) ?? meeting)
}

/** The same, under its name of today. */
export const keyOf = (person: Person, tenant: Readonly<Tenant> | null, bot: Pick<Bot, "eventId" | "meeting">): string =>
  keyNow(person, calledOf(person, tenant, bot))

export const calledOfRow = (person: Person, row: CalendarEvent): string => twinOf(person, row) ?? row.meeting

export const keyOfRow = (person: Person, row: CalendarEvent): string => keyNow(person, calledOfRow(person, row))

/**
 * Whether another series is shown that goes on in place of the one that is named, on that date: what is asked of the old one,
 * as long as it is still shown beside it, may end with it.
 */
export const isOutlived = (person: Person, tenant: Readonly<Tenant> | null, called: string): boolean => {
  if (isAnotherByNow(person, tenant, called)) return true
  const { series } = person
  const continued = series.get(seriesOfKey(called) ?? "")?.continued ?? null
  if (continued === null || dateOfKey(called) < continued.from) return false
  return [...(tenant?.series.values() ?? [])].some(({ row }) => row.providerId === continued.providerId)
}

/** Whether what a bot was made for may be another date by now: of a changed pattern, or of the series that goes on. */
export const isShifted = (
  person: Person,
  tenant: Readonly<Tenant> | null,
  key: string,
  { meeting }: Pick<Bot, "meeting">
): boolean => person.series.get(seriesOfKey(key) ?? "")?.wasShifted === true || isOutlived(person, tenant, meeting)

/** An occurrence that is a single meeting by now: at another time, or out of another series, what was asked need not reach it. */
const isAnotherByNow = (person: Person, tenant: Readonly<Tenant> | null, called: string): boolean => {
  const key = keyNow(person, called)
  if (seriesOfKey(called) === null || seriesOfKey(key) !== null) return false
  const single = person.gatherings.findLast((each) => each.key === key)
  if (single === undefined || single.providerId !== seriesOfKey(called)) return true
  return [...(tenant?.events.values() ?? [])].some(({ row }) => row.meeting === called && row.start !== single.start)
}

/**
 * Whether another bot may be answered with beside this one: it failed, or its meeting has moved to after its end since it
 * was launched; its date has become another with its series' pattern, or its series goes on as another; the person took its
 * calendar out meanwhile; a policy took it back, which has been lifted since.
 */
export const isOver = (
  bot: Bot,
  held: ReadonlyArray<Bot>,
  since: { readonly answered: BotId; readonly isShifted: boolean; readonly isTakenOut: boolean }
): boolean => {
  if (bot.status === "Launched" && held.some((other) => bot.end <= other.start)) return true
  if (bot.id === since.answered) return false
  if (bot.status === "Failed" || (since.isTakenOut && bot.status === "Cancelled")) return true
  if (bot.status === "Cancelled" && bot.statusReason === "blocked_by_policy") return true
  return since.isShifted && held.some(({ id, meeting }) => id === since.answered && meeting !== bot.meeting)
}
