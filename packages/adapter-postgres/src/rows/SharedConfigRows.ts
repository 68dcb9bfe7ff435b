/**
 * Configurations that rows refer to, as rows.
 * Decides how they are written, in a statement before or around that of what refers to them.
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

/** What a row's column refers to; null: nothing. */
export type ConfigOf = (digest: string | null) => BotConfig | null
