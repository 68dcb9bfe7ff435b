/**
 * Bots outside decisions: the launch protocol's writes, and what is due or behind.
 * Decides whether a bot's row may be written. Never launches.
 */
import { Effect, Option } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type Bot,
  type BotChange,
  type BotId,
  Conflict,
  type DueBot,
  type Instant,
  type MeetingKey,
  type OwnedBot,
  type Place,
  type UserId,
  isBot,
  isHeldBy,
  released,
  wholeRow
} from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { type BotRow, botColumns, botRows, toBot } from "../rows/BotRow.ts"
import { fromText, toInstant, toText, toTexts } from "../rows/Column.ts"
import { type ConfigOf, gatheredConfigs, puttingConfigs } from "../rows/SharedConfigRows.ts"
import { isTaken, telling, updateBots } from "./Commits.ts"
import { readOwned, readWithConfigs } from "./SharedConfigs.ts"

export const bot = (db: Queries, userId: UserId, botId: BotId): Effect.Effect<Option.Option<Bot>, DatabaseError> =>
  Effect.map(
    readBots(
      db,
      userId,
      sql`select ${botColumns} from punctual.bots where user_id = ${toText(userId)} and id = ${toText(botId)}`
    ),
    ([found]) => Option.fromUndefinedOr(found)
  )

/** A user's bots by a query for their rows. */
const readBots = (
  db: Queries,
  userId: UserId,
  query: RawBuilder<unknown>
): Effect.Effect<ReadonlyArray<Bot>, DatabaseError> =>
  readWithConfigs(
    db,
    // The cast: what columns a query has, its text says.
    query as RawBuilder<BotRow>,
    userId,
    (rows) => rows,
    (rows, configOf) => rows.map((row) => toBot(row, configOf))
  )

export const liveBots = (db: Queries, userId: UserId): Effect.Effect<number, DatabaseError> =>
  Effect.map(
    db.rows<{ readonly live: number }>(sql`
      select ((select count(*) from punctual.bots where user_id = ${toText(userId)} and status = 'Scheduled')
        + (select count(*) from punctual.bots where user_id = ${toText(userId)} and status = 'Launching'))::int as live`),
    ([row]) => row?.live ?? 0
  )

export const writeBot = Effect.fnUntraced(
  function* (
    db: Queries,
    userId: UserId,
    row: Bot,
    expected: number,
    change: BotChange | null = null
  ): Effect.fn.Return<void, DatabaseError | Conflict> {
    const user = sql`${toText(userId)}::text`
    const writes = [{ bot: row, expected }]
    const configs = gatheredConfigs()
    const putting = () => puttingConfigs([{ userId, configs }])
    const told = change === null ? [] : [change]
    const written = yield* db.rows(telling(user, updateBots(user, writes, configs), writes, told, configs, putting))
    if (written.length === 0) return yield* new Conflict()
  },
  Effect.catchIf(isTaken, () => Effect.fail(new Conflict()))
)

interface OwnedRow extends BotRow {
  readonly user_id: string
}

/** Rows of bots of any users, and what becomes of them. */
const readEverybodys = <A>(
  db: Queries,
  query: RawBuilder<unknown>,
  make: (rows: ReadonlyArray<OwnedRow>, configOf: ConfigOf) => A
): Effect.Effect<A, DatabaseError> =>
  // The cast: as above.
  readOwned(db, query as RawBuilder<OwnedRow>, (rows) => rows.map((row) => ({ row, user: row.user_id })), make)

const readOwnedBots = (
  db: Queries,
  query: RawBuilder<unknown>
): Effect.Effect<ReadonlyArray<OwnedBot>, DatabaseError> => Effect.flatten(readEverybodys(db, query, ownedOf))

/**
 * Few bots are on their way at any time: their rows are looked at and made here, not by the database's own JSON functions,
 * which refuse what a subject line may hold. Ids are unique over all users. One that was written in between is held by
 * nobody, or by a claim of now: it is left alone. Whatever a bot refers to it goes on referring to.
 */
export const releaseLaunches = Effect.fnUntraced(function* (
  db: Queries,
  owner: string,
  now: Instant
): Effect.fn.Return<number, DatabaseError> {
  const launching = yield* readEverybodys(
    db,
    sql`select user_id, ${botColumns} from punctual.bots where status = 'Launching'`,
    (rows, configOf) => rows.map((row) => toBot(row, configOf))
  )
  const held = launching.filter((row) => isHeldBy(row, owner))
  if (held.length === 0) return 0
  const writes = held.map((row) => ({ bot: released(row, now), expected: row.revision }))
  const written = yield* db.rows(sql`
    update punctual.bots t set retry_at = r.retry_at, revision = r.revision, updated_at = r.updated_at, data = r.data
    from ${botRows(writes, gatheredConfigs())}
    where t.status = 'Launching' and t.id = r.id and t.revision = r.expected
    returning t.id`)
  return written.length
})

/** Two branches, each with an index of its own: what waits for its instant, and what waits for a launch to time out. */
export const dueBots = (
  db: Queries,
  before: Instant,
  limit: number
): Effect.Effect<ReadonlyArray<DueBot>, DatabaseError> => {
  const instant = sql`${toInstant(before)}::bigint`
  const tail = sql`order by join_at, id limit ${limit}::int`
  return Effect.map(
    db.rows<DueRow>(sql`
      select user_id, id, status, at from (
        (select user_id, join_at, id, status, join_at as at from punctual.bots
          where status = 'Scheduled' and join_at < ${instant} ${tail})
        union all
        (select user_id, join_at, id, status, retry_at as at from punctual.bots
          where status = 'Launching' and retry_at <= ${instant} ${tail})
      ) due ${tail}`),
    (rows) =>
      rows.map(({ at, id, status, user_id }) => ({
        userId: fromText(user_id) as UserId,
        botId: fromText(id) as BotId,
        status,
        at
      }))
  )
}

interface DueRow extends Pick<DueBot, "status" | "at"> {
  readonly user_id: string
  readonly id: string
}

export const handedOver = (
  db: Queries,
  endAfter: Instant,
  after: Place | null,
  limit: number
): Effect.Effect<ReadonlyArray<OwnedBot>, DatabaseError> => {
  const from = after === null || after.at <= endAfter ? null : after
  const beyond =
    from === null
      ? sql`in_meeting_until > ${toInstant(endAfter)}::bigint`
      : sql`(in_meeting_until, id) > (${toInstant(from.at)}::bigint, ${toText(from.id)}::text)`
  return readOwnedBots(
    db,
    sql`
      select user_id, ${botColumns} from punctual.bots where in_meeting_until is not null and ${beyond}
      order by in_meeting_until, id limit ${limit}::int`
  )
}

export const unapplied = (db: Queries, limit: number): Effect.Effect<ReadonlyArray<OwnedBot>, DatabaseError> =>
  readOwnedBots(
    db,
    sql`
      select user_id, ${botColumns} from punctual.bots where applied < wanted
      order by updated_at, id limit ${limit}::int`
  )

export const markApplied = (
  db: Queries,
  applied: ReadonlyArray<{ readonly userId: UserId; readonly botId: BotId; readonly revision: number }>
): Effect.Effect<void, DatabaseError> =>
  Effect.asVoid(
    db.rows(sql`
      with noted as materialized (
        select t.user_id, t.id, r.revision from punctual.bots t
        join (
          select user_id, id, max(revision) as revision
          from unnest(
            ${applied.map(({ userId }) => toText(userId))}::text[],
            ${applied.map(({ botId }) => toText(botId))}::text[],
            ${applied.map(({ revision }) => revision)}::bigint[]
          ) as u (user_id, id, revision)
          group by user_id, id
        ) as r on t.user_id = r.user_id and t.id = r.id
        -- Always in one order, so that two batches with the same bots do not wait for each other.
        order by t.user_id, t.id for update of t
      )
      update punctual.bots t set applied = noted.revision
      from noted where t.user_id = noted.user_id and t.id = noted.id and t.applied < noted.revision`)
  )

export const botsOf = (
  db: Queries,
  userId: UserId,
  meetings: ReadonlyArray<MeetingKey>
): Effect.Effect<ReadonlyArray<Bot>, DatabaseError> =>
  readBots(
    db,
    userId,
    sql`
      select ${botColumns} from punctual.bots
      where user_id = ${toText(userId)} and meeting = any(${toTexts(meetings)}::text[])
      order by created_at desc, id desc`
  )

/** Whoever asks about everybody's bots gets those that are bots: an odd row is told of, and costs its own user alone. */
const ownedOf = (rows: ReadonlyArray<OwnedRow>, configOf: ConfigOf): Effect.Effect<ReadonlyArray<OwnedBot>> => {
  const isSound = ({ config, data }: OwnedRow): boolean => data !== null && isBot(wholeRow(data, configOf(config)))
  const owned = rows.filter(isSound)
  const odd = rows.length - owned.length
  const first = odd === 0 ? undefined : rows.find((row) => !isSound(row))
  return Effect.as(
    first === undefined
      ? Effect.void
      : Effect.logError("rows of bots that can't be read were passed over").pipe(
          Effect.annotateLogs({ rows: odd, user_id: fromText(first.user_id) })
        ),
    owned.map((row) => ({ userId: fromText(row.user_id) as UserId, bot: toBot(row, configOf) }))
  )
}
