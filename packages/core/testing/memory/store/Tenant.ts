/**
 * What the in-memory store holds of one user, and the orders its lists come in.
 *
 * Decides which members a user's state has and how rows are sorted. Never decides what may be written.
 */
import type { Bot } from "../../../src/domain/Bot.ts"
import type { Calendar } from "../../../src/domain/Calendar.ts"
import type { Connection } from "../../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../../src/domain/Event.ts"
import type {
  BotId,
  CalendarId,
  ConnectionId,
  EventId,
  MeetingKey,
  SeriesId,
  UserId,
  WorkspaceId
} from "../../../src/domain/Ids.ts"
import { type AutoSchedule, type Intent, type Override, autoNever } from "../../../src/domain/Intent.ts"
import type { LoggedChange, MirrorCounts } from "../../../src/domain/LoggedChange.ts"
import type { Series } from "../../../src/domain/Series.ts"
import type { Instant, Span } from "../../../src/domain/Time.ts"

/** A row of the mirror, with what only the store needs to know of it. */
export interface Mirrored<Row> {
  readonly row: Row
  /** The user's mirror number after the write that last changed it. */
  readonly changedAt: number
  /** The sync generation of the claim that last saw it; null: never listed. */
  readonly seenBy: number | null
}

/** An entry, with its place among everybody's. */
export interface Told {
  readonly place: number
  readonly change: LoggedChange
}

/** All of one user. The maps are written in place, by one synchronous operation at a time. */
export interface Tenant {
  readonly userId: UserId
  readonly connections: Map<ConnectionId, Connection>
  version: number
  mirrorNumber: number
  decided: number
  decideAt: Instant | null
  judgeMark: number | null
  auto: AutoSchedule
  pausedUntil: Instant | null
  /** Null: of none. */
  workspaceId: WorkspaceId | null
  /** Of the policy that the user was last decided by. */
  policyNumber: number
  readonly calendars: Map<CalendarId, Calendar>
  readonly events: Map<EventId, Mirrored<CalendarEvent>>
  readonly series: Map<SeriesId, Mirrored<Series>>
  readonly intents: Map<string, Intent>
  readonly overrides: Map<MeetingKey, Override>
  readonly bots: Map<BotId, Bot>
  /** Of the entry written last; it outlives all entries. */
  sequence: number
  /** When it happened: an entry never tells of an earlier time than the one before it. */
  toldAt: Instant
  /** By sequence. */
  log: Array<Told>
  /** What was changed in a calendar and not told yet. */
  readonly counts: Map<CalendarId, MirrorCounts>
  /** The latest tombstone that was pruned. */
  pruned: { readonly mirrorNumber: number; readonly at: Instant } | null
}

export const emptyTenant = (userId: UserId): Tenant => ({
  userId,
  connections: new Map(),
  version: 0,
  mirrorNumber: 0,
  decided: 0,
  decideAt: null,
  judgeMark: null,
  auto: autoNever,
  pausedUntil: null,
  workspaceId: null,
  policyNumber: 0,
  calendars: new Map(),
  events: new Map(),
  series: new Map(),
  intents: new Map(),
  overrides: new Map(),
  bots: new Map(),
  sequence: 0,
  toldAt: -Infinity,
  log: [],
  counts: new Map(),
  pruned: null
})

/** Every user, by id. */
export class Tenants extends Map<UserId, Tenant> {
  /** Of the entry written last, among everybody's. */
  place = 0
}

/** The user's state, to read: an unknown user has an empty one, and asking for it leaves no trace. */
export const tenantOf = (tenants: Tenants, userId: UserId): Tenant => tenants.get(userId) ?? emptyTenant(userId)

/** The user's state, to write. */
export const tenantFor = (tenants: Tenants, userId: UserId): Tenant => {
  const known = tenants.get(userId)
  if (known !== undefined) return known
  const tenant = emptyTenant(userId)
  tenants.set(userId, tenant)
  return tenant
}

/** Users after `after`, by id. */
export const usersAfter = (tenants: Tenants, after: UserId | null): ReadonlyArray<Tenant> =>
  [...tenants.values()]
    .filter((tenant) => after === null || tenant.userId > after)
    .toSorted((a, b) => compareIds(a.userId, b.userId))

/** By code unit, whatever the machine's language is. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By instant, then id. */
export const comparePlaces = (a: { at: Instant; id: string }, b: { at: Instant; id: string }): number =>
  a.at - b.at || compareIds(a.id, b.id)

/** A user's connections, in the order in which they were connected. */
export const connectionsOf = ({ connections }: Tenant): ReadonlyArray<Connection> =>
  [...connections.values()].toSorted((a, b) => a.createdAt - b.createdAt || compareIds(a.id, b.id))

export const isStanding = ({ status }: Connection): boolean => status !== "disconnected"

/** By rank: the order of their connections, the primary one first, then by position and id. */
export const calendarsOf = (tenant: Tenant): ReadonlyArray<Calendar> => {
  const places = new Map(connectionsOf(tenant).map(({ id }, place) => [id, place]))
  const placeOf = ({ connectionId }: Calendar): number => places.get(connectionId) ?? places.size
  return [...tenant.calendars.values()].toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      Number(b.isPrimary) - Number(a.isPrimary) ||
      a.position - b.position ||
      compareIds(a.id, b.id)
  )
}

/** A meeting that lasts no time at all belongs to the span that its start lies in. */
export const overlaps = (event: Pick<CalendarEvent, "start" | "end">, span: Span): boolean =>
  event.start < span.to && (event.end > span.from || event.start >= span.from)

/** A bot that may still come to a meeting; the others are terminal. */
export const isLive = (bot: Bot): boolean => bot.status === "Scheduled" || bot.status === "Launching"

/** Newest first. */
export const compareBots = (a: Bot, b: Bot): number => b.createdAt - a.createdAt || compareIds(b.id, a.id)
