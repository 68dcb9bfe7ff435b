/**
 * Statements and transactions on either engine: what failed changed nothing, a lost race runs again, and a server that is
 * down or hangs is noticed without its address being told.
 */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Redacted } from "effect"
import { sql } from "kysely"
import { connect, createServer, type Socket } from "node:net"
import { ForLaunch } from "@punctual/core"
import { Database } from "../src/database/Database.ts"
import { openPostgres } from "../src/database/Postgres.ts"
import { migrate } from "../src/Migrate.ts"
import { engines, pgliteInMemory, postgres } from "./Engines.ts"
import { freshDatabase } from "./PostgresEngine.ts"

const put = (id: string) => sql`insert into punctual.user_states (user_id) values (${id})`

const all = sql<{ readonly user_id: string }>`select user_id from punctual.user_states order by user_id`

for (const { database, name } of [pgliteInMemory, postgres]) {
  describe(`a transaction (${name})`, () => {
    it.live("changes nothing when it fails, dies or is interrupted, and the database goes on", () =>
      Effect.gen(function* () {
        const db = yield* Database
        const written = yield* Deferred.make<void>()
        yield* Effect.flip(db.transaction((tx) => Effect.andThen(tx.rows(put("failed")), Effect.fail("no"))))
        yield* Effect.exit(db.transaction((tx) => Effect.andThen(tx.rows(put("died")), Effect.die("no"))))
        const hanging = yield* Effect.forkChild(
          db.transaction((tx) =>
            tx
              .rows(put("interrupted"))
              .pipe(Effect.andThen(Deferred.succeed(written, undefined)), Effect.andThen(Effect.never))
          )
        )
        yield* Deferred.await(written)
        yield* Fiber.interrupt(hanging)
        yield* db.transaction((tx) => tx.rows(put("done")))
        assert.deepStrictEqual(yield* db.rows(all), [{ user_id: "done" }])
      }).pipe(Effect.provide(database))
    )

    it.live("changes nothing when a constraint refuses it at its very end", () =>
      Effect.gen(function* () {
        const db = yield* Database
        const bot = (id: string) => sql`
          insert into punctual.bots (user_id, id, meeting, status, join_at, end_at, wanted, applied, revision, created_at,
            updated_at, data)
          values ('usr_1', ${id}, 'uid:m', 'Scheduled', 0, 0, 1, 0, 1, 0, 0, '{}')`
        const refused = yield* Effect.flip(
          db.transaction((tx) => Effect.andThen(tx.rows(bot("bot_1")), tx.rows(bot("bot_2"))))
        )
        assert.isTrue(refused.isTaken)
        assert.deepStrictEqual(yield* db.rows(sql`select id from punctual.bots`), [])
        yield* db.transaction((tx) => tx.rows(bot("bot_3")))
        assert.lengthOf(yield* db.rows(sql`select id from punctual.bots`), 1)
      }).pipe(Effect.provide(database))
    )

    it.live("does not see, nor is seen by, what runs beside it", () =>
      Effect.gen(function* () {
        const db = yield* Database
        yield* db.rows(sql`insert into punctual.user_states (user_id, version) values ('usr_1', 0)`)
        const raise = db.transaction((tx) =>
          Effect.gen(function* () {
            const [row] = yield* tx.rows<{ readonly version: number }>(
              sql`select version from punctual.user_states where user_id = 'usr_1' for update`
            )
            yield* tx.rows(
              sql`update punctual.user_states set version = ${(row?.version ?? 0) + 1}::bigint where user_id = 'usr_1'`
            )
          })
        )
        yield* Effect.all(
          Array.from({ length: 40 }, () => raise),
          { concurrency: "unbounded", discard: true }
        )
        const [row] = yield* db.rows<{ readonly version: number }>(sql`select version from punctual.user_states`)
        assert.strictEqual(row?.version, 40)
      }).pipe(Effect.provide(database))
    )
  })
}

describe("any engine", () => {
  for (const { database, name } of engines) {
    it.live(`answers whether it is well, and counts in numbers (${name})`, () =>
      Effect.gen(function* () {
        const db = yield* Database
        yield* db.health
        const [row] = yield* db.rows(sql`select ${Number.MAX_SAFE_INTEGER}::bigint as n`)
        assert.deepStrictEqual(row, { n: Number.MAX_SAFE_INTEGER })
      }).pipe(Effect.provide(database))
    )
  }
})

describe("a PostgreSQL server", () => {
  it.live("that makes a transaction lose a race gets it again from its start", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* Effect.forEach(["a", "b"], (id) => db.rows(put(id)), { discard: true })
      const touch = (id: string) => sql`update punctual.user_states set version = version + 1 where user_id = ${id}`
      let runs = 0
      const met = yield* Deferred.make<void>()
      // Each locks one row and then wants the other's: a deadlock, unless one of them is run again.
      const crossing = (first: string, second: string) =>
        db.transaction((tx) =>
          Effect.gen(function* () {
            runs += 1
            yield* tx.rows(touch(first))
            if (runs === 2) yield* Deferred.succeed(met, undefined)
            yield* Deferred.await(met)
            yield* tx.rows(touch(second))
          })
        )
      yield* Effect.all([crossing("a", "b"), crossing("b", "a")], { concurrency: "unbounded" })
      const rows = yield* db.rows<{ readonly version: number }>(sql`select version from punctual.user_states`)
      assert.deepStrictEqual(
        rows.map(({ version }) => version),
        [2, 2]
      )
      // Once more at least: on a crowded machine the one that lost may lose again.
      assert.isAtLeast(runs, 3)
    }).pipe(Effect.provide(postgres.database))
  )

  it.live("parses a statement once, and again where a release or a pooler took away what it was parsed to", () =>
    Effect.gen(function* () {
      const names = sql<{ readonly name: string }>`select name from pg_prepared_statements where ${true}`
      for (const upset of ["alter table punctual.migrations alter column number type bigint", "deallocate all"]) {
        const url = yield* freshDatabase
        const db = yield* openPostgres({ url, connectionsMax: 1 })
        yield* migrate(db)
        const number = sql`select number from punctual.migrations where number = ${1}::int`
        assert.deepStrictEqual(yield* db.rows(number), [{ number: 1 }])
        const before = yield* db.rows(names)
        assert.deepStrictEqual(yield* db.rows(number), [{ number: 1 }])
        assert.deepStrictEqual(yield* db.rows(names), before)
        assert.isAbove(before.length, 1)
        yield* db.rows(sql.raw(upset))
        assert.deepStrictEqual(yield* db.rows(number), [{ number: 1 }])
        yield* db.transaction((tx) => Effect.andThen(tx.rows(number), tx.rows(put("done"))))
        assert.deepStrictEqual(yield* db.rows(all), [{ user_id: "done" }])
      }
    })
  )

  it.live("V5: keeps connections for launches, however many others have something to ask", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const db = yield* openPostgres({ url, connectionsMax: 4 })
      const open = yield* Deferred.make<void>()
      const taken = yield* Deferred.make<boolean>()
      const begun = { count: 0 }
      const others = yield* Effect.forEach(Array.from({ length: 8 }), () =>
        Effect.forkChild(
          db.transaction((tx) =>
            tx
              .rows(sql`select 1`)
              .pipe(
                Effect.andThen(
                  Effect.suspend(() => (++begun.count === 2 ? Deferred.succeed(taken, true) : Effect.succeed(true)))
                ),
                Effect.andThen(Deferred.await(open))
              )
          )
        )
      )
      yield* Deferred.await(taken)
      // Answered although all others wait: with no connection left it would fail when its time is over.
      const launch = Effect.andThen(
        db.rows(sql`select 1`),
        db.transaction((tx) => tx.rows(sql`select 1`))
      )
      const launched = yield* Effect.exit(Effect.provideService(launch, ForLaunch, true))
      const begunBefore = begun.count
      yield* Deferred.succeed(open, undefined)
      yield* Effect.forEach(others, (other) => Fiber.await(other))
      assert.isTrue(Exit.isSuccess(launched))
      assert.deepStrictEqual([begunBefore, begun.count], [2, 8])
    })
  )

  it.live("plans for what it is given, each time", () =>
    Effect.gen(function* () {
      const db = yield* openPostgres({ url: yield* freshDatabase, connectionsMax: 1 })
      for (let run = 0; run < 10; run++) yield* db.rows(sql`select ${run}::int as n`)
      const plans = yield* db.rows(sql`
        select generic_plans, custom_plans from pg_prepared_statements where statement like 'select $1::int%'`)
      assert.deepStrictEqual(plans, [{ generic_plans: 0, custom_plans: 10 }])
    })
  )

  it.live("is not given more names than it may keep", () =>
    Effect.gen(function* () {
      const db = yield* openPostgres({ url: yield* freshDatabase, connectionsMax: 1 })
      for (let text = 0; text < 310; text++) yield* db.rows(sql`select ${sql.lit(text)} as n where ${true}`)
      const [kept] = yield* db.rows(sql<{ readonly n: number }>`select count(*) as n from pg_prepared_statements`)
      assert.deepStrictEqual(kept, { n: 300 })
    })
  )

  it.live("that is not there fails by its code, and its password stays untold", () =>
    Effect.gen(function* () {
      const url = Redacted.make("postgres://ada:MARKER@127.0.0.1:9/nowhere")
      const db = yield* openPostgres({ url })
      const error = yield* Effect.flip(db.health)
      assert.strictEqual(error.code, "ECONNREFUSED")
      assert.notInclude(`${error.message} ${JSON.stringify(error)}`, "MARKER")
    })
  )

  it.live("that takes too long is cut off, and the connection is good for the next statement", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const db = yield* openPostgres({ url, connectionsMax: 1, statementTimeoutMillis: 200 })
      const error = yield* Effect.flip(db.rows(sql`select pg_sleep(30)`))
      assert.strictEqual(error.code, "57014")
      yield* db.health
    })
  )

  it.live("that stops answering is given up on, and a new connection is opened", () =>
    Effect.gen(function* () {
      const url = yield* freshDatabase
      const proxy = yield* proxyTo(new URL(Redacted.value(url)))
      const db = yield* openPostgres({
        url: Redacted.make(proxy.url),
        connectionsMax: 1,
        statementTimeoutMillis: 300,
        answerSlackMillis: 200
      })
      yield* db.health
      proxy.silence()
      const error = yield* Effect.flip(db.health)
      assert.include(error.message, "timeout")
      proxy.speak()
      yield* db.health
    })
  )

  it.live("whose connections are all ended goes on with new ones", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* Effect.all([db.health, db.health, db.health], { concurrency: "unbounded" })
      yield* Effect.exit(
        db.rows(sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`)
      )
      yield* Effect.sleep(50)
      yield* Effect.all([db.health, db.health, db.health], { concurrency: "unbounded" })
    }).pipe(Effect.provide(postgres.database))
  )
})

/** A way to the server that can fall silent with its connections open, as a network does. */
const proxyTo = (url: URL) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      let isSilent = false
      const sockets = new Set<Socket>()
      const server = createServer((client) => {
        const upstream = connect(Number(url.port), url.hostname)
        for (const socket of [client, upstream]) {
          sockets.add(socket)
          socket.on("error", () => {})
        }
        client.on("data", (data) => void (isSilent || upstream.write(data)))
        upstream.on("data", (data) => void (isSilent || client.write(data)))
        client.on("close", () => upstream.destroy())
        upstream.on("close", () => client.destroy())
      })
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()))
      const address = server.address()
      const proxied = new URL(url)
      proxied.port = String(typeof address === "object" && address !== null ? address.port : 0)
      return {
        url: proxied.toString(),
        silence: () => void (isSilent = true),
        speak: () => void (isSilent = false),
        close: () => {
          for (const socket of sockets) socket.destroy()
          server.close()
        }
      }
    }),
    (proxy) => Effect.sync(proxy.close)
  )
