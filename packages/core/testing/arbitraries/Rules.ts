/**
 * Generators of rules, and of events as rules look at them.
 *
 * Decides which are tried. They share their words, addresses and hours, so that rules match about as often as they miss, and
 * aim at edges: the ends of words in several scripts, spans over midnight on the nights when clocks change, counts at the
 * cut of `factPeopleMax`, domains at which anybody has an address, facts that are not known yet.
 */
import { Arbitrary } from "effect"
import { type EventFacts, factPeopleMax } from "../../src/domain/Facts.ts"
import type { CalendarId, SeriesKey } from "../../src/domain/Ids.ts"
import type { Conditions, Count, Hours, Rule, When } from "../../src/domain/Rule.ts"
import type { KnownOfUser, RuledEvent } from "../../src/rules/RuleFacts.ts"
import { anyOf, boolean, frame, hour, instantNear, link, minute, nullable, oneOf, seldom, zone } from "./Values.ts"

/** Words whose edges, case or width is a matter of its own. */
export const ruleWord = oneOf([
  "interview",
  "1:1",
  "c++",
  "x_y",
  "a",
  "Café",
  "\u017ftra\u00dfe",
  "ΟΔΟΣ",
  "İstanbul",
  "会議",
  "собес",
  "हिन्दी",
  "𝐛old",
  "ｆｕｌｌ",
  "🚀",
  "two  words"
])

const beside = oneOf(["", " ", "-", "(", "x", "7", "_", "é", "\u0301", "会", "🚀", "𐐷", "\u00a0", ":"])

/** A word or two with something at their edges, in one case or another. */
export const ruleText: Arbitrary.Arbitrary<string> = Arbitrary.map(
  Arbitrary.all([beside, ruleWord, beside, nullable(ruleWord, 2), beside, oneOf(["as it is", "upper", "lower"])]),
  ([before, word, between, other, after, form]) => {
    const text = `${before}${word}${between}${other ?? ""}${after}`
    return form === "upper" ? text.toUpperCase() : form === "lower" ? text.toLowerCase() : text
  }
)

/** In lower case: the user's own, colleagues', those below a domain or only alike, and those that anybody may have. */
export const ruleAddress = oneOf([
  "ann@acme.example",
  "ann@mail.acme.example",
  "bob@acme.example",
  "eve@notacme.example",
  "kim@eu.acme.example",
  "joe@gmail.com",
  "lea@yahoo.co.uk",
  "max@live.acme.example",
  "zoë@partner.example",
  "room"
])

const domain = oneOf(["acme.example", "mail.acme.example", "partner.example", "gmail.com", "example", ""])

const pattern = oneOf([
  "ann@acme.example",
  "JOE@Gmail.com",
  "*@acme.example",
  "*@*.acme.example",
  "*@*.example",
  "*@gmail.com",
  "*@ACME.example",
  "zoë@partner.example"
])

const listOf = <A>(value: Arbitrary.Arbitrary<A>): Arbitrary.Arbitrary<ReadonlyArray<A>> =>
  Arbitrary.array(value, { minLength: 1, maxLength: 3 })

/** One of these lists. */
const listsOf = (...lists: ReadonlyArray<ReadonlyArray<string>>): Arbitrary.Arbitrary<ReadonlyArray<string>> =>
  anyOf(lists.map((list) => Arbitrary.Constant(list)))

/** At both ends of what small meetings have, and of what is kept by address. */
const end = oneOf([0, 1, 2, 3, factPeopleMax - 1, factPeopleMax, factPeopleMax + 1, factPeopleMax + 2])

/** Ends in order; either may be missing. */
const countBetween = (ends: Arbitrary.Arbitrary<number>): Arbitrary.Arbitrary<Count> =>
  Arbitrary.map(Arbitrary.all([nullable(ends), nullable(ends)]), ([one, other]) => {
    const [min, max] = one !== null && other !== null && one > other ? [other, one] : [one, other]
    return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
  })

const clock = oneOf(["00:00", "00:30", "01:00", "02:00", "02:30", "03:00", "09:00", "13:30", "22:00", "23:59"])

export const hours: Arbitrary.Arbitrary<Hours> = Arbitrary.map(
  Arbitrary.all({
    days: nullable(listOf(oneOf(["mo", "tu", "we", "th", "fr", "sa", "su"])), 2),
    from: nullable(clock),
    to: nullable(clock),
    zone: nullable(zone, 2)
  }),
  ({ days, from, to, zone: where }) => ({
    ...(days === null ? {} : { days }),
    ...(from === null ? {} : { from }),
    ...(to === null || to === (from ?? "00:00") ? {} : { to }),
    ...(where === null ? {} : { time_zone: where })
  })
)

const calendar = Arbitrary.map(oneOf(["a", "b"]), (name) => `cal_${name}` as CalendarId)
const response = oneOf(["none", "accepted", "tentative", "declined", "organizer"])
const sensitivity = oneOf(["normal", "personal", "private", "confidential"])
const showAs = oneOf(["busy", "free", "tentative", "oof", "working_elsewhere"])

const members: { readonly [M in keyof Conditions]-?: Arbitrary.Arbitrary<NonNullable<Conditions[M]>> } = {
  subject_contains: listOf(ruleWord),
  location_contains: listOf(ruleWord),
  organizer: listOf(oneOf(["self", "internal", "external"])),
  organizer_email: listOf(pattern),
  attendee_email: listOf(pattern),
  my_response: listOf(response),
  people: countBetween(end),
  external_people: countBetween(end),
  sensitivity: listOf(sensitivity),
  show_as: listOf(showAs),
  category: listOf(ruleWord),
  platform: listOf(oneOf(["zoom", "teams", "google-meet"])),
  calendar_id: listOf(calendar),
  all_day: boolean,
  recurring: boolean,
  minutes: countBetween(oneOf([0, 1, 29, 30, 31, 60, 1_440])),
  hours
}

const memberNames = Object.keys(members) as ReadonlyArray<keyof Conditions>

/** A few members, most often one. */
export const conditions: Arbitrary.Arbitrary<Conditions> = Arbitrary.flatMap(
  anyOf([
    Arbitrary.array(oneOf(memberNames), { minLength: 1, maxLength: 1 }),
    Arbitrary.array(oneOf(memberNames), { maxLength: 4 })
  ]),
  (names) =>
    Arbitrary.map(
      Arbitrary.all(names.map((name): Arbitrary.Arbitrary<unknown> => members[name])),
      // Each value is of the member whose name stands at its place.
      (values) => Object.fromEntries(names.map((name, index) => [name, values[index]])) as Conditions
    )
)

export const when: Arbitrary.Arbitrary<When> = Arbitrary.map(
  Arbitrary.all([conditions, nullable(conditions, 2)]),
  ([own, not]) => (not === null ? own : { ...own, not })
)

/** Named by the caller, since ids of one list differ. */
export const rule = (id: string): Arbitrary.Arbitrary<Rule> =>
  Arbitrary.map(
    Arbitrary.all([when, boolean, seldom(4), oneOf(["none", "named", "removed"])]),
    ([asked, skips, isDisabled, config]) => ({
      id,
      name: `Rule ${id}`,
      enabled: !isDisabled,
      when: asked,
      then: skips ? "skip" : "join",
      bot_config: skips || config === "none" ? null : { bot_name: config === "named" ? `Bot of ${id}` : null }
    })
  )

/** A list in which earlier rules may hide later ones. */
export const rules: Arbitrary.Arbitrary<ReadonlyArray<Rule>> = Arbitrary.flatMap(oneOf([1, 0, 2, 5]), (count) =>
  Arbitrary.all(Array.from({ length: count }, (_, index) => rule(`rule_${index}`)))
)

/** As many as are kept by address, or one less. */
const crowd = Array.from({ length: factPeopleMax }, (_, index) => `guest${index}@partner.example`)

const few = Arbitrary.map(Arbitrary.array(ruleAddress, { maxLength: 4 }), (addresses) => [...new Set(addresses)])

const beyond = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([domain, oneOf([1, 2])]), { maxLength: 2 }),
  (entries): Readonly<Record<string, number>> => Object.fromEntries(entries)
)

export const eventFacts: Arbitrary.Arbitrary<EventFacts> = Arbitrary.map(
  Arbitrary.all({
    isOrganizer: boolean,
    response,
    crowd: oneOf(["none", "none", "none", "none", "all but one", "all"]),
    few,
    beyond,
    sensitivity,
    showAs,
    categories: Arbitrary.array(ruleText, { maxLength: 2 }),
    location: anyOf([ruleText, Arbitrary.Constant("")])
  }),
  ({ beyond: peopleBeyond, crowd: size, few: some, ...facts }) => ({
    ...facts,
    people: size === "none" ? some : crowd.slice(size === "all" ? 0 : 1),
    peopleBeyond: size === "all" ? peopleBeyond : {}
  })
)

/** An event with its facts, or without. */
export const ruledEvent: Arbitrary.Arbitrary<RuledEvent> = Arbitrary.flatMap(frame, (present) =>
  Arbitrary.map(
    Arbitrary.all({
      calendarId: calendar,
      start: instantNear(present),
      length: oneOf([30 * minute, 0, 29 * minute, hour, 24 * hour, 30 * minute + 1]),
      isAllDay: seldom(5),
      zone,
      isOfSeries: boolean,
      subject: anyOf([ruleText, Arbitrary.Constant("")]),
      organizer: nullable(ruleAddress, 5),
      link: nullable(link),
      facts: nullable(eventFacts, 5)
    }),
    ({ isOfSeries, length, ...event }) => ({
      ...event,
      end: event.start + length,
      seriesKey: isOfSeries ? ("s:1" as SeriesKey) : null
    })
  )
)

/** What is known of the user: none, one or several addresses, domains of the workspace or not. */
export const knownOfUser: Arbitrary.Arbitrary<KnownOfUser> = Arbitrary.map(
  Arbitrary.all({
    addresses: listsOf(
      ["ann@acme.example"],
      ["joe@gmail.com"],
      ["ann@mail.acme.example", "joe@gmail.com", "zoë@partner.example"],
      []
    ),
    internalDomains: listsOf([], ["ACME.example"], ["gmail.com", "partner.example"]),
    calendarZone: nullable(zone)
  }),
  ({ addresses, ...known }) => ({ ...known, userAddresses: new Set(addresses) })
)
