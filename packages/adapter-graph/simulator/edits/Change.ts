/**
 * Changes to what exists: single events, and single occurrences of series.
 *
 * Decides what moving, changing, cancelling and deleting mean for each. An occurrence that differs from its series is
 * kept as an exception under its original date; a deleted one is only remembered as a date.
 */
import { dayMillis, dayOfDate } from "../world/Dates.ts"
import type { DetailsChange } from "./Edit.ts"
import { type Details, type Exception, type Item, type Series, without } from "../world/World.ts"
import { type Scene, buried, drop, instantOf, itemNamed, occurrenceNamed, put, refuse, sceneOf } from "./Place.ts"
import { slotOfDate } from "../world/Recurrence.ts"

/** Somewhere in the mailbox: a single event, a series as a whole, or one occurrence of it. */
export interface Spot {
  readonly item: Item
  readonly date: string | null
}

export interface Changed {
  readonly scene: Scene
  readonly item: Item
}

export const spotOf = (scene: Scene, id: string): Spot => itemNamed(scene, id)

export const moved = (
  scene: Scene,
  spot: Spot,
  start: string,
  end: string | undefined,
  timeZone: string | undefined
): Changed => {
  const zone = timeZone ?? spot.item.zone
  const from = instantOf(start, zone)
  if (spot.item.kind === "single") {
    const to = end === undefined ? from + spot.item.end - spot.item.start : instantOf(end, zone)
    if (to < from) refuse("an event cannot end before it starts")
    return put(scene, { ...spot.item, start: from, end: to }, "updated")
  }
  if (spot.date === null) return refuse("a series is moved with changeSeries")
  const occurrence = occurrenceNamed(spot.item, spot.date)
  const to = end === undefined ? from + occurrence.end - occurrence.start : instantOf(end, zone)
  return putException(scene, spot.item, { ...exceptionOf(spot.item, spot.date, scene.now), start: from, end: to })
}

export const changed = (scene: Scene, spot: Spot, change: DetailsChange): Changed => {
  if (spot.date === null) return put(scene, { ...spot.item, details: { ...spot.item.details, ...change } }, "updated")
  const series = seriesOf(spot)
  const exception = exceptionOf(series, spot.date, scene.now)
  return putException(scene, series, { ...exception, changed: { ...exception.changed, ...change } })
}

/** The organizer's own leaves the calendar; an attendee's stays and says so. */
export const cancelled = (scene: Scene, spot: Spot): Scene => {
  if (spot.item.details.isOrganizer) return deleted(scene, spot)
  const current = detailsAt(spot)
  const change = {
    isCancelled: true,
    subject: `Canceled: ${current.subject.replace(/^Canceled: /, "")}`,
    showAs: "free"
  } as const
  return withFlags(scene, spot, change)
}

export const uncancelled = (scene: Scene, spot: Spot): Scene =>
  withFlags(scene, spot, {
    isCancelled: false,
    subject: detailsAt(spot).subject.replace(/^Canceled: /, ""),
    showAs: "busy"
  })

export const deleted = (scene: Scene, spot: Spot): Scene => {
  if (spot.date === null) return drop(scene, spot.item)
  const series = seriesOf(spot)
  occurrenceNamed(series, spot.date)
  const rest = {
    ...series,
    exceptions: without(series.exceptions, spot.date),
    cancelled: [...series.cancelled, spot.date]
  }
  return put(scene, rest, "updated", millisOf(spot.date)).scene
}

export const restored = (scene: Scene, series: Series, date: string): Changed => {
  if (slotOfDate(series, date) === null) refuse(`the series never had an occurrence on ${date}`)
  const rest = {
    ...series,
    exceptions: without(series.exceptions, date),
    cancelled: series.cancelled.filter((each) => each !== date)
  }
  return put(scene, rest, "updated", millisOf(date))
}

/** Gone from one calendar, new in another: the id changes, the immutable one does not. */
export const relocated = (scene: Scene, item: Item, calendar: number): Changed => {
  const left = drop(scene, item)
  const there = put(left, { ...item, calendar, moves: item.moves + 1 }, "created")
  const mailbox = { ...there.scene.mailbox, deletedSeries: buried(there.scene.mailbox, item) }
  const world = { ...there.scene.world, mailboxes: { ...there.scene.world.mailboxes, [mailbox.id]: mailbox } }
  return { scene: sceneOf(world, mailbox.id, scene.now), item: there.item }
}

const seriesOf = (spot: Spot): Series =>
  spot.item.kind === "series" ? spot.item : refuse("a single event has no occurrences")

const detailsAt = (spot: Spot): Details => {
  if (spot.date === null || spot.item.kind === "single") return spot.item.details
  return { ...spot.item.details, ...spot.item.exceptions[spot.date]?.changed }
}

const withFlags = (scene: Scene, spot: Spot, change: Partial<Details>): Scene => {
  if (spot.date === null)
    return put(scene, { ...spot.item, details: { ...spot.item.details, ...change } }, "updated").scene
  const series = seriesOf(spot)
  const exception = exceptionOf(series, spot.date, scene.now)
  return putException(scene, series, { ...exception, changed: { ...exception.changed, ...change } }).scene
}

const exceptionOf = (series: Series, date: string, now: number): Exception => {
  const occurrence = occurrenceNamed(series, date)
  return (
    occurrence.exception ?? {
      date,
      start: occurrence.start,
      end: occurrence.end,
      version: 0,
      modified: now,
      changed: {}
    }
  )
}

const putException = (scene: Scene, series: Series, exception: Exception): Changed => {
  if (exception.end < exception.start) refuse("an occurrence cannot end before it starts")
  const stamped = { ...exception, version: scene.mailbox.changes.length + 1, modified: scene.now }
  const exceptions = { ...series.exceptions, [exception.date]: stamped }
  return put(scene, { ...series, exceptions }, "updated", millisOf(exception.date))
}

const millisOf = (date: string): number => dayOfDate(date) * dayMillis
