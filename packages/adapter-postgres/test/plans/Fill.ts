/**
 * A database with so many users and rows that it matters how they are found. Filled by SQL: what counts is how many rows
 * there are and how they are spread.
 */
import type { UserId } from "@punctual/core"
import { Effect } from "effect"
import { sql } from "kysely"
import { Database } from "../../src/database/Database.ts"
import * as StorePort from "../../src/Store.ts"
import { calendarId, connectionOf, day, listing, now, userOf } from "../StoreRows.ts"

export const users = 400
const eventsEach = 150
export const oldHand = userOf(users)
const pastEvents = 10_000
const manyEach = 500
const toldEach = 30
/** Rows of each user refer to some of them. */
const configsEach = 10
/** No database has seen fewer transactions. */
const lastPlace = 600

/** Filling may take as long as a crowded machine takes. */
const unhurried = (db: Database["Service"]): Database["Service"] =>
  Database.of({
    ...db,
    rows: (query) =>
      db.transaction((tx) => Effect.andThen(tx.rows(sql`set local statement_timeout = 0`), tx.rows(query)))
  })

export const fill = Effect.gen(function* () {
  const db = yield* Database
  const store = StorePort.make(db)
  const first = connectionOf(userOf(0))
  yield* store.saveConnection(first, null)
  yield* store.listCalendars(first, [listing], now)
  yield* db.rows(sql`
    insert into punctual.user_states (user_id, version, mirror_number, decided)
    select 'usr_' || lpad(n::text, 5, '0'), version, 100, 100
    from punctual.user_states, generate_series(1, ${users - 1}::int) n`)
  // Two each, and what is left of a third.
  yield* db.rows(sql`
    insert into punctual.connections (user_id, id, platform, generation, revision, status, created_at, data)
    select s.user_id, 'n' || n || s.user_id, k.platform, 1, 1, case when n = 2 then 'disconnected' else k.status end,
      k.created_at + n, k.data
    from punctual.user_states s, punctual.connections k, generate_series(0, 2) n`)
  yield* db.rows(sql`
    insert into punctual.calendars (user_id, calendar_id, connection_id, provider_id, namespace, generation, summary, is_primary, access_role, color, selected,
      position, sync_status, due_at, changed_mark, sync_generation, open_at, subscription_id, subscription_hash,
      subscription_ends_at)
    select s.user_id, c.calendar_id || n, 'n' || n % 2 || s.user_id, 'AAMk-' || n, '', 1, '', n = 0, 'owner', '', true, n, 'ok', ${now}::bigint + n * 60000, 0, 0,
      c.open_at, s.user_id || n, '', ${now + day}::bigint + n * 3600000
    from punctual.user_states s, punctual.calendars c, generate_series(0, 2) n`)
  yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, series_id, series_key, meeting, family,
      start_at, end_at, is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data, raw)
    select s.user_id, 'evt_' || n, ${calendarId}, 'AAMk-' || n, 'single', case when n % 3 = 0 then 'srs_' || n % 10 end,
      case when n % 3 = 0 then 'uid:s' || n % 10 end, 'uid:' || n, 'uid:' || n - case when n % 50 = 49 then 1 else 0 end,
      ${now}::bigint + (n - 75)::bigint * 43200000,
      ${now}::bigint + (n - 75)::bigint * 43200000 + case when n % 50 = 0 then 200000000 else 3600000 end, false, false, 0, 0, 1,
      n % 100, '', '', '{}', json_build_object('body', repeat('x', 600))
    from punctual.user_states s, generate_series(0, ${eventsEach - 1}::int) n`)
  yield* db.rows(sql`
    insert into punctual.bots (user_id, id, meeting, status, join_at, end_at, wanted, applied, revision, created_at, updated_at,
      data)
    select user_id, 'bot_' || id, meeting, case when start_at > ${now}::bigint then 'Scheduled' else 'Launched' end,
      start_at, end_at, 1, case when id like '%77' then 0 else 1 end, 1, start_at, start_at, '{"schedule":{}}'
    from punctual.events where id like '%7'`)
  yield* db.rows(sql`
    insert into punctual.schedules (group_name, name, at, due_at, revision, user_id, bot_id)
    select 'zoom', user_id || id, join_at, join_at, 1, user_id, id from punctual.bots`)
  yield* db.rows(sql`
    insert into punctual.intents (user_id, id, kind, meeting, data)
    select user_id, id, 'event', meeting, '{}' from punctual.bots`)
  yield* db.rows(sql`
    insert into punctual.series (user_id, id, calendar_id, provider_id, key, is_deleted, created_at, updated_at, seen,
      mirror_number, digest, raw_digest, data)
    select user_id, 'srs_' || n, ${calendarId}, 'AAMk-s' || n, 'uid:s' || n, false, 0, 0, 1, n, '', '', '{}'
    from punctual.user_states, generate_series(0, 9) n`)
  yield* db.rows(sql`
    insert into punctual.overrides (user_id, meeting, series, data)
    select user_id, meeting, 'uid:s' || substr(id, 5), '{}' from punctual.events where id like '%9'`)
  // One who has met for years: half an hour a time, so that nothing of it is long.
  yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, meeting, family, start_at, end_at,
      is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data)
    select ${oldHand}, 'evt_' || n, ${calendarId}, 'AAMk-' || n, 'single', 'uid:' || n, 'uid:' || n,
      ${now}::bigint + (n - ${pastEvents}::int)::bigint * 3600000,
      ${now}::bigint + (n - ${pastEvents}::int)::bigint * 3600000 + 1800000, false, false, 0, 0, 1, 0, '', '', '{}'
    from generate_series(0, ${pastEvents}::int + 200) n`)
  // Workspaces, one of them large, of users of whom most have connected nothing; a policy is on its way in few.
  yield* db.rows(sql`
    insert into punctual.workspace_policies (workspace_id, number, is_spreading, data)
    select 'wsp_' || n, 2, n % 100 = 0, json_build_object('rules', repeat('x', 300)) from generate_series(0, 999) n`)
  yield* db.rows(sql`update punctual.user_states set policy_number = 2, workspace_id = 'wsp_0'`)
  yield* db.rows(sql`
    insert into punctual.user_states (user_id, policy_number, workspace_id)
    select 'usr_of_' || n, 2, 'wsp_' || n % 1000 from generate_series(0, 4999) n`)
  yield* db.rows(sql`
    insert into punctual.shared_configs (user_id, digest, data)
    select user_id, 'digest ' || n, json_build_object('prompt', repeat('x', 300))
    from punctual.user_states, generate_series(0, ${configsEach - 1}::int) n`)
  for (const table of ["bots", "intents", "overrides"]) {
    yield* db.rows(
      sql`update ${sql.table(`punctual.${table}`)} set config = 'digest ' || length(meeting) % ${configsEach}::int`
    )
  }
  yield* logged(toldEach, 1_000_000)
  yield* db.rows(sql`
    insert into punctual.mirror_days (user_id, day, mirror_number)
    select user_id, ${Math.floor(now / day)}::int - n, 100 - n from punctual.user_states, generate_series(0, 40) n`)
  yield* db.rows(sql`
    insert into punctual.jobs (job, date, claimed_at) select 'a job', n::text, n from generate_series(1, 2000) n`)
  yield* db.rows(sql`
    insert into punctual.job_shares (job, user_id, due_at) select 'a job', n::text, n from generate_series(1, 2000) n`)
  yield* db.rows(sql`analyze`)
}).pipe(Effect.updateService(Database, unhurried))

/** So many entries of each user's log, up to a sequence, of which the head is the last. */
const logged = Effect.fnUntraced(function* (count: number, last: number) {
  const db = yield* Database
  yield* db.rows(sql`
    insert into punctual.change_heads (user_id, sequence, told_at, place)
    select user_id, ${last}::bigint, ${now}::bigint, ${last}::bigint from punctual.user_states
    where user_id not like 'usr_of_%' on conflict do nothing`)
  yield* db.rows(sql`
    insert into punctual.changes (user_id, sequence, place, told_at, type, cause, workspace_id, calendar_id, meeting,
      bot_id, data, config)
    select h.user_id, n, ${lastPlace} - (${last}::int - n) / 2, ${now}::bigint - (${last}::bigint - n) * 60000,
      case when n % 20 = 0 then 'bot.failed' else 'bot.moved' end, 'calendar', 'wsp_0', ${calendarId},
      'uid:' || n % 50, 'bot_evt_' || n % 50, 
      json_build_object('bot', json_build_object('botName', repeat('x', 300)), 'previous', '{}'::json),
      'digest ' || n % ${configsEach}::int
    from punctual.change_heads h, generate_series(${last - count + 1}::int, ${last}::int) n`)
})

/** Ten times what has been: of one user's meetings and bots, and of everybody's log. */
export const growHistory = Effect.fnUntraced(
  function* (userId: UserId) {
    const db = yield* Database
    yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, meeting, family, start_at, end_at,
      is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data)
    select ${userId}, 'evt_past' || n, ${calendarId}, 'AAMk-past' || n, 'single', 'uid:past' || n, 'uid:past' || n,
      ${now}::bigint - (n + 400)::bigint * 3600000, ${now}::bigint - (n + 400)::bigint * 3600000 + 1800000, n % 10 = 0,
      false, 0, 0, 1, 1 + n % 50, '', '', '{}' from generate_series(1, ${10 * eventsEach}::int) n`)
    yield* db.rows(sql`
    insert into punctual.bots (user_id, id, meeting, status, join_at, end_at, wanted, applied, revision, created_at,
      updated_at, data, config)
    select user_id, 'bot_' || id, meeting, case when start_at % 7 = 0 then 'Failed' else 'Launched' end, start_at,
      end_at, 1, 1, 1, start_at, start_at, '{"schedule":{}}', 'digest ' || start_at % ${configsEach}::int
    from punctual.events where user_id = ${userId} and id like 'evt_past%'`)
    yield* db.rows(sql`
    insert into punctual.intents (user_id, id, kind, meeting, data)
    select user_id, id, 'event', meeting, '{}' from punctual.bots where user_id = ${userId} and id like 'bot_evt_past%'`)
    yield* logged(10 * toldEach, 1_000_000 - toldEach)
    yield* db.rows(sql`analyze`)
  },
  Effect.updateService(Database, unhurried)
)

/** So many of each kind that it matters how they are found; of few, all are read. */
export const addMany = Effect.fnUntraced(function* (leaving: UserId) {
  const db = yield* Database
  yield* db.rows(sql`
    insert into punctual.series (user_id, id, calendar_id, provider_id, key, is_deleted, created_at, updated_at, seen,
      mirror_number, digest, raw_digest, data)
    select ${leaving}, 'many_' || n, ${calendarId}, 'AAMk-many' || n, 'uid:many' || n, false, 0, 0, 1, n, '', '', '{}'
    from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`
    insert into punctual.intents (user_id, id, kind, meeting, data)
    select ${leaving}, 'many_' || n, 'event', 'uid:many' || n, '{}' from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`
    insert into punctual.overrides (user_id, meeting, data)
    select ${leaving}, 'uid:many' || n, '{}' from generate_series(1, ${manyEach}::int) n`)
  yield* db.rows(sql`analyze`)
})
