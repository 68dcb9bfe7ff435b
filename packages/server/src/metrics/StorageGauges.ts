/**
 * Gauges that answer "is anyone about to be missed?", read from storage.
 *
 * Decides names, and how often storage is asked: at most every five seconds, whoever looks. On PostgreSQL by one query;
 * on any other store by what the port tells, up to a limit. All processes over one storage show the same numbers.
 */
import { Clock, Context, Effect, Layer, Metric, Option, Schedule } from "effect"
import * as Postgres from "@punctual/adapter-postgres"
import { Store } from "@punctual/core"

/** What is not known by a store is left out of the gauges. */
type Counts = Partial<Postgres.Gauges> & { readonly rows?: Postgres.RowCounts }

export class StorageGauges extends Context.Service<
  StorageGauges,
  {
    /** Brings the gauges up to date, unless they are fresh. Never fails: how old they are is told by a gauge. */
    readonly refresh: Effect.Effect<void>
  }
>()("@punctual/server/metrics/StorageGauges") {
  static readonly layer: Layer.Layer<StorageGauges, never, Store> = Layer.effect(
    StorageGauges,
    Effect.gen(function* () {
      const store = yield* Store
      const database = yield* Effect.serviceOption(Postgres.Database)
      const take = (now: number): Effect.Effect<Counts, unknown> =>
        Option.match(database, {
          onNone: () => byPort(store, now),
          onSome: (db) =>
            Effect.gen(function* () {
              const counts = yield* Postgres.readGauges(db, { now, dueWithinMillis, overdueMillis, endingWithinMillis })
              if (now < rowsFreshUntil) return counts
              rowsFreshUntil = now + rowsFreshMillis
              return { ...counts, rows: yield* Postgres.readRowCounts(db) }
            })
        })
      let freshUntil = 0
      let rowsFreshUntil = 0
      return StorageGauges.of({
        refresh: Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          if (now < freshUntil) return
          freshUntil = now + freshMillis
          yield* take(now).pipe(
            Effect.timeout(takeMillisMax),
            Effect.flatMap((counts) => Effect.andThen(show(counts, now), Metric.update(takenAt, now / 1_000))),
            // Slow, or out of reach: which of the two `punctual_storage_up` tells. What is shown grows old.
            Effect.catch((error) => Effect.logDebug("the numbers of storage are old", error))
          )
        })
      })
    })
  )
}

/** Numbers are as old as this at most. */
const freshMillis = 5_000
/** A minute: how many rows there are changes slowly, and takes longer to tell. */
const rowsFreshMillis = 60_000
const takeMillisMax = 4_000
/** Kept up to date also when nobody looks, for who gets them by OTLP. */
const refreshMillis = 15_000

const dueWithinMillis = 300_000
const overdueMillis = 10_000
/** Renewal is daily, of what ends within two days: what ends within half a day was missed. */
const endingWithinMillis = 43_200_000

/** Never ends. */
export const keepFresh: Effect.Effect<unknown, never, StorageGauges> = Effect.flatMap(StorageGauges, ({ refresh }) =>
  Effect.repeat(refresh, Schedule.spaced(refreshMillis))
)

/** Rows looked at of each kind where a store can't count. */
const rowsMax = 1_000

const byPort = (store: Store["Service"], now: number): Effect.Effect<Counts, unknown> =>
  Effect.gen(function* () {
    const due = yield* store.dueBots(now + dueWithinMillis, rowsMax)
    const waiting = due.filter(({ status }) => status === "Scheduled").map(({ at }) => at)
    return {
      botsDue: waiting.length,
      botsOverdue: waiting.filter((joinAt) => joinAt < now - overdueMillis).length,
      nextJoinAt: waiting.length === 0 ? null : Math.min(...waiting),
      usersLagging: (yield* store.lagging(now, null, rowsMax)).length,
      nextSyncAt: Option.getOrNull(yield* store.nextDue([])),
      subscriptionsEnding: (yield* store.subscriptionsEnding(now + endingWithinMillis, rowsMax)).length
    }
  })

const gauge = (name: string, description: string) => Metric.gauge(`punctual_${name}`, { description })

const takenAt = gauge("storage_numbers_taken_timestamp_seconds", "When the numbers of storage beside this were taken")

const gauges = {
  botsDue: gauge("bots_due", "Scheduled bots that join within five minutes, overdue ones among them"),
  botsOverdue: gauge("bots_overdue", "Scheduled bots whose join time passed more than ten seconds ago"),
  botsLaunching: gauge("bots_launching", "Bots being handed over right now"),
  usersLagging: gauge("users_lagging", "Users whose calendar changes have not been decided on"),
  calendarsFailing: gauge("calendars_failing", "Selected calendars whose last sync failed"),
  subscriptionsEnding: gauge("subscriptions_ending", "Subscriptions at providers that end within twelve hours"),
  subscriptionsEnded: gauge("subscriptions_ended", "Subscriptions that ended without being renewed"),
  connectionsActive: gauge("connections_active", "Connections that work"),
  connectionsBroken: gauge("connections_broken", "Connections that need their user's consent again, or fail")
} as const

const rowsOfKind = gauge("rows", "Rows in storage, by kind; of many an estimate")

const overdueSeconds = gauge("bots_overdue_seconds", "How long the bot that waits longest is overdue; 0: none is")
const syncOverdueSeconds = gauge("sync_overdue_seconds", "How long the calendar due longest has waited; 0: none waits")

const show = (counts: Counts, now: number): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (const [name, of] of Object.entries(gauges)) {
      const count = counts[name as keyof typeof gauges]
      if (count !== undefined) yield* Metric.update(of, count)
    }
    for (const [kind, rows] of Object.entries(counts.rows ?? {})) {
      yield* Metric.update(Metric.withAttributes(rowsOfKind, { kind }), rows)
    }
    yield* Metric.update(overdueSeconds, secondsSince(counts.nextJoinAt ?? null, now))
    yield* Metric.update(syncOverdueSeconds, secondsSince(counts.nextSyncAt ?? null, now))
  })

const secondsSince = (at: number | null, now: number): number => (at === null ? 0 : Math.max(0, now - at) / 1_000)
