/**
 * A calendar as a row, and a connection as one.
 * Decides nothing but names: every member of a calendar has a column, since each is written by itself.
 */
import { type RawBuilder, sql } from "kysely"
import type {
  AccessRole,
  Calendar,
  CalendarId,
  Connection,
  ConnectionId,
  ProviderCalendarId,
  Subscription,
  SyncStatus
} from "@punctual/core"
import { fromText } from "./Column.ts"

export interface CalendarRow extends SubscriptionColumns {
  readonly calendar_id: string
  readonly connection_id: string
  readonly provider_id: string
  readonly namespace: string
  readonly summary: string
  readonly is_primary: boolean
  readonly access_role: AccessRole
  readonly color: string
  readonly time_zone: string | null
  readonly selected: boolean
  readonly is_removed: boolean
  readonly position: number
  readonly polling_reason: string | null
  readonly events_zone: string | null
  readonly cursor: string | null
  readonly window_from: number | null
  readonly window_to: number | null
  readonly based_at: number | null
  readonly last_synced_at: number | null
  readonly sync_status: SyncStatus
  readonly sync_error: string | null
  readonly due_at: number
  readonly changed_mark: number
  readonly sync_generation: number
  readonly lease_until: number | null
}

export interface SubscriptionColumns {
  readonly subscription_id: string | null
  readonly subscription_hash: string | null
  readonly subscription_ends_at: number | null
}

/** What a row is read by. */
export const calendarColumns = sql.raw(
  `calendar_id, connection_id, provider_id, namespace, summary, is_primary, access_role, color, time_zone, selected,
  is_removed, position, subscription_id, subscription_hash, subscription_ends_at, polling_reason, events_zone, cursor,
  window_from, window_to, based_at, last_synced_at, sync_status, sync_error, due_at, changed_mark, sync_generation, lease_until`
)

/** A user's calendars by rank, which is the order in which copies of a meeting own its bot. */
export const calendarsByRank = (user: RawBuilder<unknown>): RawBuilder<CalendarRow> => sql`
  select ${calendarColumns} from punctual.calendars c
  join punctual.connections k on k.user_id = c.user_id and k.id = c.connection_id
  where c.user_id = ${user} order by ${connectionOrder}, c.is_primary desc, c.position, c.calendar_id`

/** A user's connections `k` as they were connected. */
export const connectionOrder = sql.raw(`k.created_at, k.id`)

export const toCalendar = (row: CalendarRow): Calendar => ({
  id: fromText(row.calendar_id) as CalendarId,
  connectionId: fromText(row.connection_id) as ConnectionId,
  providerId: fromText(row.provider_id) as ProviderCalendarId,
  namespace: fromText(row.namespace) as ConnectionId | CalendarId,
  summary: fromText(row.summary),
  isPrimary: row.is_primary,
  accessRole: row.access_role,
  color: fromText(row.color),
  timeZone: fromTextOrNull(row.time_zone),
  selected: row.selected,
  isRemoved: row.is_removed,
  position: row.position,
  subscription: toSubscription(row),
  pollingReason: fromTextOrNull(row.polling_reason),
  eventsZone: fromTextOrNull(row.events_zone),
  cursor: fromTextOrNull(row.cursor),
  window: row.window_from === null || row.window_to === null ? null : { from: row.window_from, to: row.window_to },
  basedAt: row.based_at,
  lastSyncedAt: row.last_synced_at,
  syncStatus: row.sync_status,
  syncError: fromTextOrNull(row.sync_error),
  dueAt: row.due_at,
  changedMark: row.changed_mark,
  syncGeneration: row.sync_generation,
  leaseUntil: row.lease_until
})

export const toSubscription = (row: SubscriptionColumns): Subscription | null =>
  row.subscription_id === null || row.subscription_hash === null || row.subscription_ends_at === null
    ? null
    : {
        id: fromText(row.subscription_id),
        clientStateHash: fromText(row.subscription_hash),
        expiresAt: row.subscription_ends_at
      }

/** When the provider may be asked on behalf of the connection; null: not until somebody mends it. */
export const openAt = ({ notBefore, status }: Connection): number | null =>
  status === "active" ? (notBefore ?? Number.MIN_SAFE_INTEGER) : null

const fromTextOrNull = (text: string | null): string | null => (text === null ? null : fromText(text))
