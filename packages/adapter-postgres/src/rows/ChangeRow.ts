/**
 * An entry of the log as a row, and how rows are appended to what writes the change itself.
 * Decides what an entry is found by, its number and its place: all of them in the statement that it comes with.
 */
import { type RawBuilder, sql } from "kysely"
import {
  type LoggedChange,
  type NewChange,
  type SharedConfigs,
  type UserId,
  type WorkspaceId,
  loggedChange,
  storedChange,
  subjectOf,
  wholeChange
} from "@punctual/core"
import { fromText, toInstant, toJson, toText } from "./Column.ts"
import { type ConfigOf, gatheredConfigs } from "./SharedConfigRows.ts"

export interface ChangeRow {
  readonly user_id: string
  readonly sequence: number
  readonly told_at: number
  readonly type: NewChange["type"]
  readonly cause: NewChange["cause"]
  readonly workspace_id: string | null
  readonly data: NewChange["data"]
  readonly config: string | null
  readonly previous_config: string | null
}

/** What a row is read by. */
export const changeColumns = sql.raw(`user_id, sequence, told_at, type, cause, workspace_id, data, config,
  previous_config`)

export const toLoggedChange = (row: ChangeRow, configOf: ConfigOf): LoggedChange => {
  const data = wholeChange(row.data, configOf(row.config), configOf(row.previous_config))
  // The cast: type and data were written together.
  return loggedChange({ type: row.type, occurredAt: row.told_at, cause: row.cause, data } as NewChange, {
    userId: fromText(row.user_id) as UserId,
    workspaceId: row.workspace_id === null ? null : (fromText(row.workspace_id) as WorkspaceId),
    sequence: row.sequence,
    occurredAt: row.told_at
  })
}

/** The transaction at hand, as a number that later ones exceed. */
export const placeOfNow = sql`pg_current_xact_id()::text::bigint`

/** Entries as rows `r`, numbered `n` from 1 on. */
const rowsOf = (changes: ReadonlyArray<NewChange>, configs: SharedConfigs): RawBuilder<unknown> => {
  const subjects = changes.map(subjectOf)
  const stored = changes.map((change) => storedChange(change, configs))
  return sql`unnest(
    ${changes.map(({ type }) => type)}::text[],
    ${changes.map(({ cause }) => cause)}::text[],
    ${changes.map(({ data }) => toText("connection" in data ? data.connection.id : null))}::text[],
    ${subjects.map(({ calendarId }) => toText(calendarId))}::text[],
    ${subjects.map(({ meeting }) => toText(meeting))}::text[],
    ${subjects.map(({ botId }) => toText(botId))}::text[],
    ${stored.map(({ data }) => toJson(data))}::text[],
    ${stored.map(({ config }) => config)}::text[],
    ${stored.map(({ previousConfig }) => previousConfig)}::text[]
  ) with ordinality as r (type, cause, connection_id, calendar_id, meeting, bot_id, data, config, previous_config, n)`
}

/**
 * What a statement does besides writing what `written` (one of its parts, with as many rows as are expected) says: nothing
 * where fewer were written. Configurations that the entries share with other rows are written by whoever gathers them. Begins
 * with a comma.
 */
export const appending = (
  user: RawBuilder<unknown>,
  changes: ReadonlyArray<NewChange>,
  { expected, written }: { readonly written: string; readonly expected: number },
  configs: SharedConfigs = gatheredConfigs()
): RawBuilder<unknown> => {
  if (changes.length === 0) return sql``
  const count = sql`${changes.length}::bigint`
  const at = sql`${Math.max(...changes.map(({ occurredAt }) => toInstant(occurredAt)))}::bigint`
  return sql`, head as (${raisedHead(user, count, at, sql`where (select count(*) from ${sql.ref(written)}) = ${expected}::bigint`)}),
  logged as (
    insert into punctual.changes (user_id, sequence, place, told_at, type, cause, workspace_id, connection_id,
      calendar_id, meeting, bot_id, data, config, previous_config)
    select head.user_id, head.sequence - ${count} + r.n, head.place, head.told_at, r.type, r.cause, ${workspaceOf(user)},
      r.connection_id, r.calendar_id, r.meeting, r.bot_id, r.data::json, r.config, r.previous_config
    from head, ${rowsOf(changes, configs)}
  )`
}

/**
 * What a statement does besides ending a pass: tells what its part `counts` (created, updated, deleted; of one calendar) has
 * gathered, if that is anything. Begins with a comma.
 */
export const appendingCounts = (
  user: RawBuilder<unknown>,
  calendarId: string,
  at: number,
  counts: string
): RawBuilder<unknown> => {
  const sum = sql`counts.created + counts.updated + counts.deleted`
  const source = sql`from ${sql.ref(counts)} counts where ${sum} > 0`
  return sql`, head as (${raisedHead(user, sql`1`, sql`${toInstant(at)}::bigint`, source)}),
  logged as (
    insert into punctual.changes (user_id, sequence, place, told_at, type, cause, workspace_id, calendar_id, data)
    select head.user_id, head.sequence, head.place, head.told_at, 'calendar.synced', 'calendar', ${workspaceOf(user)},
      ${toText(calendarId)}::text, (${`{"calendarId":${toJson(calendarId)},"created":`}::text || counts.created
        || ',"updated":' || counts.updated || ',"deleted":' || counts.deleted || '}')::json
    from head, ${sql.ref(counts)} counts
  )`
}

const workspaceOf = (user: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select s.workspace_id from punctual.user_states s where s.user_id = ${user})`

/** Locks the user's head until the end of the transaction: whoever comes next has the next number. */
const raisedHead = (
  user: RawBuilder<unknown>,
  count: RawBuilder<unknown>,
  at: RawBuilder<unknown>,
  source: RawBuilder<unknown>
): RawBuilder<unknown> => sql`
  insert into punctual.change_heads as h (user_id, sequence, told_at, place)
  select ${user}, ${count}, ${at}, ${placeOfNow} ${source}
  on conflict (user_id) do update set sequence = h.sequence + excluded.sequence,
    told_at = greatest(h.told_at, excluded.told_at), place = greatest(h.place, excluded.place)
  returning h.user_id, h.sequence, h.told_at, h.place`
