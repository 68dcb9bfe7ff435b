/**
 * Schemas of a calendar and the state of its mirror. Decide the shapes only.
 */
import { Schema } from "effect"
import type {
  AccessRole as AccessRoleType,
  Calendar as CalendarType,
  Subscription as SubscriptionType,
  SyncStatus as SyncStatusType
} from "../Calendar.ts"
import { describing } from "./Describing.ts"
import { CalendarId, ConnectionId, ProviderCalendarId } from "./Ids.ts"
import { Instant, Span } from "./Time.ts"

export const AccessRole = describing<AccessRoleType>()(Schema.Literals(["owner", "writer", "reader", "freeBusyReader"]))

export const SyncStatus = describing<SyncStatusType>()(Schema.Literals(["never", "ok", "stale", "failed"]))

export const Subscription = describing<SubscriptionType>()(
  Schema.Struct({ id: Schema.String, clientStateHash: Schema.String, expiresAt: Instant })
)

export const Calendar = describing<CalendarType>()(
  Schema.Struct({
    id: CalendarId,
    connectionId: ConnectionId,
    providerId: ProviderCalendarId,
    namespace: Schema.Union([ConnectionId, CalendarId]),
    summary: Schema.String,
    isPrimary: Schema.Boolean,
    accessRole: AccessRole,
    color: Schema.String,
    timeZone: Schema.NullOr(Schema.String),
    selected: Schema.Boolean,
    isRemoved: Schema.Boolean,
    position: Schema.Int,
    subscription: Schema.NullOr(Subscription),
    pollingReason: Schema.NullOr(Schema.String),
    eventsZone: Schema.NullOr(Schema.String),
    cursor: Schema.NullOr(Schema.String),
    window: Schema.NullOr(Span),
    basedAt: Schema.NullOr(Instant),
    lastSyncedAt: Schema.NullOr(Instant),
    syncStatus: SyncStatus,
    syncError: Schema.NullOr(Schema.String),
    dueAt: Instant,
    changedMark: Schema.Int,
    syncGeneration: Schema.Int,
    leaseUntil: Schema.NullOr(Instant)
  })
)
