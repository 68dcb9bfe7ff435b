/**
 * A bot as a row.
 * Decides which members have columns of their own: those that queries ask for. The rest of the bot stands in `data`; only what
 * the scheduler was brought to is the column's alone, since it is noted without touching the rest. A large configuration stands
 * in a row of its own, to which bots refer.
 */
import { type RawBuilder, sql } from "kysely"
import { type Bot, type SharedConfigs, seriesOfMeeting, storedRow, wholeRow } from "@punctual/core"
import { toInstant, toInstantOrNull, toJson, toText } from "./Column.ts"
import type { ConfigOf } from "./SharedConfigRows.ts"

export interface BotRow {
  readonly applied: number
  readonly data: Bot
  readonly config: string | null
}

/** What a row is read by. */
export const botColumns = sql.raw(`applied, data, config`)

/** The document was parsed for this row alone, so it becomes the bot: pages of a hundred need no second hundred. */
export const toBot = ({ applied, config, data }: BotRow, configOf: ConfigOf): Bot => {
  Object.assign(data.schedule, { applied })
  return wholeRow(data, configOf(config))
}

/**
 * The bots as rows `r` of a statement, each with the revision that is expected of the stored one. What they refer to is
 * gathered where told, of one user or of each write's, and written by the caller.
 */
export const botRows = (
  writes: ReadonlyArray<{ readonly bot: Bot; readonly expected: number | null }>,
  configsOf: SharedConfigs | ((at: number) => SharedConfigs)
): RawBuilder<unknown> => {
  const stored = writes.map(({ bot }, at) =>
    storedRow(bot, typeof configsOf === "function" ? configsOf(at) : configsOf)
  )
  const each = <A>(of: (bot: Bot) => A): Array<A> => writes.map(({ bot }) => of(bot))
  return sql`(
    select id, meeting, series, status, join_at, end_at, retry_at, in_meeting_until, wanted, applied, revision, created_at,
      updated_at, data::json as data, config, expected
    from unnest(
      ${each((bot) => toText(bot.id))}::text[],
      ${each((bot) => toText(bot.meeting))}::text[],
      ${each((bot) => toText(seriesOfMeeting(bot.meeting)))}::text[],
      ${each((bot) => bot.status)}::text[],
      ${each((bot) => toInstant(bot.joinAt))}::bigint[],
      ${each((bot) => toInstant(bot.end))}::bigint[],
      ${each((bot) => toInstantOrNull(retryAt(bot)))}::bigint[],
      ${each((bot) => toInstantOrNull(inMeetingUntil(bot)))}::bigint[],
      ${each((bot) => bot.schedule.wanted)}::bigint[],
      ${each((bot) => bot.schedule.applied)}::bigint[],
      ${each((bot) => bot.revision)}::bigint[],
      ${each((bot) => toInstant(bot.createdAt))}::bigint[],
      ${each((bot) => toInstant(bot.updatedAt))}::bigint[],
      ${stored.map(({ row }) => toJson(row))}::text[],
      ${stored.map(({ config }) => config)}::text[],
      ${writes.map(({ expected }) => expected)}::bigint[]
    ) as t (id, meeting, series, status, join_at, end_at, retry_at, in_meeting_until, wanted, applied, revision, created_at,
      updated_at, data, config, expected)
  ) as r`
}

/** A launch in progress may be repeated once its lease and its pause are over. */
const retryAt = ({ launch, status }: Bot): number | null =>
  status === "Launching" && launch !== null ? Math.max(launch.leaseUntil, launch.retryAt ?? launch.leaseUntil) : null

/** One that was handed over may have to be withdrawn until its meeting ends. */
const inMeetingUntil = ({ end, status, statusReason }: Bot): number | null =>
  status === "Launched" && statusReason === null ? end : null
