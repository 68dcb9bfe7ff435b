/**
 * What people read, page by page.
 * Decides which rows are shown and in what order. Never writes.
 */
import { Effect, Option } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type Bot,
  type BotListing,
  type BotStatus,
  type BotsQuery,
  type CalendarEvent,
  type Connection,
  type EventId,
  type EventListing,
  type EventsQuery,
  type Page,
  type Place,
  type Series,
  type SeriesId,
  type UserId,
  quotaLimits
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type BotRow, botColumns, toBot } from "../rows/BotRow.ts"
import { toInstant, toText, toTexts, userIs } from "../rows/Column.ts"
import type { ConfigOf } from "../rows/SharedConfigRows.ts"
import { type EventRow, type ListedRow, eventColumns, toEvent, toListed } from "../rows/EventRow.ts"
import { type SeriesRow, seriesColumns, toSeries } from "../rows/SeriesRow.ts"
import { connectionsOf } from "./Connections.ts"
import { readWithConfigs } from "./SharedConfigs.ts"
import { overlapping, overlaps } from "./Overlap.ts"

export const event = (
  db: Queries,
  userId: UserId,
  eventId: EventId
): Effect.Effect<Option.Option<CalendarEvent>, DatabaseError> =>
  Effect.map(
    db.rows<EventRow>(
      sql`select ${eventColumns} from punctual.events where user_id = ${toText(userId)} and id = ${toText(eventId)}`
    ),
    ([row]) => Option.map(Option.fromUndefinedOr(row), toEvent)
  )

export const series = (
  db: Queries,
  userId: UserId,
  seriesId: SeriesId
): Effect.Effect<Option.Option<Series>, DatabaseError> =>
  Effect.map(
    db.rows<SeriesRow>(
      sql`select ${seriesColumns} from punctual.series where user_id = ${toText(userId)} and id = ${toText(seriesId)}`
    ),
    ([row]) => Option.map(Option.fromUndefinedOr(row), toSeries)
  )

export const events = (db: Queries, query: EventsQuery): Effect.Effect<Page<CalendarEvent>, DatabaseError> =>
  Effect.map(db.rows<EventRow>(eventsPage(query)), (rows) => page(rows.map(toEvent), query))

interface ListingRow extends ListedRow {
  readonly raw_text: string | null
  readonly applied: number | null
  readonly bot: Bot | null
  readonly config: string | null
  readonly bot_count: number | null
}

/** A row for each of the newest bots of a meeting, or one for a meeting without any. */
export const listing = (db: Queries, query: EventsQuery): Effect.Effect<Page<EventListing>, DatabaseError> =>
  readWithConfigs(
    db,
    sql<ListingRow>`
      select ${listedColumns}, e.raw::text as raw_text, b.applied, b.data as bot, b.config, b.bot_count
      from (${eventsPage(query)}) e left join lateral (
        select applied, data, config, created_at, id, (
          select count(*) from punctual.bots c where c.user_id = ${toText(query.userId)} and c.meeting = e.meeting
        )::int as bot_count
        from punctual.bots where user_id = ${toText(query.userId)} and meeting = e.meeting
        order by created_at desc, id desc limit ${quotaLimits.botsOfOneEventMax}::int
      ) b on true
      order by ${inDirection(sql`e.start_at`, sql`e.id`, query)}, b.created_at desc, b.id desc`,
    query.userId,
    (rows) => rows,
    (rows, configOf) => page(toListings(rows, configOf), query)
  )

const listedColumns = sql.raw(
  `e.id, e.calendar_id, e.provider_id, e.kind, e.series_id, e.series_key, e.meeting, e.family, e.start_at, e.end_at,
  e.organizer, e.is_deleted, e.is_virtual, e.created_at, e.updated_at, e.data, e.facts`
)

const toListings = (rows: ReadonlyArray<ListingRow>, configOf: ConfigOf): ReadonlyArray<EventListing> => {
  const listings: Array<EventListing & { readonly bots: Array<Bot> }> = []
  let last: ListingRow | undefined
  for (const row of rows) {
    if (row.id !== last?.id)
      listings.push({ event: toListed(row), rawText: row.raw_text ?? "null", bots: [], botCount: row.bot_count ?? 0 })
    if (row.bot !== null && row.applied !== null) {
      listings.at(-1)?.bots.push(toBot({ applied: row.applied, data: row.bot, config: row.config }, configOf))
    }
    last = row
  }
  return listings
}

const eventsPage = (query: EventsQuery): RawBuilder<EventRow> => {
  const shown = sql`and calendar_id = any(${toTexts(query.calendarIds)}::text[])`
  const alive = query.includeDeleted ? sql`` : sql`and not is_deleted`
  const first = query.uniqueMeetings ? sql`and ${isFirstCopy(query)}` : sql``
  const tail = inOrder(sql`start_at`, query)
  const rest = sql`${shown} ${alive} ${beyond(sql`start_at`, query)} ${first}`
  return sql`
    select ${eventColumns} from (
      ${overlapping(eventColumns, sql`${toText(query.userId)}::text`, query.span, rest, tail)}
    ) e ${tail}`
}

/**
 * No copy of the same meeting at the same time comes before `e`: on the calendar that is named first, but one that is gone
 * stands behind all others.
 */
const isFirstCopy = ({ calendarIds, includeDeleted, span, userId }: EventsQuery): RawBuilder<unknown> => {
  const rank = (copy: string) => sql`(${sql.ref(copy)}.is_deleted,
    array_position(${toTexts(calendarIds)}::text[], ${sql.ref(copy)}.calendar_id), ${sql.ref(copy)}.id)`
  return sql`not exists (
    select 1 from punctual.events f
    where f.user_id = ${toText(userId)} and f.meeting = e.meeting and f.start_at = e.start_at and f.id <> e.id
      and f.calendar_id = any(${toTexts(calendarIds)}::text[])
      ${includeDeleted ? sql`` : sql`and not f.is_deleted`}
      and f.end_at is not null and ${overlaps(span)}
      and ${rank("f")} < ${rank("e")}
  )`
}

export const bots = (db: Queries, query: BotsQuery): Effect.Effect<Page<Bot>, DatabaseError> =>
  readWithConfigs(
    db,
    botsPage(sql`${botColumns}, join_at, id`, query),
    query.userId,
    (rows) => rows,
    (rows, configOf) =>
      page(
        rows.map((row) => toBot(row, configOf)),
        query
      )
  )

/** Of any status: a page of each, put together. */
const botsPage = (columns: RawBuilder<unknown>, query: BotsQuery): RawBuilder<BotRow> => {
  const { joinAfter, status, userId } = query
  const of = (one: BotStatus) => sql`
    select ${columns} from punctual.bots
    where user_id = ${toText(userId)} and status = ${one}::text
      ${joinAfter === null ? sql`` : sql`and join_at > ${toInstant(joinAfter)}::bigint`}
      ${beyond(sql`join_at`, query)} ${inOrder(sql`join_at`, query)}`
  if (status !== null) return sql`${of(status)}`
  const all = sql.join(
    statuses.map((one) => sql`(${of(one)})`),
    sql` union all `
  )
  return sql`select ${columns} from (${all}) b ${inOrder(sql`join_at`, query)}`
}

const statuses: ReadonlyArray<BotStatus> = ["Scheduled", "Launching", "Launched", "Failed", "Cancelled"]

/** The connections are the one row without a bot. */
interface BotListingRow {
  readonly applied: number | null
  readonly data: Bot | ReadonlyArray<Connection> | null
  readonly config: string | null
}

export const botListing = (db: Queries, query: BotsQuery): Effect.Effect<BotListing, DatabaseError> =>
  readWithConfigs(
    db,
    sql<BotListingRow>`
      select ${botColumns} from (
        (select null::bigint as applied, ${connectionsOf(userIs(query.userId))} as data, null::text as config,
          null::bigint as join_at, null::text as id)
        union all
        (${botsPage(sql`${botColumns}, join_at, id`, query)})
      ) listed order by applied is not null, ${inDirection(sql`join_at`, sql`id collate "C"`, query)}`,
    query.userId,
    (rows) => rows,
    ([first, ...rows], configOf) => ({
      ...page(
        // The cast: only the first row may have no bot.
        (rows as ReadonlyArray<BotRow>).map((row) => toBot(row, configOf)),
        query
      ),
      connections: (first?.data ?? []) as ReadonlyArray<Connection>
    })
  )

interface Paging {
  readonly place: Place | null
  readonly backwards: boolean
  readonly limit: number
}

const beyond = (at: RawBuilder<unknown>, { backwards, place }: Paging): RawBuilder<unknown> => {
  if (place === null) return sql``
  return sql`and (${at}, id) ${sql.raw(backwards ? "<" : ">")} (${toInstant(place.at)}::bigint, ${toText(place.id)})`
}

/** One row more than asked for tells whether there are more. */
const inOrder = (at: RawBuilder<unknown>, paging: Paging): RawBuilder<unknown> =>
  sql`order by ${inDirection(at, sql`id`, paging)} limit ${paging.limit + 1}::int`

const inDirection = (at: RawBuilder<unknown>, id: RawBuilder<unknown>, { backwards }: Paging): RawBuilder<unknown> => {
  const direction = sql.raw(backwards ? "desc" : "asc")
  return sql`${at} ${direction}, ${id} ${direction}`
}

const page = <Row>(rows: ReadonlyArray<Row>, { backwards, limit }: Paging): Page<Row> => {
  const items = rows.slice(0, limit)
  return { items: backwards ? items.toReversed() : items, hasMore: rows.length > limit }
}
