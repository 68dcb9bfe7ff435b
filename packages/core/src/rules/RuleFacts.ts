/**
 * What one event has for rules to look at.
 *
 * Decides how each is worked out: texts folded, people counted, the start as the wall shows it. Each is worked out when a
 * rule first asks for it, and once.
 */
import type { CalendarEvent } from "../domain/Event.ts"
import type { EventFacts } from "../domain/Facts.ts"
import { readingOf, wallClock } from "../recurrence/WallClock.ts"
import {
  type Insiders,
  type OrganizerSide,
  type PeopleCount,
  countPeople,
  domainOfAddress,
  organizerSide
} from "./People.ts"
import { FoldedText, foldText } from "./Words.ts"

/** What an event is judged by. */
export interface RuledEvent extends Pick<
  CalendarEvent,
  "calendarId" | "start" | "end" | "isAllDay" | "zone" | "seriesKey" | "subject" | "organizer" | "link"
> {
  /** Null: not known yet. */
  readonly facts: EventFacts | null
}

/** What is known beside the event. One object for all events of a calendar saves work. */
export interface KnownOfUser extends Insiders {
  /** IANA name of the calendar's zone; null: the event's own counts. */
  readonly calendarZone: string | null
  /** The calendar's id at its provider, by which people know it; left out: our own id alone counts. */
  readonly calendarProviderId?: string
}

/** An event as rules ask for it. Null, where nothing else is said: not known yet. */
export interface RuleFacts {
  readonly event: RuledEvent
  /** Ours, and the provider's where it is known. */
  readonly calendarIds: ReadonlyArray<string>
  readonly subject: FoldedText
  /** Empty: none is told. */
  readonly location: FoldedText | null
  /** Folded. */
  readonly categories: ReadonlyArray<string> | null
  /** Null: not told; ask for it only where the event's facts are known. */
  readonly organizer: OrganizerSide
  /** Of the organizer's address; empty: none is told. */
  readonly organizerDomain: string
  readonly people: PeopleCount | null
  /** Of all people, each once. */
  readonly domains: ReadonlyArray<string> | null
  /** What the wall shows at the start, in epoch milliseconds as if it were UTC; null: in no zone that is known. */
  readonly reading: number | null
}

/**
 * An event as rules look at it.
 *
 * `event`: the mirror's row, with its facts or null. `known.userAddresses`: in lower case, those of all connections and
 * feeds of the user. `known.internalDomains`: the workspace's. Never fails.
 *
 * @example
 * const facts = factsOf(event, { userAddresses: new Set(["ann@acme.example"]), internalDomains: [], calendarZone: null })
 * matches(rule, facts) // true, false, or null: a fact that the rule asks for is not known yet
 */
export const factsOf = (event: RuledEvent, known: KnownOfUser): RuleFacts => new LazyFacts(event, known)

class LazyFacts implements RuleFacts {
  readonly event: RuledEvent
  private readonly known: KnownOfUser
  private foldedSubject: FoldedText | null = null
  private foldedLocation: FoldedText | null = null
  private foldedCategories: ReadonlyArray<string> | null = null
  private side: OrganizerSide | undefined = undefined
  private sideDomain: string | null = null
  private count: PeopleCount | null = null
  private distinctDomains: ReadonlyArray<string> | null = null
  private wall: number | null | undefined = undefined

  constructor(event: RuledEvent, known: KnownOfUser) {
    this.event = event
    this.known = known
  }

  get calendarIds(): ReadonlyArray<string> {
    const { calendarProviderId } = this.known
    const own = this.event.calendarId
    return calendarProviderId === undefined ? [own] : [own, calendarProviderId]
  }

  get subject(): FoldedText {
    return (this.foldedSubject ??= new FoldedText(this.event.subject))
  }

  get location(): FoldedText | null {
    const { facts } = this.event
    return facts === null ? null : (this.foldedLocation ??= new FoldedText(facts.location))
  }

  get categories(): ReadonlyArray<string> | null {
    const { facts } = this.event
    return facts === null ? null : (this.foldedCategories ??= facts.categories.map(foldText))
  }

  get organizer(): OrganizerSide {
    const { facts, organizer } = this.event
    if (this.side === undefined) this.side = facts === null ? null : organizerSide(this.known, facts, organizer)
    return this.side
  }

  get organizerDomain(): string {
    return (this.sideDomain ??= domainOfAddress(this.event.organizer ?? ""))
  }

  get people(): PeopleCount | null {
    const { facts, organizer } = this.event
    return facts === null ? null : (this.count ??= countPeople(this.known, facts, organizer))
  }

  get domains(): ReadonlyArray<string> | null {
    const { facts } = this.event
    return facts === null ? null : (this.distinctDomains ??= domainsOf(facts))
  }

  get reading(): number | null {
    if (this.wall === undefined) {
      const { start, zone } = this.event
      const clock = wallClock(this.known.calendarZone ?? zone)
      this.wall = clock === null ? null : readingOf(clock, start)
    }
    return this.wall
  }
}

const domainsOf = ({ people, peopleBeyond }: EventFacts): ReadonlyArray<string> => [
  ...new Set([...people.map(domainOfAddress), ...Object.keys(peopleBeyond)])
]
