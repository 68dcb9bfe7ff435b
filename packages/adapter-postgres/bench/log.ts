/**
 * What an entry of the log costs: decisions and launches as they are, and the same without what they tell.
 *
 * Decides what is compared: both kinds of write in turns, by users of their own, in the same run and on the same database.
 * The tests' PostgreSQL writes nothing through to the disk (`fsync=off`), so the write-ahead log is told beside the time.
 */
import { type Bot, type BotChange, Store, type UserId } from "@punctual/core"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import type { Row, Table } from "../../../bench/Table.ts"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { type Engine, pgliteInMemory, postgres } from "../test/Engines.ts"
import { stopEngine } from "../test/PostgresEngine.ts"
import { botOf, connected, eventOf, hour, now, userOf } from "../test/StoreRows.ts"

const turns = Number(process.env["TURNS"] ?? 400)
const warmUpTurns = 40
const many = 25
const atOnce = 8

export const run = async (): Promise<ReadonlyArray<Table>> => {
  const tables: Array<Table> = []
  try {
    for (const engine of [postgres, pgliteInMemory]) tables.push(await Effect.runPromise(tableOf(engine)))
  } finally {
    await stopEngine()
  }
  return tables
}

const tableOf = ({ database, name }: Engine): Effect.Effect<Table> =>
  Effect.gen(function* () {
    const rows: Array<Row> = []
    for (const [title, prepare] of works) rows.push(yield* compare(title, yield* prepare))
    const entry = yield* bytesOfEntry
    return {
      title: `The log on ${name}`,
      note: `${turns} turns each with and without entries, in turn; medians. An entry takes ${entry} bytes with its indexes.`,
      rows
    }
  }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, database)), Effect.scoped, Effect.orDie)

type Arm = "with" | "without"

/** One turn's write. */
type Write = (arm: Arm, turn: number) => Effect.Effect<void, unknown>

/** Each on users of its own, which it connects first. */
const works: ReadonlyArray<readonly [title: string, prepare: Effect.Effect<Write, unknown, Store>]> = [
  ["a decision of one bot", deciding(0, 1)],
  [`a decision of ${many} bots`, deciding(10, many)],
  ["a launch: claimed, then handed over", launching(20, 1, 1)],
  [`${atOnce} launches at once, of one user`, launching(30, atOnce, 1)],
  [`${atOnce} launches at once, of ${atOnce} users`, launching(40, atOnce, atOnce)]
]

const armNumber = { with: 0, without: 1 } as const

function deciding(users: number, size: number): Effect.Effect<Write, unknown, Store> {
  return Effect.gen(function* () {
    const store = yield* Store
    const versions: Record<Arm, number> = { with: 0, without: 0 }
    for (const arm of ["with", "without"] as const) versions[arm] = yield* ready(userOf(users + armNumber[arm]))
    return (arm, turn) => {
      const bots = Array.from({ length: size }, (_, n) => joining(`${users}-${arm}-${turn}-${n}`))
      return store.commit({
        userId: userOf(users + armNumber[arm]),
        version: versions[arm]++,
        decided: 0,
        decideAt: null,
        bots: bots.map((bot) => ({ bot, expected: null, ...telling(arm, bot, "bot.scheduled") }))
      })
    }
  })
}

function launching(first: number, width: number, users: number): Effect.Effect<Write, unknown, Store> {
  return Effect.gen(function* () {
    const store = yield* Store
    const bots: Record<Arm, Array<Bot>> = { with: [], without: [] }
    const ownerOf = (arm: Arm, n: number): UserId => userOf(first + armNumber[arm] * users + (n % users))
    for (const arm of ["with", "without"] as const) {
      for (let user = 0; user < users; user++) {
        const version = yield* ready(ownerOf(arm, user))
        const length = (turns + warmUpTurns) * (width / users)
        const made = Array.from({ length }, (_, n) => joining(`${first}-${arm}-${n * users + user}`))
        for (const [n, bot] of made.entries()) bots[arm][n * users + user] = bot
        const writes = made.map((bot) => ({ bot, expected: null, ...telling(arm, bot, "bot.scheduled") }))
        for (let from = 0; from < length; from += many) {
          const part = writes.slice(from, from + many)
          const at = version + from / many
          yield* store.commit({ userId: ownerOf(arm, user), version: at, decided: 0, decideAt: null, bots: part })
        }
      }
    }
    const launch = Effect.fnUntraced(function* (arm: Arm, at: number) {
      const bot = bots[arm][at] ?? raise("no such bot")
      const claimed: Bot = { ...bot, status: "Launching", revision: bot.revision + 1 }
      const launched: Bot = { ...bot, status: "Launched", externalId: `ext-${bot.id}`, revision: bot.revision + 2 }
      const user = ownerOf(arm, at)
      yield* store.writeBot(user, claimed, bot.revision, telling(arm, claimed, "bot.launching").change)
      yield* store.writeBot(user, launched, claimed.revision, telling(arm, launched, "bot.launched").change)
    })
    return (arm, turn) =>
      Effect.forEach(
        Array.from({ length: width }, (_, n) => turn * width + n),
        (at) => launch(arm, at),
        {
          concurrency: width,
          discard: true
        }
      )
  })
}

/** Connected; the version that its next commit is made against. */
const ready = Effect.fnUntraced(function* (userId: UserId) {
  yield* connected(userId)
  const store = yield* Store
  return (yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)).version
})

/** As a host sets a bot up: a configuration of half a kibibyte. */
const joining = (label: string): Bot =>
  botOf(label, {
    meeting: eventOf(label).meeting,
    joinAt: now + hour,
    config: { transcription: { provider: "deepgram", language: "en" }, webhook: "https://host.example/".repeat(20) }
  })

const telling = (arm: Arm, bot: Bot, type: BotChange["type"]): { readonly change: BotChange | null } => {
  if (arm === "without") return { change: null }
  const previous = type === "bot.scheduled" ? {} : { status: "Scheduled" as const }
  return {
    change: { type, occurredAt: now, cause: "calendar", data: { bot: { ...bot, subject: "Review" }, previous } }
  }
}

const compare = Effect.fnUntraced(function* (title: string, write: Write) {
  const took: Record<Arm, Array<number>> = { with: [], without: [] }
  const bytes: Record<Arm, number> = { with: 0, without: 0 }
  for (let turn = 0; turn < turns + warmUpTurns; turn++) {
    for (const arm of turn % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
      const before = yield* walPlace
      const start = performance.now()
      yield* write(arm, turn)
      const millis = performance.now() - start
      if (turn < warmUpTurns) continue
      took[arm].push(millis)
      bytes[arm] += (yield* walPlace) - before
    }
  }
  const [bare, told] = [median(took.without), median(took.with)]
  return {
    "": title,
    "without, ms": round(bare),
    "with, ms": round(told),
    "more, ms": round(told - bare),
    "WAL without, KiB": round(bytes.without / turns / 1_024),
    "WAL with, KiB": round(bytes.with / turns / 1_024)
  }
})

const walPlace = Effect.map(
  Effect.flatMap(Database, (db) =>
    db.rows<{ readonly at: number }>(sql`select (pg_current_wal_insert_lsn() - '0/0')::float8 as at`)
  ),
  ([row]) => row?.at ?? 0
)

const bytesOfEntry = Effect.map(
  Effect.flatMap(Database, (db) =>
    db.rows<{ readonly bytes: number }>(sql`
      select (pg_total_relation_size('punctual.changes') / greatest(1, (select count(*) from punctual.changes)))::int as bytes`)
  ),
  ([row]) => row?.bytes ?? 0
)

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

const round = (value: number): number => Math.round(value * 100) / 100

const raise = (message: string): never => {
  throw new Error(message)
}
