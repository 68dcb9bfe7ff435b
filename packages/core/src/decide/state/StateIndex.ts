/**
 * A user's state with an index for each look-up that deciding makes.
 * Decides the rank of a meeting's copies: the first connection's come first, and of those the primary calendar's. Never
 * decides whether a bot should exist.
 */
import type { Bot } from "../../domain/Bot.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection } from "../../domain/Connection.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId, MeetingKey, SeriesId, SeriesKey } from "../../domain/Ids.ts"
import type {
  EventIntent,
  Exclusion,
  Intent,
  Override,
  RecurringIntent,
  SeriesExclusion,
  SeriesIntent
} from "../../domain/Intent.ts"
import { dateOfMeeting } from "../../domain/MeetingKey.ts"
import type { Series } from "../../domain/Series.ts"
import type { Slice } from "../../domain/Slice.ts"
import type { LocalDate } from "../../domain/Time.ts"

/** What deciding reads of a user's state; `Slice` of the Store port has this shape. */
export interface State extends Pick<
  Slice,
  "auto" | "workspace" | "events" | "series" | "intents" | "overrides" | "bots"
> {
  /** In the order in which they were connected. */
  readonly connections: ReadonlyArray<Pick<Connection, "id" | "status" | "email" | "otherEmails">>
  readonly calendars: ReadonlyArray<
    Pick<
      Calendar,
      | "id"
      | "connectionId"
      | "isPrimary"
      | "position"
      | "selected"
      | "providerId"
      | "timeZone"
      | "eventsZone"
      | "window"
    >
  >
}

/** A state, indexed by the keys that it is looked up by. */
export interface StateIndex {
  readonly state: State
  /** By meeting, in order of rank. Virtual rows are left out. */
  readonly copies: ReadonlyMap<MeetingKey, ReadonlyArray<CalendarEvent>>
  readonly calendars: ReadonlyMap<CalendarId, State["calendars"][number]>
  /** As `standingOf`. */
  readonly standing: ReadonlySet<CalendarId>
  /** The place of each calendar among all: by connection, in the order connected, then primary, position and id. */
  readonly ranks: ReadonlyMap<CalendarId, number>
  /** In order of rank, as the copies of a meeting are. */
  readonly seriesByKey: ReadonlyMap<SeriesKey, ReadonlyArray<Series>>
  /** Copies listed by the provider (tombstones too), by the series they belong to. */
  readonly listedBySeries: ReadonlyMap<SeriesKey, ReadonlyArray<CalendarEvent>>
  /**
   * The original dates of those, by the series' row in one calendar. On such a date the provider's list counts, not the
   * rule.
   */
  readonly listedDates: ReadonlyMap<SeriesId, ReadonlySet<LocalDate>>
  readonly eventIntents: ReadonlyMap<MeetingKey, ReadonlyArray<EventIntent>>
  readonly seriesIntents: ReadonlyMap<SeriesKey, ReadonlyArray<SeriesIntent>>
  readonly recurringIntents: ReadonlyMap<SeriesKey, ReadonlyArray<RecurringIntent>>
  readonly exclusions: ReadonlyMap<MeetingKey, ReadonlyArray<Exclusion>>
  readonly seriesExclusions: ReadonlyMap<SeriesKey, ReadonlyArray<SeriesExclusion>>
  readonly overrides: ReadonlyMap<MeetingKey, Override>
  readonly bots: ReadonlyMap<MeetingKey, ReadonlyArray<Bot>>
}

/** Builds the indexes, once for each decision. */
export const indexState = (state: State): StateIndex => {
  const calendars = new Map(state.calendars.map((calendar) => [calendar.id, calendar]))
  const ranks = ranksOf(state)
  const order = byRank(ranks)
  const listed = state.events.filter((event) => !event.isVirtual).map(dated)
  const ofKind = <K extends Intent["kind"]>(kind: K): ReadonlyArray<Extract<Intent, { kind: K }>> =>
    state.intents.filter((intent): intent is Extract<Intent, { kind: K }> => intent.kind === kind)
  return {
    state,
    calendars,
    standing: standingOf(state),
    ranks,
    copies: ranked(
      groupBy(listed, (event) => event.meeting),
      order
    ),
    seriesByKey: ranked(
      groupBy(state.series, (series) => series.key),
      order
    ),
    listedBySeries: groupBy(listed, (event) => event.seriesKey),
    listedDates: datesOf(listed),
    eventIntents: groupBy(ofKind("event"), (intent) => intent.meeting),
    seriesIntents: groupBy(ofKind("series"), (intent) => intent.series),
    recurringIntents: groupBy(ofKind("recurring"), (intent) => intent.series),
    exclusions: groupBy(ofKind("exclusion"), (intent) => intent.meeting),
    seriesExclusions: groupBy(ofKind("series-exclusion"), (intent) => intent.series),
    overrides: new Map(state.overrides.map((override) => [override.meeting, override])),
    bots: groupBy(state.bots, (bot) => bot.meeting)
  }
}

/**
 * An occurrence by the date that its meeting goes by. In a copy of its series that lays the days in another zone than the
 * leading one it is stored with its own.
 */
export const dated = (row: CalendarEvent): CalendarEvent =>
  row.seriesKey === null || row.meeting === row.family ? row : { ...row, originalDate: dateOfMeeting(row.meeting) }

/** What stands in a calendar and has an id. */
interface Ranked {
  readonly calendarId: CalendarId
  readonly id: string
}

/** Orders copies of one meeting, or of one series: the one that holds the bot comes first among those that could. */
export const byRank =
  (ranks: StateIndex["ranks"]) =>
  (one: Ranked, other: Ranked): number =>
    (ranks.get(one.calendarId) ?? Number.MAX_SAFE_INTEGER) - (ranks.get(other.calendarId) ?? Number.MAX_SAFE_INTEGER) ||
    compare(one.calendarId, other.calendarId) ||
    compare(one.id, other.id)

const ranksOf = ({ calendars, connections }: State): ReadonlyMap<CalendarId, number> => {
  const places = new Map(connections.map(({ id }, place) => [id, place]))
  const placeOf = ({ connectionId }: State["calendars"][number]): number =>
    places.get(connectionId) ?? connections.length
  const sorted = calendars.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      Number(b.isPrimary) - Number(a.isPrimary) ||
      a.position - b.position ||
      compare(a.id, b.id)
  )
  return new Map(sorted.map(({ id }, rank) => [id, rank]))
}

/** Calendars that are selected, of connections that stand. */
export const standingOf = ({
  calendars,
  connections
}: Pick<State, "calendars" | "connections">): ReadonlySet<CalendarId> => {
  const connected = new Set(connections.filter(isStanding).map(({ id }) => id))
  return new Set(
    calendars.filter(({ connectionId, selected }) => selected && connected.has(connectionId)).map(({ id }) => id)
  )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const ranked = <K, A extends Ranked>(
  groups: Map<K, Array<A>>,
  order: (one: Ranked, other: Ranked) => number
): Map<K, Array<A>> => {
  for (const group of groups.values()) if (group.length > 1) group.sort(order)
  return groups
}

const datesOf = (listed: ReadonlyArray<CalendarEvent>): Map<SeriesId, Set<LocalDate>> => {
  const dates = new Map<SeriesId, Set<LocalDate>>()
  for (const { originalDate, seriesId } of listed) {
    if (seriesId === null || originalDate === null) continue
    const known = dates.get(seriesId)
    if (known === undefined) dates.set(seriesId, new Set([originalDate]))
    else known.add(originalDate)
  }
  return dates
}

const groupBy = <A, K>(items: ReadonlyArray<A>, keyOf: (item: A) => K | null): Map<K, Array<A>> => {
  const groups = new Map<K, Array<A>>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
