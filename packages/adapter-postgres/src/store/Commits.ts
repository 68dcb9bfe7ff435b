/**
 * Commits: all of a decision, or nothing.
 * Decides whether the state a decision was made against is still the state. Never decides about bots.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import {
  type BotWrite,
  type Calendar,
  type CalendarEvent,
  type Commit,
  Conflict,
  type Intent,
  type NewChange,
  type Override
} from "@punctual/core"
import type { Database, Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { appending } from "../rows/ChangeRow.ts"
import { botRows } from "../rows/BotRow.ts"
import { toInstantOrNull, toJson, toJsonOrNull, toText, toTexts } from "../rows/Column.ts"
import { eventRows } from "../rows/EventRow.ts"
import { seriesOfMeeting } from "@punctual/core"

export const commit = (db: Database["Service"], decision: Commit): Effect.Effect<void, DatabaseError | Conflict> =>
  db
    .transaction((tx) =>
      Effect.andThen(
        raiseVersion(tx, decision),
        Effect.forEach(parts(decision), (part) => writePart(tx, part), { discard: true })
      )
    )
    .pipe(Effect.catchIf(isTaken, () => Effect.fail(new Conflict())))

/** The net under "one live bot a meeting" caught something: someone else wrote first. */
export const isTaken = (error: unknown): error is DatabaseError => (error as Partial<DatabaseError>).isTaken === true

/** The first statement locks the user's row: other decisions, mirror writes and disconnects of this user wait. */
const raiseVersion = Effect.fnUntraced(function* (
  tx: Queries,
  { auto, decideAt, decided, judged, marksJudging, pausedUntil, userId, version }: Commit
): Effect.fn.Return<void, DatabaseError | Conflict> {
  const user = toText(userId)
  if (version === 0) {
    // Nothing was ever stored of this user.
    yield* tx.rows(sql`insert into punctual.user_states (user_id) values (${user}) on conflict do nothing`)
  }
  const setAuto =
    auto === undefined ? sql`` : sql`, auto_enabled = ${auto.enabled}::boolean, auto = ${toJson(auto)}::json`
  const setPause = pausedUntil === undefined ? sql`` : sql`, paused_until = ${toInstantOrNull(pausedUntil)}::bigint`
  const setMark =
    marksJudging === true
      ? sql`, judge_mark = version + 1`
      : judged === undefined
        ? sql``
        : sql`, judge_mark = nullif(judge_mark, ${judged}::bigint)`
  const raised = yield* tx.rows(sql`
    update punctual.user_states set version = version + 1, decided = greatest(decided, ${decided}::bigint),
      decide_at = ${toInstantOrNull(decideAt)}::bigint ${setAuto} ${setPause} ${setMark}
    where user_id = ${user} and version = ${version}::bigint
    returning user_id`)
  if (raised.length === 0) return yield* new Conflict()
})

/** A statement of a commit; `rows` that it must touch, where it makes a difference. */
interface Part {
  readonly statement: RawBuilder<unknown>
  readonly rows?: number
}

const writePart = Effect.fnUntraced(function* (
  tx: Queries,
  part: Part
): Effect.fn.Return<void, DatabaseError | Conflict> {
  const touched = yield* tx.rows(part.statement)
  if (part.rows !== undefined && touched.length !== part.rows) return yield* new Conflict()
})

const parts = (decision: Commit): ReadonlyArray<Part> => {
  const user = sql`${toText(decision.userId)}::text`
  const some = <A>(
    items: ReadonlyArray<A> | undefined,
    statement: (items: ReadonlyArray<A>) => RawBuilder<unknown>
  ): ReadonlyArray<Part> => (items === undefined || items.length === 0 ? [] : [{ statement: statement(items) }])
  return [
    ...some(decision.putZones, (zones) => putZones(user, zones)),
    ...some(
      decision.deleteIntents,
      (ids) => sql`delete from punctual.intents where user_id = ${user} and id = any(${toTexts(ids)}::text[])`
    ),
    ...some(decision.putIntents, (intents) => putIntents(user, intents)),
    ...some(
      decision.deleteOverrides,
      (meetings) =>
        sql`delete from punctual.overrides where user_id = ${user} and meeting = any(${toTexts(meetings)}::text[])`
    ),
    ...some(decision.putOverrides, (overrides) => putOverrides(user, overrides)),
    ...some(
      decision.deleteVirtual,
      (ids) =>
        sql`delete from punctual.events where user_id = ${user} and is_virtual and id = any(${toTexts(ids)}::text[])`
    ),
    ...some(decision.putVirtual, (events) => putVirtual(user, events)),
    ...some(decision.putMeetings, (rows) => putMeetings(user, rows)),
    ...some(decision.decidedSeries, (series) => noteDecided(user, series)),
    ...botParts(user, decision.bots ?? [])
  ]
}

const putZones = (
  user: RawBuilder<unknown>,
  zones: ReadonlyArray<Pick<Calendar, "id" | "eventsZone">>
): RawBuilder<unknown> => {
  const once = lastOfEach(zones, ({ id }) => id)
  return sql`
    update punctual.calendars c set events_zone = r.events_zone
    from unnest(
      ${once.map(({ id }) => toText(id))}::text[],
      ${once.map(({ eventsZone }) => toText(eventsZone))}::text[]
    ) as r (calendar_id, events_zone)
    where c.user_id = ${user} and c.calendar_id = r.calendar_id`
}

const putIntents = (user: RawBuilder<unknown>, intents: ReadonlyArray<Intent>): RawBuilder<unknown> => {
  const once = lastOfEach(intents, (intent) => intent.id)
  return sql`
    insert into punctual.intents (user_id, id, kind, meeting, series, data)
    select ${user}, r.id, r.kind, r.meeting, r.series, r.data::json
    from unnest(
      ${once.map((intent) => toText(intent.id))}::text[],
      ${once.map((intent) => intent.kind)}::text[],
      ${once.map((intent) => ("meeting" in intent ? toText(intent.meeting) : null))}::text[],
      ${once.map((intent) => toText(seriesOf(intent)))}::text[],
      ${once.map((intent) => toJson(intent))}::text[]
    ) as r (id, kind, meeting, series, data)
    on conflict (user_id, id) do update set kind = excluded.kind, meeting = excluded.meeting,
      series = excluded.series, data = excluded.data`
}

/** An intent about one occurrence is found with its series. */
const seriesOf = (intent: Intent) => ("series" in intent ? intent.series : seriesOfMeeting(intent.meeting))

const putOverrides = (user: RawBuilder<unknown>, overrides: ReadonlyArray<Override>): RawBuilder<unknown> => {
  const once = lastOfEach(overrides, ({ meeting }) => meeting)
  return sql`
    insert into punctual.overrides (user_id, meeting, series, data)
    select ${user}, r.meeting, r.series, r.data::json
    from unnest(
      ${once.map(({ meeting }) => toText(meeting))}::text[],
      ${once.map(({ meeting }) => toText(seriesOfMeeting(meeting)))}::text[],
      ${once.map(toJson)}::text[]
    ) as r (meeting, series, data)
    on conflict (user_id, meeting) do update set data = excluded.data`
}

/** What a decision says about the mirror raises no mirror number: it has been decided already. */
const putVirtual = (user: RawBuilder<unknown>, events: ReadonlyArray<CalendarEvent>): RawBuilder<unknown> => sql`
  insert into punctual.events as t (user_id, id, calendar_id, provider_id, kind, series_id, series_key, meeting,
    family, start_at, end_at, organizer, is_deleted, is_virtual, created_at, updated_at, mirror_number, digest,
    raw_digest, data, facts, raw)
  select ${user}, r.id, r.calendar_id, r.provider_id, r.kind, r.series_id, r.series_key, r.meeting, r.family, r.start_at,
    r.end_at, r.organizer, r.is_deleted, r.is_virtual, r.created_at, r.updated_at, 0, r.digest,
    r.raw_digest, r.data, r.facts, r.raw
  from ${eventRows(lastOfEach(events, ({ id }) => id))}
  on conflict (user_id, id) do update set calendar_id = excluded.calendar_id, provider_id = excluded.provider_id,
    kind = excluded.kind, series_id = excluded.series_id, series_key = excluded.series_key,
    meeting = excluded.meeting, family = excluded.family, start_at = excluded.start_at, end_at = excluded.end_at,
    organizer = excluded.organizer, is_deleted = excluded.is_deleted, is_virtual = excluded.is_virtual,
    updated_at = excluded.updated_at, digest = excluded.digest, raw_digest = excluded.raw_digest,
    data = excluded.data, facts = excluded.facts, raw = excluded.raw
  where t.is_virtual`

const putMeetings = (user: RawBuilder<unknown>, rows: NonNullable<Commit["putMeetings"]>): RawBuilder<unknown> => {
  const once = lastOfEach(rows, ({ id }) => id)
  return sql`
    update punctual.events t set meeting = r.meeting
    from unnest(
      ${once.map(({ id }) => toText(id))}::text[],
      ${once.map(({ meeting }) => toText(meeting))}::text[]
    ) as r (id, meeting)
    where t.user_id = ${user} and t.id = r.id`
}

/** What was decided by, and exceptions that were asked for meanwhile. */
const noteDecided = (user: RawBuilder<unknown>, series: NonNullable<Commit["decidedSeries"]>): RawBuilder<unknown> => {
  const once = lastOfEach(series, ({ id }) => id)
  return sql`
    update punctual.series t set decided_timing = r.timing::json, exceptions = coalesce(r.exceptions::json, t.exceptions)
    from unnest(
      ${once.map(({ id }) => toText(id))}::text[],
      ${once.map(({ decidedTiming }) => toJsonOrNull(decidedTiming))}::text[],
      ${once.map(({ exceptions }) => toJsonOrNull(exceptions))}::text[]
    ) as r (id, timing, exceptions)
    where t.user_id = ${user} and t.id = r.id`
}

/**
 * Known bots first, so that a meeting is free before the next bot takes it; each must be as it was expected. The last
 * statement tells of all of them.
 */
const botParts = (user: RawBuilder<unknown>, writes: ReadonlyArray<BotWrite>): ReadonlyArray<Part> => {
  const known = writes.filter(({ expected }) => expected !== null)
  const made = writes.filter(({ expected }) => expected === null)
  const told = writes.flatMap(({ change }) => change ?? [])
  const toldOfKnown = made.length === 0 ? told : []
  return [
    ...(known.length === 0
      ? []
      : [{ statement: telling(user, updateBots(user, known), known, toldOfKnown), rows: known.length }]),
    ...(made.length === 0 ? [] : [{ statement: telling(user, insertBots(user, made), made, told), rows: made.length }])
  ]
}

/** A statement that writes bots, and tells of them only if it has written each. */
export const telling = (
  user: RawBuilder<unknown>,
  statement: RawBuilder<unknown>,
  { length: expected }: ReadonlyArray<BotWrite>,
  told: ReadonlyArray<NewChange>
): RawBuilder<unknown> =>
  told.length === 0
    ? statement
    : sql`with written as (${statement}) ${appending(user, told, { expected, written: "written" })} select id from written`

/**
 * What the scheduler was brought to is noted without raising a bot's revision, so a bot read before that note must not
 * take it back.
 */
export const updateBots = (user: RawBuilder<unknown>, writes: ReadonlyArray<BotWrite>): RawBuilder<unknown> => sql`
  update punctual.bots t set meeting = r.meeting, series = r.series, status = r.status, join_at = r.join_at,
    end_at = r.end_at, retry_at = r.retry_at, in_meeting_until = r.in_meeting_until, wanted = r.wanted, applied = greatest(t.applied, r.applied), revision = r.revision, created_at = r.created_at,
    updated_at = r.updated_at, data = r.data
  from ${botRows(writes)}
  where t.user_id = ${user} and t.id = r.id and t.revision = r.expected
  returning t.id`

const insertBots = (user: RawBuilder<unknown>, writes: ReadonlyArray<BotWrite>): RawBuilder<unknown> => sql`
  insert into punctual.bots (user_id, id, meeting, series, status, join_at, end_at, retry_at, in_meeting_until, wanted, applied, revision,
    created_at, updated_at, data)
  select ${user}, r.id, r.meeting, r.series, r.status, r.join_at, r.end_at, r.retry_at, r.in_meeting_until, r.wanted, r.applied, r.revision,
    r.created_at, r.updated_at, r.data
  from ${botRows(writes)}
  on conflict (user_id, id) do nothing
  returning id`

/** A statement may write a row only once. */
const lastOfEach = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): ReadonlyArray<A> => [
  ...new Map(items.map((item) => [keyOf(item), item])).values()
]
