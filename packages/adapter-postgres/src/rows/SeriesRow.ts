/**
 * A series of the mirror as a row.
 * Decides which members have columns of their own: those that queries ask for, and those that a write may keep.
 */
import { type RawBuilder, sql } from "kysely"
import type { CalendarId, Series, SeriesId, SeriesKey } from "@punctual/core"
import { fromText, toInstant, toJson, toJsonOrNull, toText } from "./Column.ts"
import { digestOf, digestOfRaw } from "./Digest.ts"

export interface SeriesRow {
  readonly id: string
  readonly calendar_id: string
  readonly provider_id: string
  readonly key: string
  readonly organizer: string | null
  readonly is_deleted: boolean
  readonly created_at: number
  readonly updated_at: number
  readonly data: SeriesData
  readonly facts: Series["facts"]
  readonly decided_timing: Series["decidedTiming"]
  readonly exceptions: Series["exceptions"]
  readonly raw: unknown
}

type SeriesData = Pick<Series, "iCalUid" | "timing" | "ruleText" | "subject" | "link" | "isCancelled" | "rawTruncated">

/** What a row is read by. */
export const seriesColumns = sql.raw(
  `id, calendar_id, provider_id, key, organizer, is_deleted, created_at, updated_at, data, facts, decided_timing,
  exceptions, raw`
)

export const toSeries = (row: SeriesRow): Series => ({
  id: fromText(row.id) as SeriesId,
  calendarId: fromText(row.calendar_id) as CalendarId,
  providerId: fromText(row.provider_id),
  key: fromText(row.key) as SeriesKey,
  organizer: row.organizer === null ? null : fromText(row.organizer),
  isDeleted: row.is_deleted,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  ...row.data,
  facts: row.facts,
  decidedTiming: row.decided_timing,
  exceptions: row.exceptions,
  raw: row.raw
})

/** The series as rows `r` of a statement, with all columns but those that say who saw them. */
export const seriesRows = (series: ReadonlyArray<Series>): RawBuilder<unknown> => {
  const each = <A>(of: (row: Series) => A): Array<A> => series.map(of)
  return sql`(
    select id, calendar_id, provider_id, key, organizer, is_deleted, created_at, updated_at, digest, raw_digest,
      data::json as data, facts::json as facts, decided_timing::json as decided_timing, exceptions::json as exceptions, raw::json as raw
    from unnest(
      ${each((row) => toText(row.id))}::text[],
      ${each((row) => toText(row.calendarId))}::text[],
      ${each((row) => toText(row.providerId))}::text[],
      ${each((row) => toText(row.key))}::text[],
      ${each((row) => toText(row.organizer))}::text[],
      ${each((row) => row.isDeleted)}::boolean[],
      ${each((row) => toInstant(row.createdAt))}::bigint[],
      ${each((row) => toInstant(row.updatedAt))}::bigint[],
      ${each(digestOfSeries)}::text[],
      ${each(digestOfRaw)}::text[],
      ${each((row) => toJson(dataOf(row)))}::text[],
      ${each((row) => toJsonOrNull(row.facts))}::text[],
      ${each((row) => toJsonOrNull(row.decidedTiming))}::text[],
      ${each((row) => toJsonOrNull(row.exceptions))}::text[],
      ${each((row) => toJson(row.raw))}::text[]
    ) as t (id, calendar_id, provider_id, key, organizer, is_deleted, created_at, updated_at, digest,
      raw_digest, data, facts, decided_timing, exceptions, raw)
  ) as r`
}

const dataOf = (row: Series): SeriesData => ({
  iCalUid: row.iCalUid,
  timing: row.timing,
  ruleText: row.ruleText,
  subject: row.subject,
  link: row.link,
  isCancelled: row.isCancelled,
  rawTruncated: row.rawTruncated
})

/** Of everything but what a known row keeps, what is compared by itself, and when it was told. */
const digestOfSeries = ({
  createdAt: _createdAt,
  decidedTiming: _decidedTiming,
  exceptions: _exceptions,
  isDeleted: _isDeleted,
  raw: _raw,
  rawTruncated: _rawTruncated,
  updatedAt: _updatedAt,
  ...said
}: Series): string => digestOf(said)
