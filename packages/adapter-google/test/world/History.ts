/**
 * Histories of one person's calendars, at random: what people do, when it is read, and what goes wrong.
 * Decides which edits there are, and that times stay near the window. Those that can't be do not happen.
 */
import * as fc from "fast-check"
import type { Edit, Options } from "@punctual/adapter-google/simulator"
import { ada, day, hour, link, minute, start, times } from "./Home.ts"

const edits = [
  "single",
  "series",
  "all-day",
  "move",
  "move far",
  "rename",
  "unlink",
  "answer",
  "remove",
  "move one",
  "rename one",
  "remove one",
  "split",
  "recur",
  "unrecur",
  "rhythm",
  "calendar"
] as const

const turns = ["read", "read", "read", "wait", "wait", "night", "expire", "forget", "token", "crash"] as const

export interface Step {
  readonly what: (typeof edits)[number] | (typeof turns)[number]
  /** Which of what was made. */
  readonly which: number
  readonly days: number
  readonly minutes: number
}

export const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.record({
    what: fc.constantFrom<Step["what"]>(...edits, ...turns),
    which: fc.nat(8),
    days: fc.constantFrom(0, 1, 2, 3, -1, -2, 13, 14, 15, 29, 40),
    minutes: fc.constantFrom(0, 15, 90)
  }),
  { minLength: 5, maxLength: 30 }
)

/** What is not known of Google, either way. */
export const moods: fc.Arbitrary<Partial<Options>> = fc.record({
  tokensWithBounds: fc.boolean(),
  boundsByFirstInstance: fc.boolean(),
  sparseCancelled: fc.boolean(),
  emptyFirstPage: fc.boolean(),
  pageSizeMax: fc.constantFrom(1, 3, 2_500)
})

const today = Math.floor(start / day) * day

/** Something that was made: where it is, and under which id. */
export interface Made {
  calendar: string
  readonly id: string
}

/** The edit of a step; null: it is none. `other` is the second calendar. */
export const editOf = ({ days, minutes, what, which }: Step, made: ReadonlyArray<Made>, other: string): Edit | null => {
  // Series begin at ten, so that what is done to one of their instances mostly finds it.
  const begins = today + days * day + 10 * hour + (what === "series" ? 0 : minutes * minute)
  const summary = `${what} ${which} ${days} ${minutes}`
  switch (what) {
    case "single":
    case "series":
    case "all-day":
      return {
        type: "createEvent",
        calendar: which % 3 === 0 ? other : ada,
        members: {
          summary,
          ...(which % 4 === 3 ? {} : { location: link(which) }),
          ...(what === "all-day" ? datesOf(begins) : times(begins)),
          ...(what === "single" || (what === "all-day" && which % 2 === 0) ? {} : { recurrence: [rules[which] ?? ""] })
        }
      }
  }
  const found = made[which % Math.max(1, made.length)]
  if (found === undefined) return null
  const { calendar, id } = found
  const one = instanceOf(id, today + days * day)
  const change = (members: object): Edit => ({ type: "patchEvent", calendar, id, members: { ...members } })
  switch (what) {
    case "move":
      return change(times(begins))
    case "move far":
      return change(times(today + (minutes === 0 ? -60 : 200) * day))
    case "rename":
      return change({ summary, location: link(minutes) })
    case "unlink":
      return change({ location: null })
    case "answer":
      return change({
        attendees: [{ email: ada, self: true, responseStatus: minutes === 0 ? "declined" : "accepted" }]
      })
    case "remove":
      return { type: "deleteEvent", calendar, id }
    case "recur":
      return change({ recurrence: ["RRULE:FREQ=DAILY"] })
    case "unrecur":
      return change({ recurrence: null })
    case "rhythm":
      return change({ recurrence: [rules[(which + minutes) % rules.length] ?? ""] })
    case "move one":
      return { type: "patchEvent", calendar, id: one, members: times(begins + 45 * minute) }
    case "rename one":
      return { type: "patchEvent", calendar, id: one, members: { summary } }
    case "remove one":
      return { type: "deleteEvent", calendar, id: one }
    case "split":
      return { type: "splitSeries", calendar, id: one, members: { summary } }
    case "calendar":
      return { type: "moveToCalendar", calendar, id, to: calendar === ada ? other : ada }
    default:
      return null
  }
}

const rules: ReadonlyArray<string> = [
  "RRULE:FREQ=DAILY",
  "RRULE:FREQ=WEEKLY",
  "RRULE:FREQ=DAILY;INTERVAL=2",
  "RRULE:FREQ=DAILY;COUNT=4",
  "RRULE:FREQ=WEEKLY;BYDAY=TU,FR",
  "RRULE:FREQ=DAILY;UNTIL=20261203T235959Z",
  "RRULE:FREQ=MONTHLY;BYMONTHDAY=25",
  "RRULE:FREQ=DAILY",
  "RRULE:FREQ=WEEKLY"
]

const datesOf = (begins: number) => {
  const date = (instant: number) => ({ date: new Date(instant).toISOString().slice(0, 10) })
  return { start: date(begins), end: date(begins + day) }
}

/** The instance at ten, which the series may have. */
const instanceOf = (id: string, date: number): string =>
  `${id.replace(/_R\d{8}T\d{6}$/, "")}_${new Date(date + 10 * hour).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`
