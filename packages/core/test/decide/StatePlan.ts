/**
 * Random plans of one user's state, as small numbers, so that a failing one shrinks to few rows.
 *
 * Decides what is tried, biased towards what breaks deciding: instants close to now, to the lead and to the end of the
 * coverage, copies on several calendars, series with intents of every kind made before and after each other, bots of every
 * status, occurrences moved, cancelled, unlinked and taken back, clocks that change, midnight. Nothing about what is right.
 */
import * as fc from "fast-check"
import type { BotStatus } from "../../src/domain/Bot.ts"
import { factsPlan, rulesPlan, workspacePlan } from "./RulePlan.ts"
import { at, day, hour, minute, monday, teams, zoom } from "./Rows.ts"

/** Now: a plain morning, a midnight, both nights on which Berlin's clocks change, the turn of a year. */
export const nows = [
  monday,
  at("2025-06-03T00:00:00Z"),
  at("2025-03-30T00:30:00Z"),
  at("2025-10-26T00:30:00Z"),
  at("2025-12-31T23:59:00Z")
]

/** Where starts lie, seen from now. */
const offsets = [
  -day,
  -2 * hour,
  -hour,
  -30 * minute,
  -minute,
  -1,
  0,
  1,
  minute,
  minute + 1,
  30 * minute,
  hour,
  day - 1,
  day,
  day + 1,
  26 * hour,
  9 * day,
  40 * day
]

const lengths = [0, 1, minute, 30 * minute, hour, day, 3 * day]

const rarely = (weight = 6): fc.Arbitrary<boolean> =>
  fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })

const link = fc.oneof(
  { weight: 5, arbitrary: fc.constant(teams) },
  { weight: 2, arbitrary: fc.constant(zoom) },
  { weight: 2, arbitrary: fc.constant(null) }
)

const seq = fc.integer({ min: 1, max: 9 })

const config = fc.constantFrom<Record<string, unknown>>(
  {},
  { bot_name: "A" },
  { bot_name: "B", custom_attributes: { team: "blue" } },
  { bot_name: " ", custom_attributes: [1], deep: { list: [1, null, { x: -0 }] } }
)

export const calendarPlan = fc.record({
  selected: rarely().map((not) => !not),
  isPrimary: fc.boolean(),
  position: fc.integer({ min: 0, max: 2 }),
  /** Days that the window reaches ahead; null: nothing was mirrored yet. */
  windowDays: fc.constantFrom(null, 1, 10, 30),
  /** Whether somebody is reading it. */
  isLeased: rarely(4)
})

const flags = {
  isCancelled: rarely(),
  isDeleted: rarely(),
  facts: factsPlan,
  isAllDay: rarely(10)
}

export const singlePlan = fc.record({
  uid: fc.constantFrom<string | null>("u1", "u1", "u2", "", null),
  calendar: fc.integer({ min: 0, max: 2 }),
  offset: fc.constantFrom(...offsets),
  length: fc.constantFrom(...lengths),
  link,
  /** Taken apart from the others of its UID by a decision before. */
  isApart: rarely(6),
  ...flags
})

/** What differs from the pattern at its n-th date ahead. */
const exceptionPlan = fc.record({
  place: fc.integer({ min: 0, max: 5 }),
  what: fc.constantFrom("cancelled", "moved", "unlinked", "relinked", "deleted", "missing", "declined"),
  by: fc.constantFrom(...offsets)
})

export const timingPlan = fc.record({
  days: fc.constantFrom(["MO"], ["TU"], ["MO", "WE", "FR"], ["MO", "TU", "TH"], ["SU"], "daily", "monthly", "text"),
  interval: fc.integer({ min: 1, max: 2 }),
  /** Hours from now at which the first one starts. */
  startHours: fc.oneof(fc.integer({ min: -20 * 24, max: 48 }), fc.constantFrom(-24 * 21, -168, -1, 0)),
  lengthMinutes: fc.constantFrom(30, 60, 24 * 60),
  zone: fc.constantFrom("Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"),
  count: fc.constantFrom(null, null, 3, 12)
})

export const seriesPlan = fc.record({
  calendars: fc.subarray([0, 1, 2], { minLength: 1 }),
  uid: fc.constantFrom("s1", "s2", null),
  timing: timingPlan,
  /** How it was decided: never, as it is, or with other dates than now. */
  decided: fc.oneof(fc.constantFrom("never", "same"), timingPlan),
  isUnreadable: rarely(15),
  link,
  exceptions: fc.array(exceptionPlan, { maxLength: 3 }),
  areExceptionsTold: fc.boolean(),
  isCancelled: rarely(15),
  isDeleted: rarely(15)
})

/** Which meeting an intent or a bot is about: a place in the list of all there are; far occurrences too. */
const about = fc.integer({ min: 0, max: 40 })

export const intentPlan = fc.record({
  kind: fc.constantFrom("event", "event", "series", "recurring", "exclusion", "series-exclusion"),
  origin: fc.constantFrom("manual", "series", "recurring", "auto"),
  about,
  seq,
  dateCount: fc.integer({ min: 1, max: 8 }),
  /** Dates of the pattern, from the first ahead, at which it begins and ends. */
  from: fc.integer({ min: -2, max: 4 }),
  before: fc.constantFrom(null, null, 3, 6),
  /** Stands beside another of its kind about the same, which no use case makes. */
  isSecond: rarely(),
  /** What a caller said of the meeting: a link, and hours from now at which it starts. */
  hints: fc.option(fc.record({ link, startHours: fc.constantFrom(null, 1, 60, 24 * 45) }), { freq: 2 }),
  config
})

const statuses: ReadonlyArray<BotStatus> = [
  "Scheduled",
  "Scheduled",
  "Scheduled",
  "Launching",
  "Launched",
  "Failed",
  "Cancelled"
]

export const botPlan = fc.record({
  about,
  status: fc.constantFrom(...statuses),
  origin: fc.constantFrom("manual", "series", "recurring", "auto"),
  seq,
  /** How far its start is from where its meeting starts now. */
  shift: fc.constantFrom(0, 0, 0, -hour, hour, -2 * day, 2 * day),
  config,
  isElsewhere: rarely(),
  /** Of one that was handed over: whether it was called back, or is to stay. */
  withdrawn: fc.constantFrom(null, null, "link_changed", "meeting_cancelled", "call_back_refused")
})

export const overridePlan = fc.record({
  about,
  joinOffsetMillis: fc.constantFrom(null, 0, -10 * minute, 5 * minute, 30 * minute, hour),
  botName: fc.constantFrom(null, "By hand"),
  customAttributes: fc.constantFrom(null, { team: "red" }),
  config: fc.constantFrom(null, { bot_name: null }, { language: "de" })
})

export const statePlan = fc.record({
  now: fc.constantFrom(...nows),
  connection: fc.oneof(
    { weight: 12, arbitrary: fc.constant("active" as const) },
    { weight: 1, arbitrary: fc.constantFrom("reauthorization_required" as const, "disconnected" as const, null) }
  ),
  /** A connection of another kind that all calendars but the first are of; null: there is none. */
  other: fc.constantFrom(null, null, "active" as const, "active" as const, "disconnected" as const),
  calendars: fc.tuple(calendarPlan, calendarPlan, calendarPlan),
  auto: fc.record({
    enabled: fc.boolean(),
    seq,
    config,
    coveredFor: fc.constantFrom(null, -hour, 0, 1, day, day + 1, 26 * hour),
    rules: rulesPlan,
    otherwise: fc.constantFrom("join" as const, "join" as const, "skip" as const)
  }),
  workspace: workspacePlan,
  singles: fc.array(singlePlan, { maxLength: 5 }),
  series: fc.array(seriesPlan, { maxLength: 2 }),
  intents: fc.array(intentPlan, { maxLength: 8 }),
  bots: fc.array(botPlan, { maxLength: 8 }),
  overrides: fc.array(overridePlan, { maxLength: 3 })
})

export type StatePlan = typeof statePlan extends fc.Arbitrary<infer A> ? A : never
