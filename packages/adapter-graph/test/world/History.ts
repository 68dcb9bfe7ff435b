/**
 * Histories of one person's calendars, at random: what people do, when rounds are read, and what the road is like.
 *
 * Decides which edits are tried; those that cannot be (a single event named as a series, an occurrence that is gone) do
 * not happen.
 */
import * as FastCheck from "fast-check"
import type { Edit, Fault, OptionsChange } from "@punctual/adapter-graph/simulator"

export const adele = "adele@contoso.example"

/** A Tuesday at noon. */
export const start = Date.UTC(2026, 10, 24, 12)
const day = 86_400_000

const edits = [
  "single",
  "series",
  "move",
  "moveFar",
  "moveBack",
  "rename",
  "answer",
  "invite",
  "link",
  "unlink",
  "cancel",
  "uncancel",
  "delete",
  "deleteSeries",
  "takeOut",
  "exception",
  "restore",
  "rhythm",
  "keptRhythm",
  "split",
  "makeRecurring",
  "makeSingle",
  "calendar",
  "odd",
  "sound"
] as const

const others = ["round", "round", "round", "wait", "wait", "night", "forget", "expire", "crash"] as const

export interface Step {
  readonly what: (typeof edits)[number] | (typeof others)[number]
  readonly which: number
  readonly when: number
}

export const steps: FastCheck.Arbitrary<ReadonlyArray<Step>> = FastCheck.array(
  FastCheck.record<Step>({
    what: FastCheck.constantFrom(...edits, ...others),
    which: FastCheck.nat(8),
    when: FastCheck.nat(20)
  }),
  { minLength: 5, maxLength: 30 }
)

const often = FastCheck.constantFrom(0, 0.5)

/** How the rounds of Graph itself behave. */
export const moods: FastCheck.Arbitrary<OptionsChange> = FastCheck.record({
  delta: FastCheck.record({
    pageSize: FastCheck.constantFrom(1, 2, 50),
    emptyPage: often,
    duplicate: often,
    replay: often,
    late: FastCheck.constantFrom(0, 0.3),
    masterMissing: often,
    unknownRemoved: often,
    seriesTombstones: FastCheck.constantFrom("master" as const, "all" as const),
    occurrenceIdsFollowTime: FastCheck.boolean(),
    removedOutsideWindow: FastCheck.boolean(),
    goneLocation: FastCheck.boolean(),
    goneCode: FastCheck.constantFrom("SyncStateNotFound", "syncStateNotFound", "resyncRequired", "syncStateInvalid")
  }),
  notifications: FastCheck.record({
    lost: often,
    duplicated: often,
    reordered: often,
    batchMax: FastCheck.constantFrom(1, 20)
  }),
  token: FastCheck.record({ scopeSpelling: FastCheck.constantFrom("short" as const, "uri" as const) })
})

export const bad: ReadonlyArray<Fault["answer"]> = [
  { type: "reset" },
  { type: "lostAnswer" },
  { type: "hang" },
  { type: "truncated" },
  { type: "delay", millis: 20_000 },
  { type: "unauthorized" },
  { type: "unavailable", body: "html" },
  { type: "unavailable", status: 502, body: "empty" },
  { type: "unavailable", status: 504, retryAfter: "integer" },
  { type: "throttle", retryAfter: "integer" },
  { type: "throttle", retryAfter: "fractional", code: "ApplicationThrottled" },
  { type: "throttle", retryAfter: 45 },
  { type: "throttle", retryAfter: "absent" },
  // A proxy on the way; Graph's own words are others.
  { type: "answer", status: 404, body: { message: "no such page" } },
  { type: "answer", status: 403, body: { error: { code: "UnknownError", message: "" } } }
]

/** What the road does, to which requests and how often. */
export const roads: FastCheck.Arbitrary<ReadonlyArray<Fault>> = FastCheck.array(
  FastCheck.record({
    path: FastCheck.constantFrom("", "delta", "/events/", "calendars$", "subscriptions", "token"),
    probability: FastCheck.constantFrom(0.05, 0.3),
    answer: FastCheck.constantFrom(...bad)
  }),
  { maxLength: 4 }
).map((faults) => [
  ...faults,
  { path: "delta", probability: 0.02, answer: { type: "gone" as const } },
  {
    path: "token",
    probability: 0.05,
    answer: { type: "tokenError" as const, error: "temporarily_unavailable" as const }
  }
])

const dateAfter = (days: number): string => new Date(start + (days - 3) * day).toISOString().slice(0, 10)

const zoom = (which: number): string => `https://zoom.us/j/8123456${100 + which}?pwd=a${which}`

/** An odd start, as seen in the wild: such an item is skipped, and what is held of it stays. */
const oddStart = { start: { dateTime: "0001-01-01T00:00:00.0000000Z", timeZone: "tzone://Microsoft/Utc" } }

/** The edit of a step; null where it is none. `known` are the ids of what was made so far. */
export const editOf = ({ what, when, which }: Step, known: ReadonlyArray<string>): Edit | null => {
  const mailbox = adele
  const event = known[which % Math.max(1, known.length)] ?? ""
  const date = dateAfter(when)
  const [begins, ends] = [`${date}T${10 + (which % 8)}:00`, `${date}T${10 + (which % 8)}:45`]
  const organizer = { name: "Olga", address: "olga@fabrikam.example" }
  switch (what) {
    case "single":
      return {
        type: "createEvent",
        mailbox,
        ...(which % 2 === 0 ? {} : { calendar: "Other" }),
        start: begins,
        end: ends,
        details: { subject: `single ${which}`, ...(which % 3 === 0 ? { link: zoom(which) } : {}), organizer }
      }
    case "series":
      return {
        type: "createSeries",
        mailbox,
        start: begins,
        end: ends,
        timeZone: which % 3 === 0 ? "UTC" : "Pacific Standard Time",
        ...(which % 4 === 1 ? { recurrenceTimeZone: "" } : {}),
        pattern: which % 2 === 0 ? { type: "daily" } : { type: "weekly", daysOfWeek: ["tuesday", "friday"] },
        ...(which % 5 === 2 ? { range: { type: "numbered", numberOfOccurrences: 4 } } : {}),
        details: { subject: `series ${which}`, link: zoom(which), ...(which % 2 === 0 ? { organizer } : {}) }
      }
    case "move":
      return { type: "moveEvent", mailbox, event, start: begins, end: ends }
    case "moveFar":
      return { type: "moveEvent", mailbox, event, start: "2027-06-01T10:00", end: "2027-06-01T11:00" }
    case "moveBack":
      return { type: "moveEvent", mailbox, event, start: "2026-09-01T10:00", end: "2026-09-01T11:00" }
    case "rename":
      return { type: "changeEvent", mailbox, event, details: { subject: `renamed ${when}` } }
    case "answer":
      return {
        type: "changeEvent",
        mailbox,
        event,
        details: { response: when % 2 === 0 ? "accepted" : "declined" }
      }
    case "invite": {
      const attendees = Array.from({ length: when % 4 }, (_, n) => ({
        name: `Guest ${n}`,
        address: `guest${(n * 7 + which) % 5}@fabrikam.example`
      }))
      return { type: "changeEvent", mailbox, event, details: { attendees, categories: when % 3 === 0 ? ["Red"] : [] } }
    }
    case "link":
      return { type: "changeLink", mailbox, event, link: zoom(when) }
    case "unlink":
      return { type: "removeLink", mailbox, event }
    case "cancel":
      return { type: "cancelEvent", mailbox, event }
    case "uncancel":
      return { type: "uncancelEvent", mailbox, event }
    case "delete":
      return { type: "deleteEvent", mailbox, event }
    case "deleteSeries":
      return { type: "deleteSeries", mailbox, series: event }
    case "takeOut":
      return { type: "deleteOccurrence", mailbox, series: event, date }
    case "exception":
      return { type: "moveOccurrence", mailbox, series: event, date, start: `${dateAfter(which * 3)}T20:00` }
    case "restore":
      return { type: "restoreOccurrence", mailbox, series: event, date }
    case "rhythm":
    case "keptRhythm":
      return {
        type: "changeSeries",
        mailbox,
        series: event,
        start: begins,
        end: ends,
        pattern: { type: "daily", interval: 1 + (which % 3) },
        keepExceptions: what === "keptRhythm"
      }
    case "split":
      return { type: "splitSeries", mailbox, series: event, date }
    case "makeRecurring":
      return {
        type: "makeRecurring",
        mailbox,
        event,
        pattern: { type: "daily" },
        range: { type: "numbered", numberOfOccurrences: 1 + which }
      }
    case "makeSingle":
      return { type: "makeSingle", mailbox, series: event, start: begins, end: ends }
    case "calendar":
      return { type: "moveToCalendar", mailbox, event, calendar: when % 2 === 0 ? "Other" : "Calendar" }
    case "odd":
      return { type: "changeEvent", mailbox, event, details: { wire: oddStart } }
    case "sound":
      return { type: "changeEvent", mailbox, event, details: { wire: {} } }
    default:
      return null
  }
}
