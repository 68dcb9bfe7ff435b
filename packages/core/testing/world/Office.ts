/**
 * Where people of a simulated world edit their calendars: who has what is edited, how a single meeting is made, when things
 * begin.
 * Decides the members of a new meeting, and that everybody who has its calendar knows it. Never which edit is made.
 */
import type { ProviderCalendarId } from "../../src/domain/Ids.ts"
import type { CalendarControl } from "../memory/CalendarMemory.ts"
import { type Gathering, type Person, calendarsAt, keyOfSingle, uidOf } from "./Model.ts"
import type { Ports } from "./Site.ts"
import type { Stage } from "./Stage.ts"

const minute = 60_000
const day = 24 * 60 * minute
const lead = minute

/** Where edits are made, and who may have what is edited. */
export interface Office {
  readonly stage: Stage
  readonly control: CalendarControl["Service"]
  readonly ports: Ports
  readonly everybody: ReadonlyArray<Person>
  /** Of several events with one UID, by it: when any of them has ever begun. */
  readonly starts: Map<string, Set<number>>
}

/** At one time two events with one UID would be one meeting: each has a start that none of them ever had. */
export const freeStart = ({ starts }: Office, uid: string, wanted: number): number => {
  const taken = starts.get(uid)
  let start = wanted
  while (taken?.has(start) === true) start += minute
  taken?.add(start)
  return start
}

/** Where starts cluster. */
export const startOf = ({ chance, loop }: Stage): number => {
  const now = loop.now()
  const roll = chance.next()
  if (roll < 0.1) return now + lead + chance.int(-1_000, 1_000)
  if (roll < 0.2) return (Math.floor(now / day) + 1) * day + chance.int(-3, 3) * minute
  if (roll < 0.3) return now + chance.int(1, 4 * day)
  if (roll < 0.4) return now + chance.int(1, 30) * minute
  return (Math.floor(now / (30 * minute)) + chance.int(1, roll < 0.8 ? 10 : 60)) * 30 * minute
}

export const urlOf = ({ chance }: Stage): string | null =>
  chance.hits(0.9) ? `https://zoom.us/j/${chance.int(1_000_000_000, 9_999_999_999)}` : null

/** Everybody in whose calendars a place is. */
export const holdersOf = ({ everybody }: Office, place: ProviderCalendarId): ReadonlyArray<Person> =>
  everybody.filter((person) => calendarsAt(person, place).length > 0)

/** Whose mailbox it is: subjects begin with the name. */
export const nameAt = ({ links, userId }: Person, place: ProviderCalendarId): string =>
  links.find(({ mailbox }) => mailbox.places.includes(place))?.mailbox.name ?? userId

export const organizerOf = (name: string): string => `${name}@example.com`

export const make = (
  office: Office,
  name: string,
  meeting: Pick<Gathering, "place" | "start" | "end" | "url">,
  copied: string | null = null
): Gathering => {
  const { control, stage } = office
  const { end, place, start, url } = meeting
  const subject = `${name} meets at ${stage.loop.now()}`
  const members = { start, end, joinUrl: url, subject, organizer: organizerOf(name) }
  const copy = copied === null ? {} : { iCalUid: copied }
  const providerId = stage.loop.sync(control.create(place, { ...members, ...copy }))
  const uid = (copied ?? uidOf(providerId)).toLowerCase()
  const made: Gathering = {
    ...meeting,
    providerId,
    subject,
    uid,
    key: keyOfSingle(uid),
    isCancelled: false,
    isGone: false
  }
  // One thing, whoever looks at it.
  for (const holder of holdersOf(office, place)) holder.gatherings.push(made)
  stage.note(`${name} makes ${providerId} at ${start}`)
  return made
}
