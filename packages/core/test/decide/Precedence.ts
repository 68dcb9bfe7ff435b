/**
 * Law C6, said a second time and in another way: whose intent decides about a meeting.
 * Decides it by reading all intents one by one, with no index and no care for speed. Which occurrences a chain reaches is
 * not said again here: where the code says that a chain decides, it is only asked whether one may.
 */
import type { BotConfig, BotOrigin } from "../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { Intent } from "../../src/domain/Intent.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Deciding } from "./Code.ts"
import { naiveRuling } from "./RuleReading.ts"
import { datesFrom, isOnPattern } from "../../src/recurrence/Expand.ts"

interface Strongest {
  readonly isExcluded: boolean
  readonly origin: BotOrigin | null
  /** One, or one of each chain: which of them reaches the meeting is not asked here. */
  readonly configs: ReadonlyArray<BotConfig>
}

/** From the weakest to the strongest; an intent left behind by a rule stands just above or below the rule itself. */
const strength = (intent: Intent): number => {
  if (intent.kind === "series") return 60
  if (intent.kind === "recurring") return 30
  if (intent.kind !== "event") return 0
  return { manual: 70, series: 50, recurring: 40, auto: 20 }[intent.origin]
}

export const strongest = (code: Deciding, slice: Slice, event: CalendarEvent, said: BotOrigin): Strongest => {
  const about = slice.intents.filter((intent) => isAbout(slice, intent, event))
  const never = about.filter(({ kind }) => kind === "exclusion")
  const neverSeries = about.filter(({ kind }) => kind === "series-exclusion")
  const last = (intents: ReadonlyArray<Intent>): number => Math.max(0, ...intents.map(({ seq }) => seq))
  const lastNever = Math.max(last(never), last(neverSeries))
  const requests = about.filter(({ kind, seq }) => (kind === "event" || kind === "series") && seq > lastNever)
  const chains = about.filter(({ kind, seq }) => kind === "recurring" && seq > last(neverSeries))
  const isExcluded =
    (requests.length === 0 && never.length > 0) ||
    (requests.length === 0 && chains.length === 0 && neverSeries.length > 0)
  const candidates = [...requests, ...(said === "recurring" ? chains : [])]
  const ordered = candidates.toSorted((a, b) => strength(b) - strength(a) || b.seq - a.seq || (a.id < b.id ? 1 : -1))
  const [first] = ordered
  if (first !== undefined && "config" in first) {
    const equals = first.kind === "recurring" ? chains.filter((each) => "config" in each) : [first]
    return {
      isExcluded,
      origin: first.kind === "event" ? first.origin : first.kind,
      configs: equals.map(({ config }) => config)
    }
  }
  const ruling = naiveRuling(code, slice, event)
  // One that stays undecided has the configuration that it has.
  const own = slice.bots.flatMap((bot) => (bot.meeting === event.meeting ? [bot.config] : []))
  const configs = ruling.code === "undecided" ? [...own, slice.auto.config] : [ruling.config]
  return { isExcluded, origin: slice.auto.enabled ? "auto" : null, configs }
}

const isAbout = (slice: Slice, intent: Intent, event: CalendarEvent): boolean => {
  if ("meeting" in intent) return intent.meeting === event.meeting
  if (intent.series !== event.seriesKey || event.originalDate === null) return false
  if (intent.kind === "recurring") return true
  if (event.originalDate < intent.fromDate) return false
  if (intent.kind === "series-exclusion") return true
  return (intent.beforeDate === null || event.originalDate < intent.beforeDate) && isWithin(slice, intent, event)
}

/** Whether the limit of "all of this series" reaches a date, on the pattern of the copy that leads. */
const isWithin = (slice: Slice, intent: Extract<Intent, { kind: "series" }>, event: CalendarEvent): boolean => {
  const place = (id: string): number => {
    const found = slice.calendars.find((calendar) => calendar.id === id)
    if (found === undefined) return 999
    const connected = slice.connections.findIndex((connection) => connection.id === found.connectionId)
    return connected * 100 + (found.isPrimary ? -1 : found.position + id.charCodeAt(0) / 1000)
  }
  const rows = slice.series
    .filter(({ key }) => key === intent.series)
    .toSorted((a, b) => place(a.calendarId) - place(b.calendarId))
  const stands = (id: string): boolean =>
    slice.connections.some((each) => each.id === id && each.status !== "disconnected")
  const isSelected = (id: string): boolean =>
    slice.calendars.some((each) => each.id === id && each.selected && stands(each.connectionId))
  const live = rows.find(
    (row) => !row.isDeleted && !row.isCancelled && row.timing !== null && isSelected(row.calendarId)
  )
  const leading = live ?? rows.find(({ timing }) => timing !== null)
  const date = event.originalDate ?? ""
  if (leading?.timing == null) {
    const dates = slice.events
      .filter((row) => row.seriesKey === intent.series && !row.isVirtual && (row.originalDate ?? "") >= intent.fromDate)
      .map(({ originalDate }) => originalDate ?? "")
    const last = [...new Set(dates)].toSorted()[intent.dateCount - 1]
    return last === undefined || date <= last
  }
  const own = rows.find(({ id }) => id === event.seriesId)
  const lags = own !== undefined && own.timing !== null && JSON.stringify(own.timing) !== JSON.stringify(leading.timing)
  if (lags && !isOnPattern(leading.timing, date)) return false
  const keyed = leading.decidedTiming ?? leading.timing
  return date <= (datesFrom(keyed, intent.fromDate, intent.dateCount).at(-1) ?? intent.fromDate)
}
