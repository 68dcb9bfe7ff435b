/**
 * Carries out edits: what people do to their calendars while nobody is looking.
 *
 * Decides which change each edit is, and that what an organizer does reaches the copies of those invited. A pure
 * function of the world, the edit and now; an edit that names something that is not there throws `EditRefused`, for it
 * is a mistake in a test or a script and not a condition of the simulated world.
 */
import { calendarId, eventId } from "../world/ItemId.ts"
import type { Edit, Edited } from "./Edit.ts"
import {
  accountChanged,
  calendarAdded,
  calendarDeleted,
  calendarRenamed,
  calendarShared,
  calendarUnshared
} from "./CalendarEdits.ts"
import { type Spot, cancelled, changed, deleted, moved, relocated, restored, spotOf, uncancelled } from "./Change.ts"
import { created, invited } from "./Create.ts"
import { type Scene, calendarNamed, sceneOf, seriesNamed } from "./Place.ts"
import { madeRecurring, madeSingle } from "./InPlace.ts"
import { rewritten, split } from "./SeriesEdits.ts"
import type { Calendar, Item, World } from "../world/World.ts"

export interface Editing {
  readonly world: World
  readonly edited: Edited
}

/** Carries out one edit and what follows from it in other mailboxes. Throws EditRefused. */
export const applyEdit = (world: World, edit: Edit, now: number): Editing => {
  const copies = copiesOf(world, edit, now)
  const done = carriedOut(sceneOf(world, edit.mailbox, now), edit)
  const followed = copies.reduce(
    (current, copy) => carriedOut(sceneOf(current, copy.mailbox, now), copy).world,
    done.world
  )
  return { world: followed, edited: done.edited }
}

const carriedOut = (scene: Scene, edit: Edit): Editing => {
  switch (edit.type) {
    case "createEvent":
    case "createSeries": {
      const made = created(scene, edit)
      return itemDone(invited(made.scene, made.item), made.item)
    }
    case "moveEvent":
      return itemChanged(moved(scene, spotOf(scene, edit.event), edit.start, edit.end, edit.timeZone))
    case "changeEvent":
      return itemChanged(changed(scene, spotOf(scene, edit.event), edit.details))
    case "changeLink":
      return itemChanged(changed(scene, spotOf(scene, edit.event), { link: edit.link }))
    case "removeLink":
      return itemChanged(changed(scene, spotOf(scene, edit.event), { link: null }))
    case "cancelEvent":
      return plain(cancelled(scene, spotOf(scene, edit.event)))
    case "uncancelEvent":
      return plain(uncancelled(scene, spotOf(scene, edit.event)))
    case "deleteEvent":
      return plain(deleted(scene, spotOf(scene, edit.event)))
    case "decline":
      return plain(declined(scene, spotOf(scene, edit.event), edit.remove ?? false))
    case "moveToCalendar":
      return itemChanged(
        relocated(scene, spotOf(scene, edit.event).item, calendarNamed(scene.mailbox, edit.calendar).serial)
      )
    default:
      return seriesOrAccount(scene, edit)
  }
}

const seriesOrAccount = (scene: Scene, edit: Edit): Editing => {
  switch (edit.type) {
    case "moveOccurrence":
      return itemChanged(moved(scene, onDate(scene, edit), edit.start, edit.end, edit.timeZone))
    case "changeOccurrence":
      return itemChanged(changed(scene, onDate(scene, edit), edit.details))
    case "cancelOccurrence":
      return plain(cancelled(scene, onDate(scene, edit)))
    case "deleteOccurrence":
      return plain(deleted(scene, onDate(scene, edit)))
    case "restoreOccurrence":
      return itemChanged(restored(scene, seriesNamed(scene, edit.series), edit.date))
    case "changeSeries":
      return itemChanged(rewritten(scene, seriesNamed(scene, edit.series), edit))
    case "makeRecurring":
      return itemChanged(madeRecurring(scene, spotOf(scene, edit.event).item, edit))
    case "makeSingle":
      return itemChanged(madeSingle(scene, seriesNamed(scene, edit.series), edit))
    case "splitSeries":
      return itemChanged(split(scene, seriesNamed(scene, edit.series), edit))
    case "deleteSeries":
      return plain(deleted(scene, { item: seriesNamed(scene, edit.series), date: null }))
    case "cancelSeries":
      return plain(cancelled(scene, { item: seriesNamed(scene, edit.series), date: null }))
    default:
      return calendarOrAccount(scene, edit)
  }
}

const calendarOrAccount = (scene: Scene, edit: Edit): Editing => {
  switch (edit.type) {
    case "addCalendar":
      return calendarDone(calendarAdded(scene, edit))
    case "renameCalendar":
      return plain(calendarRenamed(scene, edit.calendar, edit.name))
    case "deleteCalendar":
      return plain(calendarDeleted(scene, edit.calendar))
    case "shareCalendar":
      return calendarDone(calendarShared(scene, edit))
    case "unshareCalendar":
      return plain(calendarUnshared(scene, edit.calendar, edit.with))
    case "loseSyncState":
    case "revokeGrant":
    case "expireAccessTokens":
    case "setNotifications":
    case "setMailboxEnabled":
    case "renameUser":
      return { world: accountChanged(scene, edit), edited: {} }
    default:
      return { world: scene.world, edited: {} }
  }
}

const plain = (scene: Scene): Editing => ({ world: scene.world, edited: {} })

const itemChanged = ({ scene, item }: { readonly scene: Scene; readonly item: Item }): Editing => itemDone(scene, item)

const itemDone = (scene: Scene, item: Item): Editing => {
  const key = { mailbox: scene.mailbox.id, serial: item.serial, moves: item.moves, occurrence: null }
  return {
    world: scene.world,
    edited: {
      eventId: eventId(key, false),
      immutableId: eventId(key, true),
      iCalUId: item.iCalUId,
      calendarId: calendarId(scene.mailbox.id, item.calendar)
    }
  }
}

const calendarDone = ({ scene, calendar }: { readonly scene: Scene; readonly calendar: Calendar }): Editing => ({
  world: scene.world,
  edited: { calendarId: calendarId(scene.mailbox.id, calendar.serial) }
})

const onDate = (scene: Scene, edit: { readonly series: string; readonly date: string }): Spot => ({
  item: seriesNamed(scene, edit.series),
  date: edit.date
})

const declined = (scene: Scene, spot: Spot, remove: boolean): Scene =>
  remove ? deleted(scene, spot) : changed(scene, spot, { response: "declined", showAs: "free" }).scene

// The same edit for every copy of the organizer's meeting; for guests a deletion is a cancellation.
const copiesOf = (world: World, edit: Edit, now: number): ReadonlyArray<Edit> => {
  const name = "event" in edit ? edit.event : "series" in edit ? edit.series : null
  if (name === null || edit.type === "moveToCalendar" || edit.type === "decline" || edit.type === "splitSeries")
    return []
  const scene = sceneOf(world, edit.mailbox, now)
  const { item, date } = spotOf(scene, name)
  if (!item.details.isOrganizer || item.details.attendees.length === 0) return []
  const invitedTo = (mailbox: string): ReadonlyArray<Item> =>
    mailbox === scene.mailbox.id
      ? []
      : Object.values(world.mailboxes[mailbox]?.items ?? {}).filter(
          (each) => each.iCalUId === item.iCalUId && !each.details.isOrganizer
        )
  return Object.keys(world.mailboxes).flatMap((mailbox) =>
    invitedTo(mailbox).map((copy) => {
      const occurrence = date === null ? null : Date.parse(`${date}T00:00:00Z`)
      return forGuest(edit, mailbox, eventId({ mailbox, serial: copy.serial, moves: copy.moves, occurrence }, false))
    })
  )
}

const forGuest = (edit: Edit, mailbox: string, id: string): Edit => {
  const renamed = { ...edit, mailbox, ...("event" in edit ? { event: id } : { series: id }) } as Edit // same kind of edit, other names
  switch (renamed.type) {
    case "deleteEvent":
      return { ...renamed, type: "cancelEvent" }
    case "deleteSeries":
      return { ...renamed, type: "cancelSeries" }
    case "deleteOccurrence":
      return { ...renamed, type: "cancelOccurrence" }
    default:
      return renamed
  }
}
