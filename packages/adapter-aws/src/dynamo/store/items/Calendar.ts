/**
 * A calendar as an item.
 * Decides where a calendar waits for its next round, and its subscription for its renewal.
 *
 * Whether the provider may be asked stands in the connection; the calendar carries a copy, so that only calendars that
 * may be read wait in the index. The copy may be too early, never too late: whoever claims compares it with the
 * connection itself.
 */
import type { Calendar, Connection, ConnectionId, Instant, MirrorCounts, UserId } from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { calendarKey, fit, fromOrdered, inShard, ordered, orderedLength } from "./Keys.ts"

export interface HeldCalendar {
  readonly userId: UserId
  readonly calendar: Calendar
  /** When the provider may be asked, as the calendar knows it; null: not until somebody mends the connection. */
  readonly openAt: Instant | null
  /** Events that were changed and not told yet. */
  readonly counts: MirrorCounts
}

/** When the provider may be asked on behalf of the connection; null: not until somebody mends it. */
export const openAtOf = (connection: Connection | null): Instant | null =>
  connection?.status === "active" ? (connection.notBefore ?? always) : null

/** Long before anything is due. */
const always: Instant = Number.MIN_SAFE_INTEGER

/** With a writer's name of its own. */
export const calendarItem = (held: HeldCalendar): Item & Key => {
  const { calendar, openAt, userId } = held
  const { changedMark, eventsZone, ...row } = calendar
  return {
    ...calendarKey(userId, calendar.id),
    writer: randomUUID(),
    row: JSON.stringify(row),
    // By themselves, since a burst of notifications raises the first, commits write the second, and every write under a
    // claim checks the third.
    changedMark,
    eventsZone: eventsZone ?? undefined,
    syncGeneration: calendar.syncGeneration,
    connectionId: calendar.connectionId,
    openAt: openAt ?? undefined,
    dueAt: calendar.dueAt,
    ...countAttributes(held.counts),
    ...waiting(held),
    ...ending(held)
  }
}

export const toHeldCalendar = (userId: UserId, item: Item): HeldCalendar => ({
  userId,
  calendar: {
    ...(JSON.parse(item["row"] as string) as Omit<Calendar, "changedMark" | "eventsZone">),
    changedMark: item["changedMark"] as number,
    eventsZone: (item["eventsZone"] as string | undefined) ?? null
  },
  openAt: (item["openAt"] as number | undefined) ?? null,
  counts: {
    created: (item["createdCount"] as number | undefined) ?? 0,
    updated: (item["updatedCount"] as number | undefined) ?? 0,
    deleted: (item["deletedCount"] as number | undefined) ?? 0
  }
})

const countAttributes = ({ created, deleted, updated }: MirrorCounts): Item =>
  created + updated + deleted === 0 ? {} : { createdCount: created, updatedCount: updated, deletedCount: deleted }

/** Counts more of them, whatever else is written to the calendar meanwhile. */
export const counting = ({ created, deleted, updated }: MirrorCounts) => ({
  set:
    "createdCount = if_not_exists(createdCount, :zero) + :created, " +
    "updatedCount = if_not_exists(updatedCount, :zero) + :updated, " +
    "deletedCount = if_not_exists(deletedCount, :zero) + :deleted",
  values: { ":zero": 0, ":created": created, ":updated": updated, ":deleted": deleted }
})

/** Whether the calendar is the connection's. */
export const isCalendarOf = (id: ConnectionId, item: Item | null): boolean => item?.["connectionId"] === id

export const isCalendarItem = (item: Item): boolean => String(item["sk"]).startsWith("CAL#")

/**
 * By rank, the order in which copies of a meeting own its bot: the order of their connections, then the primary one, then
 * position and id.
 */
export const ranked = (
  calendars: ReadonlyArray<Calendar>,
  connections: ReadonlyArray<Connection>
): ReadonlyArray<Calendar> => {
  const places = new Map(connections.map(({ id }, place) => [id, place]))
  const placeOf = ({ connectionId }: Calendar): number => places.get(connectionId) ?? places.size
  return calendars.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      Number(b.isPrimary) - Number(a.isPrimary) ||
      a.position - b.position ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

/** In `by_instant`. */
export const dueList = "ROUND"
/** In `by_work`. */
export const endingList = "ENDING"

/** When nothing stands against a claim any more: due, free, and the provider may be asked. */
export const readyAt = ({ calendar, openAt }: HeldCalendar): Instant | null =>
  !calendar.selected || openAt === null ? null : Math.max(calendar.dueAt, calendar.leaseUntil ?? openAt, openAt)

/** Longest due first; when it is ready stands at the end, for whoever asks when that will be. */
const waiting = (held: HeldCalendar): Item => {
  const ready = readyAt(held)
  if (ready === null) return {}
  const { calendar, userId } = held
  const name = `${fit(userId)}#${fit(calendar.id)}`
  return {
    ipk: inShard(dueList, `${userId}${calendar.id}`),
    isk: `${ordered(calendar.dueAt)}#${name}#${ordered(ready)}`
  }
}

export const waitsFor = (isk: string): { readonly dueAt: Instant; readonly readyAt: Instant } => ({
  dueAt: fromOrdered(isk.slice(0, orderedLength)),
  readyAt: fromOrdered(isk.slice(-orderedLength))
})

const ending = ({ calendar: { subscription }, userId }: HeldCalendar): Item =>
  subscription === null
    ? {}
    : {
        wpk: inShard(endingList, userId),
        wsk: `${ordered(subscription.expiresAt)}#${fit(subscription.id)}`
      }
