/**
 * What an explanation reads of a large calendar: the meeting's own slice, however many events there are beside it.
 * PostgreSQL counts the rows itself, those that it passes over among them.
 */
import { CurrentPolicy, Punctual, Store, defaultPolicy } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory } from "@punctual/core/memory"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { postgres } from "./Engines.ts"
import { explainReads, explaining, rowsRead } from "./Explaining.ts"
import { connected, eventOf, now, userOf } from "./StoreRows.ts"

const eventsCount = 100_000
const user = userOf(1)
const asked = eventOf("asked")

/** One meeting as a sync writes it, and copies of it, each a meeting of its own, half an hour after the other. */
const fill = Effect.gen(function* () {
  const db = yield* Database
  const claim = yield* connected(user)
  yield* (yield* Store).putMirror(claim, { events: [asked], series: [] })
  yield* db.rows(sql`
    insert into punctual.events (user_id, id, calendar_id, provider_id, kind, meeting, family, start_at, end_at,
      is_deleted, is_virtual, created_at, updated_at, seen, mirror_number, digest, raw_digest, data, raw)
    select user_id, 'evt_copy' || n, calendar_id, 'AAMk-copy' || n, kind, 'uid:copy' || n, 'uid:copy' || n,
      start_at + n::bigint * 1800000, end_at + n::bigint * 1800000, is_deleted, is_virtual, created_at, updated_at, seen, mirror_number,
      digest, raw_digest, data, raw
    from punctual.events, generate_series(1, ${eventsCount - 1}::int) n`)
  yield* db.rows(sql`analyze`)
})

const layers = Layer.effectDiscard(fill).pipe(
  Layer.provideMerge(Layer.effect(Store, Effect.map(Database, StorePort.make))),
  Layer.provideMerge(postgres.database)
)

layer(layers, { timeout: "2 minutes" })("an explanation", (it) => {
  it.effect(`of one meeting of ${eventsCount} reads that one alone, by its key`, () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const ports = Layer.mergeAll(
        Layer.succeed(Store, StorePort.make(explaining(db, plans, explainReads))),
        CalendarMemory.layer,
        LauncherMemory.layer,
        SchedulerMemory.layer,
        SecretsMemory.layer
      )
      yield* TestClock.setTime(now)
      const { code, event } = yield* Punctual.use((punctual) =>
        Effect.andThen(Ref.set(plans, ""), punctual.explain(user, asked.id))
      ).pipe(
        Effect.provide(
          Punctual.layer.pipe(Layer.provide(ports), Layer.provide(Layer.succeed(CurrentPolicy, defaultPolicy)))
        )
      )
      assert.deepStrictEqual([code, event.id], ["not_asked", asked.id])
      const told = yield* Ref.get(plans)
      assert.include(told, "Index Scan using events_meeting on events")
      assert.notInclude(told, "Seq Scan on events")
      // The event by its id and by its meeting; one of each of the user's other rows: state, connection, calendar.
      assert.isAtMost(rowsRead(told), 20, told)
      assert.isAbove(rowsRead(told), 1, told)
    })
  )
})
