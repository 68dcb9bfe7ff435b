/**
 * Intents and overrides as items.
 * Decides what each is found by: its meeting, and the series that its meeting or itself belongs to.
 */
import {
  type Intent,
  type MeetingKey,
  type Override,
  seriesOfMeeting,
  type SeriesKey,
  type UserId
} from "@punctual/core"
import type { Item, Key } from "../../table/Item.ts"
import { atTime, intentKey, ofMeeting, ofSeries, overrideKey } from "./Keys.ts"

export const intentItem = (userId: UserId, intent: Intent): Item & Key => {
  const meeting = "meeting" in intent ? intent.meeting : null
  const series = "series" in intent ? intent.series : seriesOfMeeting(intent.meeting)
  return {
    ...intentKey(userId, intent.id),
    row: JSON.stringify(intent),
    ofMeeting: meeting === null ? undefined : ofMeeting(meeting),
    ofSeries: series === null ? undefined : ofSeries(series),
    // Every chain is looked at whatever changed, and so they stand together.
    atTime: intent.kind === "recurring" ? atTime("R#", 0, intent.id) : undefined
  }
}

export const overrideItem = (userId: UserId, override: Override): Item & Key => ({
  ...overrideKey(userId, override.meeting),
  row: JSON.stringify(override),
  ofMeeting: ofMeeting(override.meeting),
  ofSeries: seriesIndex(override.meeting)
})

/** What whatever is about a meeting is found by when its series is looked at. */
export const seriesIndex = (meeting: MeetingKey): string | undefined => {
  const series: SeriesKey | null = seriesOfMeeting(meeting)
  return series === null ? undefined : ofSeries(series)
}

export const toIntent = (item: Item): Intent => JSON.parse(item["row"] as string) as Intent
export const toOverride = (item: Item): Override => JSON.parse(item["row"] as string) as Override

export const isIntentItem = (item: Item): boolean => String(item["sk"]).startsWith("INT#")
export const isOverrideItem = (item: Item): boolean => String(item["sk"]).startsWith("OVR#")
