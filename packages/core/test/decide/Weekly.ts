/**
 * A weekly meeting with a bot on each of eight occurrences, and what sync tells when it moves: for the examples of a series
 * that moves. Decides nothing.
 */
import type { Series } from "../../src/domain/Series.ts"
import { expand } from "../../src/recurrence/Expand.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { day, hour, listed, monday, series, weekly } from "./Rows.ts"
import { story } from "./Story.ts"

/** Monday's series before ten o'clock on Monday, 2 June. */
export const early = monday - hour
export const sync = series("sync")
export const tuesdays = weekly(["TU"], { startTime: 11 * hour })

export const rowsOf = (of: Series, timing: RecurringSeries, from = early) =>
  expand(timing, from, from + 30 * day, 99).map((occurrence) => listed(of, occurrence))

/** Sync tells the whole change in one round: the series, its new occurrences, and that the old ones are gone. */
export const change = (told: ReturnType<typeof story>, of: Series, timing: RecurringSeries) => {
  const young = rowsOf({ ...of, timing }, timing)
  const ids = new Set<string>(young.map(({ id }) => id))
  const gone = told
    .slice()
    .events.filter(({ id, isVirtual, seriesId }) => seriesId === of.id && !isVirtual && !ids.has(id))
    .map((row) => ({ ...row, isDeleted: true }))
  return told.told({ series: [{ ...of, timing }], events: [...young, ...gone] })
}

export const everyWeek = () => {
  const told = story({ events: rowsOf(sync, weekly()), series: [sync] }, early)
  told.scheduleAll(sync, "2025-06-02", 8)
  return told
}
