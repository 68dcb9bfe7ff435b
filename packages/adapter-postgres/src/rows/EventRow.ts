/**
 * An event of the mirror as a row.
 * Decides which members have columns of their own: those that queries ask for, and those that a write may keep.
 */
import { type RawBuilder, sql } from "kysely"
import type {
  CalendarEvent,
  CalendarId,
  EventFacts,
  EventId,
  EventKind,
  MeetingKey,
  SeriesId,
  SeriesKey
} from "@punctual/core"
import { fromText, toInstant, toJson, toJsonOrNull, toText } from "./Column.ts"
import { digestOf, digestOfRaw } from "./Digest.ts"

export interface EventRow {
  readonly id: string
  readonly calendar_id: string
  readonly provider_id: string
  readonly kind: EventKind
  readonly series_id: string | null
  readonly series_key: string | null
  readonly meeting: string
  readonly family: string
  readonly start_at: number
  readonly end_at: number
  readonly organizer: string | null
  readonly is_deleted: boolean
  readonly is_virtual: boolean
  readonly created_at: number
  readonly updated_at: number
  readonly data: EventData
  readonly facts: EventFacts | null
  readonly raw: unknown
}

type EventData = Pick<
  CalendarEvent,
  | "originalDate"
  | "originalStart"
  | "iCalUid"
  | "isAllDay"
  | "zone"
  | "subject"
  | "link"
  | "isCancelled"
  | "rawTruncated"
>

/** What a row is read by. */
export const eventColumns = sql.raw(
  `id, calendar_id, provider_id, kind, series_id, series_key, meeting, family, start_at, end_at, organizer,
  is_deleted, is_virtual, created_at, updated_at, data, facts, raw`
)

/** What a decision reads: the provider's own item only of what is virtual, where it is the series'. */
export const decidedEventColumns = sql.raw(
  `id, calendar_id, provider_id, kind, series_id, series_key, meeting, family, start_at, end_at, organizer,
  is_deleted, is_virtual, created_at, updated_at, data, facts, case when is_virtual then raw end as raw`
)

/** The same without the provider's own item. */
export type ListedRow = Omit<EventRow, "raw">

export const toEvent = (row: EventRow): CalendarEvent => ({ ...toListed(row), raw: row.raw })

export const toListed = (row: ListedRow): Omit<CalendarEvent, "raw"> => ({
  id: fromText(row.id) as EventId,
  calendarId: fromText(row.calendar_id) as CalendarId,
  providerId: fromText(row.provider_id),
  kind: row.kind,
  seriesId: row.series_id === null ? null : (fromText(row.series_id) as SeriesId),
  seriesKey: row.series_key === null ? null : (fromText(row.series_key) as SeriesKey),
  meeting: fromText(row.meeting) as MeetingKey,
  family: fromText(row.family) as MeetingKey,
  start: row.start_at,
  end: row.end_at,
  organizer: row.organizer === null ? null : fromText(row.organizer),
  isDeleted: row.is_deleted,
  isVirtual: row.is_virtual,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...row.data,
  facts: row.facts
})

/** The events as rows `r` of a statement, with all columns but those that say who saw them. */
export const eventRows = (events: ReadonlyArray<CalendarEvent>): RawBuilder<unknown> => {
  const each = <A>(of: (event: CalendarEvent) => A): Array<A> => events.map(of)
  return sql`(
    select id, calendar_id, provider_id, kind, series_id, series_key, meeting, family, start_at, end_at,
      organizer, is_deleted, is_virtual, created_at, updated_at, digest, raw_digest, data::json as data, facts::json as facts,
      raw::json as raw
    from unnest(
      ${each((event) => toText(event.id))}::text[],
      ${each((event) => toText(event.calendarId))}::text[],
      ${each((event) => toText(event.providerId))}::text[],
      ${each((event) => event.kind)}::text[],
      ${each((event) => toText(event.seriesId))}::text[],
      ${each((event) => toText(event.seriesKey))}::text[],
      ${each((event) => toText(event.meeting))}::text[],
      ${each((event) => toText(event.family))}::text[],
      ${each((event) => toInstant(event.start))}::bigint[],
      ${each((event) => toInstant(event.end))}::bigint[],
      ${each((event) => toText(event.organizer))}::text[],
      ${each((event) => event.isDeleted)}::boolean[],
      ${each((event) => event.isVirtual)}::boolean[],
      ${each((event) => toInstant(event.createdAt))}::bigint[],
      ${each((event) => toInstant(event.updatedAt))}::bigint[],
      ${each(digestOfEvent)}::text[],
      ${each(digestOfRaw)}::text[],
      ${each((event) => toJson(dataOf(event)))}::text[],
      ${each((event) => toJsonOrNull(event.facts))}::text[],
      ${each((event) => toJson(event.raw))}::text[]
    ) as t (id, calendar_id, provider_id, kind, series_id, series_key, meeting, family, start_at, end_at,
      organizer, is_deleted, is_virtual, created_at, updated_at, digest, raw_digest, data, facts, raw)
  ) as r`
}

const dataOf = (event: CalendarEvent): EventData => ({
  originalDate: event.originalDate,
  originalStart: event.originalStart,
  iCalUid: event.iCalUid,
  isAllDay: event.isAllDay,
  zone: event.zone,
  subject: event.subject,
  link: event.link,
  isCancelled: event.isCancelled,
  rawTruncated: event.rawTruncated
})

/**
 * Of everything but what a known row keeps (`createdAt`, and `meeting` as long as its family stays), what is compared by
 * itself (`isDeleted`, the provider's item), and when it was told (`updatedAt`), which says nothing about what it says.
 */
const digestOfEvent = ({
  createdAt: _createdAt,
  isDeleted: _isDeleted,
  meeting: _meeting,
  raw: _raw,
  rawTruncated: _rawTruncated,
  updatedAt: _updatedAt,
  ...said
}: CalendarEvent): string => digestOf(said)
