/**
 * Graph's event → the core's `ProviderEvent`.
 *
 * Decides which of Graph's properties say what, and which oddities make an item unusable. Total: any JSON becomes an
 * event or a typed rejection (law C10).
 */
import { Result } from "effect"
import type { ProviderEvent } from "@punctual/core"
import { resolveZones } from "@punctual/core/recurrence"
import { isTrue, type JsonObject, readName, readObject, readText } from "@punctual/core/http"
import { factsOf, toldFacts } from "./Facts.ts"
import { type GraphItem, readGraphItem } from "./GraphItem.ts"
import { readDateTimeTimeZone, readInstant } from "./DateTimeTimeZone.ts"
import { linkFieldsOf, toldLinkFields } from "./LinkFields.ts"
import type { Rejection } from "./Rejection.ts"
import { trimRaw } from "./TrimRaw.ts"

export const toEvent = (json: unknown): Result.Result<ProviderEvent, Rejection> =>
  Result.flatMap(readGraphItem(json), eventOf)

/** The event that an item is; a master is none. */
export const eventOf = (item: GraphItem): Result.Result<ProviderEvent, Rejection> => {
  if (item.kind === "master") return Result.fail({ reason: "other_kind", providerId: item.id })
  const span = spanOf(item)
  if (Result.isFailure(span)) return Result.fail(span.failure)
  const { json } = item
  const { start, end } = span.success
  const told = readInstant(json, "createdDateTime")
  const updatedAt = readInstant(json, "lastModifiedDateTime") ?? told ?? start
  return Result.succeed({
    providerId: item.id,
    kind: item.kind,
    seriesProviderId: item.seriesId,
    originalStart: item.kind === "single" ? null : readInstant(json, "originalStart"),
    iCalUid: readName(json, "iCalUId", iCalUidLengthMax),
    start,
    end,
    isAllDay: isTrue(json, "isAllDay"),
    zone: zoneOf(json) ?? "UTC",
    subject: subjectOf(json),
    organizer: organizerOf(json),
    isCancelled: isTrue(json, "isCancelled"),
    createdAt: told ?? updatedAt,
    updatedAt,
    // Only what belongs to a series can leave something out that is told elsewhere.
    linkFields: item.kind === "single" ? linkFieldsOf(json) : toldLinkFields(json),
    facts: item.kind === "single" ? factsOf(json) : toldFacts(json),
    ...trimRaw(json)
  })
}

/** Start and end, or what is wrong with them. */
export const spanOf = (item: GraphItem): Result.Result<{ readonly start: number; readonly end: number }, Rejection> => {
  const start = readDateTimeTimeZone(item.json, "start")
  if (start === null) return Result.fail({ reason: "bad_start", providerId: item.id })
  const end = readDateTimeTimeZone(item.json, "end")
  if (end === null) return Result.fail({ reason: "bad_end", providerId: item.id })
  return end < start
    ? Result.fail({ reason: "ends_before_start", providerId: item.id })
    : Result.succeed({ start, end })
}

/** The zone the meeting was made in, by its IANA name. */
const zoneOf = (json: JsonObject): string | null =>
  resolveZones([readText(json, "originalStartTimeZone"), readText(json, "originalEndTimeZone")])

/** Outlook's own limit is 255; a null subject is an empty one. */
export const subjectOf = (json: JsonObject): string => (readText(json, "subject") ?? "").slice(0, subjectLengthMax)

/** The organizer's address; null where Graph does not say. */
export const organizerOf = (json: JsonObject): string | null => {
  const address = readText(readObject(readObject(json, "organizer") ?? {}, "emailAddress") ?? {}, "address")
  return address === null || address === "" ? null : address.slice(0, addressLengthMax).toLowerCase()
}

export const iCalUidLengthMax = 2_000

const subjectLengthMax = 1_000

/** RFC 5321 allows 254. */
const addressLengthMax = 320
