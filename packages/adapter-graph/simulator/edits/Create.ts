/**
 * New events and new series.
 *
 * Decides their defaults, their iCalUId and the copies that invited people of this world get.
 */
import { hexFrom } from "../world/Chance.ts"
import { dateOfDay, dayMillis } from "../world/Dates.ts"
import type { DetailsChange, Edit, PatternChange, RangeChange } from "./Edit.ts"
import { type Scene, calendarNamed, instantOf, put, refuse, sceneOf, wallOf } from "./Place.ts"
import {
  type Details,
  type Item,
  type Mailbox,
  type Pattern,
  type Person,
  type Range,
  findMailbox
} from "../world/World.ts"

type Create = Extract<Edit, { readonly type: "createEvent" | "createSeries" }>

export const created = (scene: Scene, edit: Create): { readonly scene: Scene; readonly item: Item } => {
  const serial = scene.world.nextSerial
  const world = { ...scene.world, nextSerial: serial + 1 }
  const zone = edit.timeZone ?? scene.mailbox.timeZone
  const details = withDefaults(scene.mailbox, edit.details ?? {})
  const calendar = calendarNamed(scene.mailbox, edit.calendar)
  if (calendar.sharedFrom !== null) refuse("events of a shared calendar are made in its owner's mailbox")
  const stored = {
    serial,
    calendar: calendar.serial,
    moves: 0,
    version: 0,
    iCalUId: edit.iCalUId ?? newUid(scene, serial),
    created: scene.now,
    modified: scene.now,
    details,
    zone
  }
  const item: Item =
    edit.type === "createEvent"
      ? {
          ...stored,
          kind: "single",
          start: instantOf(edit.start, details.isAllDay ? "UTC" : zone),
          end: instantOf(edit.end, details.isAllDay ? "UTC" : zone)
        }
      : {
          ...stored,
          kind: "series",
          ...timesOf(edit.start, edit.end, zone),
          pattern: patternOf(edit.pattern, wallOf(edit.start, zone)),
          range: rangeOf(edit.range, wallOf(edit.start, zone)),
          zoneOnWire: edit.recurrenceTimeZone ?? null,
          exceptions: {},
          cancelled: []
        }
  if (item.kind === "single" && item.end < item.start) refuse("an event cannot end before it starts")
  return put({ ...scene, world }, item, "created")
}

/** The copies of an organizer's new event in the default calendars of invited people of this world. */
export const invited = (scene: Scene, item: Item): Scene => {
  if (!item.details.isOrganizer) return scene
  return item.details.attendees.reduce((current, person) => {
    const guest = findMailbox(current.world, person.address)
    if (guest === null || guest.id === scene.mailbox.id) return current
    const there = sceneOf(current.world, guest.id, scene.now)
    const serial = there.world.nextSerial
    const copy: Item = {
      ...item,
      serial,
      calendar: calendarNamed(guest, undefined).serial,
      details: { ...item.details, isOrganizer: false, response: "notResponded", showAs: "tentative" }
    }
    const put_ = put({ ...there, world: { ...there.world, nextSerial: serial + 1 } }, copy, "created")
    return sceneOf(put_.scene.world, scene.mailbox.id, scene.now)
  }, scene)
}

const personOf = (mailbox: Mailbox): Person => ({
  name: mailbox.displayName,
  address: mailbox.mail ?? mailbox.userPrincipalName
})

/** Start of day and length from two wall-clock times. */
export const timesOf = (
  start: string,
  end: string,
  zone: string
): { readonly startOfDayMillis: number; readonly durationMillis: number } => {
  const [from, to] = [wallOf(start, zone), wallOf(end, zone)]
  if (to < from) refuse("an event cannot end before it starts")
  return { startOfDayMillis: ((from % dayMillis) + dayMillis) % dayMillis, durationMillis: to - from }
}

/** A pattern as the wire has it: unused numbers 0, index and first day of week always there. */
export const patternOf = (change: PatternChange, startWall: number): Pattern => {
  const start = new Date(startWall)
  const isMonthly = change.type === "absoluteMonthly" || change.type === "absoluteYearly"
  const isYearly = change.type === "absoluteYearly" || change.type === "relativeYearly"
  const needsDays = ["weekly", "relativeMonthly", "relativeYearly"].includes(change.type)
  const named = weekdayNames[start.getUTCDay()] ?? "sunday"
  return {
    type: change.type,
    interval: change.interval ?? 1,
    month: isYearly ? (change.month ?? start.getUTCMonth() + 1) : 0,
    dayOfMonth: isMonthly ? (change.dayOfMonth ?? start.getUTCDate()) : 0,
    ...(needsDays ? { daysOfWeek: change.daysOfWeek ?? [named] } : {}),
    firstDayOfWeek: change.firstDayOfWeek ?? "sunday",
    index: change.index ?? "first"
  }
}

export const rangeOf = (change: RangeChange | undefined, startWall: number): Range => ({
  type: change?.type ?? "noEnd",
  startDate: change?.startDate ?? dateOfDay(Math.floor(startWall / dayMillis)),
  endDate: change?.type === "endDate" ? (change.endDate ?? refuse("a range with an end needs endDate")) : "0001-01-01",
  numberOfOccurrences:
    change?.type === "numbered"
      ? (change.numberOfOccurrences ?? refuse("a numbered range needs numberOfOccurrences"))
      : 0
})

const weekdayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const

const withDefaults = (mailbox: Mailbox, change: DetailsChange): Details => {
  const self = personOf(mailbox)
  const organizer = change.organizer ?? self
  const isOrganizer = organizer.address.toLowerCase() === self.address.toLowerCase()
  return {
    subject: "",
    bodyHtml: "",
    link: null,
    location: "",
    isCancelled: false,
    isDraft: false,
    isAllDay: false,
    showAs: isOrganizer ? "busy" : "tentative",
    sensitivity: "normal",
    response: isOrganizer ? "organizer" : "notResponded",
    attendees: [],
    categories: [],
    bodyBytes: 0,
    wire: {},
    ...change,
    organizer,
    isOrganizer
  }
}

// A Global Object Id: a fixed head, room for an occurrence's date, the time of making, and random bytes.
const newUid = (scene: Scene, serial: number): string => {
  const time = BigInt(scene.now) * 10_000n + 116_444_736_000_000_000n
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(time)
  const random = hexFrom(`uid ${scene.world.seed} ${serial}`, 32)
  return `040000008200E00074C5B7101A82E00800000000${bytes.toString("hex")}000000000000000010000000${random}`.toUpperCase()
}
