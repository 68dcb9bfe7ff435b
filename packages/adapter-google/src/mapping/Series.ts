/**
 * Google's master of a series → the core's `ProviderSeries`.
 *
 * Decides which dates were taken out and which instances were changed, from Google's own expansion of the series. Deleting
 * one instance makes a cancelled one, not an EXDATE: a master alone shows it as alive. Never expands a pattern.
 */
import { Result } from "effect"
import type { LocalDate, ProviderEvent, ProviderSeries } from "@punctual/core"
import { toLocal } from "@punctual/core/recurrence"
import { eventOf, iCalUidOf, originalStartOf, subjectOf, timesOf, whenMade } from "./Event.ts"
import { factsOf, organizerOf } from "./Facts.ts"
import type { GoogleItem } from "./GoogleItem.ts"
import { linkFieldsOf } from "./LinkFields.ts"
import type { Rejection } from "./Rejection.ts"
import { timingOf } from "./Timing.ts"
import { trimRaw } from "./TrimRaw.ts"

/** A master; `instances` are its own, cancelled ones among them, null where Google was not asked. */
export const seriesOf = (
  master: GoogleItem,
  instances: ReadonlyArray<GoogleItem> | null,
  calendarZone: string | null
): Result.Result<ProviderSeries, Rejection> => {
  if (master.kind !== "master") return Result.fail({ reason: "other_kind", providerId: master.id })
  return Result.map(timesOf(master, calendarZone), (times) => {
    const { json } = master
    const timing = timingOf(master, times, calendarZone)
    return {
      providerId: master.id,
      iCalUid: iCalUidOf(json),
      timing: timing.series,
      ruleText: timing.ruleText,
      subject: subjectOf(json),
      organizer: organizerOf(json),
      isCancelled: false,
      facts: factsOf(json),
      cancelledDates: instances === null ? null : cancelledDates(instances, timing.zone, timing.takenOut, calendarZone),
      exceptions: instances === null ? null : exceptions(instances, master, calendarZone),
      ...whenMade(json, times.start.instant),
      linkFields: linkFieldsOf(json),
      ...trimRaw(json)
    }
  })
}

const cancelledDates = (
  instances: ReadonlyArray<GoogleItem>,
  zone: string,
  takenOut: ReadonlyArray<LocalDate>,
  calendarZone: string | null
): ReadonlyArray<LocalDate> => {
  const cancelled = instances
    .filter(({ kind }) => kind === "cancelled")
    .flatMap((item) => {
      const original = originalStartOf(item, calendarZone)
      return original === null ? [] : (toLocal(zone, original)?.date ?? [])
    })
  return [...new Set([...cancelled, ...takenOut])].toSorted()
}

const exceptions = (
  instances: ReadonlyArray<GoogleItem>,
  master: GoogleItem,
  calendarZone: string | null
): ReadonlyArray<ProviderEvent> =>
  instances
    .filter(({ kind }) => kind === "instance")
    .flatMap((item) => {
      const event = eventOf(item, { calendarZone, master })
      return Result.isSuccess(event) && event.success.kind === "exception" ? [event.success] : []
    })
