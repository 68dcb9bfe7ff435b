/**
 * How ids are made: always from content, so that the same fact gets the same name in every process.
 * Decides the form of names. Never reads a clock and never draws at random.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { Calendar } from "./Calendar.ts"
import type {
  BotId,
  CalendarId,
  ChangeId,
  ConnectionId,
  EventId,
  MeetingKey,
  ProviderCalendarId,
  ScheduleName,
  SeriesId,
  UserId
} from "./Ids.ts"
import type { Instant, LocalDate } from "./Time.ts"

/** Crockford's base 32 in lower case: letters that sort as their values do, none that look alike. */
const letters = "0123456789abcdefghjkmnpqrstvwxyz"

/** 16 characters, 80 bits: of a billion names no two meet by chance. */
const nameLength = 16

/** 10 characters of 5 bits hold milliseconds until the year 37648. */
const timeLength = 10

/** SHA-256 of a text, hex. For secrets that only have to be recognised. */
export const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** A user's connection of a kind: there is at most one. */
export const connectionId = (platform: string, userId: UserId): ConnectionId => `${platform}_${userId}` as ConnectionId

/** A calendar of a connection, from the provider's id. */
export const calendarId = (connection: ConnectionId, providerId: ProviderCalendarId): CalendarId =>
  `cal_${shortName(`${connection}\n${providerId}`)}` as CalendarId

/**
 * Within what a provider's item ids are unique: the account, or one calendar of it. Names made from one are unique over all
 * users and connections.
 */
export type Namespace = Calendar["namespace"]

/** The id of a single event, from the provider's. */
export const eventId = (namespace: Namespace, providerId: string): EventId =>
  `evt_${shortName(`${namespace}\n${providerId}`)}` as EventId

export const seriesId = (namespace: Namespace, providerId: string): SeriesId =>
  `srs_${shortName(`${namespace}\n${providerId}`)}` as SeriesId

/**
 * The id of an occurrence: its series and original date. It stays the same whether the occurrence is virtual, listed,
 * moved or cancelled.
 */
export const occurrenceId = (series: SeriesId, date: LocalDate): EventId =>
  `evt_${series.slice("srs_".length)}${dateEnding(date)}` as EventId

/** The series and original date that an id of an occurrence names; null: it names none. */
export const occurrenceNamed = (id: EventId): { readonly series: SeriesId; readonly date: LocalDate } | null => {
  const [, name, year, month, day] = /^evt_([a-z0-9]+)_(\d{4})(\d{2})(\d{2})$/.exec(id) ?? []
  return name === undefined ? null : { series: `srs_${name}` as SeriesId, date: `${year}-${month}-${day}` }
}

/** The id of another occurrence of the same series; an id that does not end in the first date stays. */
export const occurrenceIdOn = (occurrence: EventId, date: LocalDate, other: LocalDate): EventId => {
  const ending = dateEnding(date)
  return occurrence.endsWith(ending)
    ? (`${occurrence.slice(0, -ending.length)}${dateEnding(other)}` as EventId)
    : occurrence
}

const dateEnding = (date: LocalDate): string => `_${date.replaceAll("-", "")}`

/** A new bot's id. `ordinal` tells apart bots made for one meeting in one millisecond. */
export const botId = (userId: UserId, meeting: MeetingKey, now: Instant, ordinal: number): BotId =>
  `bot_${timeName(now)}${shortName(`${userId}\n${meeting}\n${now}\n${ordinal}`)}` as BotId

/** The id of an entry of a user's log. No two entries of a user have one sequence; a user that is made again has other times. */
export const changeId = (entry: {
  readonly userId: UserId
  readonly sequence: number
  readonly occurredAt: Instant
}): ChangeId =>
  `chg_${timeName(entry.occurredAt)}${shortName(`${entry.userId}\n${entry.sequence}\n${entry.occurredAt}`)}` as ChangeId

/** EventBridge Scheduler's own bound on a name, the narrowest there is, and the characters it takes. */
const scheduleNameForm = /^[0-9a-zA-Z-_.]{1,64}$/

/**
 * What the scheduler knows a bot by: `bot-<user id>-<bot id>`, injective as bot ids hold no `-`. A host's own ids may be
 * too long for it, or hold what a name may not: then a digest stands in their place, after a dot, with which no user id
 * begins that is told in full.
 */
export const scheduleName = (userId: UserId, bot: BotId): ScheduleName => {
  const names = [
    ...(userId.startsWith(".") ? [] : [`bot-${userId}-${bot}`]),
    `bot-.${shortName(userId)}-${bot}`,
    `bot-..${shortName(JSON.stringify([userId, bot]))}`
  ]
  return (names.find((name) => scheduleNameForm.test(name)) ?? names.at(-1)) as ScheduleName
}

const shortName = (content: string): string => {
  const bytes = sha256(utf8ToBytes(content))
  let name = ""
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5 && name.length < nameLength) {
      bits -= 5
      name += letters[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
    if (name.length === nameLength) break
  }
  return name
}

const timeName = (instant: Instant): string => {
  let rest = Math.max(0, Math.trunc(instant))
  let name = ""
  for (let index = 0; index < timeLength; index++) {
    name = `${letters[rest % 32]}${name}`
    rest = Math.floor(rest / 32)
  }
  return name
}
