/**
 * Google's entry in the list of calendars → the core's `CalendarListing`, and Google's user → `Profile`.
 *
 * Decides name, role and colour, and that a deleted entry is none. Total; what has no id is nothing.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/calendarList
 */
import type { AccessRole, CalendarListing, Profile, ProviderCalendarId } from "@punctual/core"
import { resolveZone } from "@punctual/core/recurrence"
import { asObject, isTrue, type JsonObject, readName, readText } from "@punctual/core/http"
import { readId } from "../client/Ids.ts"

export const toListing = (json: unknown): CalendarListing | null => {
  const entry = asObject(json)
  const id = entry === null ? null : readId(entry)
  if (entry === null || id === null || isTrue(entry, "deleted")) return null
  return {
    providerId: id as ProviderCalendarId,
    // What the user calls it goes before what its owner does.
    summary: (readText(entry, "summaryOverride") ?? readText(entry, "summary") ?? id).slice(0, nameLengthMax),
    isPrimary: isTrue(entry, "primary"),
    accessRole: roles.get(readText(entry, "accessRole") ?? "") ?? "reader",
    color: colorOf(entry),
    timeZone: resolveZone(readText(entry, "timeZone") ?? "")
  }
}

/** Null where the answer names no account. */
export const toProfile = (json: JsonObject): Profile | null => {
  const accountId = readName(json, "sub", nameLengthMax) ?? readName(json, "id", nameLengthMax)
  if (accountId === null) return null
  return {
    accountId,
    email: readName(json, "email", nameLengthMax),
    name: readName(json, "name", nameLengthMax)
  }
}

const nameLengthMax = 1_000

/** A word that is not known counts as the least of those that read. */
const roles: ReadonlyMap<string, AccessRole> = new Map([
  ["owner", "owner"],
  ["writer", "writer"],
  ["writerWithoutPrivateAccess", "writer"],
  ["reader", "reader"],
  ["freeBusyReader", "freeBusyReader"]
])

const colorOf = (entry: JsonObject): string => {
  const own = readText(entry, "backgroundColor") ?? ""
  return /^#[0-9a-f]{6}$/i.test(own) ? own.toLowerCase() : googleBlue
}

const googleBlue = "#039be5"
