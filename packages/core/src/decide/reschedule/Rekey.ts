/**
 * Gives intents, exclusions, overrides and scheduled bots of a series the keys of their new dates.
 * Decides what ends because it has no new date. Never decides which dates moved (`DateMapping.ts`). Never touches a bot
 * past `Scheduled`: it belongs to the start that it was launched for.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { MeetingKey, SeriesKey } from "../../domain/Ids.ts"
import type { Intent, Override } from "../../domain/Intent.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { LocalDate } from "../../domain/Time.ts"
import type { RecurringSeries } from "../../recurrence/Rule.ts"
import { dateOfMeeting, occurrenceMeetingKey, seriesOfMeeting } from "../../domain/MeetingKey.ts"
import { occurrenceIdOn } from "../../domain/DeterministicIds.ts"
import type { DateMapping } from "./DateMapping.ts"

/** A slice under its new keys, and what has to be written for it to be true. */
export interface Rekeyed {
  /** Its series are decided by the new timings. Bots that end are left out. */
  readonly slice: Slice
  readonly putIntents: ReadonlyArray<Intent>
  readonly deleteIntents: ReadonlyArray<string>
  readonly putOverrides: ReadonlyArray<Override>
  readonly deleteOverrides: ReadonlyArray<MeetingKey>
  /**
   * Scheduled bots under their new keys, in an order in which they can be written one by one: first the one whose key
   * another takes, so that no meeting ever has two.
   */
  readonly moved: ReadonlyArray<Bot>
  /** Scheduled bots under their old keys, whose occurrences have no counterpart. */
  readonly ended: ReadonlyArray<Bot>
}

type DateMappings = ReadonlyMap<SeriesKey, DateMapping>

/** `timings`: what each of these series is decided by from now on. */
export const rekey = (
  slice: Slice,
  mappings: DateMappings,
  timings: ReadonlyMap<SeriesKey, RecurringSeries>
): Rekeyed => {
  const series =
    timings.size === 0
      ? slice.series
      : slice.series.map((row) => ({ ...row, decidedTiming: timings.get(row.key) ?? row.decidedTiming }))
  if (mappings.size === 0) {
    const nothing = { putIntents: [], deleteIntents: [], putOverrides: [], deleteOverrides: [], moved: [], ended: [] }
    return { slice: { ...slice, series }, ...nothing }
  }
  // Two exclusions of a series may come to begin on one date: the later one has the greater number.
  const byNumber = slice.intents.toSorted((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1))
  const intents = renamed(
    byNumber,
    ({ id }) => id,
    (intent) => movedIntent(intent, mappings)
  )
  // An override that stays where it is wins over one that moves to the same key.
  const stays = ({ meeting }: Override): number => (movedMeeting(meeting, mappings) === meeting ? 1 : 0)
  const overrides = renamed(
    slice.overrides.toSorted((a, b) => stays(a) - stays(b)),
    ({ meeting }) => meeting,
    (override) => movedOverride(override, mappings)
  )
  const bots = movedBots(slice, mappings)
  const gone = new Set(bots.ended.map(({ id }) => id))
  const byId = new Map(bots.moved.map((bot) => [bot.id, bot]))
  return {
    slice: {
      ...slice,
      series,
      intents: intents.all,
      overrides: overrides.all,
      bots: slice.bots.filter(({ id }) => !gone.has(id)).map((bot) => byId.get(bot.id) ?? bot)
    },
    putIntents: intents.put,
    deleteIntents: intents.remove,
    putOverrides: overrides.put,
    deleteOverrides: overrides.remove,
    ...bots
  }
}

/** Moves each item; of several that come to one id the last stays. What is put is not also removed. */
export const renamed = <A, Id extends string>(
  items: ReadonlyArray<A>,
  idOf: (item: A) => Id,
  move: (item: A) => A | null
): { readonly all: ReadonlyArray<A>; readonly put: ReadonlyArray<A>; readonly remove: ReadonlyArray<Id> } => {
  const all = new Map<Id, A>()
  const put = new Map<Id, A>()
  for (const item of items) {
    const after = move(item)
    if (after === null) continue
    all.set(idOf(after), after)
    if (after !== item) put.set(idOf(after), after)
    else put.delete(idOf(after))
  }
  return { all: [...all.values()], put: [...put.values()], remove: items.map(idOf).filter((id) => !all.has(id)) }
}

/** The meeting's new key, itself where it did not move; null: it has no counterpart. */
const movedMeeting = (meeting: MeetingKey, mappings: DateMappings): MeetingKey | null => {
  const key = seriesOfMeeting(meeting)
  const date = dateOfMeeting(meeting)
  const mapping = key === null ? undefined : mappings.get(key)
  if (key === null || date === null || mapping === undefined) return meeting
  const after = mapping.date(date)
  if (after === null) return null
  return after === date ? meeting : occurrenceMeetingKey(key, after)
}

const movedOverride = (override: Override, mappings: DateMappings): Override | null => {
  const meeting = movedMeeting(override.meeting, mappings)
  return meeting === null ? null : meeting === override.meeting ? override : { ...override, meeting }
}

const movedIntent = (intent: Intent, mappings: DateMappings): Intent | null => {
  if ("meeting" in intent) {
    const meeting = movedMeeting(intent.meeting, mappings)
    if (meeting === null || meeting === intent.meeting) return meeting === null ? null : intent
    // Ids hold the key they are about, so that asking again replaces.
    const moved = { ...intent, meeting, id: intent.id.replace(intent.meeting, meeting) }
    // A time that a caller gave was that of the occurrence under its old date.
    return moved.kind === "event" && moved.hints !== undefined
      ? { ...moved, hints: { ...moved.hints, span: null } }
      : moved
  }
  const mapping = mappings.get(intent.series)
  if (mapping === undefined) return intent
  if (intent.kind === "series-exclusion") {
    const fromDate = mapping.since(intent.fromDate) ?? mapping.beyond(intent.fromDate)
    return fromDate === intent.fromDate
      ? intent
      : { ...intent, fromDate, id: intent.id.replace(intent.fromDate, fromDate) }
  }
  const beforeDate = intent.beforeDate === null ? null : mapping.before(intent.beforeDate)
  const fromDate = intent.kind === "series" ? mapping.from(intent.fromDate) : mapping.since(intent.fromDate)
  if (fromDate === null || (intent.beforeDate !== null && beforeDate === null)) return null
  const dates = { fromDate, beforeDate }
  const isSame = fromDate === intent.fromDate && beforeDate === intent.beforeDate
  if (intent.kind === "recurring") return isSame ? intent : { ...intent, ...dates }
  // Dates that lie behind are counted off: what is left begins at the first ahead.
  const dateCount = intent.dateCount - mapping.behind(intent.fromDate, intent.dateCount)
  if (dateCount <= 0) return null
  return isSame && dateCount === intent.dateCount ? intent : { ...intent, ...dates, dateCount }
}

const movedBots = (slice: Slice, mappings: DateMappings): Pick<Rekeyed, "moved" | "ended"> => {
  const forwards: Array<Bot> = []
  const backwards: Array<Bot> = []
  const ended: Array<Bot> = []
  const still: Array<Bot> = []
  for (const bot of new Map(slice.bots.map((each) => [each.id, each])).values()) {
    if (bot.status !== "Scheduled") continue
    const meeting = movedMeeting(bot.meeting, mappings)
    if (meeting === bot.meeting) {
      still.push(bot)
      continue
    }
    if (meeting === null) {
      ended.push(bot)
      continue
    }
    const eventId = occurrenceIdOn(bot.eventId, dateOf(bot.meeting), dateOf(meeting))
    const list = meeting > bot.meeting ? forwards : backwards
    list.push({ ...bot, meeting, eventId })
  }
  // A bot made for an occurrence that was listed early gives way to the bot that moves there.
  const taken = new Set([...forwards, ...backwards].map(({ meeting }) => meeting))
  for (const bot of still) if (taken.has(bot.meeting)) ended.push(bot)
  // The order of dates never changes. So of those that move forwards the last goes first, to free the key that another
  // takes.
  const byMeeting = (a: Bot, b: Bot): number => (a.meeting < b.meeting ? -1 : 1)
  return { moved: [...forwards.toSorted(byMeeting).toReversed(), ...backwards.toSorted(byMeeting)], ended }
}

const dateOf = (meeting: MeetingKey): LocalDate => dateOfMeeting(meeting) ?? ""
