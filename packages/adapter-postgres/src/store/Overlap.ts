/**
 * Which events belong to a span of time, as SQL.
 * Decides the condition once for all queries. A meeting that lasts no time at all belongs to the span its start lies in.
 */
import { type RawBuilder, sql } from "kysely"
import type { Span } from "@punctual/core"
import { toInstant } from "../rows/Column.ts"

/** Of the columns at hand; no index is meant to answer it alone. */
export const overlaps = (span: Span): RawBuilder<boolean> => {
  const from = sql`${toInstant(span.from)}::bigint`
  return sql`(start_at < ${toInstant(span.to)}::bigint and (end_at > ${from} or start_at >= ${from}))`
}

/** The longest event that is found by its start alone; the index on longer ones says the same. */
const longMillis = 86_400_000

/**
 * The events of one user that overlap the span, in two branches, each with an index of its own. `rest` narrows both;
 * `tail` ends both.
 */
export const overlapping = (
  columns: RawBuilder<unknown>,
  user: RawBuilder<unknown>,
  span: Span,
  rest: RawBuilder<unknown>,
  tail: RawBuilder<unknown>
): RawBuilder<unknown> => {
  const from = toInstant(span.from)
  const to = sql`${toInstant(span.to)}::bigint`
  return sql`
    (select ${columns} from punctual.events e
      where user_id = ${user} and start_at >= ${from - longMillis}::bigint and start_at < ${to}
        and (end_at > ${from}::bigint or start_at >= ${from}::bigint) and end_at - start_at <= 86400000 ${rest} ${tail})
    union all
    (select ${columns} from punctual.events e
      where user_id = ${user} and end_at - start_at > 86400000 and end_at > ${from}::bigint and start_at < ${to}
        ${rest} ${tail})`
}
