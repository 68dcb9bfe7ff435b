/**
 * What people in a simulated world ask for, as they themselves would tell it: a second, naive account of intents, kept
 * per meeting and never read from the code under test.
 *
 * Decides what an acknowledged request means for later. What a lost answer leaves open is "unknown", and oracles do not
 * judge it. Never holds what calendars say: that is the provider's truth.
 */
import type { Credentials } from "../../src/domain/Connection.ts"
import type { CalendarId, ConnectionId, ProviderCalendarId, UserId } from "../../src/domain/Ids.ts"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { type Ruling, noRuling } from "./Ruling.ts"

export type Tri = "yes" | "no" | "unknown"

/** What a person asks for one meeting. */
export interface Intent {
  key: string
  /** Asked for by hand, or kept from a rule that was switched off. */
  explicit: Tri
  /** Removed by the user. */
  excluded: Tri
  /** Was removed once: a removal outlives the request that lifted it, should that go with its calendar. */
  wasExcluded: boolean
  /** Join time relative to the start, in milliseconds; null: the usual lead. */
  offset: number | null | "unknown"
  /** When it became excluded for sure. */
  excludedAt: Instant | null
  /** When anything about it was last asked for, or its meeting edited. */
  touchedAt: Instant
}

/** A recurring meeting and what is wished for all of it. */
export interface SeriesLevelIntent {
  readonly providerId: string
  readonly place: ProviderCalendarId
  readonly zone: string
  /** No other's, so that what goes on under it is this one. */
  readonly subject: string
  url: string | null
  timing: RecurringSeries
  /** The series that goes on in its place from a date on. */
  continued: { readonly providerId: string; readonly from: LocalDate } | null
  chain: Tri
  chainFrom: LocalDate
  /** For occurrences that nobody spoke of by themselves. */
  explicit: Tri
  excluded: Tri
  wasExcluded: boolean
  /** Its pattern was changed: which occurrence what was wished belongs to now, the people themselves could not tell. */
  wasShifted: boolean
  isGone: boolean
}

/** A series of which nothing was asked yet. */
export const seriesLevelIntent = (
  known: Pick<SeriesLevelIntent, "providerId" | "place" | "zone" | "subject" | "url" | "timing">
): SeriesLevelIntent => ({
  ...known,
  chain: "no",
  chainFrom: "0001-01-01",
  explicit: "no",
  excluded: "no",
  wasExcluded: false,
  wasShifted: false,
  continued: null,
  isGone: false
})

/** A single meeting as its organizer knows it. */
export interface Gathering {
  readonly providerId: string
  readonly place: ProviderCalendarId
  readonly subject: string
  /** Folded. */
  readonly uid: string
  key: string
  start: Instant
  end: Instant
  isCancelled: boolean
  url: string | null
  isGone: boolean
}

/** An account at the provider. Several people may connect it, and one person by several connections. */
export interface Mailbox {
  readonly accountId: string
  readonly name: string
  readonly credentials: Credentials
  /** The primary one first. */
  readonly places: ReadonlyArray<ProviderCalendarId>
  isRevoked: boolean
  /** When the grant was last known to be taken back. */
  revokedAt: Instant
}

/** One connection of a person, whether it is made or not. */
export interface Link {
  readonly connectionId: ConnectionId
  readonly platform: string
  readonly mailbox: Mailbox
  /** In the provider's order, the primary one first. */
  readonly calendars: ReadonlyArray<CalendarId>
  connected: Tri
}

/** Auto-scheduling, as a person has set it. */
export interface PersonsAuto {
  on: Tri
  version: number
  coveredAtLeast: Instant | null
  /** When it was last turned off together with its bots. */
  cancelledAt: Instant
  /** When it was last known to have been turned on. */
  onSince: Instant
  ruling: Ruling | "unknown"
  ruledSince: Instant
}

export interface Person {
  readonly userId: UserId
  readonly links: ReadonlyArray<Link>
  /** Of all links. */
  readonly calendars: ReadonlyArray<CalendarId>
  readonly providerIds: ReadonlyMap<CalendarId, ProviderCalendarId>
  readonly selected: Map<CalendarId, Tri>
  /** Raised by each choice of a calendar that was answered: what was wished before it may have gone with the calendar. */
  selections: number
  /** Raised when intents that were known come into doubt: what was known before a call is not put back after it. */
  doubts: number
  /** How often a disconnect was asked for, whatever came of it: alarms may be left that ring once, for nothing. */
  departures: number
  /** Raised by each disconnect: intents from before count no more. */
  epoch: number
  readonly auto: PersonsAuto
  readonly gatherings: Array<Gathering>
  readonly series: Map<string, SeriesLevelIntent>
  intents: Map<string, Intent>
  /** What a meeting is called now that was called otherwise: it became a series in place, or a single meeting again. */
  readonly heirs: Map<string, string>
  /** Of several events of one calendar with one UID: what each is called here, by the provider's id. */
  readonly twins: Map<string, string>
  /** Keys, or `*` for all, that a call is about right now. */
  readonly busy: Map<string, number>
}

export const uidOf = (providerId: string): string => `${providerId}@example.com`
export const keyOfSingle = (uid: string): string => `uid:${uid.toLowerCase()}`
export const keyOfOccurrence = (seriesId: string, date: LocalDate): string => `on:${date}:uid:${uidOf(seriesId)}`

/** The provider's id of the series that an occurrence's key names; null: a single meeting's. */
export const seriesOfKey = (key: string): string | null =>
  key.startsWith("on:") ? key.slice("on:yyyy-mm-dd:uid:".length, -"@example.com".length) : null

export const dateOfKey = (key: string): LocalDate => key.slice(3, 13)

/** What the provider calls one of a person's calendars. */
export const providerIdOf = ({ providerIds, userId }: Person, id: CalendarId): ProviderCalendarId => {
  const found = providerIds.get(id)
  if (found === undefined) throw new Error(`${userId} has no calendar ${id}`)
  return found
}

/** Whether somebody is connected by anything: "unknown" where that is open of any connection. */
export const connectedOf = ({ links }: Pick<Person, "links">): Tri => {
  if (links.some(({ connected }) => connected === "unknown")) return "unknown"
  return links.some(({ connected }) => connected === "yes") ? "yes" : "no"
}

/** The link that a calendar is of. */
export const linkOf = ({ links, userId }: Person, id: CalendarId): Link => {
  const found = links.find(({ calendars }) => calendars.includes(id))
  if (found === undefined) throw new Error(`${userId} has no calendar ${id}`)
  return found
}

/** What a person calls a calendar of the provider's: it may be connected twice. */
export const calendarsAt = ({ providerIds }: Person, place: ProviderCalendarId): ReadonlyArray<CalendarId> =>
  [...providerIds].flatMap(([id, other]) => (other === place ? [id] : []))

/** Calendars that count: chosen, of connections that stand. */
export const chosenOf = (person: Person): ReadonlyArray<CalendarId> =>
  person.links.flatMap(({ calendars, connected }) =>
    connected === "yes" ? calendars.filter((id) => person.selected.get(id) === "yes") : []
  )

/** What is wished for a meeting; made when first asked about. */
export const intentOf = (person: Person, called: string): Intent => {
  const key = keyNow(person, called)
  const known = person.intents.get(key)
  if (known !== undefined) return known
  const series = person.series.get(seriesOfKey(key) ?? "")
  const made: Intent = {
    key,
    explicit: series?.explicit ?? "no",
    excluded: series?.excluded ?? "no",
    wasExcluded: series?.wasExcluded ?? false,
    offset: null,
    excludedAt: null,
    touchedAt: 0
  }
  person.intents.set(key, made)
  return made
}

/** What a meeting is called now. */
export const keyNow = (person: Person, called: string): string => {
  let key = called
  // As often as people can have turned it since.
  for (let turns = 0; turns < turnsMax; turns++) {
    const heir = person.heirs.get(key) ?? continuedKey(person, key)
    if (heir === null) return key
    key = heir
  }
  return key
}

const turnsMax = 40

const continuedKey = (person: Person, key: string): string | null => {
  const continued = person.series.get(seriesOfKey(key) ?? "")?.continued ?? null
  const date = dateOfKey(key)
  return continued === null || date < continued.from ? null : keyOfOccurrence(continued.providerId, date)
}

/** As far as it can be judged: of an occurrence of a changed pattern nothing is known. */
export const judgedIntent = (person: Person, called: string): Intent => {
  const intent = intentOf(person, called)
  if (person.series.get(seriesOfKey(intent.key) ?? "")?.wasShifted !== true) return intent
  return { ...intent, explicit: "unknown", excluded: "unknown", offset: "unknown" }
}

/** After a disconnect nothing is asked for; what calls still on their way ask for is not known. */
export const forgetIntents = (person: Person): void => {
  person.epoch += 1
  person.intents = new Map()
  Object.assign(person.auto, {
    on: "no",
    version: person.auto.version + 1,
    coveredAtLeast: null,
    ruling: noRuling
  })
  const isBusyWithAll = [...person.busy.keys()].some((key) => key.startsWith("*") && key !== "*disconnect")
  for (const series of person.series.values()) {
    Object.assign(series, {
      chain: isBusyWithAll ? "unknown" : "no",
      explicit: "no",
      excluded: "no",
      wasExcluded: false
    })
  }
  for (const calendarId of person.calendars) person.selected.set(calendarId, isBusyWithAll ? "unknown" : "yes")
  if (isBusyWithAll) {
    Object.assign(person.auto, { on: "unknown", ruling: "unknown" })
    doubtAll(person)
  }
  for (const key of person.busy.keys()) {
    if (key.startsWith("*")) continue
    if (key.startsWith("series:")) doubtSeries(person, key.slice("series:".length))
    else Object.assign(intentOf(person, key), { explicit: "unknown", excluded: "unknown", offset: "unknown" })
  }
}

/** What was "no" may have become "yes": a rule was switched off and its bots were kept. */
export const doubtNotExplicit = (person: Person, providerId: string | null): void => {
  person.doubts += 1
  for (const [id, series] of person.series) {
    if ((providerId === null || id === providerId) && series.explicit === "no") series.explicit = "unknown"
  }
  if (providerId === null) for (const { key } of person.gatherings) intentOf(person, key)
  for (const intent of person.intents.values()) {
    const isMeant = providerId === null || seriesOfKey(intent.key) === providerId
    if (isMeant && intent.explicit === "no") intent.explicit = "unknown"
  }
}

export const doubtSeries = (person: Person, providerId: string): void => {
  const series = person.series.get(providerId)
  if (series !== undefined) Object.assign(series, { chain: "unknown", explicit: "unknown", excluded: "unknown" })
  for (const intent of person.intents.values()) {
    if (seriesOfKey(intent.key) === providerId) Object.assign(intent, { explicit: "unknown", excluded: "unknown" })
  }
}

export const doubtAll = (person: Person): void => {
  for (const id of person.series.keys()) doubtSeries(person, id)
  for (const { key } of person.gatherings) intentOf(person, key)
  for (const intent of person.intents.values()) Object.assign(intent, { explicit: "unknown", excluded: "unknown" })
}
