/**
 * The queries that are asked often find their rows through an index, at a size where that makes a difference.
 *
 * How: every statement of an operation is explained before it runs, and its plan may read no table from end to end.
 */
import type { ConnectionId } from "@punctual/core"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Ref, Stream } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as SchedulerPort from "../src/Scheduler.ts"
import * as StorePort from "../src/Store.ts"
import { postgres } from "./Engines.ts"
import { explaining } from "./Explaining.ts"
import { addMany, fill, oldHand } from "./plans/Fill.ts"
import { hot, query } from "./plans/Hot.ts"
import { userOf } from "./StoreRows.ts"

const filled = Layer.effectDiscard(fill).pipe(Layer.provideMerge(postgres.database))

layer(filled, { excludeTestServices: true, timeout: "1 minute" })("plans", (it) => {
  it.effect("read no table from end to end", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans))
      const offenders: Array<string> = []
      for (const [name, index, run] of hot) {
        yield* Ref.set(plans, "")
        yield* run(store)
        const plan = yield* Ref.get(plans)
        if (/Seq Scan on/.test(plan)) offenders.push(`${name} reads a whole table:${plan}`)
        if (!plan.includes(index)) offenders.push(`${name} does not use ${index}:${plan}`)
      }
      assert.deepStrictEqual(offenders, [])
    })
  )

  it.effect("of a page read no more of a calendar that has been kept for years", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans, sql`explain (analyze, costs off, timing off)`))
      const ofOldHand = { ...query, userId: oldHand, place: null }
      const found = yield* store.listing(ofOldHand)
      const plan = yield* Ref.get(plans)
      assert.lengthOf(found.items, 50)
      const passedOver = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map(([, rows]) => Number(rows))
      // A page begins its search a day before its span: so many meetings of an hour each.
      assert.isAtMost(
        passedOver.reduce((sum, rows) => sum + rows, 0),
        24,
        plan
      )
    })
  )

  it.effect("of an erasure go straight to the rows that were chosen", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const store = StorePort.make(explaining(db, plans))
      const leaving = userOf(11)
      yield* addMany(leaving)
      const scanned = (plan: string) =>
        ["events", "series", "intents", "overrides"].filter((table) => plan.includes(`Tid Scan on ${table} t`))
      // What two others still read stays; one calendar's rows go.
      const one = yield* store.erase(leaving, `n2${leaving}` as ConnectionId, 50)
      assert.isTrue(one.isDone)
      const ofCalendars = yield* Ref.getAndSet(plans, "")
      assert.deepStrictEqual(scanned(ofCalendars), ["events", "series"], ofCalendars)
      yield* db.rows(sql`update punctual.connections set status = 'disconnected' where user_id = ${leaving}`)
      const all = yield* store.erase(leaving, `n2${leaving}` as ConnectionId, 50)
      assert.deepStrictEqual([all.events, all.isDone], [50, false])
      const ofAll = yield* Ref.get(plans)
      assert.deepStrictEqual(scanned(ofAll), ["events", "series", "intents", "overrides"], ofAll)
    })
  )

  it.effect("of the scheduler read no table from end to end", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const plans = yield* Ref.make("")
      const scheduler = yield* SchedulerPort.make(explaining(db, plans), SchedulerPort.defaultOptions(db.engine))
      yield* db.rows(sql`update punctual.schedules set due_at = 0 where name like 'usr_00007%'`)
      yield* scheduler.fires(0).pipe(Stream.take(1), Stream.runDrain)
      const held = yield* Stream.runCollect(Stream.take(scheduler.list, 10))
      yield* scheduler.cancel(held)
      yield* scheduler.put(held)
      const plan = yield* Ref.get(plans)
      assert.include(plan, "schedules_due")
      assert.include(plan, "schedules_pkey")
      assert.notInclude(plan, "Seq Scan on schedules")
    })
  )
})
