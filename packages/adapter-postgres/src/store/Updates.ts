/**
 * Events as they changed: how somebody follows the mirror.
 * Decides where to begin for who knows a time alone, and whether going on from a place would miss something. Never writes.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { CalendarEvent, MirrorPlace, UpdatedPage, UpdatedQuery } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"
import { fromText, toInstant, toText, toTexts } from "../rows/Column.ts"
import { type EventRow, eventColumns, toEvent } from "../rows/EventRow.ts"
import { dayOf } from "./Mirror.ts"

/** One row at least, whose event may be none. */
type Found = {
  readonly head: number
  readonly is_expired: boolean
  readonly changed: number
} & (EventRow | { readonly id: null })

export const updatedEvents = (
  db: Queries,
  { calendarIds, from, limit, userId }: UpdatedQuery
): Effect.Effect<UpdatedPage<CalendarEvent>, DatabaseError> => {
  const user = sql`${toText(userId)}::text`
  const since = "at" in from ? sql`and updated_at >= ${toInstant(from.at)}::bigint` : sql``
  return Effect.map(
    db.rows<Found>(sql`
      select h.head, h.is_expired, e.* from (
        select coalesce(s.mirror_number, 0) as head, coalesce(${isExpired(from)}, false) as is_expired
        from (select 1) one left join punctual.user_states s on s.user_id = ${user}
      ) h left join lateral (
        select mirror_number as changed, ${eventColumns} from punctual.events
        where user_id = ${user} and calendar_id = any(${toTexts(calendarIds)}::text[]) and not is_virtual
          and (mirror_number, id) > ${placeOf(user, from)} ${since}
        order by mirror_number, id limit ${limit + 1}::int
      ) e on true order by e.changed, e.id`),
    (rows) => {
      const found = rows.flatMap((row) => (row.id === null ? [] : [row]))
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const hasMore = found.length > limit
      return {
        items: shown.map(toEvent),
        next:
          hasMore && last !== undefined
            ? { mirrorNumber: last.changed, id: fromText(last.id) }
            : { mirrorNumber: (rows[0]?.head ?? 0) + 1, id: "" },
        hasMore,
        isExpired: rows[0]?.is_expired ?? false
      }
    }
  )
}

const isExpired = (from: UpdatedQuery["from"]): RawBuilder<unknown> =>
  "at" in from
    ? sql`${toInstant(from.at)}::bigint <= s.pruned_at`
    : sql`${from.mirrorNumber}::bigint <= s.pruned_number`

/** Of days before the first that is noted nothing is known: then all rows are looked at. */
const placeOf = (user: RawBuilder<unknown>, from: MirrorPlace | { readonly at: number }): RawBuilder<unknown> => {
  if (!("at" in from)) return sql`(${from.mirrorNumber}::bigint, ${toText(from.id)}::text)`
  const day = sql`${dayOf(from.at)}::int`
  const days = sql`from punctual.mirror_days where user_id = ${user}`
  return sql`((select case when exists (select 1 ${days} and day < ${day})
    then coalesce((select min(mirror_number) ${days} and day >= ${day}), h.head + 1) else 0 end), ''::text)`
}
