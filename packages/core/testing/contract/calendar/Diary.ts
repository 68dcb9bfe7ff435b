/**
 * What a case did to a calendar, and so what the calendar must say: a model as simple as it can be.
 *
 * Decides which edits are tried and what they come to. Asks the provider nothing.
 */
import { Arbitrary, DateTime, Effect } from "effect"
import type { ProviderCalendarId } from "../../../src/domain/Ids.ts"
import type { Instant, LocalDate, Span } from "../../../src/domain/Time.ts"
import { oneOf } from "../../arbitraries/Values.ts"
import type { Reading } from "./Reader.ts"
import { CalendarStage, day, minute } from "./Stage.ts"

/** Everything on the stage lasts half an hour. */
const length = 30 * minute

export interface Diary {
  readonly singles: Array<{ readonly id: string; start: Instant }>
  readonly series: Array<{
    readonly id: string
    /** The first occurrence; one follows each day. */
    readonly start: Instant
    readonly moved: Map<LocalDate, Instant>
    readonly deleted: Set<LocalDate>
  }>
}

export interface Edit {
  readonly what: "create" | "move" | "remove" | "series" | "move one" | "delete one" | "remove series"
  readonly which: number
  /** Days from now: within the window, at its edges and beyond. */
  readonly days: number
  readonly minutes: number
}

export const edit: Arbitrary.Arbitrary<Edit> = Arbitrary.all({
  what: oneOf(["create", "move", "remove", "series", "move one", "delete one", "remove series"]),
  which: oneOf([0, 1, 2]),
  days: oneOf([0, 1, 2, -1, -2, -3, 29, 30, 31, -30, 90]),
  minutes: oneOf([0, 15, 90])
})

export const dateOf = (instant: Instant): LocalDate => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(instant))

/** Does what an edit says, where there is something to do it to, and writes it down. */
export const perform = Effect.fnUntraced(function* (
  calendarId: ProviderCalendarId,
  now: Instant,
  diary: Diary,
  { days, minutes, what, which }: Edit
): Effect.fn.Return<void, never, CalendarStage> {
  const stage = yield* CalendarStage
  const start = Math.floor(now / minute) * minute + days * day + minutes * minute
  if (what === "create") diary.singles.push({ id: yield* stage.create(calendarId, start, "single"), start })
  if (what === "series") {
    const first = Math.floor(start / day) * day + minutes * minute
    const id = yield* stage.createDaily(calendarId, dateOf(start), minutes * minute, "series")
    diary.series.push({ id, start: first, moved: new Map(), deleted: new Set() })
  }
  const single = diary.singles[which]
  if (what === "move" && single !== undefined) {
    yield* stage.move(calendarId, single.id, start)
    single.start = start
  }
  if (what === "remove" && single !== undefined) {
    yield* stage.remove(calendarId, single.id)
    diary.singles.splice(which, 1)
  }
  const series = diary.series[which]
  if (series !== undefined) yield* performOnSeries(calendarId, now, diary, series, { days, minutes, what, which })
})

const performOnSeries = Effect.fnUntraced(function* (
  calendarId: ProviderCalendarId,
  now: Instant,
  diary: Diary,
  series: Diary["series"][number],
  { days, minutes, what, which }: Edit
): Effect.fn.Return<void, never, CalendarStage> {
  const stage = yield* CalendarStage
  const [moved, deleted] = [dateOf(now + day), dateOf(now + 2 * day)]
  const isOn = (date: LocalDate): boolean => dateOf(series.start) <= date && !series.deleted.has(date)
  if (what === "move one" && isOn(moved)) {
    const to = Math.floor(now / minute) * minute + days * day + minutes * minute
    yield* stage.moveOccurrence(calendarId, series.id, moved, to)
    series.moved.set(moved, to)
  }
  if (what === "delete one" && isOn(deleted)) {
    yield* stage.deleteOccurrence(calendarId, series.id, deleted)
    series.deleted.add(deleted)
  }
  if (what === "remove series") {
    yield* stage.remove(calendarId, series.id)
    diary.series.splice(which, 1)
  }
})

/** When what overlaps the span begins, by whose it is. */
export const startsIn = ({ series, singles }: Diary, span: Span): ReadonlyArray<string> => {
  const overlaps = (start: Instant): boolean => start < span.to && start + length > span.from
  const ofSeries = series.flatMap(({ deleted, id, moved, start }) => {
    const starts: Array<string> = []
    for (let each = start; each < span.to; each += day) {
      const date = dateOf(each)
      const told = moved.get(date) ?? each
      if (!deleted.has(date) && overlaps(told)) starts.push(`${id} ${told}`)
    }
    return starts
  })
  return [
    ...ofSeries,
    ...singles.filter((each) => overlaps(each.start)).map(({ id, start }) => `${id} ${start}`)
  ].toSorted()
}

/** The same, as it was read. */
export const startsOf = (reading: Reading): ReadonlyArray<string> =>
  [...reading].map(([id, { seriesId, start }]) => `${seriesId ?? id} ${start}`).toSorted()
