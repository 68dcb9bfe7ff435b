/**
 * What the in-memory calendar provider holds: accounts, their calendars, the meetings in them, and who is told of changes.
 *
 * Decides the shapes and how things are found. Never decides what a round of changes says: see `Rounds.ts`.
 */
import type { CalendarListing } from "../../../src/domain/Calendar.ts"
import type { EventFacts } from "../../../src/domain/Facts.ts"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { Profile } from "../../../src/domain/Provider.ts"
import type { Instant, LocalDate } from "../../../src/domain/Time.ts"
import type { RecurringSeries } from "../../../src/recurrence/Rule.ts"

/** What a meeting says, besides when it takes place. */
export interface Subject {
  readonly iCalUid: string
  readonly subject: string
  readonly organizer: string | null
  /** Where it is joined; null: nowhere online. */
  readonly joinUrl: string | null
  readonly isCancelled: boolean
  /** What rules look at; null: this provider does not tell. */
  readonly facts: EventFacts | null
}

export interface Times {
  readonly start: Instant
  readonly end: Instant
}

/** A meeting of its own. */
export interface Meeting extends Subject, Times {
  readonly zone: string
  readonly isAllDay: boolean
}

/** A recurring meeting. */
export interface Recurring extends Subject {
  readonly timing: RecurringSeries
  /** True: what it repeats by is told in a form that nobody understands; its occurrences are listed all the same. */
  readonly isUnreadable?: boolean
}

/** What one occurrence says otherwise than its series. */
export type Otherwise = Partial<Subject & Times>

interface Item {
  readonly providerId: string
  readonly calendarId: ProviderCalendarId
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** Place in the calendar's log of its last change. */
  readonly changedAt: number
  readonly isGone: boolean
}

export interface SingleItem extends Item {
  readonly kind: "single"
  readonly meeting: Meeting
}

export interface SeriesItem extends Item {
  readonly kind: "series"
  readonly recurring: Recurring
  /** Dates taken out of the pattern. */
  readonly deleted: ReadonlySet<LocalDate>
  readonly exceptions: ReadonlyMap<LocalDate, Otherwise>
}

export type MailboxItem = SingleItem | SeriesItem

export interface HeldCalendar {
  readonly accountId: string
  readonly listing: CalendarListing
  /** Length of the log of changes. */
  readonly length: number
  /** Cursors of an earlier epoch are forgotten. */
  readonly epoch: number
  /** True: rounds tell occurrences without the series they are of. */
  readonly withoutMasters: boolean
  /** Why it can't be subscribed to; null: it can. */
  readonly refusal: { readonly code: string; readonly message: string } | null
}

export interface Account {
  readonly profile: Profile
  readonly clientId: string
  readonly clientSecret: string
  readonly isRevoked: boolean
  readonly isSecretExpired: boolean
  /** Requests before this instant are refused with a time to wait. */
  readonly throttledUntil: Instant
}

export interface HeldSubscription {
  readonly id: string
  readonly accountId: string
  readonly calendarId: ProviderCalendarId
  readonly clientState: string
  readonly expiresAt: Instant
  readonly notificationUrl: string
}

/** What the provider would post to the notification address. */
export interface Notification {
  readonly subscriptionId: string
  readonly clientState: string
  readonly calendarId: ProviderCalendarId
}

/** One request that reached the provider. */
export interface ProviderRequest {
  readonly operation: string
  readonly accountId: string
  readonly at: Instant
}

/** All there is. Written in place, by one synchronous step at a time. */
export interface World {
  readonly accounts: Map<string, Account>
  readonly calendars: Map<ProviderCalendarId, HeldCalendar>
  readonly items: Map<string, MailboxItem>
  readonly subscriptions: Map<string, HeldSubscription>
  readonly notifications: Array<Notification>
  readonly requests: Array<ProviderRequest>
  /** How many more questions for a series by its id are answered as if it were not there. */
  readonly hidden: Map<string, number>
  /** Counts everything that gets a name. */
  named: number
}

export const emptyWorld = (): World => ({
  accounts: new Map(),
  calendars: new Map(),
  items: new Map(),
  subscriptions: new Map(),
  notifications: [],
  requests: [],
  hidden: new Map(),
  named: 0
})

export const nameOf = (world: World, noun: string): string => `${noun}${++world.named}`

/** An occurrence's id, as the provider makes it: the series' and the original date. */
export const occurrenceId = (seriesId: string, date: LocalDate): string => `${seriesId}.${date}`

/** The series and date of an occurrence's id; null for another id. */
export const partsOf = (id: string): { readonly seriesId: string; readonly date: LocalDate } | null => {
  const dot = id.lastIndexOf(".")
  return dot === -1 ? null : { seriesId: id.slice(0, dot), date: id.slice(dot + 1) }
}

/** What a test names must be there. */
export const must = <A>(found: A | undefined, what: string): A => {
  if (found === undefined) throw new Error(`${what} is not in the mailbox`)
  return found
}

export const itemsOf = (world: World, calendarId: ProviderCalendarId): ReadonlyArray<MailboxItem> =>
  [...world.items.values()].filter((item) => item.calendarId === calendarId)
