/**
 * A recurring event with its changed occurrences, as a series of the core.
 * Decides what takes the place of which occurrence: EXDATE takes it out, RECURRENCE-ID changes it, RDATE adds one. A
 * changed occurrence that the series does not have is a meeting of its own.
 */
import type { Problems } from "../text/Problem.ts"
import type { Moment } from "./Moment.ts"
import { dayMillis, localDateOf, timeOfDay } from "../time/Values.ts"
import type { FileEvent } from "./FileEvent.ts"
import { type Layout, laidAmong, laidOut } from "./Layout.ts"
import { type Originals, originalsIn } from "./Originals.ts"
import { splitAt } from "./FromHereOn.ts"
import type { Change, Piece } from "./Piece.ts"
import { latest } from "./Versions.ts"
import { type ReadEvent, type ReadSeries, ownTimes, recurrenceIdOf, toldEvent, toldSeries } from "./Told.ts"

export interface ReadEvents {
  readonly events: ReadonlyArray<ReadEvent>
  readonly series: ReadonlyArray<ReadSeries>
}

export const recurringEvent = (
  master: FileEvent,
  layout: Layout,
  overrides: ReadonlyArray<FileEvent>,
  providerId: string,
  problems: Problems
): ReadEvents => {
  const extras = extrasOf(master, layout)
  const asked = [...master.takenOut, ...overrides.flatMap(({ recurrence }) => recurrence?.of ?? [])]
  const originals = originalsIn(master, layout, new Set(extras.keys()), asked)
  const takenOut = new Set(master.takenOut.flatMap((moment) => originals.of(moment)))
  const { changes, strangers } = changesOf(master, overrides, originals, problems)
  const whole = { source: master, layout, providerId, changes, extras, takenOut }
  const pieces = splitAt(whole, problems)
  const read = pieces.map((piece) => pieceOf(piece))
  return {
    series: read.map(({ series }) => series),
    events: [...read.flatMap(({ apart }) => apart), ...strangers.map((event) => strangerOf(event, providerId))]
  }
}

/** Further dates that the rule has not itself. */
const extrasOf = (master: FileEvent, layout: Layout): ReadonlyMap<number, number> => {
  const told = master.extraDates.map(({ durationMillis, start }) => ({
    start: startOfExtra(master, start),
    length: durationMillis ?? master.durationMillis
  }))
  const laid = laidAmong(layout, [...new Set(told.map(({ start }) => start))])
  return new Map(told.filter(({ start }) => !laid.has(start)).map(({ length, start }) => [start, length]))
}

/** A date among times takes place at the series' time, a time among dates on its date. */
const startOfExtra = ({ isAllDay, start }: FileEvent, extra: Moment): number => {
  if (isAllDay) return start.clock.instantOf(extra.reading - timeOfDay(extra.reading))
  return extra.kind === "date" ? start.clock.instantOf(extra.reading + timeOfDay(start.reading)) : extra.instant
}

const changesOf = (
  master: FileEvent,
  overrides: ReadonlyArray<FileEvent>,
  originals: Originals,
  problems: Problems
): { readonly changes: ReadonlyMap<number, Change>; readonly strangers: ReadonlyArray<FileEvent> } => {
  const changes = new Map<number, Change>()
  const strangers: Array<FileEvent> = []
  const add = (original: number, change: FileEvent, isFromHereOn: boolean): void => {
    const known = changes.get(original)
    const [single, onward] = [known?.single ?? null, known?.onward ?? null]
    changes.set(
      original,
      isFromHereOn
        ? { single, onward: latest(onward, change, problems) }
        : { single: latest(single, change, problems), onward }
    )
  }
  for (const override of overrides) {
    const { recurrence } = override
    if (recurrence === null) continue
    const found = originals.of(recurrence.of)
    const isOff = master.isCancelled && override.sequence <= master.sequence
    const change = isOff ? { ...override, isCancelled: true } : override
    if (found.length > 0) for (const original of found) add(original, change, recurrence.isFromHereOn)
    else if (recurrence.isFromHereOn) add(recurrence.of.instant, change, true)
    else {
      problems.add(
        recurrence.line,
        "RECURRENCE-ID names a time at which its series has no occurrence; the event stands by itself."
      )
      strangers.push(change)
    }
  }
  return { changes, strangers }
}

/** A changed occurrence without a series that has it. */
export const strangerOf = (event: FileEvent, providerId: string): ReadEvent => {
  const recurrenceId =
    event.recurrence === null
      ? null
      : recurrenceIdOf({ ...event, isAllDay: event.recurrence.of.kind === "date" }, event.recurrence.of.instant)
  return {
    uid: event.uid,
    recurrenceId,
    event: toldEvent(event, ownTimes(event), {
      providerId: recurrenceId === null ? providerId : `${providerId}/${recurrenceId}`,
      kind: "single",
      seriesProviderId: null,
      originalStart: event.recurrence?.of.instant ?? null,
      iCalUid: event.uid
    })
  }
}

const pieceOf = (piece: Piece): { readonly series: ReadSeries; readonly apart: ReadonlyArray<ReadEvent> } => {
  const { changes, extras, layout, providerId, source, takenOut } = piece
  const dateOf = (instant: number): string => localDateOf(layout.clock.readingOf(instant))
  const occurrence = (event: FileEvent, original: number, times: { start: number; end: number }): ReadEvent => {
    const recurrenceId = recurrenceIdOf(source, original)
    return {
      uid: source.uid,
      recurrenceId,
      event: toldEvent(event, times, {
        providerId: `${providerId}/${recurrenceId}`,
        kind: "exception",
        seriesProviderId: providerId,
        originalStart: original,
        iCalUid: source.uid
      })
    }
  }
  const changed = [...changes].flatMap(([original, { single }]) =>
    single === null || takenOut.has(original) ? [] : [occurrence(single, original, ownTimes(single))]
  )
  const added = [...extras].flatMap(([start, length]) =>
    takenOut.has(start) || (changes.get(start)?.single ?? null) !== null
      ? []
      : [occurrence(source, start, { start, end: start + length })]
  )
  // The core knows the occurrences of a series by date: a second one on a date is an event of its own.
  const dates = new Set(changed.map(({ event }) => dateOf(event.originalStart ?? event.start)))
  const apart: Array<ReadEvent> = []
  const exceptions = [...changed]
  for (const extra of added) {
    const date = dateOf(extra.event.start)
    const isTaken = dates.has(date) || hasOccurrenceOn(layout, extra.event.start)
    dates.add(date)
    if (isTaken)
      apart.push({ ...extra, event: { ...extra.event, kind: "single", seriesProviderId: null, iCalUid: null } })
    else exceptions.push(extra)
  }
  const series = toldSeries(source, layout, providerId, [...new Set([...takenOut].map(dateOf))], exceptions)
  const singles = [...changes].filter(([, { single }]) => single !== null).map(([original]) => original)
  return {
    apart,
    series: {
      series,
      uid: source.uid,
      layout,
      replaced: new Set([...takenOut, ...singles]),
      exceptions,
      source,
      providerId
    }
  }
}

const hasOccurrenceOn = (layout: Layout, instant: number): boolean => {
  const reading = layout.clock.readingOf(instant)
  const day = reading - timeOfDay(reading)
  return laidOut(layout, layout.clock.instantOf(day), layout.clock.instantOf(day + dayMillis), 1).length > 0
}
