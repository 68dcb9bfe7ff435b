/**
 * Three years of a user with fifty meetings a week: after what is kept has filled up once, there are no more rows of any kind
 * a year later, and to forget a week takes no more.
 */
import { type Bot, type BotChange, Store } from "@punctual/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { sql } from "kysely"
import { Database } from "../src/database/Database.ts"
import * as StorePort from "../src/Store.ts"
import { pgliteInMemory } from "./Engines.ts"
import { blocksOf } from "./plans/Blocks.ts"
import { botOf, connected, day, eventOf, hour, now, userOf } from "./StoreRows.ts"

const week = 7 * day
const weeks = 156
const meetings = 50
const user = userOf(1)

const told = (bot: Bot, type: BotChange["type"], at: number): BotChange => ({
  type,
  occurredAt: at,
  cause: "calendar",
  data: { bot: { ...bot, subject: null }, previous: {} }
})

const countsOf = Effect.map(
  Effect.flatMap(Database, (db) =>
    db.rows<Record<string, number>>(sql`
      select (select count(*)::int from punctual.events) as events, (select count(*)::int from punctual.bots) as bots,
        (select count(*)::int from punctual.events where raw is not null) as items,
        (select count(*)::int from punctual.intents) as intents, (select count(*)::int from punctual.changes) as changes,
        (select count(*)::int from punctual.overrides) as overrides,
        (select count(*)::int from punctual.shared_configs) as configs,
        (select count(*)::int from punctual.mirror_days) as days, (select count(*)::int from punctual.jobs) as jobs`)
  ),
  ([row]) => row ?? {}
)

/** What is forgotten in a week, by what is kept. */
const prune = (store: Store["Service"], at: number) =>
  Effect.all([
    store.pruneChanges(at - 30 * day, 10_000),
    store.pruneJobs(at - 30 * day, 10_000),
    store.pruneHistory(user, { rowsFrom: at - 400 * day, itemsFrom: at - 7 * day, series: [] }, 10_000)
  ])

/** Fifty meetings, each with a bot that was asked for by hand and has been there. */
const live = Effect.fnUntraced(function* (number: number) {
  const store: Store["Service"] = yield* Store
  const at = now + number * week
  const claim = yield* connectedOrAgain(number, at)
  const events = Array.from({ length: meetings }, (_, n) => {
    const start = at + n * hour
    return eventOf(`${number}-${n}`, { start, end: start + hour / 2, updatedAt: at, raw: { body: "…" } })
  })
  yield* store.putMirror(claim, { events, series: [] })
  yield* store.finishPass(claim, {
    cursor: "c",
    window: { from: at, to: at + week },
    basedAt: at,
    syncedAt: at,
    endedAt: at,
    againAt: at,
    dueAt: at + week
  })
  const { mirrorNumber, version } = yield* store.slice(user, { kind: "meetings", meetings: [], series: [] }, at)
  const bots = events.map((event, n) =>
    botOf(`${number}-${event.id}`, {
      meeting: event.meeting,
      eventId: event.id,
      start: event.start,
      end: event.end,
      joinAt: event.start,
      // Ten new ones a week, each for five meetings.
      config: { week: number, team: n % 10, prompt: "x".repeat(300) },
      status: "Launched"
    })
  )
  yield* store.commit({
    userId: user,
    version,
    decided: mirrorNumber,
    decideAt: null,
    putIntents: events.map(({ id, meeting }) => ({
      kind: "event",
      id,
      seq: 1,
      meeting,
      origin: "manual" as const,
      config: {}
    })),
    bots: bots.map((bot) => ({ bot, expected: null, change: told(bot, "bot.scheduled", at) }))
  })
  yield* store.claimJob("a job", `${number}`, { now: at, staleBefore: 0 })
})

const connectedOrAgain = Effect.fnUntraced(function* (number: number, at: number) {
  const store: Store["Service"] = yield* Store
  if (number === 0) return yield* connected(user)
  const [calendar] = yield* store.calendars(user)
  const claim = yield* store.claimCalendar(user, calendar?.id ?? assert.fail(), at, at + hour)
  return claim._tag === "Some" ? claim.value : assert.fail("no claim")
})

describe("three years", () => {
  it.live(
    "leave no more rows of any kind than what is kept, and forgetting costs the same",
    () =>
      Effect.gen(function* () {
        const db = yield* Database
        const store = yield* Store
        const years: Array<readonly [counts: Record<string, number>, blocks: number]> = []
        for (let number = 0; number < weeks; number++) {
          yield* live(number)
          const at = now + (number + 1) * week
          if (number % 52 === 51) {
            yield* db.rows(sql`analyze`)
            const blocks = yield* blocksOf(db, (queries) => prune(StorePort.make(queries), at))
            yield* prune(store, at)
            years.push([yield* countsOf, blocks])
          } else yield* prune(store, at)
        }
        const [, second, third] = years
        assert.deepStrictEqual(third?.[0], second?.[0])
        assert.isAbove(third?.[0]["events"] ?? 0, 2_500)
        assert.isBelow(third?.[0]["changes"] ?? Infinity, 5 * (meetings + 2))
        assert.isAtMost(third?.[1] ?? Infinity, 1.3 * (second?.[1] ?? 0))
        process.stdout.write(
          ` rows after one, two and three years: ${JSON.stringify(years.map(([counts]) => counts))}; ` +
            `blocks to forget a week: ${years.map(([, blocks]) => blocks).join(", ")} \n`
        )
      }).pipe(Effect.provide(Layer.provideMerge(StorePort.layer, pgliteInMemory.database))),
    120_000
  )
})
