/**
 * Instants as Graph writes them: `dateTimeTimeZone` objects and `Edm.DateTimeOffset` texts.
 *
 * Decides which instant each means: seven fractional digits, times without an offset that belong to a zone beside them
 * (by its Windows or IANA name), and odd values seen in the wild. The server's own zone is never read. A year like 0001 or
 * 9999 stands for "none" and is never taken for a date.
 *
 * https://learn.microsoft.com/graph/api/resources/datetimetimezone
 */
import type { Instant, LocalDate } from "@punctual/core"
import { resolveZone, toInstant } from "@punctual/core/recurrence"
import { type JsonObject, readObject, readText } from "../client/Json.ts"

/** The instant of an `Edm.DateTimeOffset` such as `2017-04-15T03:00:50.7579581Z`. No offset: UTC, as Graph means it. */
export const readInstant = (object: JsonObject, member: string): Instant | null => {
  const moment = parseMoment(readText(object, member) ?? "")
  return moment === null ? null : moment.reading - (moment.offsetMillis ?? 0)
}

/** The instant of a `dateTimeTimeZone` object. */
export const readDateTimeTimeZone = (object: JsonObject, member: string): Instant | null => {
  const zoned = readObject(object, member)
  if (zoned === null) return null
  const moment = parseMoment(readText(zoned, "dateTime") ?? "")
  if (moment === null) return null
  if (moment.offsetMillis !== null) return moment.reading - moment.offsetMillis
  const name = readText(zoned, "timeZone")
  // We ask for UTC on every page: a missing zone is that, an unknown one is not.
  if (name === null || name === "" || name === "UTC") return moment.reading
  const zone = resolveZone(name)
  return zone === null ? null : toInstant(zone, moment.date, moment.timeMillis)
}

/** An instant as Graph takes it, with milliseconds and `Z`. */
export const writeInstant = (instant: Instant): string => new Date(instant).toISOString()

/** `yyyy-mm-dd` of a day that exists, in years that a calendar is used for. */
export const asLocalDate = (text: string): LocalDate | null => (parseMoment(`${text}T00:00:00Z`) === null ? null : text)

interface Moment {
  readonly date: LocalDate
  readonly timeMillis: number
  /** Date and time as milliseconds, as if they were UTC. */
  readonly reading: number
  readonly offsetMillis: number | null
}

const yearMin = 1900
const yearMax = 2199

const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?$/i

const parseMoment = (text: string): Moment | null => {
  const found = shape.exec(text)
  if (found === null) return null
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "0", fraction = "", offset] = found
  if (Number(year) < yearMin || Number(year) > yearMax) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = `${year}-${month}-${day}`
  // A 30 February rolls over into March: it is no date.
  if (new Date(midnight).toISOString().slice(0, 10) !== date) return null
  const millis = Number(fraction.padEnd(3, "0").slice(0, 3))
  const timeMillis = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1_000 + millis
  const offsetMillis = offset === undefined ? null : parseOffset(offset)
  return Number.isNaN(offsetMillis) ? null : { date, timeMillis, reading: midnight + timeMillis, offsetMillis }
}

const parseOffset = (text: string): number => {
  if (text.toUpperCase() === "Z") return 0
  const hours = Number(text.slice(1, 3))
  const minutes = Number(text.slice(4, 6))
  // RFC 3339 allows up to 23:59; clocks go to 14:00.
  if (hours > 23 || minutes > 59) return Number.NaN
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
