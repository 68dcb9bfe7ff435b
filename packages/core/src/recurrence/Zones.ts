/**
 * Which IANA zone a calendar means by the name it gives.
 *
 * Decides the order of the guesses: IANA names as they are, then Windows names, then the few that no table has. Never
 * invents a zone for a name that says nothing (empty, custom): the caller offers the next candidate instead.
 */
import { WINDOWS_TO_IANA_MAP } from "windows-iana"
import { isZone } from "./ZoneOffsets.ts"

/** The IANA id that a zone name from a calendar means, or null when it names none. */
export const resolveZone = (name: string): string | null => {
  const trimmed = name.trim()
  if (trimmed === "" || trimmed.length > nameLengthMax) return null
  if (isZone(trimmed)) return trimmed
  const windows = windowsZones().get(trimmed.toLowerCase())
  if (windows !== undefined) return windows
  if (utcAddress.test(trimmed)) return "UTC"
  // Some calendars spell names with a remark, as in "Europe/Kyiv (Kiev)".
  const plain = trimmed.replace(/\s*\([^()]*\)$/, "")
  return plain !== trimmed && isZone(plain) ? plain : null
}

/** The first of several candidates that names a zone: the recurrence's own, then the event's original ones. */
export const resolveZones = (names: ReadonlyArray<string | null | undefined>): string | null => {
  for (const name of names) {
    const zone = name == null ? null : resolveZone(name)
    if (zone !== null) return zone
  }
  return null
}

/** The longest zone name that is looked at; real ones stay below half of it. */
const nameLengthMax = 100

/** Universal time as an address with somebody's name in it: `tzone://Example/Utc`. */
const utcAddress = /^tzone:\/\/[^/]+\/utc$/i

/** Names that calendars send and the Unicode table of Windows zones lacks. */
const beyondTheTable: ReadonlyArray<readonly [name: string, zone: string]> = [
  ["Mid-Atlantic Standard Time", "Etc/GMT+2"],
  ["Kamchatka Standard Time", "Asia/Kamchatka"],
  ["Coordinated Universal Time", "UTC"]
]

let table: Map<string, string> | undefined

/** Windows names in lower case to the zone that stands for all territories. */
const windowsZones = (): Map<string, string> => {
  if (table !== undefined) return table
  table = new Map()
  for (const { windowsName, territory, iana } of WINDOWS_TO_IANA_MAP) {
    const zone = iana[0]
    if (territory === "001" && zone !== undefined) table.set(windowsName.toLowerCase(), zone)
  }
  for (const [name, zone] of beyondTheTable) table.set(name.toLowerCase(), zone)
  return table
}
