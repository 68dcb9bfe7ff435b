/**
 * All entries of one UID as a meeting, or as a series with its changed occurrences.
 * Decides which of them is the one that counts, and what becomes of changes of what does not recur.
 */
import type { Problems } from "../text/Problem.ts"
import type { FileEvent } from "./FileEvent.ts"
import { layoutOf } from "./Layout.ts"
import { recurringEvent, strangerOf } from "./RecurringEvent.ts"
import { type ReadEvent, type ReadSeries, ownTimes, toldEvent } from "./Told.ts"
import { latest, latestMaster } from "./Versions.ts"

export interface Family {
  /** Single events, and changed occurrences whose series is not in the file. */
  readonly events: ReadonlyArray<ReadEvent>
  readonly series: ReadonlyArray<ReadSeries>
  /** Something of it stands in the file and could not be read: what is missing here may well take place. */
  readonly isUnread: boolean
}

export const familyOf = (entries: ReadonlyArray<FileEvent>, providerId: string, problems: Problems): Family => {
  const overrides = entries.filter(({ recurrence }) => recurrence !== null)
  const master = latestMaster(
    entries.filter(({ recurrence }) => recurrence === null),
    problems
  )
  if (master === null) {
    return { events: loneOverrides(overrides, providerId, problems), series: [], isUnread: false }
  }
  const recurs = master.rules.length > 0 || master.extraDates.length > 0
  const layout = recurs ? layoutOf(master, problems) : null
  const isUnread = recurs && (layout === null || layout.isRuleUnread === true)
  if (layout !== null) return { ...recurringEvent(master, layout, overrides, providerId, problems), isUnread }
  const own = overrides.filter(({ recurrence }) => recurrence?.of.instant === master.start.instant)
  const others = overrides.filter(({ recurrence }) => recurrence?.of.instant !== master.start.instant)
  let single = master
  for (const override of own) single = latest(single, { ...override, recurrence: null }, problems)
  const off = others.map((event) => (master.isCancelled ? { ...event, isCancelled: true } : event))
  return {
    events: [singleOf(single, providerId), ...loneOverrides(off, providerId, problems)],
    series: [],
    isUnread
  }
}

const singleOf = (event: FileEvent, providerId: string): ReadEvent => ({
  uid: event.uid,
  recurrenceId: null,
  event: toldEvent(event, ownTimes(event), {
    providerId,
    kind: "single",
    seriesProviderId: null,
    originalStart: null,
    iCalUid: event.uid
  })
})

/** Occurrences without their series: each is a meeting of its own. */
const loneOverrides = (
  overrides: ReadonlyArray<FileEvent>,
  providerId: string,
  problems: Problems
): ReadonlyArray<ReadEvent> => {
  const byOriginal = new Map<number, FileEvent>()
  for (const override of overrides) {
    const original = override.recurrence?.of.instant ?? override.start.instant
    byOriginal.set(original, latest(byOriginal.get(original) ?? null, override, problems))
  }
  return [...byOriginal.values()].map((override) => strangerOf(override, providerId))
}
