/**
 * One VEVENT of a calendar file, read.
 * Decides what its properties say of it: when it takes place, whose it is, whether it is cancelled. An event
 * without a start that can be read is none.
 */
import type { EventFacts } from "@punctual/core"
import type { LinkField } from "@punctual/core/links"
import type { Problems } from "../text/Problem.ts"
import { type Component, allOf, firstOf, shown, uidOf } from "../text/Components.ts"
import { type Property, textOf } from "../text/Property.ts"
import { type Moment, momentOf, momentsOf } from "./Moment.ts"
import { dayMillis, parseDateOrTime, parseDuration, timeOfDay } from "../time/Values.ts"
import type { ZoneBook } from "../zones/ZoneBook.ts"
import { factsOf } from "./Facts.ts"
import { linkFieldsOf } from "./LinkFields.ts"
import { addressOf } from "./People.ts"
import { type ExtraDate, extraDatesOf } from "./ExtraDates.ts"
import { type RawItem, rawItemOf } from "./RawItem.ts"

export interface FileEvent extends RawItem {
  readonly line: number
  /** As it is written; null where the file has none. */
  readonly uid: string | null
  /** What it is an occurrence of, and whether it stands for all later ones too. */
  readonly recurrence: { readonly of: Moment; readonly isFromHereOn: boolean; readonly line: number } | null
  readonly sequence: number
  readonly stampedAt: number
  readonly start: Moment
  readonly durationMillis: number
  readonly isAllDay: boolean
  readonly rules: ReadonlyArray<Property>
  readonly extraDates: ReadonlyArray<ExtraDate>
  readonly takenOut: ReadonlyArray<Moment>
  readonly subject: string
  readonly organizer: string | null
  readonly isCancelled: boolean
  readonly facts: EventFacts
  readonly createdAt: number
  readonly updatedAt: number
  readonly linkFields: ReadonlyArray<LinkField>
  readonly book: ZoneBook
}

/** What an event is read with. */
export interface EventContext {
  readonly book: ZoneBook
  readonly problems: Problems
  /** The calendar calls off what it lists (METHOD:CANCEL). */
  readonly isCancelling: boolean
  /** Addresses of the calendar's owner, in lower case. */
  readonly owners: ReadonlySet<string>
}

export const fileEventOf = (component: Component, context: EventContext): FileEvent | null => {
  const { book, problems } = context
  const text = (name: string): string => {
    const property = firstOf(component, name)
    return property === null ? "" : textOf(property).trim()
  }
  const starting = firstOf(component, "DTSTART")
  const start = starting === null ? null : momentOf(starting, book, problems)
  const subject = text("SUMMARY")
  if (start === null) {
    const named = subject === "" ? "This event" : `The event "${shown(subject)}"`
    problems.add(component.line, `${named} has no start (DTSTART) that can be read, and was left out.`)
    return null
  }
  for (const { line } of allOf(component, "EXRULE")) {
    problems.add(line, "EXRULE is not read, so that dates which it takes out are shown: list them as EXDATE.")
  }
  const isAllDay = start.kind === "date" || isAllDayFlagged(component, start)
  const stamp = (name: string): number => parseDateOrTime(text(name))?.reading ?? 0
  const changed = firstOf(component, "RECURRENCE-ID")
  const of = changed === null ? null : momentOf(changed, book, problems)
  return {
    ...rawItemOf(component),
    line: component.line,
    uid: uidOf(text("UID")),
    recurrence:
      changed === null || of === null
        ? null
        : { of, isFromHereOn: /^THISANDFUTURE$/i.test(changed.parameters["RANGE"] ?? ""), line: changed.line },
    sequence: Number.parseInt(text("SEQUENCE"), 10) || 0,
    stampedAt: stamp("DTSTAMP"),
    start,
    durationMillis: durationOf(component, start, isAllDay, context),
    isAllDay,
    rules: allOf(component, "RRULE"),
    extraDates: allOf(component, "RDATE").flatMap((property) => extraDatesOf(property, book, problems)),
    takenOut: allOf(component, "EXDATE").flatMap((property) => momentsOf(property, book, problems)),
    subject,
    organizer: addressOf(firstOf(component, "ORGANIZER")),
    isCancelled: context.isCancelling || text("STATUS").toUpperCase() === "CANCELLED",
    facts: factsOf(component, context.owners),
    createdAt: stamp("CREATED") || stamp("DTSTAMP"),
    updatedAt: stamp("LAST-MODIFIED") || stamp("DTSTAMP"),
    linkFields: linkFieldsOf(component),
    book
  }
}

/** Some write all-day meetings as times from midnight to midnight, with a flag. */
const isAllDayFlagged = (component: Component, start: Moment): boolean =>
  (firstOf(component, "X-MICROSOFT-CDO-ALLDAYEVENT")?.value ?? "").trim().toUpperCase() === "TRUE" &&
  timeOfDay(start.reading) === 0

const halfHourMillis = 1_800_000

/** An event that does not say how long it lasts is a day, or half an hour. */
const durationOf = (
  component: Component,
  start: Moment,
  isAllDay: boolean,
  { book, problems }: EventContext
): number => {
  const usual = isAllDay ? dayMillis : halfHourMillis
  const ending = firstOf(component, "DTEND")
  const end = ending === null ? null : momentOf(ending, book, problems)
  if (ending !== null && end !== null) {
    const length = isAllDay ? end.reading - start.reading : end.instant - start.instant
    if (length < 0) {
      problems.add(ending.line, `The event ends (DTEND) before it starts; it was taken to last ${words(usual)}.`)
    }
    return length > 0 ? length : usual
  }
  const lasting = firstOf(component, "DURATION")
  const length = lasting === null ? null : parseDuration(lasting.value)
  if (lasting !== null && (length === null || length < 0)) {
    problems.add(
      lasting.line,
      `DURATION is no length of time, as PT30M is; the event was taken to last ${words(usual)}.`
    )
  }
  return length !== null && length > 0 ? length : usual
}

const words = (millis: number): string => (millis === halfHourMillis ? "half an hour" : "a day")
