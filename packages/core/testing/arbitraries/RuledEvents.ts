/**
 * Generators of events as rules look at them, with their facts or without, and of what is known of their user.
 *
 * Decides which are tried: the nights when clocks change, counts at the cut of `factPeopleMax`, addresses of the user that
 * nobody listed, domains at which anybody has one.
 */
import { Arbitrary } from "effect"
import { type EventFacts, factPeopleMax } from "../../src/domain/Facts.ts"
import type { CalendarId, SeriesKey } from "../../src/domain/Ids.ts"
import type { KnownOfUser, RuledEvent } from "../../src/rules/RuleFacts.ts"
import { type Draw, type Shared, anything, ruleAddress, ruleDomain, settled, sharedZone, text } from "./RuleDraws.ts"
import { anyOf, boolean, frame, hour, instantNear, link, minute, nullable, oneOf, seldom, zone } from "./Values.ts"

export const ruledCalendarId = Arbitrary.map(oneOf(["a", "b"]), (name) => `cal_${name}` as CalendarId)
export const response = oneOf(["none", "accepted", "tentative", "declined", "organizer"])
export const sensitivity = oneOf(["normal", "personal", "private", "confidential"])
export const showAs = oneOf(["busy", "free", "tentative", "oof", "working_elsewhere"])

/** As many as are kept by address. */
const crowd = Array.from({ length: factPeopleMax }, (_, index) => `guest${index}@partner.example`)

const beyond = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([ruleDomain, oneOf([1, 2])]), { maxLength: 2 }),
  (entries): Readonly<Record<string, number>> => Object.fromEntries(entries)
)

const factsDraw: Draw<(organizer: string | null) => EventFacts> = Arbitrary.map(
  Arbitrary.all({
    isOrganizer: boolean,
    response,
    crowd: oneOf(["none", "none", "none", "none", "all but one", "all"]),
    few: Arbitrary.array(ruleAddress, { maxLength: 4 }),
    beyond,
    sensitivity,
    showAs,
    categories: Arbitrary.array(text, { maxLength: 2 }),
    location: nullable(text, 4)
  }),
  ({ beyond: peopleBeyond, categories, crowd: size, few, location, ...facts }) =>
    (shared: Shared) =>
    (organizer) => ({
      ...facts,
      categories: categories.map((each) => each(shared)),
      location: location?.(shared) ?? "",
      people: size === "none" ? distinct(organizer, few) : crowd.slice(size === "all" ? 0 : 1),
      peopleBeyond: size === "all" ? peopleBeyond : {}
    })
)

const distinct = (organizer: string | null, others: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(organizer === null ? others : [organizer, ...others])
]

export const eventFacts: Arbitrary.Arbitrary<EventFacts> = Arbitrary.map(settled(factsDraw, anything), (make) =>
  make(null)
)

export const eventDraw: Draw<RuledEvent> = Arbitrary.map(
  Arbitrary.all({
    calendarId: ruledCalendarId,
    start: Arbitrary.flatMap(frame, instantNear),
    length: oneOf([30 * minute, 0, 29 * minute, hour, 24 * hour, 30 * minute + 1]),
    isAllDay: seldom(5),
    zone: sharedZone,
    isOfSeries: boolean,
    subject: nullable(text, 5),
    organizer: nullable(ruleAddress, 5),
    link: nullable(link),
    facts: nullable(factsDraw, 8)
  }),
  ({ facts, isOfSeries, length, subject, zone: where, ...event }) =>
    (shared: Shared) => ({
      ...event,
      end: event.start + length,
      zone: where(shared),
      subject: subject?.(shared) ?? "",
      seriesKey: isOfSeries ? ("s:1" as SeriesKey) : null,
      facts: facts?.(shared)(event.organizer) ?? null
    })
)

/** An event with its facts, or without. */
export const ruledEvent: Arbitrary.Arbitrary<RuledEvent> = settled(eventDraw, anything)

const listsOf = (...lists: ReadonlyArray<ReadonlyArray<string>>): Arbitrary.Arbitrary<ReadonlyArray<string>> =>
  anyOf(lists.map((list) => Arbitrary.Constant(list)))

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
