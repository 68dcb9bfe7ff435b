/**
 * The numbers that say whether anyone is about to be missed, on each engine.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { sql } from "kysely"
import { readGauges, readRowCounts } from "../src/Gauges.ts"
import { Database } from "../src/database/Database.ts"
import { pgliteInMemory, postgres } from "./Engines.ts"
import { minute, now } from "./StoreRows.ts"

const options = { now, dueWithinMillis: 5 * minute, overdueMillis: 10_000, endingWithinMillis: 720 * minute }

describe.each([pgliteInMemory, postgres])("the gauges on $name", ({ database }) => {
  it.live("is all zero where there is nothing, and counts each kind by itself", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const nothing = yield* readGauges(db, options)
      assert.deepStrictEqual(
        Object.values(nothing).filter((value) => value !== 0 && value !== null),
        []
      )

      const bot = (id: string, status: string, joinAt: number) => sql`
        insert into punctual.bots (user_id, id, meeting, status, join_at, end_at, wanted, applied, revision, created_at,
          updated_at, data) values ('usr_1', ${id}, ${id}, ${status}, ${joinAt}::bigint, 0, 1, 1, 1, 0, 0, '{}')`
      yield* db.rows(bot("late", "Scheduled", now - minute))
      yield* db.rows(bot("just due", "Scheduled", now - 1))
      yield* db.rows(bot("soon", "Scheduled", now + minute))
      yield* db.rows(bot("later", "Scheduled", now + 60 * minute))
      yield* db.rows(bot("on its way", "Launching", now - minute))
      yield* db.rows(bot("over", "Launched", now - minute))

      const user = (id: string, mirror: number) => sql`
        insert into punctual.user_states (user_id, mirror_number, decided) values (${id}, ${mirror}::bigint, 1)`
      yield* db.rows(user("usr_1", 2))
      yield* db.rows(user("usr_2", 1))
      const connection = (userId: string, id: string, status: string) => sql`
        insert into punctual.connections (user_id, id, platform, generation, revision, status, created_at, data)
        values (${userId}, ${id}, '', 1, 1, ${status}, 0, '{}')`
      yield* db.rows(connection("usr_1", "one", "active"))
      yield* db.rows(connection("usr_1", "other", "active"))
      yield* db.rows(connection("usr_2", "one", "reauthorization_required"))
      yield* db.rows(connection("usr_2", "other", "disconnected"))

      const calendar = (id: string, selected: boolean, status: string, endsAt: number | null, dueAt: number) => sql`
        insert into punctual.calendars (user_id, calendar_id, connection_id, provider_id, namespace, generation, summary,
          is_primary, access_role, color, selected, position, subscription_ends_at, sync_status, due_at, changed_mark, sync_generation, open_at)
        values ('usr_1', ${id}, 'one', ${id}, 'one', 1, '', false, 'owner', '', ${selected}, 0, ${endsAt}::bigint, ${status},
          ${dueAt}::bigint, 0, 1, 0)`
      yield* db.rows(calendar("works", true, "ok", now + 2_880 * minute, now + minute))
      yield* db.rows(calendar("fails", true, "failed", now + minute, now - 3 * minute))
      yield* db.rows(calendar("deselected", false, "failed", now - 1, now - 9 * minute))

      assert.deepStrictEqual(yield* readGauges(db, options), {
        botsDue: 3,
        botsOverdue: 1,
        nextJoinAt: now - minute,
        botsLaunching: 1,
        usersLagging: 1,
        nextSyncAt: now - 3 * minute,
        calendarsFailing: 1,
        subscriptionsEnding: 1,
        subscriptionsEnded: 1,
        connectionsActive: 2,
        connectionsBroken: 1
      })
    }).pipe(Effect.provide(database))
  )

  it.live("counts rows by kind, and takes the database's own estimate of what is large", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const shares = (from: number, to: number) =>
        db.rows(sql`
          insert into punctual.job_shares (job, user_id, due_at)
          select 'job', n::text, 0 from generate_series(${from}::int, ${to}::int) n`)
      yield* shares(1, 3)
      const few = yield* readRowCounts(db)
      assert.deepInclude(few, { job_shares: 3, events: 0, changes: 0, idempotency_keys: 0 })
      yield* shares(4, 60_000)
      yield* db.rows(sql`analyze punctual.job_shares`)
      yield* db.rows(sql`delete from punctual.job_shares`)
      assert.strictEqual((yield* readRowCounts(db))["job_shares"], 60_000)
    }).pipe(Effect.provide(database))
  )
})
