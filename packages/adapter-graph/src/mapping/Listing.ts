/**
 * Graph's calendar → the core's `CalendarListing`, and Graph's user → `Profile`.
 *
 * Decides role, colour and which calendar is the primary one. Total; a calendar without an id is none.
 *
 * https://learn.microsoft.com/graph/api/resources/calendar, …/resources/user
 */
import type { AccessRole, ProviderCalendarId, CalendarListing, Profile } from "@punctual/core"
import { asObject, isTrue, type JsonObject, readName, readObject, readText } from "@punctual/core/http"
import { readId, readWord } from "../client/Ids.ts"

/** `owner` of one of these addresses is the user. */
export const toListing = (
  json: unknown,
  ownAddresses: ReadonlyArray<string>,
  timeZone: string | null
): CalendarListing | null => {
  const calendar = asObject(json)
  const id = calendar === null ? null : readId(calendar)
  if (calendar === null || id === null) return null
  return {
    providerId: id as ProviderCalendarId,
    summary: (readText(calendar, "name") ?? "").slice(0, nameLengthMax),
    isPrimary: isTrue(calendar, "isDefaultCalendar"),
    accessRole: roleOf(calendar, ownAddresses),
    color: colorOf(calendar),
    timeZone
  }
}

/** Whether telling the role of this calendar needs the user's own addresses. */
export const needsOwner = (json: unknown): boolean => {
  const calendar = asObject(json)
  return calendar !== null && isTrue(calendar, "canEdit") && !isTrue(calendar, "canShare")
}

/** Null where the answer names no account. `mail` is empty for guests and personal accounts. */
export const toProfile = (json: JsonObject): Profile | null => {
  const accountId = readId(json)
  if (accountId === null) return null
  return {
    accountId,
    email: readName(json, "mail", nameLengthMax) ?? readName(json, "userPrincipalName", nameLengthMax),
    name: readName(json, "displayName", nameLengthMax)
  }
}

/** Every address of a user that a calendar's owner may be written as. */
export const addressesOf = (json: JsonObject): ReadonlyArray<string> =>
  ["mail", "userPrincipalName"].flatMap((member) => readText(json, member)?.toLowerCase() ?? [])

const nameLengthMax = 1_000

/** Only its maker may share a calendar; a sharee may at most edit it. */
const roleOf = (calendar: JsonObject, ownAddresses: ReadonlyArray<string>): AccessRole => {
  if (isTrue(calendar, "canShare")) return "owner"
  if (!isTrue(calendar, "canEdit")) return "reader"
  const owner = readWord(readObject(calendar, "owner") ?? {}, "address")
  return owner !== null && ownAddresses.includes(owner) ? "owner" : "writer"
}

const colorOf = (calendar: JsonObject): string => {
  const own = readText(calendar, "hexColor") ?? ""
  if (/^#[0-9a-f]{6}$/i.test(own)) return own.toLowerCase()
  return colors.get(readWord(calendar, "color") ?? "") ?? outlookBlue
}

const outlookBlue = "#0078d4"

/** Graph documents names only; these are the shades Outlook on the web shows for them. */
const colors: ReadonlyMap<string, string> = new Map([
  ["lightblue", "#0078d4"],
  ["lightgreen", "#498205"],
  ["lightorange", "#da3b01"],
  ["lightgray", "#69797e"],
  ["lightyellow", "#c19c00"],
  ["lightteal", "#038387"],
  ["lightpink", "#e43ba6"],
  ["lightbrown", "#8e562e"],
  ["lightred", "#d13438"]
])
