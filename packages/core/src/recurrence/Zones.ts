/**
 * Which IANA zone a calendar means by the name it gives.
 *
 * Decides the order of the guesses: IANA names by area and place and Windows names as they are, then the same within what
 * calendars write around them, then abbreviations and offsets. Never invents a zone for a name that says nothing (empty,
 * custom): the caller offers the next candidate instead.
 */
import { WINDOWS_TO_IANA_MAP } from "windows-iana"
import { shownZone } from "./ZoneDisplayNames.ts"
import { isZone } from "./ZoneOffsets.ts"

/** The IANA id that a zone name from a calendar means, or null when it names none. */
export const resolveZone = (name: string): string | null => resolvePlace(name) ?? resolveSpoken(name)

/** The first of several candidates that names a zone: the recurrence's own, then the event's original ones. */
export const resolveZones = (names: ReadonlyArray<string | null | undefined>): string | null => {
  for (const name of names) {
    const zone = name == null ? null : resolveZone(name)
    if (zone !== null) return zone
  }
  return null
}

/**
 * The zone of a name that says where: IANA's area and place, or one of Windows' names, also numbered copies, names as
 * they are shown, and global ids. Whatever a file defines under such a name, this is what is meant.
 */
export const resolvePlace = (name: string): string | null => {
  if (name.length > nameLengthMax) return null
  const written = unquoted(name.replaceAll("\\", ""))
  const zone = placeOf(written)
  // UTC-11 is a Windows zone, UTC-3 an offset: no copy of UTC has a number.
  if (zone !== null || offsetName.test(written)) return zone
  const first = written.replace(numberBehind, "")
  return first === written ? null : placeOf(first)
}

/** What a name says that names no place: an abbreviation, or an offset, which stays the same all year. */
export const resolveSpoken = (name: string): string | null => {
  if (name.length > nameLengthMax) return null
  const written = unquoted(name)
  if (written === "") return null
  const summer = abbreviations[written.toUpperCase()]
  if (summer !== undefined) return offsetZone(summer * 60)
  const [, sign, hours = "", minutes = "0"] = offsetName.exec(written.replaceAll("\u2212", "-")) ?? []
  if (sign !== undefined) return offsetZone((sign === "+" ? 1 : -1) * (Number(hours) * 60 + Number(minutes)))
  return /^[A-Za-z][\w/+-]*$/.test(written) && isZone(written) ? written : null
}

/** The zone whose clocks always stand so many minutes ahead of UTC; null past what any place has had. */
export const offsetZone = (minutes: number): string | null => {
  if (!Number.isInteger(minutes) || Math.abs(minutes) > offsetMinutesMax) return null
  if (minutes === 0) return "UTC"
  const hours = minutes / 60
  // The signs of these names point the other way.
  if (Number.isInteger(hours) && hours >= -12) return `Etc/GMT${hours < 0 ? "+" : "-"}${Math.abs(hours)}`
  const size = Math.abs(minutes)
  const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
  return isZone(zone) ? zone : null
}

const offsetMinutesMax = 14 * 60

const two = (number: number): string => `${number}`.padStart(2, "0")

/** The longest zone name that is looked at; real ones stay below half of it. */
const nameLengthMax = 160

const unquoted = (name: string): string =>
  name
    .trim()
    .replace(/^(["'])(.*)\1$/, "$2")
    .trim()

const numberBehind = /\s*[\s_(.#-]\d{1,4}\)?$/

const placeOf = (written: string): string | null => {
  if (written === "") return null
  if (written.includes("/")) {
    const zone = areaAndPlace(written)
    if (zone !== null) return zone
  }
  const windows = windowsZones()
  const lower = written.toLowerCase()
  const named = windows.get(lower) ?? windows.get(lower.replace(/ (?:daylight|summer) time\b/, " standard time"))
  if (named !== undefined) return named
  if (utcAddress.test(written)) return "UTC"
  const shown = windows.get(shownZone(written) ?? "")
  if (shown !== undefined) return shown
  // Some calendars spell names with a remark, as in "Europe/Kyiv (Kiev)"; of a global id the last part may be any name.
  const bare = written.replace(/\s*\([^()]*\)$/, "")
  if (bare !== written && bare.includes("/")) return areaAndPlace(bare)
  const last = /^\/.*\/([^/]+)$/.exec(written)?.[1]
  return last === undefined ? null : placeOf(last.trim())
}

/** The longest end of a path that is a zone by area and place: a global id has its vendor before it. */
const areaAndPlace = (written: string): string | null => {
  const parts = written.replaceAll(" ", "_").split("/")
  for (let first = Math.max(0, parts.length - placePartsMax); first <= parts.length - 2; first++) {
    const name = parts.slice(first).join("/")
    if (parts[first] !== "" && /^[A-Za-z]/.test(name) && isZone(name)) return name
  }
  return null
}

/** America/Argentina/Buenos_Aires. */
const placePartsMax = 3

/** Universal time as an address with somebody's name in it: `tzone://Example/Utc`. */
const utcAddress = /^tzone:\/\/[^/]+\/utc$/i

/** GMT+02:00, UTC-5, +0530, (UTC+01:00). */
const offsetName = /^\(?(?:(?:GMT|UTC|Z)\s*)?([+-])\s*(\d{1,2})(?:[:.]?(\d\d))?\)?$/i

/** Hours ahead of UTC by abbreviations that the runtime lacks, or takes for some other zone. */
const abbreviations: { readonly [name: string]: number | undefined } = {
  Z: 0,
  ZULU: 0,
  BST: 1,
  WEST: 1,
  CEST: 2,
  MEST: 2,
  MESZ: 2,
  MEZ: 1,
  EEST: 3,
  MSK: 3,
  SGT: 8,
  HKT: 8,
  AWST: 8,
  KST: 9,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  ADT: -3,
  EDT: -4,
  CDT: -5,
  MDT: -6,
  PDT: -7,
  AKDT: -8
}

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
    if (territory === "001" && zone !== undefined)
      table.set(windowsName.toLowerCase(), zone === "Etc/UTC" ? "UTC" : zone)
  }
  for (const [name, zone] of beyondTheTable) table.set(name.toLowerCase(), zone)
  return table
}
