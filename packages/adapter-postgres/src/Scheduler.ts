/**
 * The Scheduler port on one database: a table is the alarm clock, and a timer armed for its soonest row wakes it.
 *
 * Decides which schedule is held, when it is due and when a fire that nobody confirmed comes again. Never checks a fire
 * against the store: that is the launch protocol's.
 */
import {
  type BotId,
  type Instant,
  type Schedule,
  Scheduler,
  SchedulerError,
  type ScheduleName,
  SchedulerUnavailable,
  type UserId,
  ForLaunch,
  groupCommits,
  sameForAll
} from "@punctual/core"
import { Clock, Effect, Latch, Layer, Option, type Scope, Stream } from "effect"
import { type RawBuilder, sql } from "kysely"
import { Database } from "./database/Database.ts"
import type { DatabaseError } from "./database/DatabaseError.ts"
import { fromText, toInstant, toText } from "./rows/Column.ts"

export interface Options {
  /** A fire that nobody confirmed comes again after this long. */
  readonly redeliverAfterMillis: number
  /** Fires taken at once. */
  readonly batchMax: number
  /**
   * The table is looked at again after this long at most, since other processes write it too: how late a schedule may be
   * that a process puts which delivers none itself. The embedded engine has no other process.
   */
  readonly lookAgainAfterMillis: number
}

const putMax = 1000

/** Rows of `list` read at once. */
const pageRows = 1000

/** Another process holds what is due: it has this long before it is asked for again. */
const breathMillis = 5

export const defaultOptions = (engine: "postgres" | "pglite"): Options => ({
  redeliverAfterMillis: 60_000,
  batchMax: 100,
  lookAgainAfterMillis: engine === "postgres" ? 1_000 : 60_000
})

/** Over a database whose schema is up to date. */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Scheduler, never, Database> =>
  Layer.effect(
    Scheduler,
    Effect.flatMap(Database, (db) => make(db, { ...defaultOptions(db.engine), ...options }))
  )

type Db = Database["Service"]

/** Fires confirmed by one statement: those that are confirmed while another statement is under way. */
const doneMax = 500

export const make = Effect.fnUntraced(function* (
  db: Db,
  options: Options
): Effect.fn.Return<Scheduler["Service"], never, Scope.Scope> {
  const done = yield* groupCommits(
    (schedules: ReadonlyArray<Schedule>) =>
      Effect.as(Effect.provideService(db.rows(deletion(schedules)), ForLaunch, true), schedules),
    doneMax
  )
  /** Opened when there may be something sooner to wait for. */
  const changed = Latch.makeUnsafe(false)
  return Scheduler.of({
    capabilities: { precisionMillis: 1, putMax },
    put: (schedules) =>
      schedules.length > putMax
        ? Effect.die(new Error(`a put takes ${putMax} schedules at most`))
        : sameForAll(schedules, Effect.andThen(named("put", db.rows(putQuery(schedules))), changed.open)),
    cancel: (keys) => sameForAll(keys, named("cancel", db.rows(deletion(keys)))),
    list: Stream.paginate<Key | null, Schedule, SchedulerError>(null, (after) =>
      Effect.map(named("list", db.rows<ScheduleRow>(listQuery(after))), (rows) => [
        rows.map(toSchedule),
        rows.length < pageRows ? Option.none() : Option.fromUndefinedOr(rows.at(-1)).pipe(Option.map(keyOf))
      ])
    ),
    fires: (aheadMillis) =>
      Stream.fromEffectRepeat(nextBatch(db, changed, options, aheadMillis)).pipe(
        Stream.filter((fires) => fires.length > 0),
        Stream.map((due) =>
          due.map((schedule) => ({ ...schedule, done: Effect.asVoid(named("done", done(schedule))) }))
        )
      )
  })
})

/**
 * Takes what is due out of the sight of all other consumers until it is to come again. Nothing: it has waited until
 * there may be something.
 */
const nextBatch = Effect.fnUntraced(function* (
  db: Db,
  changed: Latch.Latch,
  options: Options,
  aheadMillis: number
): Effect.fn.Return<ReadonlyArray<Schedule>, SchedulerError> {
  // Closed before looking, so that a change while looking wakes.
  changed.closeUnsafe()
  const now = yield* Clock.currentTimeMillis
  const due = yield* named("fires", db.rows<ScheduleRow>(takeDue(now, options, aheadMillis)))
  if (due.length > 0) return due.map(toSchedule).toSorted(bySoonest)
  const [soonest] = yield* named("fires", db.rows<{ readonly due_at: Instant | null }>(soonestQuery))
  const wait = Math.max((soonest?.due_at ?? Infinity) - aheadMillis - (yield* Clock.currentTimeMillis), breathMillis)
  yield* Effect.raceFirst(Effect.sleep(Math.min(wait, options.lookAgainAfterMillis)), changed.await)
  return []
})

interface ScheduleRow {
  readonly group_name: string
  readonly name: string
  readonly at: Instant
  readonly revision: number
  readonly user_id: string
  readonly bot_id: string
}

type Key = Pick<Schedule, "name" | "group">

const scheduleColumns = sql.raw(`t.group_name, t.name, t.at, t.revision, t.user_id, t.bot_id`)

/** A schedule that is put again as it is keeps its place: a fire on its way is not sent out a second time. */
const putQuery = (schedules: ReadonlyArray<Schedule>): RawBuilder<unknown> => {
  const once = lastOfEach(schedules)
  const each = <A>(of: (schedule: Schedule) => A): Array<A> => once.map(of)
  return sql`
    insert into punctual.schedules as t (group_name, name, at, due_at, revision, user_id, bot_id)
    select r.group_name, r.name, r.at, r.at, r.revision, r.user_id, r.bot_id
    from unnest(
      ${each(({ group }) => toText(group))}::text[],
      ${each(({ name }) => toText(name))}::text[],
      ${each(({ at }) => toInstant(at))}::bigint[],
      ${each(({ revision }) => revision)}::bigint[],
      ${each(({ userId }) => toText(userId))}::text[],
      ${each(({ botId }) => toText(botId))}::text[]
    ) as r (group_name, name, at, revision, user_id, bot_id)
    order by r.group_name, r.name
    on conflict (group_name, name) do update set at = excluded.at, due_at = excluded.due_at,
      revision = excluded.revision, user_id = excluded.user_id, bot_id = excluded.bot_id
    where t.revision < excluded.revision or (t.revision = excluded.revision and t.at <> excluded.at)`
}

/** Of one name and group the highest revision counts, and of equal ones the last. */
const lastOfEach = (schedules: ReadonlyArray<Schedule>): ReadonlyArray<Schedule> => {
  const held = new Map<string, Schedule>()
  for (const schedule of schedules) {
    const id = JSON.stringify([schedule.group, schedule.name])
    const known = held.get(id)
    if (known === undefined || known.revision <= schedule.revision) held.set(id, schedule)
  }
  return [...held.values()]
}

/** What was put since by somebody who knew better stays. */
const deletion = (keys: ReadonlyArray<Key & Pick<Schedule, "revision">>): RawBuilder<unknown> => sql`
  delete from punctual.schedules t
  using unnest(
    ${keys.map(({ group }) => toText(group))}::text[],
    ${keys.map(({ name }) => toText(name))}::text[],
    ${keys.map(({ revision }) => revision)}::bigint[]
  ) as r (group_name, name, revision)
  where t.group_name = r.group_name and t.name = r.name and t.revision <= r.revision`

/** It comes again counted from its instant, before which nobody has had reason to confirm it; by whoever asks as far ahead. */
const takeDue = (
  now: Instant,
  { batchMax, redeliverAfterMillis }: Options,
  aheadMillis: number
): RawBuilder<ScheduleRow> => sql`
  update punctual.schedules t
  set due_at = greatest(t.due_at, ${now}::bigint) + ${redeliverAfterMillis + aheadMillis}::bigint
  from (
    select group_name, name from punctual.schedules where due_at <= ${now + aheadMillis}::bigint
    order by due_at limit ${batchMax}::int for update skip locked
  ) as due
  where t.group_name = due.group_name and t.name = due.name
  returning ${scheduleColumns}`

const soonestQuery = sql<{ readonly due_at: Instant | null }>`select min(due_at) as due_at from punctual.schedules`

const listQuery = (after: Key | null): RawBuilder<ScheduleRow> => sql`
  select ${scheduleColumns} from punctual.schedules t
  ${after === null ? sql`` : sql`where (t.group_name, t.name) > (${toText(after.group)}, ${toText(after.name)})`}
  order by t.group_name, t.name limit ${pageRows}::int`

const toSchedule = (row: ScheduleRow): Schedule => ({
  name: fromText(row.name) as ScheduleName,
  group: fromText(row.group_name),
  at: row.at,
  revision: row.revision,
  userId: fromText(row.user_id) as UserId,
  botId: fromText(row.bot_id) as BotId
})

const keyOf = (row: ScheduleRow): Key => ({ name: fromText(row.name) as ScheduleName, group: fromText(row.group_name) })

const bySoonest = (a: Schedule, b: Schedule): number => a.at - b.at

const named = <A>(
  operation: SchedulerError["operation"],
  effect: Effect.Effect<A, DatabaseError>
): Effect.Effect<A, SchedulerError> =>
  Effect.mapError(
    effect,
    (cause) => new SchedulerError({ operation, reason: new SchedulerUnavailable({ message: cause.message, cause }) })
  )
