/**
 * A configuration that rows share as an item, and what the items of rows say of the one they refer to.
 *
 * Decides where it lies: in a partition of its own beside the user's, so that it takes nothing from what decisions are read
 * from. Whatever refers to one is found by it through a local index that its kind has no other use for.
 */
import { type BotConfig, type SharedConfigs, type StoredRow, type UserId, sharedConfigs } from "@punctual/core"
import { hash, randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { configKey, ofConfig } from "./Keys.ts"

/** What the items of one transaction refer to. */
export const gatheredConfigs = (): SharedConfigs => sharedConfigs((text) => hash("sha256", text, "base64url"))

/** For whoever writes no configurations beside its rows: each stays in its own, and none is referred to that is not there. */
export const nothingShared: SharedConfigs = { digestOf: () => null, found: new Map() }

/** With a writer's name of its own. */
export const configItem = (userId: UserId, digest: string, config: BotConfig): Item & Key => ({
  ...configKey(userId, digest),
  writer: randomUUID(),
  digest,
  row: JSON.stringify(config)
})

export const toConfig = (item: Item): BotConfig => JSON.parse(String(item["row"])) as BotConfig

/** Of a bot, an intent or an override. */
export const storedAttributes = ({ config, row }: StoredRow): Item => ({
  row: JSON.stringify(row),
  config: config ?? undefined,
  ofCalendar: config === null ? undefined : ofConfig(config)
})

/** What an item refers to: of an entry also what its bot was configured by before. */
export const digestsIn = (item: Item): ReadonlyArray<string> =>
  [item["config"], item["previousConfig"]].filter((digest) => typeof digest === "string")

/** What an item's `config` or `previousConfig` stands for; null: it refers to none. */
export type ConfigOf = (digest: unknown) => BotConfig | null
