/**
 * The members of `when`, one by one: what each asks of an event, and what the event has for it.
 *
 * Decides in which order they are asked, whatever the order they are written in: what the row itself tells first, what has
 * to be worked out last. A member that asks for a fact that is not known yet answers null.
 */
import type { Conditions, Count } from "../domain/JoinRule.ts"
import { readingOf, wallClock } from "../recurrence/WallClock.ts"
import { type AddressPatterns, addressPatterns, matchesAddress, matchesDomain } from "./AddressPatterns.ts"
import { hoursSpan, isInHours, readingText } from "./Hours.ts"
import type { RuleFacts } from "./RuleFacts.ts"
import { anyWords, foldText, hasAnyOf } from "./Words.ts"

/** What an event has for a member; null: nothing, or it is not known yet. */
export type FactValue = string | number | boolean | ReadonlyArray<string> | null

/** One member of a rule, read once. */
export interface Condition {
  readonly holds: (facts: RuleFacts) => boolean | null
  readonly valueIn: (facts: RuleFacts) => FactValue
}

type Member = keyof Conditions

/** For each member, what its value asks. In the order in which they are asked. */
const readers: { readonly [M in Member]-?: (value: NonNullable<Conditions[M]>) => Condition } = {
  all_day: (wanted) => ({
    holds: ({ event }) => event.isAllDay === wanted,
    valueIn: ({ event }) => event.isAllDay
  }),
  recurring: (wanted) => ({
    holds: ({ event }) => (event.seriesKey !== null) === wanted,
    valueIn: ({ event }) => event.seriesKey !== null
  }),
  platform: (wanted) => among(wanted, ({ event }) => event.link?.platform ?? null),
  calendar_id: (wanted) => {
    const ids: ReadonlyArray<string> = wanted
    return {
      holds: ({ calendarIds }) => calendarIds.some((id) => ids.includes(id)),
      valueIn: ({ calendarIds }) => calendarIds.at(-1) ?? null
    }
  },
  minutes: (wanted) => counted(wanted, ({ event }) => (event.end - event.start) / 60_000),
  my_response: (wanted) => among(wanted, ({ event }) => event.facts?.response),
  sensitivity: (wanted) => among(wanted, ({ event }) => event.facts?.sensitivity),
  show_as: (wanted) => among(wanted, ({ event }) => event.facts?.showAs),
  organizer: (wanted) => ({
    holds: ({ event, organizer }) => (event.facts === null ? null : sideMatches(wanted, organizer)),
    valueIn: ({ organizer }) => organizer
  }),
  organizer_email: (wanted) => {
    const patterns = addressPatterns(wanted)
    return {
      holds: (facts) => {
        const { facts: known, organizer } = facts.event
        // Told along with the other facts: without them nobody knows yet whether there is none.
        if (organizer === null) return known === null ? null : false
        return patterns.addresses.has(organizer) || matchesDomain(patterns, facts.organizerDomain)
      },
      valueIn: ({ event }) => event.organizer
    }
  },
  hours: (wanted) => {
    const span = hoursSpan(wanted)
    const clock = wanted.time_zone === undefined ? undefined : wallClock(wanted.time_zone)
    const readingIn = ({ event, reading }: RuleFacts): number | null =>
      clock === undefined ? reading : clock === null ? null : readingOf(clock, event.start)
    return {
      holds: (facts) => {
        const reading = readingIn(facts)
        return reading === null ? null : isInHours(span, reading)
      },
      valueIn: (facts) => {
        const reading = readingIn(facts)
        return reading === null ? null : readingText(reading)
      }
    }
  },
  subject_contains: (wanted) => {
    const words = anyWords(wanted)
    return {
      holds: ({ subject }) => hasAnyOf(subject, words),
      valueIn: ({ event }) => event.subject
    }
  },
  location_contains: (wanted) => {
    const words = anyWords(wanted)
    return {
      holds: ({ location }) => (location === null ? null : hasAnyOf(location, words)),
      valueIn: ({ event }) => event.facts?.location ?? null
    }
  },
  category: (wanted) => {
    const folded = new Set(wanted.map(foldText))
    return {
      holds: ({ categories }) => categories?.some((each) => folded.has(each)) ?? null,
      valueIn: ({ event }) => event.facts?.categories ?? null
    }
  },
  people: (wanted) => counted(wanted, ({ people }) => people?.all ?? null),
  external_people: (wanted) => counted(wanted, ({ people }) => people?.external ?? null),
  attendee_email: (wanted) => {
    const patterns = addressPatterns(wanted)
    return {
      holds: (facts) => hasAttendee(patterns, facts),
      // Who matched; where nobody did, how many there are.
      valueIn: (facts) => attendeeMatching(patterns, facts) ?? facts.people?.all ?? null
    }
  }
}

/** The members there are, in the order in which they are asked. */
// `Object.keys` of this record are exactly its members: it is a literal, complete by type.
export const memberNames = Object.keys(readers) as ReadonlyArray<Member>

/** The condition that a member lays down; null: it is left out. */
export const conditionOf = <M extends Member>(member: M, conditions: Conditions): Condition | null => {
  const value = Object.hasOwn(conditions, member) ? conditions[member] : undefined
  // A table's entry and the value of the same name fit each other, which the compiler cannot see through a name.
  const read = readers[member] as (value: NonNullable<Conditions[M]>) => Condition
  return value === undefined ? null : read(value as NonNullable<Conditions[M]>)
}

/** Null: there is none, which is none of the values. Undefined: not known yet. */
const among = (wanted: ReadonlyArray<string>, valueOf: (facts: RuleFacts) => string | null | undefined): Condition => {
  const values = new Set(wanted)
  return {
    holds: (facts) => {
      const value = valueOf(facts)
      return value === undefined ? null : value !== null && values.has(value)
    },
    valueIn: (facts) => valueOf(facts) ?? null
  }
}

/** Without an end it asks for nothing, and so for no fact. */
const counted = ({ max, min }: Count, numberOf: (facts: RuleFacts) => number | null): Condition => ({
  holds: (facts) => {
    if (min === undefined && max === undefined) return true
    const number = numberOf(facts)
    return number === null ? null : number >= (min ?? 0) && number <= (max ?? Number.POSITIVE_INFINITY)
  },
  valueIn: numberOf
})

/** The user is internal too. */
const sideMatches = (wanted: NonNullable<Conditions["organizer"]>, side: RuleFacts["organizer"]): boolean =>
  side !== null && (wanted.includes(side) || (side === "self" && wanted.includes("internal")))

/** People beyond those kept by address are known by their domains alone. */
const hasAttendee = (patterns: AddressPatterns, { domains, event: { facts } }: RuleFacts): boolean | null =>
  facts === null || domains === null
    ? null
    : domains.some((domain) => matchesDomain(patterns, domain)) ||
      (patterns.addresses.size > 0 && facts.people.some((address) => patterns.addresses.has(address)))

/** The first address that matches, else the first domain of people who are kept by it alone. */
const attendeeMatching = (patterns: AddressPatterns, { event: { facts } }: RuleFacts): string | null => {
  const address = facts?.people.find((each) => matchesAddress(patterns, each))
  if (address !== undefined) return address
  const domain = Object.keys(facts?.peopleBeyond ?? {}).find((each) => matchesDomain(patterns, each))
  return domain === undefined ? null : `*@${domain}`
}
