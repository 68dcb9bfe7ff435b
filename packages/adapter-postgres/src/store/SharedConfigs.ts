/**
 * Configurations that rows share: read for whoever gives rows, and removed when nothing refers to them any more.
 *
 * Decides what counts as referring to one. Whoever comes to refer to one while it goes is refused by the foreign key and tries
 * again, and so is whoever would remove one that is referred to. What a digest stands for never changes, so it may be read
 * after the rows that name it: nothing is asked where none does, and each is read once, whatever names it.
 */
import { Effect } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { BotConfig } from "@punctual/core"
import type { Queries } from "../database/Database.ts"
import { DatabaseError } from "../database/DatabaseError.ts"
import { toText } from "../rows/Column.ts"
import type { ConfigOf } from "../rows/SharedConfigRows.ts"

/** A row, or a part of one, that may refer to configurations. */
export interface Referring {
  readonly config: string | null
  readonly previous_config?: string | null
}

/** Reads of rows, each of which found that what it needed had gone meanwhile, with the rows that had it. */
const readsMax = 8

/** A user's rows, and what they refer to. */
export const readWithConfigs = <Row, A>(
  db: Queries,
  query: RawBuilder<Row>,
  userId: string,
  referringIn: (rows: ReadonlyArray<Row>) => ReadonlyArray<Referring>,
  make: (rows: ReadonlyArray<Row>, configOf: ConfigOf) => A
): Effect.Effect<A, DatabaseError> =>
  readOwned(db, query, (rows) => referringIn(rows).map((row) => ({ row, user: toText(userId) })), make)

interface Owned {
  readonly row: Referring
  /** As the column has it. */
  readonly user: string
}

/** Rows of any users, and what they refer to. */
export const readOwned = Effect.fnUntraced(function* <Row, A>(
  db: Queries,
  query: RawBuilder<Row>,
  ownedIn: (rows: ReadonlyArray<Row>) => ReadonlyArray<Owned>,
  make: (rows: ReadonlyArray<Row>, configOf: ConfigOf) => A
): Effect.fn.Return<A, DatabaseError> {
  for (let read = 0; read < readsMax; read++) {
    const rows = yield* db.rows(query)
    const configs = yield* configsFor(db, ownedIn(rows))
    // Two users' are told apart by nothing here: equal digests are of equal configurations.
    if (configs !== null) return make(rows, (digest) => (digest === null ? null : (configs.get(digest) ?? null)))
  }
  return yield* new DatabaseError({ code: null, detail: "configurations went while they were read, again and again" })
})

/** Null: not all of them are there. */
const configsFor = Effect.fnUntraced(function* (
  db: Queries,
  owned: ReadonlyArray<Owned>
): Effect.fn.Return<ReadonlyMap<string, BotConfig> | null, DatabaseError> {
  const wanted = new Map<string, { readonly user: string; readonly digest: string }>()
  for (const { row, user } of owned) {
    for (const digest of [row.config, row.previous_config]) {
      if (typeof digest === "string") wanted.set(`${digest} ${user}`, { user, digest })
    }
  }
  if (wanted.size === 0) return none
  const all = [...wanted.values()]
  const found = yield* db.rows<{ readonly digest: string; readonly data: BotConfig | null }>(sql`
    select r.digest, (
      select c.data from punctual.shared_configs c where c.user_id = r.user_id and c.digest = r.digest) as data
    from unnest(${all.map(({ user }) => user)}::text[], ${all.map(({ digest }) => digest)}::text[]) r (user_id, digest)`)
  const configs = new Map<string, BotConfig>()
  for (const { data, digest } of found) {
    if (data === null) return null
    configs.set(digest, data)
  }
  return configs
})

const none: ReadonlyMap<string, BotConfig> = new Map()

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
