/**
 * A single event that turns into a series, and back, without getting another id: Outlook's "make recurring".
 *
 * Decides what each takes over from what it was. Nothing says that it ever was something else: the next round of the
 * delta function tells the id as the other kind, and what stood under it before is not mentioned.
 */
import { graphLocal } from "../world/Dates.ts"
import { firstSlot } from "../world/Recurrence.ts"
import type { Item, Series, Single } from "../world/World.ts"
import { zoneOrUtc } from "../world/Zones.ts"
import type { Changed } from "./Change.ts"
import { patternOf, rangeOf, timesOf } from "./Create.ts"
import type { Edit } from "./Edit.ts"
import { type Scene, instantOf, put, refuse } from "./Place.ts"

type MakeRecurring = Extract<Edit, { readonly type: "makeRecurring" }>
type MakeSingle = Extract<Edit, { readonly type: "makeSingle" }>

export const madeRecurring = (scene: Scene, item: Item, { pattern, range }: MakeRecurring): Changed => {
  if (item.kind !== "single") return refuse("a series is one already")
  const { end, start, ...stored } = item
  const zone = zoneOrUtc(item.details.isAllDay ? "UTC" : item.zone)
  const startWall = zone.toWall(start)
  const series: Series = {
    ...stored,
    kind: "series",
    ...timesOf(graphLocal(startWall).slice(0, 19), graphLocal(startWall + (end - start)).slice(0, 19), item.zone),
    pattern: patternOf(pattern, startWall),
    range: rangeOf(range, startWall),
    zoneOnWire: null,
    exceptions: {},
    cancelled: []
  }
  return put(scene, series, "updated")
}

export const madeSingle = (scene: Scene, series: Series, edit: MakeSingle): Changed => {
  const {
    cancelled: _,
    durationMillis,
    exceptions: __,
    pattern: ___,
    range: ____,
    startOfDayMillis: _____,
    zoneOnWire: ______,
    ...stored
  } = series
  const first = firstSlot(series) ?? refuse("the series has no occurrence whose time could be kept")
  const zone = series.details.isAllDay ? "UTC" : series.zone
  const start = edit.start === undefined ? first.start : instantOf(edit.start, zone)
  const end = edit.end === undefined ? start + durationMillis : instantOf(edit.end, zone)
  if (end < start) refuse("an event cannot end before it starts")
  const single: Single = { ...stored, kind: "single", start, end }
  return put(scene, single, "updated")
}
