/**
 * Graph's series master → the core's `ProviderSeries`.
 *
 * Decides which dates were taken out and which occurrences were changed. When the recurrence itself is not understood,
 * the series still is one, without a timing. Never expands a pattern.
 *
 * https://learn.microsoft.com/graph/api/resources/event (`cancelledOccurrences`, `exceptionOccurrences`)
 */
import { Result } from "effect"
import type { LocalDate, ProviderEvent, ProviderSeries } from "@punctual/core"
import { toInstant } from "@punctual/core/recurrence"
import { asObject, isTrue, readArray, readName, readText } from "@punctual/core/http"
import { eventOf, iCalUidLengthMax, organizerOf, subjectOf } from "./Event.ts"
import { factsOf } from "./Facts.ts"
import { type GraphItem, readGraphItem } from "./GraphItem.ts"
import { asLocalDate, readDateTimeTimeZone, readInstant } from "./DateTimeTimeZone.ts"
import { idLengthMax } from "../client/Ids.ts"
import { linkFieldsOf } from "./LinkFields.ts"
import type { Rejection } from "./Rejection.ts"
import { type Timing, timingOf } from "./Timing.ts"
import { trimRaw } from "./TrimRaw.ts"

/** A master read by id, with what was cancelled and changed. */
export const toSeries = (json: unknown): Result.Result<ProviderSeries, Rejection> =>
  Result.flatMap(readGraphItem(json), (item) =>
    item.kind === "master"
      ? Result.succeed(seriesOf(item, item))
      : Result.fail({ reason: "other_kind", providerId: item.id })
  )

/** A master; `told` is the item that says what was cancelled and changed, null where Graph was not asked. */
export const seriesOf = (item: GraphItem, told: GraphItem | null): ProviderSeries => {
  const { json } = item
  const timing = timingOf(json)
  const made = readInstant(json, "createdDateTime")
  const updatedAt = readInstant(json, "lastModifiedDateTime") ?? made ?? readDateTimeTimeZone(json, "start") ?? 0
  return {
    providerId: item.id,
    iCalUid: readName(json, "iCalUId", iCalUidLengthMax),
    timing: timing.series,
    ruleText: timing.ruleText,
    subject: subjectOf(json),
    organizer: organizerOf(json),
    isCancelled: isTrue(json, "isCancelled"),
    facts: factsOf(json),
    cancelledDates: told === null ? null : cancelledDates(told),
    exceptions: told === null ? null : exceptions(told, timing),
    createdAt: made ?? updatedAt,
    updatedAt,
    linkFields: linkFieldsOf(json),
    ...trimRaw(json)
  }
}

/** The date that an occurrence id ends in: `OID.{series}.{yyyy-mm-dd}`, where the series' id may hold dots too. */
const dateOfOccurrenceId = (id: string): LocalDate | null =>
  id.startsWith("OID.") ? asLocalDate(id.slice(id.lastIndexOf(".") + 1)) : null

const cancelledDates = (item: GraphItem): ReadonlyArray<LocalDate> | null => {
  const ids = readArray(item.json, "cancelledOccurrences")
  if (ids === null) return null
  const dates = ids.flatMap((id) => (typeof id === "string" ? (dateOfOccurrenceId(id) ?? []) : []))
  return [...new Set(dates)].toSorted()
}

const exceptions = (item: GraphItem, timing: Timing): ReadonlyArray<ProviderEvent> | null => {
  const list = readArray(item.json, "exceptionOccurrences")
  if (list === null) return null
  return list.flatMap((json) => {
    const event = exceptionOf(json, item.id, timing)
    return Result.isSuccess(event) ? [event.success] : []
  })
}

/** Inside its series an exception may leave out what the place already says: its type and whose it is. */
const exceptionOf = (json: unknown, seriesId: string, timing: Timing): Result.Result<ProviderEvent, Rejection> => {
  const bare = asObject(json)
  if (bare === null) return Result.fail({ reason: "not_an_object", providerId: null })
  const placed = {
    ...bare,
    seriesMasterId: readName(bare, "seriesMasterId", idLengthMax) ?? seriesId,
    type: "exception"
  }
  const event = Result.flatMap(readGraphItem(placed), eventOf)
  return Result.map(event, (found) => ({
    ...found,
    originalStart: found.originalStart ?? patternStart(readText(bare, "occurrenceId"), timing)
  }))
}

/** When the pattern would have it, for an exception that tells its date and not its instant. */
const patternStart = (occurrenceId: string | null, { series }: Timing): number | null => {
  const date = occurrenceId === null ? null : dateOfOccurrenceId(occurrenceId)
  return date === null || series === null ? null : toInstant(series.zone, date, series.startTime)
}
