/**
 * Configurations that rows refer to: written before them, read in the statement that reads them.
 *
 * Decides that an answer holds each configuration once, in its first row, whatever refers to it. That none is missing which a
 * row refers to is the database's to keep: references are foreign keys.
 */
import { type RawBuilder, sql } from "kysely"
import { type BotConfig, type SharedConfigs, sharedConfigs } from "@punctual/core"
import { digestOfText } from "./Digest.ts"
import { toJson, toText } from "./Column.ts"

/** What the rows of one statement refer to. */
export const gatheredConfigs = (): SharedConfigs => sharedConfigs(digestOfText)

interface Owned {
  readonly userId: string
  readonly configs: SharedConfigs
}

/** Writes those that are not there yet; in one order, so that two statements with the same ones do not wait for each other. */
export const putConfigs = (owned: ReadonlyArray<Owned>): RawBuilder<unknown> => {
  const all = owned.flatMap(({ configs, userId }) =>
    [...configs.found].map(([digest, config]) => ({ userId, digest, config }))
  )
  return sql`
    insert into punctual.shared_configs (user_id, digest, data)
    select user_id, digest, data::json from unnest(
      ${all.map(({ userId }) => toText(userId))}::text[],
      ${all.map(({ digest }) => digest)}::text[],
      ${all.map(({ config }) => toJson(config))}::text[]
    ) as c (user_id, digest, data)
    order by user_id collate "C", digest collate "C"
    on conflict (user_id, digest) do nothing`
}

/** The same as the first part of a statement, with a comma; null: there is nothing to write. */
export const puttingConfigs = (owned: ReadonlyArray<Owned>): RawBuilder<unknown> | null =>
  owned.some(({ configs }) => configs.found.size > 0) ? sql`configs as (${putConfigs(owned)}), ` : null

/** A row of an answer; the first has what all of them refer to. */
export interface SharingRow {
  readonly configs: ReadonlyArray<readonly [digest: string, config: BotConfig]> | null
}

type Reference = "config" | "previous_config"

/** A query's rows in their order, with the configurations that they refer to by these columns. Rows name their user. */
export const withConfigs = <Row>(
  query: RawBuilder<unknown>,
  references: ReadonlyArray<Reference> = ["config"],
  user: RawBuilder<unknown> = sql`answer.user_id`
): RawBuilder<Row & SharingRow> => sql`
  with answer as materialized (select row_number() over () as place_in_answer, q.* from (${query}) q)
  select answer.*, case when place_in_answer = 1 then (
    select ${configsOf(sql`(
      select distinct ${user} as user_id, digest
      from answer cross join lateral unnest(array_remove(array[${sql.join(references.map((name) => sql`answer.${sql.ref(name)}`))}], null)) digest
    ) r`)}
  ) end as configs
  from answer order by place_in_answer`

/** Rows `r` of users and digests as one value; each is looked up by its key. Null: there are none. */
export const configsOf = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  json_agg(json_build_array(r.digest, (
    select c.data from punctual.shared_configs c where c.user_id = r.user_id and c.digest = r.digest))) from ${rows}`

/** What a row of an answer refers to, each once for all of its rows; null: nothing. */
export type ConfigOf = (digest: string | null) => BotConfig | null

export const configsIn = (found: SharingRow["configs"] | undefined): ConfigOf => {
  const configs = new Map(found ?? [])
  return (digest) => (digest === null ? null : (configs.get(digest) ?? null))
}
