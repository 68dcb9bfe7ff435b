/**
 * Configurations that nothing refers to any more.
 * Decides what counts as referring to one. Whoever comes to refer to one while it goes is refused by the foreign key and tries
 * again, and so is whoever would remove one that is referred to.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Queries } from "../database/Database.ts"
import type { DatabaseError } from "../database/DatabaseError.ts"

const isUnused = sql.join(
  (
    [
      ["bots", "config"],
      ["intents", "config"],
      ["overrides", "config"],
      ["changes", "config"],
      ["changes", "previous_config"]
    ] as const
  ).map(
    ([table, column]) => sql`not exists (
      select 1 from ${sql.table(`punctual.${table}`)} r where r.user_id = c.user_id and r.${sql.ref(column)} = c.digest)`
  ),
  sql` and `
)

interface Looked {
  readonly last: string | null
  readonly looked: number
  readonly gone: number
}

/** Removes a user's, at most about so many, and counts them. Each statement looks at so many and no more. */
export const removeUnusedConfigs = Effect.fnUntraced(function* (
  db: Queries,
  user: RawBuilder<unknown>,
  limit: number
): Effect.fn.Return<number, DatabaseError> {
  let gone = 0
  let after: string | null = ""
  while (after !== null && gone < limit) {
    const [row]: ReadonlyArray<Looked> = yield* db.rows<Looked>(sql`
      with looked as materialized (
        select user_id, digest from punctual.shared_configs
        where user_id = ${user} and digest > ${after}::text order by digest limit ${limit}::int
      ), gone as (
        delete from punctual.shared_configs c using looked
        where c.user_id = looked.user_id and c.digest = looked.digest and ${isUnused}
        returning 1
      )
      select max(digest) as last, count(*)::int as looked, (select count(*) from gone)::int as gone from looked`)
    gone += row?.gone ?? 0
    after = row !== undefined && row.looked === limit ? row.last : null
  }
  return gone
})
