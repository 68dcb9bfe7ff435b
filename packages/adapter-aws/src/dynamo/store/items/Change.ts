/**
 * An entry of a user's log as an item, and the head of the log: what was given last.
 * Decides where an entry is found: by its number, by its meeting and its bot, by when it happened, and among everybody's by
 * when it was written. The log lies in a partition of its own, so that it takes nothing from what decisions are read from.
 */
import {
  type Instant,
  type LoggedChange,
  type NewChange,
  type SharedConfigs,
  type UserId,
  type WorkspaceId,
  loggedChange,
  storedChange,
  subjectOf,
  wholeChange
} from "@punctual/core"
import { randomUUID } from "node:crypto"
import type { Item, Key } from "../../table/Item.ts"
import { sortable } from "../../table/TableDefinition.ts"
import { digestOf, entryKey, feedOwner, fit, headKey, inShard, ofConfig, ordered } from "./Keys.ts"
import { type ConfigOf, nothingShared } from "./SharedConfig.ts"

export interface Head {
  readonly userId: UserId
  /** Of the entry written last; it outlives all entries. */
  readonly sequence: number
  /** When that happened, and when it was written: neither ever falls. */
  readonly toldAt: Instant
  readonly writtenAt: Instant
  /** When the first entry that may still be there happened; null: there is none. */
  readonly oldestAt: Instant | null
}

const none: Instant = Number.MIN_SAFE_INTEGER

export const toHead = (userId: UserId, item: Item | null): Head => ({
  userId,
  sequence: (item?.["sequence"] as number | undefined) ?? 0,
  toldAt: (item?.["toldAt"] as Instant | undefined) ?? none,
  writtenAt: (item?.["writtenAt"] as Instant | undefined) ?? none,
  oldestAt: (item?.["oldestAt"] as Instant | undefined) ?? null
})

/** In `by_instant`: logs by their oldest entry. */
export const oldestList = "OLDEST"

/** With a writer's name of its own. */
export const headItem = ({ oldestAt, sequence, toldAt, userId, writtenAt }: Head): Item & Key => ({
  ...headKey(userId),
  writer: randomUUID(),
  sequence,
  toldAt,
  writtenAt,
  oldestAt: oldestAt ?? undefined,
  ...(oldestAt === null ? {} : { ipk: inShard(oldestList, userId), isk: `${ordered(oldestAt)}#${fit(userId)}` })
})

/** In `by_standing`: everybody's entries, all of a user in one shard. */
export const everybodysList = "ALL"

export const entryItem = (
  change: NewChange,
  { sequence, toldAt, userId, writtenAt }: Head,
  workspaceId: WorkspaceId | null,
  configs: SharedConfigs = nothingShared
) => {
  const { botId, meeting } = subjectOf(change)
  const { config, data, previousConfig } = storedChange(change, configs)
  return {
    ...entryKey(userId, sequence),
    row: JSON.stringify({ ...change, data }),
    config: config ?? undefined,
    previousConfig: previousConfig ?? undefined,
    ofCalendar: config === null ? undefined : ofConfig(config),
    ofSeries: previousConfig === null ? undefined : ofConfig(previousConfig),
    sequence,
    toldAt,
    workspaceId: workspaceId ?? undefined,
    ofMeeting: meeting === null ? undefined : inStory(meeting, sequence),
    ofMaster: botId === null ? undefined : inStory(botId, sequence),
    atTime: atInstant(toldAt, sequence),
    upk: inShard(everybodysList, userId),
    usk: `${ordered(writtenAt)}#${fit(userId)}#${sortable(sequence)}`
  } satisfies Item & Key
}

/** An entry among those of its meeting, or of its bot. */
export const inStory = (of: string, sequence: number): string => `${digestOf(of)}#${sortable(sequence)}`

const atInstant = (at: Instant, sequence: number): string => `${ordered(at)}#${sortable(sequence)}`

/** What an entry tells, as far as its item says it alone: of a bot, without what it is configured by. */
export const bareChange = (item: Item): NewChange => JSON.parse(String(item["row"])) as NewChange

export const toLogged = (item: Item, configOf: ConfigOf): LoggedChange => {
  const change = bareChange(item)
  const data = wholeChange(change.data, configOf(item["config"]), configOf(item["previousConfig"]))
  // The cast: type and data were written together.
  return loggedChange({ ...change, data } as NewChange, {
    userId: feedOwner(item["pk"]),
    workspaceId: (item["workspaceId"] as WorkspaceId | undefined) ?? null,
    sequence: item["sequence"] as number,
    occurredAt: item["toldAt"] as Instant
  })
}

export const isEntryItem = (item: Item): boolean => String(item["sk"]).startsWith("E#")
