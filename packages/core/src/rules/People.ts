/**
 * Who of an event's people is the user, and who is internal.
 *
 * Decides that all addresses of the user are one person, who is internal and counted also where no list names them; that
 * an organizer of whom the provider says that it is the calendar's owner is that person, by whatever address; and that
 * without domains of the workspace the user's own count, unless they are ones at which anybody has an address.
 */
import type { Connection } from "../domain/Connection.ts"
import type { EventFacts } from "../domain/Facts.ts"
import { isConsumerDomain } from "./ConsumerDomains.ts"

/** What is known of a user and of their workspace, for all of their events. */
export interface Insiders {
  /** Of all connections, in lower case; empty: none is known. */
  readonly userAddresses: ReadonlySet<string>
  /** Domains of the workspace; empty: none is set. */
  readonly internalDomains: ReadonlyArray<string>
}

/** Who organizes; null: not told. The user is `internal` where none of their addresses is known. */
export type OrganizerSide = "self" | "internal" | "external" | null

export interface PeopleCount {
  readonly all: number
  readonly external: number
}

/** Those of all connections, in lower case. */
export const userAddressesOf = (
  connections: ReadonlyArray<Pick<Connection, "email" | "otherEmails">>
): ReadonlySet<string> =>
  new Set(
    connections.flatMap(({ email, otherEmails = [] }) =>
      [...(email === null ? [] : [email]), ...otherEmails].map((each) => each.toLowerCase())
    )
  )

/** Whether another row in the place of a connection's (null: there was none) makes other addresses the user's. */
export const hasOtherAddresses = (
  before: Pick<Connection, "email" | "otherEmails"> | null,
  after: Pick<Connection, "email" | "otherEmails">
): boolean => {
  const [had, has] = [userAddressesOf(before === null ? [] : [before]), userAddressesOf([after])]
  return had.size !== has.size || ![...had].every((each) => has.has(each))
}

/** What follows "@"; empty where there is none. */
export const domainOfAddress = (address: string): string => {
  const at = address.lastIndexOf("@")
  return at === -1 ? "" : address.slice(at + 1)
}

/** Whether a domain is another one, or below it. */
export const isWithinDomain = (domain: string, other: string): boolean =>
  domain === other || (domain.endsWith(other) && domain.charCodeAt(domain.length - other.length - 1) === dot)

const dot = 46

/** Whether addresses at a domain are internal. */
export const isInternalDomain = (insiders: Insiders, domain: string): boolean => {
  const { answers, own } = prepared(insiders)
  let answer = answers.get(domain)
  if (answer === undefined) {
    answer = own.some((each) => isWithinDomain(domain, each))
    if (answers.size >= answersMax) answers.clear()
    answers.set(domain, answer)
  }
  return answer
}

export const organizerSide = (
  insiders: Insiders,
  { isOrganizer }: Pick<EventFacts, "isOrganizer">,
  organizer: string | null
): OrganizerSide => {
  const { userAddresses } = insiders
  if (isOrganizer || (organizer !== null && userAddresses.has(organizer))) {
    return userAddresses.size > 0 ? "self" : "internal"
  }
  if (organizer === null) return null
  return isInternalDomain(insiders, domainOfAddress(organizer)) ? "internal" : "external"
}

/** How many people there are, the user included, and how many of them are not internal. */
export const countPeople = (insiders: Insiders, facts: EventFacts, organizer: string | null): PeopleCount => {
  const own = facts.isOrganizer ? organizer : null
  // The user, whether or not a list names them.
  let all = 1
  let external = 0
  for (const address of facts.people) {
    if (address === own || insiders.userAddresses.has(address)) continue
    all++
    if (!isInternalDomain(insiders, domainOfAddress(address))) external++
  }
  for (const [domain, count] of Object.entries(facts.peopleBeyond)) {
    all += count
    if (!isInternalDomain(insiders, domain)) external += count
  }
  return { all, external }
}

interface Prepared {
  /** Domains that are internal with all below them. */
  readonly own: ReadonlyArray<string>
  readonly answers: Map<string, boolean>
}

/** Domains whose answer is kept for one user. */
const answersMax = 10_000

const preparedOf = new WeakMap<Insiders, Prepared>()

const prepared = (insiders: Insiders): Prepared => {
  const known = preparedOf.get(insiders)
  if (known !== undefined) return known
  const made = { own: ownDomains(insiders), answers: new Map<string, boolean>() }
  preparedOf.set(insiders, made)
  return made
}

const ownDomains = ({ internalDomains, userAddresses }: Insiders): ReadonlyArray<string> => {
  const set = internalDomains.map((domain) => domain.toLowerCase()).filter((domain) => domain !== "")
  if (internalDomains.length > 0) return set
  return [...new Set([...userAddresses].map(domainOfAddress))].filter(
    (domain) => domain !== "" && !isConsumerDomain(domain)
  )
}
