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
  type SharedConfigs,
  type UserId,
  storedRow,
  wholeRow
} from "@punctual/core"
import type { Item, Key } from "../../table/Item.ts"
import { atTime, intentKey, ofMeeting, ofSeries, overrideKey } from "./Keys.ts"
import { type ConfigOf, storedAttributes } from "./SharedConfig.ts"

export const intentItem = (userId: UserId, intent: Intent, configs: SharedConfigs): Item & Key => {
  const meeting = "meeting" in intent ? intent.meeting : null
  const series = "series" in intent ? intent.series : seriesOfMeeting(intent.meeting)
  return {
    ...intentKey(userId, intent.id),
    ...storedAttributes(storedRow(intent, configs)),
    ofMeeting: meeting === null ? undefined : ofMeeting(meeting),
    ofSeries: series === null ? undefined : ofSeries(series),
    // Every chain is looked at whatever changed, and so they stand together.
    atTime: intent.kind === "recurring" ? atTime("R#", 0, intent.id) : undefined
  }
}

export const overrideItem = (userId: UserId, override: Override, configs: SharedConfigs): Item & Key => ({
  ...overrideKey(userId, override.meeting),
  ...storedAttributes(storedRow(override, configs)),
  ofMeeting: ofMeeting(override.meeting),
  ofSeries: seriesIndex(override.meeting)
})

/** What whatever is about a meeting is found by when its series is looked at. */
export const seriesIndex = (meeting: MeetingKey): string | undefined => {
  const series: SeriesKey | null = seriesOfMeeting(meeting)
  return series === null ? undefined : ofSeries(series)
}

/** As far as their items say them alone. What they ask for may have to be looked up. */
type Bare<Row> = Row extends unknown ? Omit<Row, "config"> : never

export const bareIntent = (item: Item): Bare<Intent> => JSON.parse(item["row"] as string) as Bare<Intent>
export const bareOverride = (item: Item): Pick<Override, "meeting"> => JSON.parse(item["row"] as string) as Override

/** The casts: with what they refer to rows are whole. */
export const toIntent = (item: Item, configOf: ConfigOf): Intent =>
  wholeRow(bareIntent(item) as Intent, configOf(item["config"]))
export const toOverride = (item: Item, configOf: ConfigOf): Override =>
  wholeRow(bareOverride(item) as Override, configOf(item["config"]))

export const isIntentItem = (item: Item): boolean => String(item["sk"]).startsWith("INT#")
export const isOverrideItem = (item: Item): boolean => String(item["sk"]).startsWith("OVR#")
