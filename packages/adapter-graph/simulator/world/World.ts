/**
 * The whole state of the simulated Microsoft 365, as plain immutable data.
 *
 * Decides what there is to know; holds no behaviour beyond making an empty world and looking things up. Everything in
 * it survives `JSON.stringify`, so a world can be printed, stored and compared. Instants are milliseconds since 1970.
 */
import type { Fault } from "./Fault.ts"
import { type Options, defaultOptions } from "./Options.ts"

export interface World {
  /** State of the generator of chance. */
  readonly seed: number
  /** The next serial number; calendars and events share one sequence over all mailboxes. */
  readonly nextSerial: number
  /** Counts requests and deliveries; request ids and the like derive from it. */
  readonly tick: number
  readonly options: Options
  readonly faults: ReadonlyArray<Fault>
  readonly apps: Readonly<Record<string, App>>
  readonly mailboxes: Readonly<Record<string, Mailbox>>
  readonly subscriptions: Readonly<Record<string, Subscription>>
  readonly accessTokens: Readonly<Record<string, AccessToken>>
  readonly refreshTokens: Readonly<Record<string, RefreshToken>>
  readonly codes: Readonly<Record<string, AuthorizationCode>>
  /** Requests counted per app and mailbox in the current budget window. */
  readonly budgets: Readonly<Record<string, Budget>>
  readonly outbox: ReadonlyArray<Delivery>
  readonly endpoints: Readonly<Record<string, Endpoint>>
}

export interface App {
  readonly clientId: string
  readonly secrets: ReadonlyArray<{ readonly id: string; readonly value: string; readonly expiresAt: number | null }>
  /** Empty: any redirect address is accepted. */
  readonly redirectUris: ReadonlyArray<string>
  /** The tenant's policy forbids consent by users: the authorize page says "Approval required". */
  readonly adminConsentRequired: boolean
}

export interface Mailbox {
  /** The user's object id: a GUID, or sixteen hex digits for a personal account. */
  readonly id: string
  readonly account: "work" | "personal"
  readonly tenantId: string
  readonly displayName: string
  readonly userPrincipalName: string
  /** Null for guests and some personal accounts. */
  readonly mail: string | null
  readonly timeZone: string
  /** False: POST /subscriptions answers 403 "currently on backend 'Unknown'", for good. */
  readonly notifications: boolean
  /** False: every mailbox request answers 404 MailboxNotEnabledForRESTAPI. */
  readonly enabled: boolean
  readonly calendars: Readonly<Record<number, Calendar>>
  readonly items: Readonly<Record<number, Item>>
  /** Series that were deleted or left their calendar, for tombstones that name their occurrences. */
  readonly deletedSeries: Readonly<Record<number, Series>>
  /** Append-only; the delta function reads it. */
  readonly changes: ReadonlyArray<Change>
  /** Raised to make every sync token of this mailbox worthless (410). */
  readonly generation: number
}

export interface Calendar {
  readonly serial: number
  readonly name: string
  readonly color: string
  readonly hexColor: string
  readonly isDefault: boolean
  readonly canEdit: boolean
  readonly canShare: boolean
  readonly isRemovable: boolean
  readonly group: string
  readonly version: number
  /** A calendar of another mailbox that its owner shared with this one: the events are there. */
  readonly sharedFrom: { readonly mailbox: string; readonly calendar: number } | null
}

export interface Details {
  readonly subject: string
  /** HTML inside the body element, before any Teams block. */
  readonly bodyHtml: string
  /** Where the meeting is joined; a Teams address becomes an onlineMeeting, any other stands in body and location. */
  readonly link: string | null
  readonly location: string
  readonly isCancelled: boolean
  readonly isDraft: boolean
  readonly isAllDay: boolean
  readonly showAs: "unknown" | "free" | "tentative" | "busy" | "oof" | "workingElsewhere"
  readonly sensitivity: "normal" | "personal" | "private" | "confidential"
  readonly response: "none" | "organizer" | "tentativelyAccepted" | "accepted" | "declined" | "notResponded"
  readonly organizer: Person
  readonly attendees: ReadonlyArray<Person>
  readonly categories: ReadonlyArray<string>
  readonly isOrganizer: boolean
  /** Pads the body to about this many bytes; 0 leaves it alone. */
  readonly bodyBytes: number
  /** Laid over the wire form member by member: odd zones, impossible dates, anything at all. */
  readonly wire: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly name: string
  readonly address: string
  readonly type?: "required" | "optional" | "resource"
}

interface Stored {
  readonly serial: number
  readonly calendar: number
  /** How often the item changed calendars; part of its normal id. */
  readonly moves: number
  /** Raised by every change; the change key derives from it. */
  readonly version: number
  readonly iCalUId: string
  readonly created: number
  readonly modified: number
  readonly details: Details
  /** Windows or IANA name under which it was made. */
  readonly zone: string
}

export interface Single extends Stored {
  readonly kind: "single"
  readonly start: number
  readonly end: number
}

export interface Series extends Stored {
  readonly kind: "series"
  readonly pattern: Pattern
  readonly range: Range
  readonly startOfDayMillis: number
  readonly durationMillis: number
  /** What the wire says in recurrenceTimeZone when it differs from the zone: Google invites send "". */
  readonly zoneOnWire: string | null
  /** By original local date. */
  readonly exceptions: Readonly<Record<string, Exception>>
  readonly cancelled: ReadonlyArray<string>
}

export type Item = Single | Series

export interface Exception {
  readonly date: string
  readonly start: number
  readonly end: number
  readonly version: number
  readonly modified: number
  readonly changed: Partial<Details>
}

/** Graph's recurrencePattern as it is on the wire: every number present, unused ones 0. */
export interface Pattern {
  readonly type: "daily" | "weekly" | "absoluteMonthly" | "relativeMonthly" | "absoluteYearly" | "relativeYearly"
  readonly interval: number
  readonly month: number
  readonly dayOfMonth: number
  readonly daysOfWeek?: ReadonlyArray<Weekday>
  readonly firstDayOfWeek: Weekday
  readonly index: "first" | "second" | "third" | "fourth" | "last"
}

export type Weekday = "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"

export interface Range {
  readonly type: "noEnd" | "endDate" | "numbered"
  readonly startDate: string
  readonly endDate: string
  readonly numberOfOccurrences: number
}

/** One entry of a mailbox's change log; its place in the log is its sequence number. */
export interface Change {
  readonly calendar: number
  readonly serial: number
  readonly moves: number
  readonly kind: "created" | "updated" | "deleted"
}

export interface Subscription {
  readonly id: string
  readonly mailbox: string
  readonly clientId: string
  readonly resource: string
  /** Null: every calendar of the mailbox. */
  readonly calendar: number | null
  readonly changeType: string
  readonly notificationUrl: string
  readonly lifecycleNotificationUrl: string | null
  readonly clientState: string | null
  readonly expiresAt: number
  readonly immutableIds: boolean
  /** Set by a reauthorizationRequired; nothing is delivered until the client answers it. */
  readonly paused: boolean
  /** When the access token last seen for it ends; matters only with notifications.needToken. */
  readonly authorizedUntil: number
}

export interface AccessToken {
  readonly mailbox: string
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly expiresAt: number
}

export interface RefreshToken {
  readonly mailbox: string
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly issuedAt: number
  readonly usedAt: number
  readonly revoked: boolean
}

export interface AuthorizationCode {
  readonly mailbox: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  readonly challenge: string | null
  readonly nonce: string | null
  readonly issuedAt: number
  readonly redeemed: boolean
}

export interface Budget {
  readonly since: number
  readonly count: number
}

/** A notification on its way to a client. */
export interface Delivery {
  readonly id: number
  readonly subscriptionId: string
  readonly url: string
  readonly item: Readonly<Record<string, unknown>>
  readonly firstDueAt: number
  readonly dueAt: number
  readonly attempts: number
}

/** How a client's address has behaved lately; Graph slows down for, or drops, those that answer late. */
export interface Endpoint {
  readonly since: number
  readonly answers: number
  readonly slow: number
  readonly verySlow: number
  readonly state: "normal" | "slow" | "drop"
  readonly stateUntil: number
}

export const emptyWorld = (seed: number): World => ({
  seed,
  nextSerial: 1,
  tick: 0,
  options: defaultOptions,
  faults: [],
  apps: {},
  mailboxes: {},
  subscriptions: {},
  accessTokens: {},
  refreshTokens: {},
  codes: {},
  budgets: {},
  outbox: [],
  endpoints: {}
})

/** The mailbox of an object id, a user principal name or a mail address. */
export const findMailbox = (world: World, name: string): Mailbox | null => {
  const direct = world.mailboxes[name]
  if (direct !== undefined) return direct
  const wanted = name.toLowerCase()
  const isNamed = (mailbox: Mailbox): boolean =>
    mailbox.userPrincipalName.toLowerCase() === wanted || mailbox.mail?.toLowerCase() === wanted
  return Object.values(world.mailboxes).find(isNamed) ?? null
}

export const withMailbox = (world: World, mailbox: Mailbox): World => ({
  ...world,
  mailboxes: { ...world.mailboxes, [mailbox.id]: mailbox }
})

/** A record without one key. */
export const without = <A>(record: Readonly<Record<string, A>>, key: string): Readonly<Record<string, A>> => {
  const { [key]: _, ...rest } = record
  return rest
}
