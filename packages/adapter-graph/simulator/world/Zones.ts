/**
 * Wall-clock time in a named zone, and back.
 *
 * Decides what a local time means where clocks jump: in a gap it moves forward by the gap, in an overlap it is the
 * first of the two. Windows names are looked up in a short table of its own, so that the product's mapping has an
 * independent oracle. It never guesses: an unknown name is null.
 */

const windowsZones: Readonly<Record<string, string>> = {
  UTC: "UTC",
  "Coordinated Universal Time": "UTC",
  "tzone://Microsoft/Utc": "UTC",
  "GMT Standard Time": "Europe/London",
  "Greenwich Standard Time": "Atlantic/Reykjavik",
  "W. Europe Standard Time": "Europe/Berlin",
  "Central Europe Standard Time": "Europe/Budapest",
  "Central European Standard Time": "Europe/Warsaw",
  "Romance Standard Time": "Europe/Paris",
  "E. Europe Standard Time": "Europe/Chisinau",
  "FLE Standard Time": "Europe/Kyiv",
  "GTB Standard Time": "Europe/Bucharest",
  "Russian Standard Time": "Europe/Moscow",
  "Turkey Standard Time": "Europe/Istanbul",
  "Israel Standard Time": "Asia/Jerusalem",
  "Egypt Standard Time": "Africa/Cairo",
  "South Africa Standard Time": "Africa/Johannesburg",
  "Arabian Standard Time": "Asia/Dubai",
  "Iran Standard Time": "Asia/Tehran",
  "Pakistan Standard Time": "Asia/Karachi",
  "India Standard Time": "Asia/Kolkata",
  "Nepal Standard Time": "Asia/Kathmandu",
  "SE Asia Standard Time": "Asia/Bangkok",
  "China Standard Time": "Asia/Shanghai",
  "Singapore Standard Time": "Asia/Singapore",
  "Tokyo Standard Time": "Asia/Tokyo",
  "Korea Standard Time": "Asia/Seoul",
  "AUS Eastern Standard Time": "Australia/Sydney",
  "AUS Central Standard Time": "Australia/Darwin",
  "Cen. Australia Standard Time": "Australia/Adelaide",
  "E. Australia Standard Time": "Australia/Brisbane",
  "Lord Howe Standard Time": "Australia/Lord_Howe",
  "New Zealand Standard Time": "Pacific/Auckland",
  "Samoa Standard Time": "Pacific/Apia",
  "Hawaiian Standard Time": "Pacific/Honolulu",
  "Alaskan Standard Time": "America/Anchorage",
  "Pacific Standard Time": "America/Los_Angeles",
  "US Mountain Standard Time": "America/Phoenix",
  "Mountain Standard Time": "America/Denver",
  "Central Standard Time": "America/Chicago",
  "Eastern Standard Time": "America/New_York",
  "Atlantic Standard Time": "America/Halifax",
  "Newfoundland Standard Time": "America/St_Johns",
  "E. South America Standard Time": "America/Sao_Paulo",
  "Argentina Standard Time": "America/Buenos_Aires",
  "Pacific SA Standard Time": "America/Santiago"
}

/** A clock of one zone. */
export interface Zone {
  /** The instant at which a clock there shows this wall time. */
  readonly toInstant: (wallMillis: number) => number
  /** What a clock there shows at this instant, written as if it were UTC. */
  readonly toWall: (instant: number) => number
}

/** The zone of a Windows or IANA name, or null if there is no such zone. */
export const zoneOf = (name: string): Zone | null => {
  const known = zones.get(name)
  if (known !== undefined) return known
  const format = formatOf(windowsZones[name] ?? name)
  if (format === null) return null
  const zone = zoneFrom((instant) => wallOf(format, instant) - Math.floor(instant / 1000) * 1000)
  zones.set(name, zone)
  return zone
}

/** The same, with UTC for a name nobody knows: empty ones and `tzone://Microsoft/Custom` occur on the wire. */
export const zoneOrUtc = (name: string): Zone => zoneOf(name) ?? utc

const zoneFrom = (offsetAt: (instant: number) => number): Zone => ({
  toWall: (instant) => instant + offsetAt(instant),
  toInstant: (wall) => {
    const before = offsetAt(wall - 86_400_000)
    const after = offsetAt(wall + 86_400_000)
    if (offsetAt(wall - before) === before) return wall - before
    if (offsetAt(wall - after) === after) return wall - after
    return wall - before
  }
})

const utc: Zone = zoneFrom(() => 0)
// Looking a zone up is slow in the runtime; what is kept here depends on the name alone.
const zones = new Map<string, Zone>([
  ["UTC", utc],
  ["tzone://Microsoft/Utc", utc],
  ["Coordinated Universal Time", utc]
])

const formatOf = (iana: string): Intl.DateTimeFormat | null => {
  if (iana === "" || iana.includes("://")) return null
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: iana,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric"
    })
  } catch {
    return null // the runtime throws for a zone it does not know
  }
}

const wallOf = (format: Intl.DateTimeFormat, instant: number): number => {
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(instant)) part[type] = value
  const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"])
  const wall = new Date(0)
  wall.setUTCFullYear(year, Number(part["month"]) - 1, Number(part["day"]))
  wall.setUTCHours(Number(part["hour"]), Number(part["minute"]), Number(part["second"]))
  return wall.getTime()
}
