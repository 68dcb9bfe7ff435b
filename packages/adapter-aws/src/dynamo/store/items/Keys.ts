/**
 * Where the store's items lie, and what the indexes find them by.
 *
 * Decides the form of keys. Everything of a user lies in one partition, so that a disconnect finds all of it there.
 * What a key is made from may be of any length and hold any character, so look-ups go by digests.
 */
import type {
  BotId,
  CalendarId,
  ConnectionId,
  EventId,
  Instant,
  MeetingKey,
  SeriesId,
  SeriesKey,
  UserId,
  WorkspaceId
} from "@punctual/core"
import { hash } from "node:crypto"
import type { Key } from "../../table/Item.ts"
import { type Range, prefixed } from "../../table/Queries.ts"
import { type IndexName, shardOf, sortable } from "../../table/TableDefinition.ts"

export const partitionOf = (userId: UserId): string => `USER#${fit(userId)}`

export const ownerOf = (pk: unknown): UserId => unfit(String(pk).slice("USER#".length)) as UserId

/** Counters of a user: what every decision writes. */
export const stateKey = (userId: UserId): Key => ({ pk: partitionOf(userId), sk: "STATE" })
/** A connection: what fences the writes of its calendars and their mirror. */
export const connectionKey = (userId: UserId, id: ConnectionId): Key => keyOf(userId, "CON#", id)
export const calendarKey = (userId: UserId, id: CalendarId): Key => keyOf(userId, "CAL#", id)
export const eventKey = (userId: UserId, id: EventId): Key => keyOf(userId, "EVT#", id)
export const seriesKeyOf = (userId: UserId, id: SeriesId): Key => keyOf(userId, "SRS#", id)
export const intentKey = (userId: UserId, id: string): Key => keyOf(userId, "INT#", id)
export const overrideKey = (userId: UserId, meeting: MeetingKey): Key => keyOf(userId, "OVR#", digestOf(meeting))
export const botKey = (userId: UserId, id: BotId): Key => keyOf(userId, "BOT#", id)
/** Leads from the meeting of events that were taken apart from their family to the family, by which they are found. */
export const apartKey = (userId: UserId, meeting: MeetingKey, family: MeetingKey): Key =>
  keyOf(userId, "APART#", `${digestOf(meeting)}#${digestOf(family)}`)
/** What one write of the mirror changed, by the number it raised the mirror to. */
export const changeKey = (userId: UserId, mirrorNumber: number): Key => keyOf(userId, "CHG#", sortable(mirrorNumber))
/** Rows that a claim saw, one item for each batch. */
export const seenKey = (userId: UserId, calendarId: CalendarId, syncGeneration: number, batch: string): Key =>
  keyOf(userId, seenOf(calendarId), `${sortable(syncGeneration)}#${batch}`)
export const seenOf = (calendarId: CalendarId): string => `SEEN#${digestOf(calendarId)}#`
/** A part of a decision that is larger than a transaction. */
export const journalKey = (userId: UserId, id: string, part: number): Key => keyOf(userId, `LOG#${id}#`, sortable(part))
/** Leads from a subscription to its calendar, whose row has the last word. */
export const subscriptionKey = (id: string): Key => ({ pk: `SUB#${digestOf(id)}`, sk: "-" })

/** A user's log, in a partition of its own: its entries by their numbers, and what was given last. */
export const feedOf = (userId: UserId): string => `${feedPrefix}${fit(userId)}`
export const feedOwner = (pk: unknown): UserId => unfit(String(pk).slice(feedPrefix.length)) as UserId
const feedPrefix = "FEED#"
/** Whose an item is, of the user's partition or of the log's. */
export const ownerIn = (pk: unknown): UserId => (String(pk).startsWith(feedPrefix) ? feedOwner(pk) : ownerOf(pk))
export const entryKey = (userId: UserId, sequence: number): Key => ({
  pk: feedOf(userId),
  sk: `E#${sortable(sequence)}`
})
export const headKey = (userId: UserId): Key => ({ pk: feedOf(userId), sk: "HEAD" })

/** Configurations that rows of a user share, by their digests, in a partition of its own. */
export const configsOf = (userId: UserId): string => `CONFIG#${fit(userId)}`
export const configKey = (userId: UserId, digest: string): Key => ({ pk: configsOf(userId), sk: `C#${digest}` })

/** Which events each write of the mirror changed, by the number that it raised the mirror to: kept, in a partition of its own. */
export const updatesOf = (userId: UserId): string => `UPD#${fit(userId)}`
export const updateKey = (userId: UserId, mirrorNumber: number): Key => ({
  pk: updatesOf(userId),
  sk: `N#${sortable(mirrorNumber)}`
})
/** How far what is past was forgotten. */
export const prunedKey = (userId: UserId): Key => ({ pk: updatesOf(userId), sk: "PRUNED" })

/** What a workspace is decided by; beside it whether everybody was, and its users, each an item. */
export const policyKey = (id: WorkspaceId): Key => ({ pk: workspacePartition(id), sk: "POLICY" })
export const spreadKey = (id: WorkspaceId): Key => ({ pk: workspacePartition(id), sk: "SPREAD" })
export const memberKey = (id: WorkspaceId, userId: UserId): Key => ({
  pk: workspacePartition(id),
  sk: `${memberPrefix}${fit(userId)}`
})
export const memberPrefix = "MEMBER#"
export const workspacePartition = (id: WorkspaceId): string => `${workspacePrefix}${fit(id)}`
export const workspacePrefix = "WSP#"

const keyOf = (userId: UserId, kind: string, id: string): Key => ({ pk: partitionOf(userId), sk: `${kind}${fit(id)}` })

/** All items of a kind that a user has. */
export const allOfKind = (userId: UserId, kind: string): Range => ({
  partition: partitionOf(userId),
  ...prefixed(kind)
})

// ---- local indexes
/** Of an event it is the family's: a decision may make it another meeting, and its family stays. */
export const ofMeeting = (meeting: MeetingKey): string => digestOf(meeting)
/** Intents, bots and the series' own rows come before its events, which stand by their end. */
export const ofSeries = (series: SeriesKey): string => `${digestOf(series)}#A`
export const ofSeriesEnding = (series: SeriesKey, end: Instant): string => `${digestOf(series)}#E${ordered(end)}`
/** Its events that end at the instant or later. */
export const ofSeriesFrom = (series: SeriesKey, end: Instant): Pick<Range, "low" | "high"> => ({
  low: ofSeriesEnding(series, end),
  high: prefixed(`${digestOf(series)}#E`).high
})
export const ofMaster = (series: SeriesId): string => digestOf(series)
export const ofCalendar = (calendarId: CalendarId, providerId: string): string =>
  `${ofCalendarPrefix(calendarId)}${digestOf(providerId)}`
export const ofCalendarPrefix = (calendarId: CalendarId): string => `${digestOf(calendarId)}#`
/** What refers to a configuration: in `by_calendar`, where bots, intents, overrides and entries stand for nothing else. */
export const ofConfig = (digest: string): string => `CFG#${digest}`
/** `kind` is two characters. */
export const atTime = (kind: TimeKind, at: Instant, id: string): string => `${kind}${ordered(at)}#${fit(id)}`

/**
 * What stands in time: events of up to a day, longer ones, standing chains; bots by their join time: those that wait, those
 * being launched, handed over, failed and cancelled.
 */
export type TimeKind = "E#" | "L#" | "R#" | BotKind
export type BotKind = "B#" | "J#" | "H#" | "F#" | "X#"

// ---- global indexes
/**
 * Shards of each list. A shard bears a thousand writes a second, far more than what waits in it needs; each look costs a
 * query of every shard. A change would lose what is filed under the old number: it takes a migration.
 */
export const workShards = 4

/** Every shard of a global index's list. */
export const everyShard = (index: IndexName, list: string, bounds: Pick<Range, "low" | "high">): Array<Range> =>
  Array.from({ length: workShards }, (_, shard) => ({ index, partition: `${list}#${shard}`, ...bounds }))

export const inShard = (list: string, owner: string): string => `${list}#${shardOf(owner) % workShards}`

/** An instant as a text that sorts as instants do, from the year 1 on. */
export const ordered = (instant: Instant): string => sortable(instant + yearOne)
export const fromOrdered = (text: string): Instant => Number(text) - yearOne
export const orderedLength = 16

const yearOne = 62_135_596_800_000

/** A text by which another is found: of one length, of plain letters. */
export const digestOf = (text: string): string =>
  hash("sha256", JSON.stringify(text), "base64url").slice(0, digestLength)

/** Characters of 6 bits. */
const digestLength = 22

/** What a key can't hold or shouldn't: control characters and half surrogate pairs. Escaped by U+0001. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const notForKeys = /[\u0000-\u001f]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
// oxlint-disable-next-line no-control-regex -- as above
const escaped = /\u0001([0-9a-f]{4})/g

/** A text as a key takes it; nearly always itself. */
export const fit = (text: string): string =>
  text.replaceAll(notForKeys, (unit) => `\u0001${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

export const unfit = (text: string): string =>
  text.includes("\u0001")
    ? text.replaceAll(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
