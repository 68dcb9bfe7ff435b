/**
 * All that the simulated Google knows: people, clients, grants, calendars with their items, channels.
 *
 * Shapes, and how one of them is put in another's place. Decides nothing about what is answered.
 */

/** A calendar's item as it is stored: a single event, a master, an exception, or what is left of any of them. */
export interface Item {
  readonly id: string
  /** The world's `sequence` when it last changed: sync tokens are told by it. */
  readonly changed: number
  /** When, for `updated` and the etag. */
  readonly updated: number
  readonly created: number
  readonly isCancelled: boolean
  /** The master, for exceptions: changed or cancelled instances. */
  readonly seriesId: string | null
  /** The pattern's start, for exceptions. */
  readonly originalStart: number | null
  /** The members of the resource that people set, such as `summary`, `start`, `recurrence`. */
  readonly members: Members
}

export type Members = { readonly [name: string]: unknown }

export interface Calendar {
  readonly id: string
  readonly summary: string
  readonly timeZone: string
  readonly items: ReadonlyMap<string, Item>
  /** Sync tokens from before this `sequence` are too old. */
  readonly tokensFrom: number
  /** Holiday calendars and the like can't be watched. */
  readonly isPushable: boolean
}

export type Role = "owner" | "writer" | "reader" | "freeBusyReader"

/** A calendar in somebody's list. */
export interface Entry {
  readonly calendarId: string
  readonly role: Role
  readonly isPrimary: boolean
}

export interface Person {
  readonly sub: string
  readonly email: string
  readonly name: string
  readonly entries: ReadonlyArray<Entry>
  /** What all their requests are answered until then. */
  readonly fault: Fault | null
}

export interface Fault {
  readonly until: number
  readonly status: number
  readonly reason: string
}

export interface Grant {
  readonly refreshToken: string
  readonly clientId: string
  readonly email: string
  readonly scopes: ReadonlyArray<string>
  readonly isRevoked: boolean
}

/** What a sign-in sends the browser back with. */
export interface Code {
  readonly code: string
  readonly clientId: string
  readonly email: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  /** Of PKCE; null: none was given. */
  readonly challenge: string | null
  readonly isOffline: boolean
  /** Whether consent was asked for again. */
  readonly isAskedAnew: boolean
  readonly expiresAt: number
  readonly isRedeemed: boolean
}

export interface AccessToken {
  readonly token: string
  readonly refreshToken: string
  readonly expiresAt: number
}

export interface Channel {
  readonly id: string
  readonly resourceId: string
  readonly calendarId: string
  readonly email: string
  readonly clientId: string
  readonly address: string
  readonly token: string | null
  readonly expiresAt: number
  readonly messages: number
  readonly isStopped: boolean
}

/** What is not known for sure of Google, to be tried either way. */
export interface Options {
  /** Whether the last page of a list with bounds has a sync token. */
  readonly tokensWithBounds: boolean
  /** Whether a bound looks at a series' first instance alone, or at all of them. */
  readonly boundsByFirstInstance: boolean
  /** Whether a cancelled instance is told by its id alone. */
  readonly sparseCancelled: boolean
  /** Whether the first page of a list is an empty one. */
  readonly emptyFirstPage: boolean
  /** Items on a page at most, whatever is asked. */
  readonly pageSizeMax: number
  readonly channelMillis: number
}

export interface World {
  /** Rises with each change of anything. */
  readonly sequence: number
  readonly options: Options
  /** Secrets by client id. */
  readonly clients: ReadonlyMap<string, string>
  /** By address. */
  readonly people: ReadonlyMap<string, Person>
  readonly grants: ReadonlyMap<string, Grant>
  readonly codes: ReadonlyMap<string, Code>
  readonly accessTokens: ReadonlyMap<string, AccessToken>
  readonly calendars: ReadonlyMap<string, Calendar>
  /** Ended ones too: an id is never used twice. */
  readonly channels: ReadonlyMap<string, Channel>
}

export const defaultOptions: Options = {
  tokensWithBounds: false,
  boundsByFirstInstance: false,
  sparseCancelled: false,
  emptyFirstPage: false,
  pageSizeMax: 2_500,
  channelMillis: 7 * 86_400_000
}

export const emptyWorld = (options: Partial<Options> = {}): World => ({
  sequence: 0,
  options: { ...defaultOptions, ...options },
  clients: new Map(),
  people: new Map(),
  grants: new Map(),
  codes: new Map(),
  accessTokens: new Map(),
  calendars: new Map(),
  channels: new Map()
})

/** A map with one more entry, or another in its place. */
export const withEntry = <A>(map: ReadonlyMap<string, A>, key: string, value: A): ReadonlyMap<string, A> =>
  new Map(map).set(key, value)

/** The world after one more change. */
export const ticked = (world: World): World => ({ ...world, sequence: world.sequence + 1 })

/** The role of a person in a calendar; null: they do not know it. */
export const roleIn = (person: Person, calendarId: string): Role | null =>
  person.entries.find((entry) => entry.calendarId === calendarId)?.role ?? null
