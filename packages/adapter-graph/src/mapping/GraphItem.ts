/**
 * One item of a calendar as Graph sends it: an event, the master of a series, or the bare trace of an occurrence.
 *
 * Decides which kind it is, also where Graph leaves that out. Maps nothing.
 *
 * https://learn.microsoft.com/graph/api/resources/event (`type`), …/api/event-delta
 */
import { Result } from "effect"
import { asObject, type JsonObject, readName, readObject } from "@punctual/core/http"
import { idLengthMax, readId, readWord } from "../client/Ids.ts"
import { sanitizeJson } from "@punctual/core"
import type { Rejection } from "./Rejection.ts"

export type ItemKind = "single" | "occurrence" | "exception" | "master"

export interface GraphItem {
  readonly id: string
  readonly kind: ItemKind
  readonly seriesId: string | null
  /** Sanitized, otherwise as it came. */
  readonly json: JsonObject
}

/** The item that any JSON is. */
export const readGraphItem = (json: unknown): Result.Result<GraphItem, Rejection> => {
  const sanitized = sanitizeJson(json)
  if (sanitized.kind === "tooDeep") return Result.fail({ reason: "too_deep", providerId: null })
  const object = asObject(sanitized.json)
  if (object === null) return Result.fail({ reason: "not_an_object", providerId: null })
  const id = readId(object)
  if (id === null) return Result.fail({ reason: "no_id", providerId: null })
  const seriesId = readName(object, "seriesMasterId", idLengthMax)
  const kind = kindOf(object, seriesId)
  const item: GraphItem = { id, kind, seriesId, json: object }
  // What is whole stands alone without its series; of a trace nothing else is known.
  return isThin(item) && seriesId === null ? Result.fail({ reason: "no_series", providerId: id }) : Result.succeed(item)
}

/**
 * Delta rounds strip occurrences to id, series, start and end; everything else comes from the series. Exceptions,
 * single events, and occurrences in plain lists are whole.
 */
export const isThin = (item: GraphItem): boolean => item.kind === "occurrence" && !Object.hasOwn(item.json, "subject")

/** `@removed`: gone from the window, or never in it. Only the id is certain. */
export const isRemoved = (item: GraphItem): boolean => item.json["@removed"] != null

const kindOf = (object: JsonObject, seriesId: string | null): ItemKind => {
  switch (readWord(object, "type")) {
    case "singleinstance":
      return "single"
    case "occurrence":
      return "occurrence"
    case "exception":
      return "exception"
    case "seriesmaster":
      return "master"
    default:
      // Samples and tombstones have no type.
      if (object["@removed"] != null) return "single"
      if (seriesId !== null) return Object.hasOwn(object, "subject") ? "exception" : "occurrence"
      return readObject(object, "recurrence") === null ? "single" : "master"
  }
}
