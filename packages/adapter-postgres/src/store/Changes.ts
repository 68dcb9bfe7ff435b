/**
 * The log of changes, as it is read and pruned.
 * Decides how far it is read: a user's own up to the number given last, everybody's up to the oldest transaction that is
 * still open, since what that one writes may yet come before. Entries are written with what they tell of: `ChangeRow.ts`.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type AllChangesQuery,
  type ChangesPage,
  type ChangesQuery,
  Conflict,
  type CoverageChange,
  type Instant,
  type LoggedChange,
  type Page,
  type TimelineQuery,
  type UserId
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type ChangeRow, appending, changeColumns, placeOfNow, toLoggedChange } from "../rows/ChangeRow.ts"
import { fromText, toInstant, toText } from "../rows/Column.ts"
import { readOwned, readWithConfigs } from "./SharedConfigs.ts"

/** One row at least, whose entry may be none. */
type Found<Row> = Row & (ChangeRow | { readonly sequence: null })

export const changes = (
  db: Queries,
  { after, limit, types, userId }: ChangesQuery
): Effect.Effect<ChangesPage<number>, DatabaseError> =>
  readWithConfigs(
    db,
    sql<Found<{ readonly head: number }>>`
      select h.head, c.* from ${headOf(userId)} h left join lateral (
        select ${changeColumns} from punctual.changes
        where user_id = ${toText(userId)} and sequence > ${after}::bigint ${ofTypes(types)}
        order by sequence limit ${limit + 1}::int
      ) c on true order by c.sequence`,
    userId,
    entriesIn,
    (rows, configOf) => {
      const found = entriesIn(rows).map((row) => toLoggedChange(row, configOf))
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const hasMore = found.length > limit
      const end = Math.max(after, rows[0]?.head ?? 0)
      return { items, next: hasMore && last !== undefined ? last.sequence : end, hasMore }
    }
  )

/** What was given last; 0: nothing. */
const headOf = (userId: UserId): RawBuilder<unknown> => sql`(
  select coalesce((select sequence from punctual.change_heads where user_id = ${toText(userId)}), 0) as head)`

/**
 * Numbers and times rise together, so the first entry that is late enough is found by halves: what is at or before `low` is
 * too early, what is at or beyond `high` is not.
 */
export const changePlace = (db: Queries, userId: UserId, at: Instant): Effect.Effect<number, DatabaseError> => {
  const entries = sql`from punctual.changes where user_id = ${toText(userId)}`
  const isEarly = sql`e.told_at < ${toInstant(at)}::bigint`
  const middle = sql`(b.low + b.high) / 2`
  return Effect.map(
    db.rows<{ readonly place: number }>(sql`
      with recursive h as materialized (select head from ${headOf(userId)} h), halves as (
        select 0::bigint as low, h.head + 1 as high from h
        union all
        select case when ${isEarly} then e.sequence else b.low end, case when ${isEarly} then b.high else ${middle} end
        from halves b left join lateral (
          select sequence, told_at ${entries} and sequence >= ${middle} and sequence < b.high order by sequence limit 1
        ) e on true
        where b.high - b.low > 1
      )
      select coalesce((
        select sequence - 1 ${entries} and sequence >= (select min(high) from halves) order by sequence limit 1
      ), h.head) as place from h`),
    ([row]) => row?.place ?? 0
  )
}

/** Looked at by one question, however few of them are asked for. */
const looksMax = 1_000

type Looked = Found<{ readonly horizon: number; readonly n: number | null; readonly is_wanted: boolean | null }> & {
  readonly place: number | null
}

export const allChanges = (db: Queries, query: AllChangesQuery): Effect.Effect<ChangesPage<string>, DatabaseError> => {
  const { limit, types, workspaceId } = query
  const from = placeIn(query.after)
  const isFiltered = types !== null || workspaceId !== null
  const looks = isFiltered ? Math.max(limit + 1, looksMax) : limit + 1
  const ofWorkspace = workspaceId === null ? sql`` : sql`and workspace_id = ${toText(workspaceId)}`
  const wanted = (rows: ReadonlyArray<Looked>) => entriesIn(rows).filter(({ is_wanted }) => is_wanted === true)
  const found = readOwned(
    db,
    sql<Looked>`
      with horizon as materialized (
        select ${horizon} as at
      ), looked as materialized (
        select place, ${changeColumns}, row_number() over (order by place, user_id, sequence) as n
        from punctual.changes
        where (place, user_id, sequence) > (${from.place}::bigint, ${from.user}::text, ${from.sequence}::bigint)
          and place < (select at from horizon)
        order by place, user_id, sequence limit ${looks}::int
      ), wanted as (
        select * from looked where true ${ofTypes(types)} ${ofWorkspace} order by n limit ${limit + 1}::int
      )
      select h.at as horizon, t.* from horizon h left join (
        select *, true as is_wanted from wanted
        union all (select *, false from looked order by n desc limit 1)
      ) t on true order by t.is_wanted desc, t.n`,
    (rows) => wanted(rows).map((row) => ({ row, user: row.user_id })),
    (rows, configOf) => ({ rows, configOf })
  )
  return Effect.flatMap(found, ({ configOf, rows }) => {
    const end = rows[0]?.horizon ?? 0
    // A place from beyond this database's own count is of one that this one was made from: read anew.
    if (from.place > end) return allChanges(db, { ...query, after: null })
    const all = wanted(rows)
    const last = entriesIn(rows).find(({ is_wanted }) => is_wanted === false)
    const items = all.slice(0, limit)
    const hasMore = all.length > limit || last?.n === looks
    const next = hasMore ? (all.length > limit ? items.at(-1) : last) : undefined
    return Effect.succeed({
      items: items.map((row) => toLoggedChange(row, configOf)),
      next:
        next === undefined
          ? textOf({ place: end, user: "", sequence: 0 })
          : textOf({ place: next.place ?? 0, user: next.user_id, sequence: next.sequence }),
      hasMore
    })
  })
}

/** Whatever a transaction before this one has written can be seen by now. */
const horizon = sql`pg_snapshot_xmin(pg_current_snapshot())::text::bigint`

export const changesEnd = (db: Queries): Effect.Effect<string, DatabaseError> =>
  Effect.map(db.rows<{ readonly place: number }>(sql`select ${horizon} as place`), ([row]) =>
    textOf({ place: row?.place ?? 0, user: "", sequence: 0 })
  )

/** A place among everybody's entries: that of one of them, or before all of a transaction. */
interface Place {
  readonly place: number
  readonly user: string
  readonly sequence: number
}

const textOf = ({ place, sequence, user }: Place): string => `${place}.${sequence}.${user}`

const beginning: Place = { place: 0, user: "", sequence: 0 }

/** The user's id as the column has it. */
const placeIn = (text: string | null): Place => {
  const [, place, sequence, user] = /^(\d{1,16})\.(\d{1,16})\.(.*)$/s.exec(text ?? "") ?? []
  return place === undefined
    ? beginning
    : { place: Number(place), sequence: Number(sequence), user: toText(fromText(user ?? "")) }
}

export const timeline = (
  db: Queries,
  { before, limit, of, userId }: TimelineQuery
): Effect.Effect<Page<LoggedChange>, DatabaseError> => {
  const which = "botId" in of ? sql`bot_id = ${toText(of.botId)}` : sql`meeting = ${toText(of.meeting)}`
  return readWithConfigs(
    db,
    sql<ChangeRow>`
      select ${changeColumns} from punctual.changes
      where user_id = ${toText(userId)} and ${which} ${before === null ? sql`` : sql`and sequence < ${before}::bigint`}
      order by sequence desc limit ${limit + 1}::int`,
    userId,
    (rows) => rows,
    (rows, configOf) => ({
      items: rows.slice(0, limit).map((row) => toLoggedChange(row, configOf)),
      hasMore: rows.length > limit
    })
  )
}

export const tellCoverage = (
  db: Queries,
  userId: UserId,
  after: number,
  told: ReadonlyArray<CoverageChange>
): Effect.Effect<void, DatabaseError | Conflict> => {
  const user = sql`${toText(userId)}::text`
  const isAsRead = sql`
    select 1 from punctual.change_heads where user_id = ${user} and sequence = ${after}::bigint for update`
  return Effect.flatMap(
    db.rows(
      sql`with read as materialized (${isAsRead})${appending(user, told, { expected: 1, written: "read" })} select 1 from read`
    ),
    ({ length }) => (length === 0 ? Effect.fail(new Conflict()) : Effect.void)
  )
}

export const pruneChanges = (db: Queries, before: Instant, limit: number): Effect.Effect<number, DatabaseError> =>
  Effect.map(
    db.rows(sql`
      delete from punctual.changes where ctid = any(array(
        select ctid from punctual.changes where told_at < ${toInstant(before)}::bigint
        order by told_at limit ${limit}::int
      )) returning 1`),
    ({ length }) => length
  )

/**
 * Where a database was made anew from its contents, its transactions count from the beginning again. Whatever was told in its
 * former life lies before all that will be, and whoever reads it may read it again.
 */
export const settlePlaces = (db: Queries): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(
    db.rows(sql`
      with now as materialized (select ${placeOfNow} as place),
      told as (
        update punctual.changes set place = 0
        where place > (select place from now)
      )
      update punctual.change_heads set place = 0 where place > (select place from now)`)
  )

const ofTypes = (types: ChangesQuery["types"]): RawBuilder<unknown> =>
  types === null ? sql`` : sql`and type = any(${[...types]}::text[])`

const entriesIn = <Row>(rows: ReadonlyArray<Found<Row>>): ReadonlyArray<Row & ChangeRow> =>
  rows.flatMap((row) => (row.sequence === null ? [] : [row]))
