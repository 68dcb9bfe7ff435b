/**
 * What rules cost: a long list read on many events, and what a rule costs whose first member misses.
 * `node packages/core/bench/rules.ts` prints the table; `run()` gives its rows to a runner. Every event is made anew for each
 * sample, so that its texts are folded and its people counted within the time. Each answer is counted, and the counts are
 * held against each other.
 */
import type { CalendarId, SeriesKey } from "../src/domain/Ids.ts"
import type { JoinRule, When } from "../src/domain/JoinRule.ts"
import { matches } from "../src/rules/Matches.ts"
import { type KnownOfUser, type RuledEvent, factsOf } from "../src/rules/RuleFacts.ts"

const eventsCount = 100_000
/** On which each kind is read by itself. */
const eventsOfKind = 10_000
const rulesCount = 100
const samples = 3

const known: KnownOfUser = {
  userAddresses: new Set(["ann@acme.example"]),
  internalDomains: ["acme.example"],
  calendarZone: "Europe/Berlin"
}

const events: ReadonlyArray<RuledEvent> = Array.from({ length: eventsCount }, (_, index) => ({
  calendarId: `cal_${index % 3}` as CalendarId,
  start: 1_781_510_400_000 + index * 900_000,
  end: 1_781_510_400_000 + index * 900_000 + 1_800_000,
  isAllDay: false,
  zone: "Europe/Berlin",
  seriesKey: index % 2 === 0 ? null : ("s:1" as SeriesKey),
  subject: `Weekly planning of project ${index} with Zoë`,
  organizer: `person${index % 50}@acme.example`,
  link: { platform: "teams", url: "https://teams.microsoft.com/meet/1" },
  facts: {
    isOrganizer: false,
    response: "accepted",
    people: ["ann@acme.example", ...Array.from({ length: 5 }, (__, n) => `person${(index + n) % 50}@acme.example`)],
    peopleBeyond: {},
    sensitivity: "normal",
    showAs: "busy",
    categories: ["Projects"],
    location: "Room 5, Berlin"
  }
}))

/** What each asks of an event. But for the hours none matches. */
const kinds: Readonly<Record<string, (index: number) => When>> = {
  all_day: () => ({ all_day: true }),
  my_response: () => ({ my_response: ["declined"] }),
  minutes: (index) => ({ minutes: { min: 60 + index } }),
  organizer: () => ({ organizer: ["external"] }),
  organizer_email: (index) => ({ organizer_email: [`*@customer${index}.example`] }),
  hours: () => ({ hours: { days: ["sa", "su"], from: "03:00", to: "03:10" } }),
  "subject_contains, 3 texts": (index) => ({ subject_contains: ["interview", "1:1", `name ${index}`] }),
  category: (index) => ({ category: [`category ${index}`] }),
  external_people: () => ({ external_people: { min: 1 } }),
  "attendee_email, 6 people": (index) => ({ attendee_email: [`*@customer${index}.example`] })
}

const listOf = (whenOf: (index: number) => When): ReadonlyArray<JoinRule> =>
  Array.from({ length: rulesCount }, (_, index) => ({
    id: `rule_${index}`,
    name: `Rule ${index}`,
    enabled: true,
    when: whenOf(index),
    then: "skip",
    bot_config: null
  }))

/** Milliseconds of the processor's time for all events, and how many of the answers were that a rule matches. */
const timed = (rules: ReadonlyArray<JoinRule>, count: number): readonly [millis: number, matched: number] => {
  const before = process.cpuUsage()
  let matched = 0
  for (const event of events.slice(0, count)) {
    const facts = factsOf(event, known)
    for (const rule of rules) if (matches(rule, facts) === true) matched++
  }
  const { system, user } = process.cpuUsage(before)
  return [(system + user) / 1000, matched]
}

const rowOf = (name: string, rules: ReadonlyArray<JoinRule>, count = eventsOfKind) => {
  timed(rules, count)
  const taken = Array.from({ length: samples }, () => timed(rules, count))
  const millis = Math.min(...taken.map(([each]) => each))
  const counts = new Set(taken.map(([, matched]) => matched))
  if (counts.size !== 1) throw new Error(`${name}: the answers differ from sample to sample`)
  return {
    rules: name,
    events: count,
    matches: taken[0]?.[1] ?? 0,
    "ms in all": Math.round(millis),
    "ns a rule and event": Math.round((millis * 1e6) / (count * rules.length))
  }
}

export const run = () => {
  const mixed = Object.values(kinds)
  return {
    title: `Rules: lists of ${rulesCount}, and one by itself`,
    note: `Best of ${samples}, in processor time, with what an event costs itself, which the rules of a list share.`,
    rows: [
      rowOf(
        "of all kinds, in turns",
        listOf((index) => mixed[index % mixed.length]?.(index) ?? {}),
        eventsCount
      ),
      ...Object.entries(kinds).map(([name, whenOf]) => rowOf(name, listOf(whenOf))),
      rowOf("one rule: organizer", listOf(() => ({ organizer: ["external"] })).slice(0, 1), eventsCount),
      rowOf("one rule: subject", listOf(() => ({ subject_contains: ["1:1"] })).slice(0, 1), eventsCount)
    ]
  }
}

if (import.meta.main) console.table(run().rows)
