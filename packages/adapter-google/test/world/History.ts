/**
 * Histories of one person's calendar, at random: what people do, when it is read, and what goes wrong.
 * Decides which edits there are, and that times stay near the window.
 */
import * as fc from "fast-check"
import type { Edit, Options } from "@punctual/adapter-google/simulator"

export interface Step {
  readonly what:
    | "single"
    | "series"
    | "move"
    | "rename"
    | "remove"
    | "move one"
    | "rename one"
    | "remove one"
    | "split"
    | "recur"
    | "unrecur"
    | "read"
    | "wait"
    | "night"
    | "expire"
    | "forget"
  /** Which of what was made. */
  readonly which: number
  readonly days: number
  readonly minutes: number
}

const edits = ["single", "series", "move", "rename", "remove", "move one", "rename one", "remove one"] as const
const turns = ["split", "recur", "unrecur", "read", "read", "wait", "night", "expire", "forget"] as const

export const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.record({
    what: fc.constantFrom<Step["what"]>(...edits, ...turns),
    which: fc.nat(3),
    days: fc.constantFrom(0, 1, 2, 3, -1, -2, 13, 14, 15, 29, 40),
    minutes: fc.constantFrom(0, 15, 90)
  }),
  { minLength: 1, maxLength: 14 }
)

export const moods: fc.Arbitrary<Partial<Options>> = fc.record({
  tokensWithBounds: fc.boolean(),
  boundsByFirstInstance: fc.boolean(),
  sparseCancelled: fc.boolean(),
  emptyFirstPage: fc.boolean(),
  pageSizeMax: fc.constantFrom(3, 2_500)
})

const minute = 60_000
const day = 86_400_000

/** The one calendar has its owner's address. */
export const ada = "ada@example.com"

const times = (start: number) => ({
  start: { dateTime: new Date(start).toISOString(), timeZone: "UTC" },
  end: { dateTime: new Date(start + 30 * minute).toISOString(), timeZone: "UTC" }
})

const link = (number: number): string => `https://zoom.us/j/${81_234_567_000 + number}?pwd=abc`

/** The edit that a step is, given what was made so far; null: it is none. `today` is a midnight. */
export const editOf = (
  { days, minutes, what, which }: Step,
  made: ReadonlyArray<string>,
  today: number
): Edit | null => {
  const calendar = ada
  // Series begin at ten, so that what is done to one of their instances mostly finds it.
  const start = today + days * day + 600 * minute + (what === "series" ? 0 : minutes * minute)
  const id = made[which % Math.max(1, made.length)]
  if (what === "single" || what === "series") {
    const recurrence = what === "series" ? { recurrence: [which < 3 ? "RRULE:FREQ=DAILY" : "RRULE:FREQ=WEEKLY"] } : {}
    const members = { summary: `Meeting ${made.length}`, location: link(made.length), ...times(start), ...recurrence }
    return { type: "createEvent", calendar, members }
  }
  if (id === undefined) return null
  const one = instanceOf(id, today + days * day)
  const summary = `Renamed ${days} ${minutes}`
  switch (what) {
    case "move":
      return { type: "patchEvent", calendar, id, members: times(start) }
    case "rename":
      return { type: "patchEvent", calendar, id, members: { summary, location: link(minutes) } }
    case "remove":
      return { type: "deleteEvent", calendar, id }
    case "recur":
      return { type: "patchEvent", calendar, id, members: { recurrence: ["RRULE:FREQ=DAILY"] } }
    case "unrecur":
      return { type: "patchEvent", calendar, id, members: { recurrence: null } }
    case "move one":
      return { type: "patchEvent", calendar, id: one, members: times(start + 45 * minute) }
    case "rename one":
      return { type: "patchEvent", calendar, id: one, members: { summary } }
    case "remove one":
      return { type: "deleteEvent", calendar, id: one }
    case "split":
      return { type: "splitSeries", calendar, id: one, members: { summary } }
    default:
      return null
  }
}

/** The instance at ten, which the series may have. */
const instanceOf = (id: string, date: number): string =>
  `${id.replace(/_R\d{8}T\d{6}$/, "")}_${new Date(date + 600 * minute).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`
