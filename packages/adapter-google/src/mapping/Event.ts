/**
 * Google's event → the core's `ProviderEvent`.
 *
 * Decides what of an instance is the series' and what is its own: nothing marks a changed one but an etag that is not its
 * master's, or a start that is not its original one. Total: any JSON becomes an event or a typed rejection (law C10).
 */
import { Result } from "effect"
import type { Instant, ProviderEvent } from "@punctual/core"
import { resolveZones } from "@punctual/core/recurrence"
import { type JsonObject, readName, readText } from "@punctual/core/http"
import { factsOf, organizerOf } from "./Facts.ts"
import type { GoogleItem } from "./GoogleItem.ts"
import { linkFieldsOf } from "./LinkFields.ts"
import { type EventTime, readEventTime, readInstant, suffixOf } from "./EventTime.ts"
import type { Rejection } from "./Rejection.ts"
import { trimRaw } from "./TrimRaw.ts"

/** What stands around an item, and is not told in it. */
export interface Around {
  /** The calendar's zone, where it is known. */
  readonly calendarZone: string | null
  /** The master of an instance; null: there is none that can be read. */
  readonly master: Pick<GoogleItem, "etag"> | null
}

/** The event that an item is; a master is none, and what is cancelled is not there. */
export const eventOf = (item: GoogleItem, around: Around): Result.Result<ProviderEvent, Rejection> => {
  if (item.kind === "master" || item.kind === "cancelled") {
    return Result.fail({ reason: "other_kind", providerId: item.id })
  }
  const times = timesOf(item, around.calendarZone)
  if (Result.isFailure(times)) return Result.fail(times.failure)
  const { json } = item
  const { end, start } = times.success
  const originalStart = item.kind === "single" ? null : originalStartOf(item, around.calendarZone)
  const kind =
    item.kind === "single"
      ? "single"
      : isChanged(item, start.instant, originalStart, around)
        ? "exception"
        : "occurrence"
  return Result.succeed({
    providerId: item.id,
    kind,
    seriesProviderId: item.seriesId,
    originalStart,
    iCalUid: uidOf(item, originalStart, around),
    start: start.instant,
    end: end.instant,
    isAllDay: start.isDate,
    zone: resolveZones([start.zoneName, end.zoneName, around.calendarZone]) ?? "UTC",
    subject: subjectOf(json),
    organizer: organizerOf(json),
    isCancelled: false,
    ...whenMade(json, start.instant),
    linkFields: linkFieldsOf(json),
    facts: factsOf(json),
    ...trimRaw(json)
  })
}

export interface Times {
  readonly start: EventTime
  readonly end: EventTime
}

/** Start and end, or what is wrong with them. They may be equal: such an end was made up. */
export const timesOf = (item: GoogleItem, calendarZone: string | null): Result.Result<Times, Rejection> => {
  const start = readEventTime(item.json, "start", calendarZone)
  if (start === null) return Result.fail({ reason: "bad_start", providerId: item.id })
  const end = readEventTime(item.json, "end", calendarZone)
  if (end === null || end.isDate !== start.isDate) return Result.fail({ reason: "bad_end", providerId: item.id })
  return end.instant < start.instant
    ? Result.fail({ reason: "ends_before_start", providerId: item.id })
    : Result.succeed({ start, end })
}

/** The pattern's start of an instance, which its id tells too. */
export const originalStartOf = (item: GoogleItem, calendarZone: string | null): Instant | null =>
  readEventTime(item.json, "originalStartTime", calendarZone)?.instant ?? suffixOf(item.id)?.originalStart ?? null

const isChanged = (item: GoogleItem, start: Instant, originalStart: Instant | null, { master }: Around): boolean =>
  master === null || item.etag !== master.etag || (originalStart !== null && originalStart !== start)

/**
 * A master, its instances and its exceptions share one UID. An exception whose master can't be read is a meeting of its
 * own (somebody was invited to it alone), and so apart from the series' other ones.
 */
const uidOf = (item: GoogleItem, originalStart: Instant | null, { master }: Around): string | null => {
  const told = iCalUidOf(item.json)
  return item.kind === "single" || master !== null || told === null || originalStart === null
    ? told
    : `${told}#${new Date(originalStart).toISOString()}`
}

export const iCalUidOf = (json: JsonObject): string | null => readName(json, "iCalUID", iCalUidLengthMax)

/** A summary is missing where there is none and where it may not be seen. */
export const subjectOf = (json: JsonObject): string => (readText(json, "summary") ?? "").slice(0, subjectLengthMax)

/** Imported events may tell no date of creation, or one of the year 0. */
export const whenMade = (
  json: JsonObject,
  start: Instant
): { readonly createdAt: Instant; readonly updatedAt: Instant } => {
  const created = readInstant(json, "created")
  const updatedAt = Math.max(readInstant(json, "updated") ?? created ?? start, created ?? -Infinity)
  return { createdAt: created ?? updatedAt, updatedAt }
}

const iCalUidLengthMax = 1_900

const subjectLengthMax = 1_000
