/**
 * What rules look at in an event, beside its times, its subject and its link.
 * Shapes alone. An adapter works them out from the provider's whole item, before anything of it is cut; who of the people is
 * the user, and who is internal, is decided when a rule asks (`rules/People.ts`).
 */

/** How the user answered an invitation. `organizer`: it is the user's own. */
export type Response = "accepted" | "tentative" | "declined" | "none" | "organizer"

export type Sensitivity = "normal" | "personal" | "private" | "confidential"

export type ShowAs = "free" | "tentative" | "busy" | "oof" | "working_elsewhere"

/** People of one event that are kept by their addresses; those beyond are counted. */
export const factPeopleMax = 500

/** Domains by which people beyond `factPeopleMax` are counted; of any other domain they count under the empty one. */
export const factDomainsMax = 500

export interface EventFacts {
  /** The provider says that the calendar's owner is the organizer. */
  readonly isOrganizer: boolean
  readonly response: Response
  /**
   * Distinct addresses of attendees and organizer, in lower case, rooms and resources left out; in the provider's order, the
   * organizer first; at most `factPeopleMax`.
   */
  readonly people: ReadonlyArray<string>
  /** How many there are beyond those, by the domain of their address. */
  readonly peopleBeyond: Readonly<Record<string, number>>
  readonly sensitivity: Sensitivity
  readonly showAs: ShowAs
  readonly categories: ReadonlyArray<string>
  /** Empty: none is told. */
  readonly location: string
}
