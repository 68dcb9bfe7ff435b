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
import { parseWrittenTime, resolveZone, toInstant } from "@punctual/core/recurrence"
import { type JsonObject, readObject, readText } from "@punctual/core/http"

/** The instant of an `Edm.DateTimeOffset` such as `2017-04-15T03:00:50.7579581Z`. No offset: UTC, as Graph means it. */
export const readInstant = (object: JsonObject, member: string): Instant | null => {
  const moment = parseWrittenTime(readText(object, member) ?? "")
  return moment === null ? null : moment.reading - (moment.offsetMillis ?? 0)
}

/** The instant of a `dateTimeTimeZone` object. */
export const readDateTimeTimeZone = (object: JsonObject, member: string): Instant | null => {
  const zoned = readObject(object, member)
  if (zoned === null) return null
  const moment = parseWrittenTime(readText(zoned, "dateTime") ?? "")
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
export const asLocalDate = (text: string): LocalDate | null =>
  parseWrittenTime(`${text}T00:00:00Z`) === null ? null : text
