/**
 * What a person asked for a meeting that is called otherwise now, as far as it can be known.
 * Decides that all of it goes with the name where the person's mirror shows what was turned, and that it is in doubt where not.
 */
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { ProviderCalendarId } from "../../src/domain/Ids.ts"
import {
  type Gathering,
  type Intent,
  type Person,
  type SeriesLevelIntent,
  calendarsAt,
  chosenOf,
  doubtSeries,
  intentOf,
  keyOfOccurrence,
  seriesOfKey
} from "./Model.ts"
import { type Office, holdersOf } from "./Office.ts"
import { isOutlived, tenantOf } from "./Rows.ts"
import type { Ports } from "./Site.ts"
import { type Stage, timeText } from "./Stage.ts"

/** Whether every calendar of the person's in which it stands counts and shows it. */
export const isMirrored = (
  office: Office,
  person: Person,
  of: Place,
  isSo: (row: CalendarEvent) => boolean
): boolean => {
  const chosen = new Set(chosenOf(person))
  const rows = rowsOf(office, person, of).filter(isSo)
  return calendarsAt(person, of.place).every((id) => chosen.has(id) && rows.some(({ calendarId }) => calendarId === id))
}

/** Whether any calendar of the person's shows it so. */
export const isShown = (office: Office, person: Person, of: Place, isSo: (row: CalendarEvent) => boolean): boolean =>
  rowsOf(office, person, of).some(isSo)

type Place = Pick<Gathering, "place" | "providerId">

const rowsOf = (
  { ports, stage }: Office,
  person: Person,
  { place, providerId }: Place
): ReadonlyArray<CalendarEvent> => {
  const calendars = new Set(calendarsAt(person, place))
  return [...(tenantOf(stage, ports, person)?.events.values() ?? [])].flatMap(({ row }) =>
    calendars.has(row.calendarId) && row.providerId === providerId && !row.isDeleted ? [row] : []
  )
}

export const isMirroredSeries = ({ ports, stage }: Office, person: Person, series: SeriesLevelIntent): boolean => {
  const chosen = new Set(chosenOf(person))
  const rows = [...(tenantOf(stage, ports, person)?.series.values() ?? [])]
  return calendarsAt(person, series.place).every(
    (id) =>
      chosen.has(id) &&
      rows.some(
        ({ row }) =>
          row.calendarId === id &&
          row.providerId === series.providerId &&
          !row.isDeleted &&
          JSON.stringify(row.timing) === JSON.stringify(series.timing)
      )
  )
}

/** What was asked goes with the name. */
export const rename = ({ stage }: Office, person: Person, from: string, to: string): Intent => {
  const intent = intentOf(person, from)
  const other = person.intents.get(to)
  person.heirs.delete(to)
  person.heirs.set(intent.key, to)
  person.intents.delete(intent.key)
  Object.assign(intent, { key: to, touchedAt: stage.loop.now() })
  person.intents.set(to, intent)
  // Something was said of what it was called so before.
  if (other !== undefined && isAsked(other)) doubt(intent)
  return intent
}

/** Whether anything was asked that may go over. */
export const isAsked = ({ excluded, explicit, offset, wasExcluded }: Intent): boolean =>
  explicit !== "no" || excluded !== "no" || offset !== null || wasExcluded

/** Whether anything was asked of a series or of any of its occurrences. */
export const isSeriesAsked = (person: Person, providerId: string): boolean => {
  const series = person.series.get(providerId)
  const isLevelAsked =
    series !== undefined &&
    (series.chain !== "no" ||
      series.explicit !== "no" ||
      series.excluded !== "no" ||
      series.wasExcluded ||
      series.wasShifted)
  return isLevelAsked || [...person.intents.values()].some((one) => seriesOfKey(one.key) === providerId && isAsked(one))
}

export const doubt = (intent: Intent): void =>
  void Object.assign(intent, { explicit: "unknown", excluded: "unknown", offset: "unknown" })

export const noteCarried = ({ stage }: Office, intent: Intent, mark: "becameWithIntent" | "splitWithIntent"): void => {
  if (intent.explicit === "yes" || intent.excluded === "yes" || typeof intent.offset === "number")
    stage.marks[mark] += 1
}

/**
 * Gone before another of its UID is shown, or before a decision told the two apart: whoever sees that one first takes it for
 * this one, made anew.
 */
export const doubtAnew = (office: Office, gone: Gathering): void => {
  const { place, providerId, uid } = gone
  for (const person of holdersOf(office, place)) {
    const called = new Set(rowsOf(office, person, gone).map(({ meeting }) => meeting))
    const isApart = ({ meeting }: CalendarEvent): boolean => !called.has(meeting)
    for (const other of person.gatherings) {
      if (other.isGone || other.uid !== uid || other.providerId === providerId) continue
      if (!isMirrored(office, person, other, isApart)) doubt(intentOf(person, other.key))
    }
  }
}

/**
 * Moved before it was told that it is a single meeting again, it may take what was asked for another of its dates, and on
 * another date nothing shows that it was this one.
 */
export const doubtUntold = (office: Office, person: Person, gathering: Gathering): void => {
  const { key, providerId, start } = gathering
  if (!person.series.has(providerId)) return
  const former = [...person.heirs].find(([from, to]) => to === key && seriesOfKey(from) === providerId)?.[0]
  const isElsewhen = former !== undefined && former !== keyOfOccurrence(providerId, timeText(start).slice(0, 10))
  if (!isElsewhen && !isSeriesAsked(person, providerId)) return
  if (!isMirrored(office, person, gathering, ({ kind }) => kind === "single")) doubt(intentOf(person, key))
}

/** What was granted under a name that another has taken over may end with it. */
export const doubtOutlived =
  (stage: Stage, ports: Ports, person: Person, called: string) =>
  (intent: Intent): void => {
    if (!isOutlived(person, tenantOf(stage, ports, person), called)) return
    person.doubts += 1
    doubt(intent)
  }

/**
 * A calendar goes before it was decided what something in it has become: when it comes back, nobody knows what that was called
 * before.
 */
export const doubtTurned = (stage: Stage, ports: Ports, person: Person, place: ProviderCalendarId): void => {
  const tenant = tenantOf(stage, ports, person)
  const isDecided = ({ changedAt }: { readonly changedAt: number }): boolean => changedAt <= (tenant?.decided ?? 0)
  const events = [...(tenant?.events.values() ?? [])].filter((held) => !held.row.isDeleted && isDecided(held))
  const meetings = new Set<string>(events.map(({ row }) => row.meeting))
  const placeOf = (key: string): ProviderCalendarId | undefined =>
    (person.series.get(seriesOfKey(key) ?? "") ?? person.gatherings.find((one) => one.key === key))?.place
  for (const key of person.heirs.values()) {
    if (!key.startsWith("ev:") && placeOf(key) === place && !meetings.has(key)) doubt(intentOf(person, key))
  }
  const series = new Set([...(tenant?.series.values() ?? [])].filter(isDecided).map(({ row }) => row.providerId))
  for (const { continued, place: other } of person.series.values()) {
    if (other !== place || continued === null || series.has(continued.providerId)) continue
    doubtSeries(person, continued.providerId)
    for (const intent of person.intents.values()) {
      if (seriesOfKey(intent.key) === continued.providerId) intent.offset = "unknown"
    }
  }
}
