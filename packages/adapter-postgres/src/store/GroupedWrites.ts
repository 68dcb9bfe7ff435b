/**
 * Bots of several users written by one statement: claims of what was read ahead, and what came of launches.
 *
 * Decides for each by itself whether it may be written: its revision is as expected, and where its user's numbers are named
 * they are still those. The log is told of those that were written and of no others, each user's entries under numbers in
 * their order. Rows are locked in one order, so that two groups with the same bots or users do not wait for each other.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import { type NewChange, type OwnedBotWrite, type UserNumbers, subjectOf } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { botRows } from "../rows/BotRow.ts"
import { placeOfNow } from "../rows/ChangeRow.ts"
import { toInstant, toJson, toText } from "../rows/Column.ts"
import { isTaken } from "./Commits.ts"

export const writeBots = (
  db: Queries,
  writes: ReadonlyArray<OwnedBotWrite>
): Effect.Effect<ReadonlyArray<boolean>, DatabaseError> =>
  writes.length === 0
    ? Effect.succeed([])
    : Effect.map(db.rows<{ readonly id: string }>(statement(writes.toSorted(byUser))), (rows) => {
        const written = new Set(rows.map(({ id }) => id))
        return writes.map(({ bot }) => written.has(toText(bot.id)))
      }).pipe(
        // The net under "one live bot a meeting" caught one of them: the others are written without it.
        Effect.catchIf(isTaken, () =>
          writes.length === 1
            ? Effect.succeed([false])
            : Effect.map(
                Effect.forEach(writes, (write) => writeBots(db, [write])),
                (each) => each.flat()
              )
        )
      )

const byUser = (a: OwnedBotWrite, b: OwnedBotWrite): number =>
  a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : a.bot.id < b.bot.id ? -1 : 1

/** Ids of bots are unique over all users. */
const statement = (writes: ReadonlyArray<OwnedBotWrite>): RawBuilder<{ readonly id: string }> => sql`
  with written as (
    update punctual.bots t set meeting = r.meeting, series = r.series, status = r.status, join_at = r.join_at,
      end_at = r.end_at, retry_at = r.retry_at, in_meeting_until = r.in_meeting_until, wanted = r.wanted,
      applied = greatest(t.applied, r.applied), revision = r.revision, created_at = r.created_at,
      updated_at = r.updated_at, data = r.data
    from ${botRows(writes)} join ${ownerRows(writes)} on o.bot_id = r.id
    where t.user_id = o.user_id and t.id = r.id and t.revision = r.expected and (o.version is null or exists (
      select 1 from punctual.user_states s
      left join punctual.workspace_policies w on w.workspace_id = s.workspace_id
      where s.user_id = o.user_id and s.version = o.version and s.mirror_number = o.mirror_number
        and s.workspace_id is not distinct from o.workspace_id and coalesce(w.number, 0) = o.policy_number))
    returning t.id
  ) ${telling(writes.flatMap(({ change, userId }) => (change == null ? [] : [{ change, userId }])))}
  select id from written`

/** Whose each bot is, and the numbers under which it may be written; null: whatever they are. */
const ownerRows = (writes: ReadonlyArray<OwnedBotWrite>): RawBuilder<unknown> => {
  const numbers = <A>(of: (numbers: UserNumbers) => A): Array<A | null> =>
    writes.map((write) => (write.numbers === null ? null : of(write.numbers)))
  return sql`unnest(
    ${writes.map(({ bot }) => toText(bot.id))}::text[],
    ${writes.map(({ userId }) => toText(userId))}::text[],
    ${numbers(({ version }) => version)}::bigint[],
    ${numbers(({ mirrorNumber }) => mirrorNumber)}::bigint[],
    ${numbers(({ workspaceId }) => toText(workspaceId))}::text[],
    ${numbers(({ policyNumber }) => policyNumber)}::bigint[]
  ) as o (bot_id, user_id, version, mirror_number, workspace_id, policy_number)`
}

interface Told {
  readonly userId: string
  readonly change: NewChange
}

/** Entries for those of part `written`. Begins with a comma, where there are any. */
const telling = (told: ReadonlyArray<Told>): RawBuilder<unknown> => {
  if (told.length === 0) return sql``
  const subjects = told.map(({ change }) => subjectOf(change))
  return sql`, told as materialized (
    select u.*, row_number() over (partition by u.user_id order by u.n) as place_of_user
    from unnest(
      ${told.map(({ userId }) => toText(userId))}::text[],
      ${told.map(({ change }) => toInstant(change.occurredAt))}::bigint[],
      ${told.map(({ change }) => change.type)}::text[],
      ${told.map(({ change }) => change.cause)}::text[],
      ${subjects.map(({ calendarId }) => toText(calendarId))}::text[],
      ${subjects.map(({ meeting }) => toText(meeting))}::text[],
      ${subjects.map(({ botId }) => toText(botId))}::text[],
      ${told.map(({ change }) => toJson(change.data))}::text[]
    ) with ordinality as u (user_id, at, type, cause, calendar_id, meeting, bot_id, data, n)
    join written on written.id = u.bot_id
  ), heads as (
    insert into punctual.change_heads as h (user_id, sequence, told_at, place)
    select user_id, count(*), max(at), ${placeOfNow} from told group by user_id order by user_id
    on conflict (user_id) do update set sequence = h.sequence + excluded.sequence,
      told_at = greatest(h.told_at, excluded.told_at), place = greatest(h.place, excluded.place)
    returning h.user_id, h.sequence, h.told_at, h.place
  ), logged as (
    insert into punctual.changes (user_id, sequence, place, told_at, type, cause, workspace_id, calendar_id, meeting,
      bot_id, data)
    select h.user_id, h.sequence - count(*) over (partition by h.user_id) + t.place_of_user, h.place, h.told_at, t.type,
      t.cause, s.workspace_id, t.calendar_id, t.meeting, t.bot_id, t.data::json
    from told t join heads h on h.user_id = t.user_id
    left join punctual.user_states s on s.user_id = h.user_id
  )`
}
