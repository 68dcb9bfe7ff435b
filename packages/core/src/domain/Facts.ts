/**
 * What rules look at in an event, beside its times, its subject and its link.
 * Decides their shape and how much of them is kept. An adapter works them out from the provider's whole item, before anything
 * of it is cut; who of the people is the user, and who is internal, is decided when a rule asks (`rules/People.ts`).
 */

/** How the user answered an invitation. `organizer`: it is the user's own. */
export type Response = "accepted" | "tentative" | "declined" | "none" | "organizer"

export type Sensitivity = "normal" | "personal" | "private" | "confidential"

export type ShowAs = "free" | "tentative" | "busy" | "oof" | "working_elsewhere"

/** People of one event that are kept by their addresses; those beyond are counted. */
export const factPeopleMax = 500

/** Domains by which people beyond `factPeopleMax` are counted; of any other domain they count under the empty one. */
export const factDomainsMax = 500

/** Of all kept addresses of an event together, and of all domains: whole lists of plausible ones, and no store's row too long. */
export const factPeopleCharactersMax = 32_768

/** RFC 5321 allows 254; what is longer is nobody's address. */
export const factAddressCharactersMax = 320

export const factCategoriesMax = 100

/** Of one category: no provider has longer ones. */
export const factCategoryCharactersMax = 255

export const factLocationCharactersMax = 1_000

export interface EventFacts {
  /** The provider says that the calendar's owner is the organizer. */
  readonly isOrganizer: boolean
  readonly response: Response
  /**
   * Distinct addresses of attendees and organizer, in lower case, rooms and resources left out; at most `factPeopleMax`, the
   * organizer among them. Sorted: providers tell them in any order, and another order is no change. Who the organizer is stands
   * in the event's `organizer`.
   */
  readonly people: ReadonlyArray<string>
  /** How many there are beyond those, by the domain of their address. */
  readonly peopleBeyond: Readonly<Record<string, number>>
  readonly sensitivity: Sensitivity
  readonly showAs: ShowAs
  /** Distinct and sorted, as people are; at most `factCategoriesMax`. */
  readonly categories: ReadonlyArray<string>
  /** Empty: none is told. */
  readonly location: string
}

/** Facts as a provider has them: people in any order and case, however many. */
export interface ToldFacts extends Omit<EventFacts, "people" | "peopleBeyond"> {
  /** Kept among the people, however many there are; null: not told. */
  readonly organizer: string | null
  readonly people: ReadonlyArray<string>
}

/** Facts as they are kept: sorted, distinct and within their limits. */
export const keptFacts = ({ organizer, people, ...told }: ToldFacts): EventFacts => {
  const host = organizer === null ? [] : addressesOf([organizer])
  const others = addressesOf(people)
    .filter((address) => address !== host[0])
    .toSorted()
  const kept = within([...host, ...others], factPeopleMax)
  const beyond = [...host, ...others].slice(kept.length)
  return {
    isOrganizer: told.isOrganizer,
    response: told.response,
    people: kept.toSorted(),
    peopleBeyond: byDomain(beyond),
    sensitivity: told.sensitivity,
    showAs: told.showAs,
    categories: distinct(
      told.categories.map((category) => cut(category.trim(), factCategoryCharactersMax)).filter((text) => text !== "")
    )
      .toSorted()
      .slice(0, factCategoriesMax),
    location: cut(told.location.trim(), factLocationCharactersMax)
  }
}

/** The user answered "no". */
export const isDeclined = ({ facts }: { readonly facts: EventFacts | null }): boolean => facts?.response === "declined"

const distinct = (texts: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(texts)]

const addressesOf = (told: ReadonlyArray<string>): ReadonlyArray<string> =>
  distinct(
    told
      .map((address) => address.trim().toLowerCase())
      .filter((address) => address !== "" && address.length <= factAddressCharactersMax)
  )

/** The first of them, so many and so many characters. */
const within = (texts: ReadonlyArray<string>, max: number): ReadonlyArray<string> => {
  let characters = 0
  const end = texts.findIndex((text, place) => {
    characters += text.length
    return place >= max || characters > factPeopleCharactersMax
  })
  return end === -1 ? texts : texts.slice(0, end)
}

/** Domains of most people first, so that those are told apart. */
const byDomain = (addresses: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>()
  for (const address of addresses) counts.set(domainOf(address), (counts.get(domainOf(address)) ?? 0) + 1)
  const domains = [...counts.keys()]
    .filter((domain) => domain !== "")
    .toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1))
  const kept = within(domains, factDomainsMax)
  const told = kept.toSorted().map((domain): [string, number] => [domain, counts.get(domain) ?? 0])
  const others = addresses.length - told.reduce((sum, [, count]) => sum + count, 0)
  return Object.fromEntries(others === 0 ? told : [["", others], ...told])
}

/** What has no dot is no domain that a rule could name, and may be the name of a member of every object. */
const domainOf = (address: string): string => {
  const domain = address.slice(address.lastIndexOf("@") + 1)
  return address.includes("@") && domain.includes(".") ? domain : ""
}

/** No half of a character: databases refuse it. */
const cut = (text: string, max: number): string =>
  text.length <= max ? text : text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(max - 1)) ? max - 1 : max)
