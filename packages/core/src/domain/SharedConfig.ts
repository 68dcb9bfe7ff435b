/**
 * A bot's configuration as durable stores keep it: a large one once for each user, under its digest, and the rows without it.
 *
 * Decides which configurations are large enough for that, and what of a row need not be said beside its configuration: a
 * bot's attributes are mostly those that its configuration names. Rows that a store gives are whole again, and those of one
 * answer share the object.
 */
import type { BotConfig } from "./Bot.ts"
import { canonicalJson, sameJson } from "./JsonEquality.ts"
import { jsonBytes, utf8Bytes } from "./JsonSize.ts"
import { sharedConfigLimits } from "./Limits.ts"
import type { BotChange, NewChange } from "./LoggedChange.ts"

/** What rows of one write refer to. */
export interface SharedConfigs {
  /** By what a configuration is referred to; null: it stays in its row. */
  readonly digestOf: (config: BotConfig) => string | null
  /** Those that were asked about and do not stay in their rows, by digest. */
  readonly found: ReadonlyMap<string, BotConfig>
}

/** `hash` makes the digest of a text. */
export const sharedConfigs = (hash: (text: string) => string): SharedConfigs => {
  const found = new Map<string, BotConfig>()
  // Rows of one decision hold equal configurations, often in objects of their own: each text is sorted and hashed once.
  const digests = new Map<string, string>()
  const digestOf = (config: BotConfig): string | null => {
    const text = JSON.stringify(config)
    if (utf8Bytes(text) <= sharedConfigLimits.inlineBytesMax) return null
    const digest = digests.get(text) ?? hash(canonicalJson(config))
    digests.set(text, digest)
    if (!found.has(digest)) found.set(digest, config)
    return digest
  }
  return { digestOf, found }
}

/** A row as it is stored: with the digest of what it refers to, or whole. */
export interface StoredRow {
  readonly row: object
  readonly config: string | null
}

/** Of a bot, an intent or an override; one without a configuration stays as it is. */
export const storedRow = (row: object, { digestOf }: SharedConfigs): StoredRow => {
  const { config = null } = row as Configured
  const digest = config === null ? null : digestOf(config)
  return config === null || digest === null
    ? { row, config: null }
    : { row: withoutConfig(besideConfig(row, config)), config: digest }
}

/** The row again; `config` is what it refers to, null: nothing. */
export const wholeRow = <Row extends object>(stored: Row, config: BotConfig | null): Row =>
  config === null ? stored : { ...withAttributes(stored, config), config }

/** What of an entry is stored as its own, and the digests of what it refers to. */
export interface StoredChange {
  readonly data: object
  readonly config: string | null
  readonly previousConfig: string | null
}

export const storedChange = ({ data }: Pick<NewChange, "data">, configs: SharedConfigs): StoredChange => {
  if (!("bot" in data)) return { data, config: null, previousConfig: null }
  const bot = storedRow(data.bot, configs)
  const previous = storedRow(data.previous, configs)
  const isBeside = bot.config !== null && data.previous.config === undefined
  return {
    data: { bot: bot.row, previous: isBeside ? besideConfig(previous.row, data.bot.config) : previous.row },
    config: bot.config,
    previousConfig: previous.config
  }
}

export const wholeChange = <Data extends NewChange["data"]>(
  data: Data,
  config: BotConfig | null,
  previousConfig: BotConfig | null
): Data => {
  if (!("bot" in data) || (config === null && previousConfig === null)) return data
  const { bot, previous } = data as BotChange["data"]
  const before = previousConfig === null && config !== null ? withAttributes(previous, config) : previous
  return { ...data, bot: wholeRow(bot, config), previous: wholeRow(before, previousConfig) }
}

type Members = Readonly<Record<string, unknown>>

interface Configured {
  readonly config?: BotConfig | null
  readonly customAttributes?: Members | null
  /** In the place of `customAttributes`: those that the configuration has not, or has otherwise. */
  readonly ownAttributes?: Members
}

const withoutConfig = (row: object): object => {
  const { config: _config, ...rest } = row as Configured
  return rest
}

/** The same row without the attributes that its configuration names, where those are many. */
const besideConfig = (row: object, config: BotConfig): object => {
  const { customAttributes, ...rest } = row as Configured
  const common = config["custom_attributes"]
  if (!isMembers(common) || !isMembers(customAttributes)) return row
  if (jsonBytes(common) <= sharedConfigLimits.inlineBytesMax) return row
  if (!Object.keys(common).every((name) => Object.hasOwn(customAttributes, name))) return row
  const own = Object.entries(customAttributes).filter(
    ([name, value]) => !(Object.hasOwn(common, name) && sameJson(value, common[name]))
  )
  return { ...rest, ownAttributes: Object.fromEntries(own) }
}

const withAttributes = <Row extends object>(stored: Row, config: BotConfig): Row => {
  const { ownAttributes, ...rest } = stored as Row & Configured
  if (ownAttributes === undefined) return stored
  const common = config["custom_attributes"]
  // The cast: what was taken out of a row is put back in.
  return { ...rest, customAttributes: { ...(isMembers(common) ? common : {}), ...ownAttributes } } as unknown as Row
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)
