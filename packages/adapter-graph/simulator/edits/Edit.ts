/**
 * Everything that can happen to the simulated people's calendars, as data.
 *
 * Decides the vocabulary of edits and their shape; Editing.ts carries them out. The same data goes through the
 * in-process handle and through `POST /_sim/edits`.
 *
 * A time is ISO 8601. With an offset or `Z` it is an instant; without one it is wall-clock time in `timeZone`, by
 * default the mailbox's. A mailbox is named by object id, user principal name or mail; a calendar by id or name, the
 * default one when absent; an event by any id Graph gave for it.
 */
import { Schema } from "effect"

const text = Schema.String
const maybeText = Schema.optionalKey(Schema.String)
const mailbox = { mailbox: text }

const weekday = Schema.Literals(["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])

const Person = Schema.Struct({
  name: text,
  address: text,
  /** Of an attendee; `required` when absent. A room is a `resource`. */
  type: Schema.optionalKey(Schema.Literals(["required", "optional", "resource"]))
})

/** Members of an event that an edit may set; each has a sober default. */
export const DetailsChange = Schema.Struct({
  subject: maybeText,
  bodyHtml: maybeText,
  /** Null takes the link away. */
  link: Schema.optionalKey(Schema.NullOr(text)),
  location: maybeText,
  isDraft: Schema.optionalKey(Schema.Boolean),
  isAllDay: Schema.optionalKey(Schema.Boolean),
  showAs: Schema.optionalKey(Schema.Literals(["unknown", "free", "tentative", "busy", "oof", "workingElsewhere"])),
  sensitivity: Schema.optionalKey(Schema.Literals(["normal", "personal", "private", "confidential"])),
  response: Schema.optionalKey(
    Schema.Literals(["none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded"])
  ),
  /** Somebody else than the mailbox's user makes this copy an attendee's. */
  organizer: Schema.optionalKey(Person),
  attendees: Schema.optionalKey(Schema.Array(Person)),
  categories: Schema.optionalKey(Schema.Array(text)),
  bodyBytes: Schema.optionalKey(Schema.Number),
  wire: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown))
})

export type DetailsChange = typeof DetailsChange.Type

export const PatternChange = Schema.Struct({
  type: Schema.Literals(["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]),
  interval: Schema.optionalKey(Schema.Number),
  month: Schema.optionalKey(Schema.Number),
  dayOfMonth: Schema.optionalKey(Schema.Number),
  daysOfWeek: Schema.optionalKey(Schema.Array(weekday)),
  firstDayOfWeek: Schema.optionalKey(weekday),
  index: Schema.optionalKey(Schema.Literals(["first", "second", "third", "fourth", "last"]))
})

export type PatternChange = typeof PatternChange.Type

export const RangeChange = Schema.Struct({
  type: Schema.Literals(["noEnd", "endDate", "numbered"]),
  startDate: maybeText,
  endDate: maybeText,
  numberOfOccurrences: Schema.optionalKey(Schema.Number)
})

export type RangeChange = typeof RangeChange.Type

const details = { details: Schema.optionalKey(DetailsChange) }

const edit = <Type extends string, Fields extends Schema.Struct.Fields>(type: Type, fields: Fields) =>
  Schema.Struct({ type: Schema.Literal(type), ...mailbox, ...fields })

export const Edit = Schema.Union([
  edit("createEvent", {
    calendar: maybeText,
    start: text,
    end: text,
    timeZone: maybeText,
    iCalUId: maybeText,
    ...details
  }),
  /** The first occurrence starts at `start`, wall-clock, unless the range says from which date on. */
  edit("createSeries", {
    calendar: maybeText,
    start: text,
    end: text,
    timeZone: maybeText,
    /** What the wire says instead of the zone: "" as Google invites do, or tzone://Microsoft/Custom. */
    recurrenceTimeZone: maybeText,
    pattern: PatternChange,
    range: Schema.optionalKey(RangeChange),
    iCalUId: maybeText,
    ...details
  }),
  /** A single event, or one occurrence by its id. */
  edit("moveEvent", { event: text, start: text, end: maybeText, timeZone: maybeText }),
  /** Any details, of a single event, a whole series, or one occurrence by its id. */
  edit("changeEvent", { event: text, details: DetailsChange }),
  edit("changeLink", { event: text, link: text }),
  edit("removeLink", { event: text }),
  /** An attendee's copy stays and says isCancelled; the organizer's own leaves the calendar. */
  edit("cancelEvent", { event: text }),
  edit("uncancelEvent", { event: text }),
  edit("deleteEvent", { event: text }),
  edit("decline", { event: text, remove: Schema.optionalKey(Schema.Boolean) }),
  edit("moveOccurrence", { series: text, date: text, start: text, end: maybeText, timeZone: maybeText }),
  edit("changeOccurrence", { series: text, date: text, details: DetailsChange }),
  edit("cancelOccurrence", { series: text, date: text }),
  edit("deleteOccurrence", { series: text, date: text }),
  /** Back to what the series says. */
  edit("restoreOccurrence", { series: text, date: text }),
  /** Time, zone or rule. Exceptions and cancelled dates are forgotten, as Outlook does, unless kept by name. */
  edit("changeSeries", {
    series: text,
    start: maybeText,
    end: maybeText,
    timeZone: maybeText,
    pattern: Schema.optionalKey(PatternChange),
    range: Schema.optionalKey(RangeChange),
    keepExceptions: Schema.optionalKey(Schema.Boolean),
    ...details
  }),
  /** A single event turns into a series in place: the id stays. Its times are the first occurrence's. */
  edit("makeRecurring", { event: text, pattern: PatternChange, range: Schema.optionalKey(RangeChange) }),
  /** And back: what is left is a single event, at its first occurrence's time unless told otherwise. */
  edit("makeSingle", { series: text, start: maybeText, end: maybeText }),
  /** "This and following": the series ends the day before and a new one begins. */
  edit("splitSeries", {
    series: text,
    date: text,
    start: maybeText,
    end: maybeText,
    pattern: Schema.optionalKey(PatternChange),
    ...details
  }),
  edit("deleteSeries", { series: text }),
  edit("cancelSeries", { series: text }),
  /** The id changes, the immutable id does not. */
  edit("moveToCalendar", { event: text, calendar: text }),
  edit("addCalendar", {
    name: text,
    color: maybeText,
    hexColor: maybeText,
    canEdit: Schema.optionalKey(Schema.Boolean),
    canShare: Schema.optionalKey(Schema.Boolean)
  }),
  edit("renameCalendar", { calendar: text, name: text }),
  edit("deleteCalendar", { calendar: text }),
  /** The owner's calendar appears among the other's, under an id of the other's own. */
  edit("shareCalendar", { calendar: maybeText, with: text, canEdit: Schema.optionalKey(Schema.Boolean) }),
  edit("unshareCalendar", { calendar: maybeText, with: text }),
  /** Every sync token of the mailbox answers 410 from now on. */
  edit("loseSyncState", {}),
  edit("revokeGrant", {}),
  edit("expireAccessTokens", {}),
  edit("setNotifications", { enabled: Schema.Boolean }),
  edit("setMailboxEnabled", { enabled: Schema.Boolean }),
  edit("renameUser", { displayName: maybeText, mail: Schema.optionalKey(Schema.NullOr(text)), timeZone: maybeText })
])

export type Edit = typeof Edit.Type

/** What came of an edit: the ids a client of Graph would see. */
export interface Edited {
  readonly eventId?: string
  readonly immutableId?: string
  readonly iCalUId?: string
  readonly calendarId?: string
}

/** An edit that cannot be: it names something that is not there. */
export class EditRefused extends Schema.TaggedError<EditRefused>()("EditRefused", { message: Schema.String }) {}
