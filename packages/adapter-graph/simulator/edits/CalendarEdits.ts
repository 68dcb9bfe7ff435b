/**
 * Changes to calendars themselves and to the account: new, renamed, deleted, shared calendars, lost grants.
 *
 * Decides what goes with a calendar that goes (its events, the view of those it was shared with) and what a revoked
 * grant leaves behind.
 */
import { accessExpired, revoked } from "../world/Grant.ts"
import type { Edit } from "./Edit.ts"
import { type Calendar, type Mailbox, type World, findMailbox, withMailbox } from "../world/World.ts"
import { type Scene, calendarNamed, drop, refuse, sceneOf } from "./Place.ts"

export const calendarAdded = (
  scene: Scene,
  edit: Extract<Edit, { readonly type: "addCalendar" }>
): { readonly scene: Scene; readonly calendar: Calendar } =>
  withCalendar(scene, {
    name: edit.name,
    color: edit.color ?? "auto",
    hexColor: edit.hexColor ?? "",
    canEdit: edit.canEdit ?? true,
    canShare: edit.canShare ?? true,
    sharedFrom: null
  })

export const calendarRenamed = (scene: Scene, name: string, to: string): Scene => {
  const calendar = calendarNamed(scene.mailbox, name)
  return withCalendars(scene, {
    ...scene.mailbox.calendars,
    [calendar.serial]: { ...calendar, name: to, version: calendar.version + 1 }
  })
}

export const calendarDeleted = (scene: Scene, name: string): Scene => {
  const calendar = calendarNamed(scene.mailbox, name)
  if (calendar.isDefault) refuse("the default calendar cannot be deleted")
  const own = Object.values(scene.mailbox.items).filter((item) => item.calendar === calendar.serial)
  const emptied = own.reduce(drop, scene)
  const { [calendar.serial]: _, ...rest } = emptied.mailbox.calendars
  return unsubscribed(withCalendars(emptied, rest), calendar.serial)
}

/** The owner's calendar appears among the other person's, read-only unless said otherwise. */
export const calendarShared = (
  scene: Scene,
  edit: Extract<Edit, { readonly type: "shareCalendar" }>
): { readonly scene: Scene; readonly calendar: Calendar } => {
  const source = calendarNamed(scene.mailbox, edit.calendar)
  const other = findMailbox(scene.world, edit.with) ?? refuse(`no mailbox "${edit.with}"`)
  return withCalendar(sceneOf(scene.world, other.id, scene.now), {
    name: scene.mailbox.displayName,
    color: "auto",
    hexColor: "",
    canEdit: edit.canEdit ?? false,
    canShare: false,
    sharedFrom: { mailbox: scene.mailbox.id, calendar: source.serial }
  })
}

export const calendarUnshared = (scene: Scene, name: string | undefined, other: string): Scene => {
  const source = calendarNamed(scene.mailbox, name)
  const there = sceneOf(scene.world, other, scene.now)
  const rest = Object.entries(there.mailbox.calendars).filter(
    ([, each]) => each.sharedFrom?.mailbox !== scene.mailbox.id || each.sharedFrom.calendar !== source.serial
  )
  return withCalendars(there, Object.fromEntries(rest))
}

/** Edits of the account as a whole. */
export const accountChanged = (
  scene: Scene,
  edit: Extract<
    Edit,
    {
      readonly type:
        | "loseSyncState"
        | "revokeGrant"
        | "expireAccessTokens"
        | "setNotifications"
        | "setMailboxEnabled"
        | "renameUser"
    }
  >
): World => {
  const { world, mailbox, now } = scene
  const changed = (change: Partial<Mailbox>): World => withMailbox(world, { ...mailbox, ...change })
  switch (edit.type) {
    case "loseSyncState":
      return changed({ generation: mailbox.generation + 1 })
    case "revokeGrant":
      return revoked(accessExpired(world, mailbox.id, now), mailbox.id)
    case "expireAccessTokens":
      return accessExpired(world, mailbox.id, now)
    case "setNotifications":
      return changed({ notifications: edit.enabled })
    case "setMailboxEnabled":
      return changed({ enabled: edit.enabled })
    case "renameUser":
      return changed({
        ...(edit.displayName === undefined ? {} : { displayName: edit.displayName }),
        ...(edit.mail === undefined ? {} : { mail: edit.mail }),
        ...(edit.timeZone === undefined ? {} : { timeZone: edit.timeZone })
      })
  }
}

type NewCalendar = Pick<Calendar, "name" | "color" | "hexColor" | "canEdit" | "canShare" | "sharedFrom">

const withCalendar = (scene: Scene, wanted: NewCalendar): { readonly scene: Scene; readonly calendar: Calendar } => {
  const serial = scene.world.nextSerial
  const calendar: Calendar = {
    ...wanted,
    serial,
    isDefault: false,
    isRemovable: true,
    group: wanted.sharedFrom === null ? "My Calendars" : "People's Calendars",
    version: 1
  }
  const world = { ...scene.world, nextSerial: serial + 1 }
  return { scene: withCalendars({ ...scene, world }, { ...scene.mailbox.calendars, [serial]: calendar }), calendar }
}

const withCalendars = (scene: Scene, calendars: Mailbox["calendars"]): Scene => {
  const mailbox = { ...scene.mailbox, calendars }
  return { ...scene, world: withMailbox(scene.world, mailbox), mailbox }
}

const unsubscribed = (scene: Scene, calendar: number): Scene => {
  const rest = Object.entries(scene.world.subscriptions).filter(
    ([, each]) => each.mailbox !== scene.mailbox.id || each.calendar !== calendar
  )
  return { ...scene, world: { ...scene.world, subscriptions: Object.fromEntries(rest) } }
}
