/**
 * What rules look at in a VEVENT.
 * Decides which property says what, and what stands for what is missing or odd: none of it leaves an event out.
 */
import { type EventFacts, type Response, type Sensitivity, type ShowAs, keptFacts } from "@punctual/core"
import { type Component, allOf, firstOf } from "../text/Components.ts"
import { type Property, textOf, textsOf } from "../text/Property.ts"
import { addressOf, isDecline } from "./People.ts"

export const factsOf = (event: Component, owners: ReadonlySet<string>): EventFacts => {
  const organizer = addressOf(firstOf(event, "ORGANIZER"))
  const location = firstOf(event, "LOCATION")
  const isOrganizer = organizer !== null && owners.has(organizer)
  const attendees = allOf(event, "ATTENDEE")
  return keptFacts({
    isOrganizer,
    response: responseOf(isOrganizer, attendees, owners),
    organizer,
    people: attendees.flatMap((attendee) => (isRoom(attendee) ? [] : (addressOf(attendee) ?? []))),
    sensitivity: sensitivities.get(wordOf(event, "CLASS")) ?? "normal",
    showAs: showings.get(wordOf(event, "X-MICROSOFT-CDO-BUSYSTATUS")) ?? transparencyOf(event),
    categories: allOf(event, "CATEGORIES").flatMap(textsOf),
    location: location === null ? "" : textOf(location)
  })
}

/** Who calls a meeting and then declines it has declined it. */
const responseOf = (
  isOrganizer: boolean,
  attendees: ReadonlyArray<Property>,
  owners: ReadonlySet<string>
): Response => {
  if (attendees.some((attendee) => isDecline(attendee, owners))) return "declined"
  if (isOrganizer) return "organizer"
  const own = attendees.filter((attendee) => owners.has(addressOf(attendee) ?? ""))
  return (
    own.map((attendee) => answers.get(wordIn(attendee, "PARTSTAT"))).find((answer) => answer !== undefined) ?? "none"
  )
}

const answers: ReadonlyMap<string, Response> = new Map([
  ["ACCEPTED", "accepted"],
  ["TENTATIVE", "tentative"]
])

/** The last two as Outlook writes them. */
const sensitivities: ReadonlyMap<string, Sensitivity> = new Map([
  ["PUBLIC", "normal"],
  ["PRIVATE", "private"],
  ["CONFIDENTIAL", "confidential"],
  ["X-PERSONAL", "personal"],
  ["PERSONAL", "personal"]
])

const showings: ReadonlyMap<string, ShowAs> = new Map([
  ["FREE", "free"],
  ["TENTATIVE", "tentative"],
  ["BUSY", "busy"],
  ["OOF", "oof"],
  ["WORKINGELSEWHERE", "working_elsewhere"]
])

const transparencyOf = (event: Component): ShowAs => (wordOf(event, "TRANSP") === "TRANSPARENT" ? "free" : "busy")

const isRoom = (attendee: Property): boolean => rooms.has(wordIn(attendee, "CUTYPE"))

const rooms: ReadonlySet<string> = new Set(["ROOM", "RESOURCE"])

const wordOf = (event: Component, name: string): string => (firstOf(event, name)?.value ?? "").trim().toUpperCase()

const wordIn = ({ parameters }: Property, name: string): string => (parameters[name] ?? "").trim().toUpperCase()
