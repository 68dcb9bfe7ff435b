/**
 * The law of the delta function: whatever people do and whatever the road does to the rounds, a client that follows
 * the documented rules ends with what the calendar holds.
 */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { EditRefused } from "../../simulator/index.ts"
import {
  type Client,
  type EditOfAdele,
  type Json,
  deltaOf,
  makeClient,
  round,
  text,
  valuesOf,
  window
} from "./Client.ts"

/** What a client remembers: single events and exceptions by id, thin occurrences too. */
type Mirror = ReadonlyMap<string, Json>

// Last one told wins; a removed master takes its occurrences along; a series that is told replaces what was there.
const applied = (mirror: Mirror, items: ReadonlyArray<Json>): Mirror => {
  const next = new Map(mirror)
  const retold = new Set(
    items.flatMap((item) => (typeof item["seriesMasterId"] === "string" ? [item["seriesMasterId"]] : []))
  )
  for (const [id, item] of mirror) if (retold.has(text(item, "seriesMasterId"))) next.delete(id)
  for (const item of items) {
    const id = text(item, "id")
    if ("@removed" in item) {
      next.delete(id)
      for (const [other, known] of next) if (known["seriesMasterId"] === id) next.delete(other)
    } else if (item["type"] !== "seriesMaster") next.set(id, item)
  }
  return next
}

const place = (item: Json): string => JSON.stringify([item["id"], item["type"], item["start"], item["end"]])

const truth = (client: Client, calendar: string): ReadonlyArray<string> =>
  valuesOf(client.get(`/v1.0/me/calendars/${encodeURIComponent(calendar)}/calendarView?${window}&$top=1000`))
    .map(place)
    .toSorted()

interface Step {
  readonly what:
    | "single"
    | "series"
    | "move"
    | "moveFar"
    | "delete"
    | "occurrence"
    | "exception"
    | "restore"
    | "rhythm"
    | "split"
    | "calendar"
    | "round"
  readonly which: number
  readonly when: number
}

const steps = FastCheck.array(
  FastCheck.record<Step>({
    what: FastCheck.constantFrom(
      "single",
      "series",
      "move",
      "moveFar",
      "delete",
      "occurrence",
      "exception",
      "restore",
      "rhythm",
      "split",
      "calendar",
      "round"
    ),
    which: FastCheck.nat(8),
    when: FastCheck.nat(20)
  }),
  { minLength: 5, maxLength: 40 }
)

const roads = FastCheck.record({
  pageSize: FastCheck.constantFrom(1, 2, 50),
  emptyPage: FastCheck.constantFrom(0, 0.5),
  duplicate: FastCheck.constantFrom(0, 0.5),
  replay: FastCheck.constantFrom(0, 0.5),
  late: FastCheck.constantFrom(0, 0.3),
  masterMissing: FastCheck.constantFrom(0, 0.5),
  unknownRemoved: FastCheck.constantFrom(0, 0.5),
  seriesTombstones: FastCheck.constantFrom("master" as const, "all" as const),
  occurrenceIdsFollowTime: FastCheck.boolean()
})

const dateAfter = (days: number): string => new Date(Date.UTC(2026, 10, 20 + days)).toISOString().slice(0, 10)

// Some edits name an occurrence that is gone, or a single event as a series: those simply do not happen.
const editOf = (step: Step, events: ReadonlyArray<string>): EditOfAdele | null => {
  const event = events[step.which % Math.max(1, events.length)] ?? ""
  const date = dateAfter(step.when)
  const [start, end] = [`${date}T${10 + (step.which % 8)}:00`, `${date}T${10 + (step.which % 8)}:45`]
  switch (step.what) {
    case "single":
      return { type: "createEvent", start, end }
    case "series":
      return {
        type: "createSeries",
        start,
        end,
        timeZone: "Pacific Standard Time",
        pattern: { type: step.which % 2 === 0 ? "daily" : "weekly" }
      }
    case "move":
      return { type: "moveEvent", event, start, end }
    case "moveFar":
      return { type: "moveEvent", event, start: "2027-06-01T10:00", end: "2027-06-01T11:00" }
    case "delete":
      return { type: "deleteEvent", event }
    case "occurrence":
      return { type: "deleteOccurrence", series: event, date }
    case "exception":
      return { type: "moveOccurrence", series: event, date, start: `${dateAfter(step.which)}T20:00` }
    case "restore":
      return { type: "restoreOccurrence", series: event, date }
    case "rhythm":
      return {
        type: "changeSeries",
        series: event,
        start,
        end,
        pattern: { type: "daily", interval: 1 + (step.which % 3) }
      }
    case "split":
      return { type: "splitSeries", series: event, date }
    case "calendar":
      return { type: "moveToCalendar", event, calendar: step.when % 2 === 0 ? "Other" : "Calendar" }
    case "round":
      return null
  }
}

const perform = (client: Client, events: Array<string>, edit: EditOfAdele): void => {
  try {
    const { eventId } = client.edit(edit)
    if (eventId !== undefined && !events.includes(eventId)) events.push(eventId)
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error
  }
}

describe("any history", () => {
  it("a client that applies the rounds ends with what the calendar holds", () => {
    FastCheck.assert(
      FastCheck.property(steps, roads, FastCheck.nat(), (history, road, seed) => {
        const client = makeClient({ calendars: ["Other"] }, { delta: road })
        client.world = { ...client.world, seed }
        const calendar = client.calendarId()
        const events: Array<string> = []
        let link = deltaOf(calendar)
        let mirror: Mirror = new Map()
        const waiting = [...history]
        const read = (between: () => void): void => {
          const told = round(client, link, undefined, between)
          mirror = applied(mirror, told.items)
          link = told.deltaLink
        }
        for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
          const edit = editOf(step, events)
          // Between the pages of a round people go on editing.
          if (edit !== null) perform(client, events, edit)
          else
            read(() => {
              const next = waiting[0] === undefined ? null : editOf(waiting[0], events)
              if (next !== null) perform(client, events, next)
              if (next !== null) waiting.shift()
            })
        }
        client.options({ delta: { late: 0 } })
        read(() => undefined)
        read(() => undefined)
        assert.deepStrictEqual([...mirror.values()].map(place).toSorted(), truth(client, calendar))
      })
    )
  })

  it("the same seed and the same history give the same answers, byte for byte", () => {
    FastCheck.assert(
      FastCheck.property(steps, roads, (history, road) => {
        const told = [0, 1].map(() => {
          const client = makeClient({ calendars: ["Other"] }, { delta: { ...road, shuffle: 0.5 } })
          const events: Array<string> = []
          for (const step of history) {
            const edit = editOf(step, events)
            if (edit !== null) perform(client, events, edit)
          }
          return JSON.stringify(round(client, deltaOf(client.calendarId())))
        })
        assert.strictEqual(told[0], told[1])
      }),
      { numRuns: 20 }
    )
  })
})
