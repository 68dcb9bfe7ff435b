/**
 * Finding what an edit names, and putting back what it changed.
 *
 * Decides how names become mailboxes, calendars and items, and that every change raises an item's version, enters the
 * mailbox's log and sets its notifications going. What the change is, the other files of this folder decide.
 */
import { parseIso } from "../world/Dates.ts"
import { EditRefused } from "./Edit.ts"
import { dateOfOccurrence } from "../wire/EventWire.ts"
import { calendarId, parseCalendarId, parseEventId } from "../world/ItemId.ts"
import { recorded } from "../notifications/Notify.ts"
import { type Occurrence, occurrenceOn } from "../world/Occurrences.ts"
import { type Calendar, type Item, type Mailbox, type Series, type World, findMailbox } from "../world/World.ts"
import { zoneOf } from "../world/Zones.ts"

/** The world an edit happens in, and in whose mailbox. */
export interface Scene {
  readonly world: World
  readonly mailbox: Mailbox
  readonly now: number
}

export const refuse = (message: string): never => {
  throw new EditRefused({ message })
}

export const sceneOf = (world: World, mailbox: string, now: number): Scene => ({
  world,
  mailbox: findMailbox(world, mailbox) ?? refuse(`no mailbox "${mailbox}"`),
  now
})

export const calendarNamed = (mailbox: Mailbox, name: string | undefined): Calendar => {
  const all = Object.values(mailbox.calendars)
  const isNamed = (calendar: Calendar): boolean =>
    name === undefined
      ? calendar.isDefault
      : calendar.name === name ||
        calendarId(mailbox.id, calendar.serial) === name ||
        parseCalendarId(name)?.serial === calendar.serial
  return all.find(isNamed) ?? refuse(`no calendar "${name ?? "default"}" in ${mailbox.userPrincipalName}`)
}

export const itemNamed = (scene: Scene, id: string): { readonly item: Item; readonly date: string | null } => {
  const key = parseEventId(id)
  const item = key === null ? undefined : scene.mailbox.items[key.serial]
  if (key === null || item === undefined) return refuse(`no event "${id}" in ${scene.mailbox.userPrincipalName}`)
  return { item, date: key.occurrence === null ? null : dateOfOccurrence(key.occurrence) }
}

export const seriesNamed = (scene: Scene, id: string): Series => {
  const { item } = itemNamed(scene, id)
  return item.kind === "series" ? item : refuse(`event "${id}" is not a series`)
}

export const occurrenceNamed = (series: Series, date: string): Occurrence =>
  occurrenceOn(series, date) ?? refuse(`the series has no occurrence on ${date}`)

/** The instant of a time in an edit; without an offset it is wall-clock time in `zone`. */
export const instantOf = (text: string, zone: string): number => {
  const parsed = parseIso(text) ?? refuse(`"${text}" is not an ISO date and time`)
  return parsed.instant ?? zoneNamed(zone).toInstant(parsed.wall)
}

/** The wall-clock time of a time in an edit; one with an offset is converted into `zone`. */
export const wallOf = (text: string, zone: string): number => {
  const parsed = parseIso(text) ?? refuse(`"${text}" is not an ISO date and time`)
  return parsed.instant === null ? parsed.wall : zoneNamed(zone).toWall(parsed.instant)
}

/** The item as it is now, stored, logged and announced. */
export const put = (
  scene: Scene,
  item: Item,
  kind: "created" | "updated",
  occurrence: number | null = null
): { readonly scene: Scene; readonly item: Item } => {
  const version = scene.mailbox.changes.length + 1
  const stored = { ...item, version, modified: scene.now }
  const mailbox = { ...scene.mailbox, items: { ...scene.mailbox.items, [item.serial]: stored } }
  const news = { calendar: item.calendar, serial: item.serial, moves: item.moves, kind, version, occurrence }
  return { scene: sceneOf(recorded(scene.world, mailbox, news, scene.now), mailbox.id, scene.now), item: stored }
}

/** The item gone from its calendar. */
export const drop = (scene: Scene, item: Item): Scene => {
  const { [item.serial]: _, ...items } = scene.mailbox.items
  const mailbox = { ...scene.mailbox, items, deletedSeries: buried(scene.mailbox, item) }
  const news = {
    calendar: item.calendar,
    serial: item.serial,
    moves: item.moves,
    kind: "deleted",
    version: item.version,
    occurrence: null
  } as const
  return sceneOf(recorded(scene.world, mailbox, news, scene.now), mailbox.id, scene.now)
}

/** The series remembered for tombstones of its occurrences. */
export const buried = (mailbox: Mailbox, item: Item): Mailbox["deletedSeries"] =>
  item.kind === "series" ? { ...mailbox.deletedSeries, [item.serial]: item } : mailbox.deletedSeries

const zoneNamed = (name: string) => zoneOf(name) ?? refuse(`no time zone "${name}"`)
