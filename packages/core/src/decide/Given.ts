/**
 * What a caller said of a meeting, where the mirror says nothing: a link for one that has none, a time for an occurrence
 * of a series whose rule could not be understood.
 * Decides that what is mirrored always goes first. Never decides whether a bot is wanted, and never reads a text that
 * came from outside: links and rules were parsed before.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { EventIntent } from "../domain/Intent.ts"
import type { Series } from "../domain/Series.ts"
import type { LocalDate, Span } from "../domain/Time.ts"
import type { MeetingLink } from "../meeting/Link.ts"
import { latest } from "./Latest.ts"
import { goesOn, leadingSeries, project, projectedFrom } from "./Project.ts"
import type { Arranged } from "./Slice.ts"

/** The link that the latest of a meeting's standing wishes carries; null: none carries one. */
export const givenLink = (
  intents: ReadonlyArray<EventIntent>
): { readonly link: MeetingLink; readonly intent: string } | null => {
  const said = latest(intents.filter(({ given }) => given !== undefined && given.link !== null))
  const link = said?.given?.link ?? null
  return said === null || link === null ? null : { link, intent: said.id }
}

/** The time that the latest of a meeting's wishes carries; null: none carries one. */
export const givenSpan = (intents: ReadonlyArray<EventIntent>): Span | null =>
  latest(intents.filter(({ given }) => given !== undefined && given.span !== null))?.given?.span ?? null

/**
 * An occurrence at the time that a caller gave. Null where the mirror knows better: some copy of the series is
 * understood, the provider's list reaches as far or names the date, or the series says that it does not take place.
 */
export const projectGiven = (
  arranged: Arranged,
  series: Series,
  date: LocalDate,
  { from, to }: Span
): CalendarEvent | null =>
  goesOn(arranged, series) &&
  leadingSeries(arranged, series.key) === null &&
  from >= projectedFrom(arranged, series) &&
  arranged.listedDates.get(series.id)?.has(date) !== true &&
  series.exceptions?.cancelled.includes(date) !== true
    ? project(series, { date, start: from, end: to })
    : null
