/**
 * Generators of rules, and of rules beside events that they nearly match.
 *
 * Decides which are tried: few members a rule, those more often of which there is more to get wrong; spans over midnight,
 * and ends of spans and counts at and beside what the event has.
 */
import { Arbitrary } from "effect"
import type { Conditions, Count, Hours, JoinRule } from "../../src/domain/JoinRule.ts"
import { toLocal } from "../../src/recurrence/WallClock.ts"
import type { KnownOfUser, RuledEvent } from "../../src/rules/RuleFacts.ts"
import {
  type Draw,
  type Shared,
  addressPattern,
  anything,
  clock,
  countEnd,
  fixed,
  listOf,
  ruleWords,
  settled,
  sharedZone,
  word
} from "./RuleDraws.ts"
import { eventDraw, knownOfUser, response, ruledCalendarId, sensitivity, showAs } from "./RuledEvents.ts"
import { anyOf, boolean, minute, nullable, oneOf, seldom, zone } from "./Values.ts"

/** Ends in order; either may be missing. */
const countBetween = (end: Draw<number>): Draw<Count> =>
  Arbitrary.map(Arbitrary.all([nullable(end), nullable(end)]), ([first, second]) => (shared: Shared) => {
    const [one, other] = [first?.(shared) ?? null, second?.(shared) ?? null]
    const [min, max] = one !== null && other !== null && one > other ? [other, one] : [one, other]
    return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
  })

const hours: Draw<Hours> = Arbitrary.map(
  Arbitrary.all({
    days: nullable(listOf(fixed(oneOf(["mo", "tu", "we", "th", "fr", "sa", "su"]))), 2),
    from: nullable(clock),
    to: nullable(clock),
    zone: nullable(sharedZone, 2)
  }),
  (drawn) => (shared: Shared) => {
    const [from, to] = [drawn.from?.(shared), drawn.to?.(shared)]
    return {
      ...(drawn.days === null ? {} : { days: drawn.days(shared) }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined || to === (from ?? "00:00") ? {} : { to }),
      ...(drawn.zone === null ? {} : { time_zone: drawn.zone(shared) })
    }
  }
)

const generators: { readonly [M in keyof Conditions]-?: Draw<NonNullable<Conditions[M]>> } = {
  subject_contains: listOf(word),
  location_contains: listOf(word),
  organizer: listOf(fixed(oneOf(["self", "internal", "external"]))),
  organizer_email: listOf(fixed(addressPattern)),
  attendee_email: listOf(fixed(addressPattern)),
  my_response: listOf(fixed(response)),
  people: countBetween(countEnd),
  external_people: countBetween(countEnd),
  sensitivity: listOf(fixed(sensitivity)),
  show_as: listOf(fixed(showAs)),
  category: listOf(word),
  platform: listOf(fixed(oneOf(["zoom", "teams", "google-meet"]))),
  calendar_id: listOf(fixed(ruledCalendarId)),
  all_day: fixed(boolean),
  recurring: fixed(boolean),
  minutes: countBetween(fixed(oneOf([0, 1, 29, 30, 31, 60, 1_440]))),
  hours
}

// `Object.keys` of this record are exactly its members: it is a literal, complete by type.
const allMembers = Object.keys(generators) as ReadonlyArray<keyof Conditions>

/** Those of which there is more to get wrong. */
const rich = ["subject_contains", "people", "external_people", "organizer", "attendee_email", "hours"] as const

const member = oneOf([...allMembers, ...rich, ...rich])

/** A few members, most often one. */
const conditions: Draw<Conditions> = Arbitrary.flatMap(
  anyOf([Arbitrary.array(member, { minLength: 1, maxLength: 1 }), Arbitrary.array(member, { maxLength: 4 })]),
  (names) =>
    Arbitrary.map(
      Arbitrary.all(names.map((name): Draw<unknown> => generators[name])),
      // Each value is of the member whose name stands at its place.
      (draws) => (shared: Shared) =>
        Object.fromEntries(names.map((name, index) => [name, draws[index]?.(shared)])) as Conditions
    )
)

const ruleDraw: Draw<Omit<JoinRule, "id" | "name">> = Arbitrary.map(
  Arbitrary.all([conditions, nullable(conditions, 2), boolean, seldom(4), oneOf(["none", "named", "removed"])]),
  ([own, not, skips, isDisabled, config]) =>
    (shared: Shared) => ({
      enabled: !isDisabled,
      when: not === null ? own(shared) : { ...own(shared), not: not(shared) },
      then: skips ? "skip" : "join",
      bot_config: skips || config === "none" ? null : { bot_name: config === "named" ? "A rule's" : null }
    })
)

const named = (id: string, rule: Omit<JoinRule, "id" | "name">): JoinRule => ({ id, name: `Rule ${id}`, ...rule })

/** Named by the caller, since ids of one list differ. */
export const rule = (id: string): Arbitrary.Arbitrary<JoinRule> =>
  Arbitrary.map(settled(ruleDraw, anything), (each) => named(id, each))

/** A list in which earlier rules may hide later ones; ids count from `rule_0`. */
export const rules: Arbitrary.Arbitrary<ReadonlyArray<JoinRule>> = Arbitrary.map(
  Arbitrary.array(settled(ruleDraw, anything), { maxLength: 5 }),
  (list) => list.map((each, index) => named(`rule_${index}`, each))
)

export interface RuleCase {
  readonly rule: JoinRule
  readonly event: RuledEvent
  readonly known: KnownOfUser
}

/** A rule and an event that have words, times of day, counts and a zone in common: it is close whether they match. */
export const ruleCase: Arbitrary.Arbitrary<RuleCase> = Arbitrary.map(
  Arbitrary.all({
    words: Arbitrary.array(oneOf(ruleWords), { minLength: 1, maxLength: 2 }),
    where: zone,
    event: eventDraw,
    rule: ruleDraw,
    known: knownOfUser
  }),
  ({ event: drawn, known, rule: asked, where, words }) => {
    const event = drawn({ ...anything, words, zones: [where] })
    const shared = { words, clocks: clocksAround(event, where), ends: endsAround(event), zones: [where] }
    return { rule: named("rule_1", asked(shared)), event, known }
  }
)

/** What the wall shows at the start, a minute beside it, and at both ends of a day. */
const clocksAround = ({ start }: RuledEvent, where: string): ReadonlyArray<string> =>
  [0, -minute, minute].map((distance) => clockAt(start + distance, where)).concat("00:00", "23:59")

const clockAt = (instant: number, where: string): string => {
  const minutes = Math.floor((toLocal(where, instant)?.time ?? 0) / minute)
  return [Math.floor(minutes / 60), minutes % 60].map((each) => `${each}`.padStart(2, "0")).join(":")
}

/** About as many as there are. */
const endsAround = ({ facts }: RuledEvent): ReadonlyArray<number> => {
  const beyond = Object.values(facts?.peopleBeyond ?? {}).reduce((sum, count) => sum + count, 0)
  const count = (facts?.people.length ?? 0) + beyond
  return [-3, -2, -1, 0, 1].map((distance) => Math.max(count + distance, 0))
}
