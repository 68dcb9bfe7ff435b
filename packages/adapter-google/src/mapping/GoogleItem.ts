/**
 * One item of a calendar as Google sends it: a single event, the master of a series, an instance of one, or what is left
 * of any of them.
 *
 * Decides which of these it is, and which items are no meetings. Maps nothing.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
import { Result } from "effect"
import { asObject, type JsonObject, readList, readName, readText } from "@punctual/core/http"
import { idLengthMax, readId } from "../client/Ids.ts"
import type { Rejection } from "./Rejection.ts"
import { sanitizeJson } from "@punctual/core"
import { suffixOf } from "./EventTime.ts"

/** `cancelled`: it is not there, whatever else is told of it. */
export type ItemKind = "single" | "instance" | "master" | "cancelled"

export interface GoogleItem {
  readonly id: string
  readonly kind: ItemKind
  /** What an instance belongs to, cancelled ones where that is told. */
  readonly seriesId: string | null
  /** An instance that was never changed carries its master's. */
  readonly etag: string | null
  /** Sanitized, otherwise as it came. */
  readonly json: JsonObject
}

/** The item that any JSON is. */
export const readGoogleItem = (json: unknown): Result.Result<GoogleItem, Rejection> => {
  const sanitized = sanitizeJson(json)
  if (sanitized.kind === "tooDeep") return Result.fail({ reason: "too_deep", providerId: null })
  const object = asObject(sanitized.json)
  if (object === null) return Result.fail({ reason: "not_an_object", providerId: null })
  const id = readId(object)
  if (id === null) return Result.fail({ reason: "no_id", providerId: null })
  const seriesId = readName(object, "recurringEventId", idLengthMax)
  return Result.succeed({ id, kind: kindOf(object, seriesId), seriesId, etag: readText(object, "etag"), json: object })
}

/**
 * The word for a deletion is `status`, in a list as in an answer by id. Google does not say "called off and still there".
 */
const kindOf = (object: JsonObject, seriesId: string | null): ItemKind => {
  if (readText(object, "status") === "cancelled") return "cancelled"
  if (seriesId !== null) return "instance"
  return readList(object, "recurrence").length > 0 ? "master" : "single"
}

/** Asked for by these words with every list, the same ones each time: a sync token is good for one set of them. */
export const eventTypes: ReadonlyArray<string> = ["default", "fromGmail"]

/** Where somebody works and when they must not be disturbed are no meetings. A type that is not known may be one. */
export const isMeeting = ({ json }: GoogleItem): boolean => !noMeetings.has(readText(json, "eventType") ?? "")

const noMeetings: ReadonlySet<string> = new Set(["workingLocation", "focusTime", "outOfOffice", "birthday"])

/** A cancelled instance may be told by its id alone, which then is all that says that it was one. */
export const mayBeInstance = (item: GoogleItem): boolean => item.seriesId !== null || suffixOf(item.id) !== null
