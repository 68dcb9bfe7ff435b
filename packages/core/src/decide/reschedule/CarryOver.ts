/**
 * Intents, exclusions, overrides and bots of a meeting that is called otherwise now, under its new name.
 * Decides what goes over. Who inherits is decided in `Families.ts`, `Conversions.ts` and `Splits.ts`.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Intent, Override } from "../../domain/Intent.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { Instant } from "../../domain/Time.ts"
import { dated, indexState } from "../state/StateIndex.ts"
import { conversions } from "./Conversions.ts"
import { families, mayDiffer, underNames } from "./Families.ts"
import type { Heir, Split, Succession } from "./Heirs.ts"
import { type Rekeyed, renamed } from "./Rekey.ts"
import { splits, youngSeries } from "./Splits.ts"

export interface Carried extends Rekeyed {
  /** Rows that are another meeting's now. */
  readonly putMeetings: ReadonlyArray<Pick<CalendarEvent, "id" | "meeting">>
  readonly splits: ReadonlyArray<Split>
}

export const carryOver = (stored: Slice, now: Instant): Carried => {
  const slice = { ...stored, events: stored.events.map(dated) }
  const succession = successionOf(slice, now)
  if (succession === null) return { slice, ...nothing }
  const { added, heirOf, meetings } = succession
  const events = underNames(slice, meetings)
  const intents = renamed(
    [...added, ...slice.intents].toSorted((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1)),
    ({ id }) => id,
    (intent) => movedIntent(intent, heirOf)
  )
  // An override that stays where it is wins over one that comes.
  const stays = ({ meeting }: Override): number => (heirOf(meeting) === null ? 1 : 0)
  const overrides = renamed(
    slice.overrides.toSorted((a, b) => stays(a) - stays(b)),
    ({ meeting }) => meeting,
    (override) => {
      const heir = heirOf(override.meeting)
      return heir === null ? override : { ...override, meeting: heir.meeting }
    }
  )
  const bots = carriedBots(slice, succession, events)
  const gone = new Set(bots.ended.map(({ id }) => id))
  const byId = new Map(bots.moved.map((bot) => [bot.id, bot]))
  const known = new Set(slice.intents.map(({ id }) => id))
  const news = new Set(added)
  return {
    slice: {
      ...slice,
      events,
      intents: intents.all,
      overrides: overrides.all,
      bots: slice.bots.filter(({ id }) => !gone.has(id)).map((bot) => byId.get(bot.id) ?? bot)
    },
    putIntents: [...intents.put, ...intents.all.filter((intent) => news.has(intent))],
    deleteIntents: intents.remove.filter((id) => known.has(id)),
    putOverrides: overrides.put,
    deleteOverrides: overrides.remove,
    ...bots,
    putMeetings: [...meetings].map(([id, meeting]) => ({ id, meeting })),
    splits: succession.splits
  }
}

const nothing = {
  putIntents: [],
  deleteIntents: [],
  putOverrides: [],
  deleteOverrides: [],
  moved: [],
  ended: [],
  putMeetings: [],
  splits: []
} satisfies Omit<Carried, "slice">

/** Null: every meeting is called what it was. */
const successionOf = (slice: Slice, now: Instant): Succession | null => {
  const isApart = mayDiffer(slice)
  const isRetired =
    slice.series.length > 0 && (slice.series.some(isGone) || slice.events.some((row) => isGone(row) && !row.isVirtual))
  const isYoung = youngSeries(slice, now).length > 0 && slice.series.length > 1
  if (!isApart && !isRetired && !isYoung) return null
  const own = isApart ? families(slice, indexState(slice)) : noFamilies
  const named = namedMeetings(slice)
  const converted = isRetired
    ? conversions({ ...slice, events: underNames(slice, own.meetings) }, named)
    : noConversions
  const split = isYoung ? splits(slice, named, now) : noSplits
  const heirs = new Map<MeetingKey, Heir>([...own.heirs, ...converted.heirs, ...split.heirs])
  const added = [...converted.added, ...split.added]
  if (own.meetings.size + heirs.size + added.length === 0) return null
  const heirOf = (meeting: MeetingKey): Heir | null => heirs.get(meeting) ?? null
  return {
    meetings: own.meetings,
    heirOf,
    heirOfBot: (bot) => own.heirOfBot(bot) ?? (own.heirs.has(bot.meeting) ? null : heirOf(bot.meeting)),
    added,
    splits: split.splits
  }
}

const isGone = ({ isDeleted }: { readonly isDeleted: boolean }): boolean => isDeleted

const noFamilies: ReturnType<typeof families> = { meetings: new Map(), heirs: new Map(), heirOfBot: () => null }
const noConversions: ReturnType<typeof conversions> = { heirs: new Map(), added: [] }
const noSplits: ReturnType<typeof splits> = { heirs: new Map(), added: [], splits: [] }

/** Meetings that somebody spoke of, or that have a bot. */
const namedMeetings = ({ bots, intents, overrides }: Slice): ReadonlySet<MeetingKey> =>
  new Set([...intents.flatMap((intent) => ("meeting" in intent ? [intent] : [])), ...overrides, ...bots].map(meetingOf))

const meetingOf = ({ meeting }: { readonly meeting: MeetingKey }): MeetingKey => meeting

const movedIntent = (intent: Intent, heirOf: Succession["heirOf"]): Intent => {
  if (!("meeting" in intent)) return intent
  const heir = heirOf(intent.meeting)
  // Ids hold the key they are about, so that asking again replaces.
  return heir === null
    ? intent
    : { ...intent, meeting: heir.meeting, id: intent.id.replace(intent.meeting, heir.meeting) }
}

/**
 * A bot past `Scheduled` belongs to the start it was launched for: it goes along where that is its meeting's still, and where
 * its name goes to another meeting, for which it would answer. One that was cancelled is history.
 */
const carriedBots = (
  slice: Slice,
  { heirOfBot }: Succession,
  events: ReadonlyArray<CalendarEvent>
): Pick<Rekeyed, "moved" | "ended"> => {
  const moved: Array<Bot> = []
  const still: Array<Bot> = []
  const bots = new Map(slice.bots.map((bot) => [bot.id, bot])).values()
  for (const bot of [...bots].toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const heir = heirOfBot(bot)
    const isPast = bot.status !== "Scheduled"
    const isLeft = isPast && heir?.start !== bot.start && !isAnothers(bot, heir, { bots: slice.bots, events })
    if (heir === null || bot.status === "Cancelled" || isLeft) {
      if (!isPast) still.push(bot)
      continue
    }
    moved.push({ ...bot, meeting: heir.meeting, eventId: heir.eventId, calendarId: heir.calendarId })
  }
  // Of two bots that come to one meeting the first stays, and one that was made there already gives way; to one on its way
  // all others do.
  const taken = new Set(moved.filter(({ status }) => status === "Launching").map(meetingOf))
  const ended: Array<Bot> = []
  const kept = moved.filter((bot) => {
    if (bot.status !== "Scheduled") return true
    if (taken.has(bot.meeting)) {
      ended.push(bot)
      return false
    }
    taken.add(bot.meeting)
    return true
  })
  for (const bot of still) if (taken.has(bot.meeting)) ended.push(bot)
  return { moved: kept, ended }
}

/**
 * Whether a bot's name goes to other events than its own, none of which it was launched for. Where another is on its way under
 * the name that its own gets it stays all the same: no meeting ever has two.
 */
const isAnothers = (
  { eventId, id, meeting, start, status }: Bot,
  heir: Heir | null,
  { bots, events }: Pick<Slice, "bots" | "events">
): boolean => {
  if (heir?.eventId !== eventId) return false
  const isOnItsWay = (bot: Bot): boolean => bot.status === "Launching" && bot.meeting === heir.meeting && bot.id !== id
  if (status === "Launching" && bots.some(isOnItsWay)) return false
  const bearers = events.filter((row) => row.meeting === meeting && !row.isDeleted)
  return bearers.length > 0 && bearers.every((row) => row.start !== start)
}

/** What two steps of renaming write, one after the other. */
export const afterBoth = (first: Rekeyed, second: Rekeyed): Rekeyed => {
  const isPut = new Set(second.putIntents.map(({ id }) => id))
  const isRemoved = new Set(second.deleteIntents)
  const putIntents = [
    ...first.putIntents.filter(({ id }) => !isPut.has(id) && !isRemoved.has(id)),
    ...second.putIntents
  ]
  const ids = new Set(putIntents.map(({ id }) => id))
  const isSet = new Set(second.putOverrides.map(({ meeting }) => meeting))
  const isUnset = new Set(second.deleteOverrides)
  const putOverrides = [
    ...first.putOverrides.filter(({ meeting }) => !isSet.has(meeting) && !isUnset.has(meeting)),
    ...second.putOverrides
  ]
  const keys = new Set(putOverrides.map(({ meeting }) => meeting))
  const later = new Set([...second.moved, ...second.ended].map(({ id }) => id))
  return {
    slice: second.slice,
    putIntents,
    deleteIntents: [...new Set([...first.deleteIntents, ...second.deleteIntents])].filter((id) => !ids.has(id)),
    putOverrides,
    deleteOverrides: [...new Set([...first.deleteOverrides, ...second.deleteOverrides])].filter(
      (key) => !keys.has(key)
    ),
    moved: [...first.moved.filter(({ id }) => !later.has(id)), ...second.moved],
    ended: [...first.ended, ...second.ended]
  }
}
