/**
 * How time travels: RFC 3339 with any offset on the way in, UTC with `Z` on the way out.
 *
 * Decides what counts as a date-time. Inside, an instant is a number of milliseconds since 1970, as in the core.
 */
import { Effect, Schema, SchemaIssue, SchemaTransformation } from "effect"

/** RFC 3339 §5.6; the space some writers put for `T` is not taken. */
const dateTime =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/

const fullDate = /^\d{4}-\d{2}-\d{2}$/

/** Milliseconds since 1970; null for what is no RFC 3339 date-time. Beyond milliseconds is cut off. */
export const parseInstant = (text: string): number | null => {
  const parts = dateTime.exec(text)
  if (parts === null) return null
  const [, date = "", hour, minute, second, fraction = "", sign, offsetHour = "0", offsetMinute = "0"] = parts
  if (!isDate(date)) return null
  const local = Date.parse(`${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`)
  const offsetMillis = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000
  return sign === "-" ? local + offsetMillis : local - offsetMillis
}

/** UTC with `Z`; milliseconds only where there are any. A page writes hundreds, most of them of few days. */
export const formatInstant = (instant: number): string => {
  const whole = Math.trunc(instant)
  const day = Math.floor(whole / dayMillis)
  const millis = whole - day * dayMillis
  const second = Math.floor(millis / 1_000)
  const fraction = millis % 1_000
  const time = `${two(second / 3_600)}:${two((second / 60) % 60)}:${two(second % 60)}`
  return fraction === 0 ? `${dateOf(day)}T${time}Z` : `${dateOf(day)}T${time}.${String(fraction).padStart(3, "0")}Z`
}

const dayMillis = 86_400_000

const numbers = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"))

const two = (number: number): string => numbers[Math.floor(number)] ?? ""

/** Dates written before; all are forgotten when there are many. */
const dates = new Map<number, string>()
const datesMax = 4_096

const dateOf = (day: number): string => {
  const known = dates.get(day)
  if (known !== undefined) return known
  const written = new Date(day * dayMillis).toISOString().split("T", 1)[0] ?? ""
  if (dates.size >= datesMax) dates.clear()
  dates.set(day, written)
  return written
}

/** Whether a text is a day that exists, `yyyy-mm-dd`. */
export const isDate = (text: string): boolean => {
  if (!fullDate.test(text)) return false
  const instant = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(instant) && new Date(instant).toISOString().startsWith(text)
}

const example = "2026-04-08T15:00:00Z"

/** A date-time that is milliseconds inside. */
export const Instant = Schema.String.annotate({ format: "date-time", examples: [example] }).pipe(
  Schema.decodeTo(
    Schema.Finite,
    SchemaTransformation.transformEffect({
      decode: (text: string) => {
        const instant = parseInstant(text)
        return instant === null
          ? Effect.fail(new SchemaIssue.InvalidValue({ message: `Expected an RFC 3339 date-time such as ${example}` }))
          : Effect.succeed(instant)
      },
      encode: (instant: number) => Effect.succeed(formatInstant(instant))
    })
  )
)

/**
 * A date-time in a query, or a day, which begins at midnight in UTC. A `+` that was not escaped arrives as a space: it is
 * taken for what it meant.
 */
export const InstantParameter = Schema.String.annotate({ format: "date-time", examples: [example] }).pipe(
  Schema.decodeTo(
    Instant,
    SchemaTransformation.transform({
      decode: (text: string) => (isDate(text) ? `${text}T00:00:00Z` : text.replace(/ (?=\d{2}:\d{2}$)/, "+")),
      encode: (text: string) => text
    })
  )
)

/** A date-time, or a day alone, which the event's own zone turns into an instant. Stays as it was written. */
export const InstantOrDate = Schema.String.annotate({ examples: [example, "2026-04-08"] }).check(
  Schema.makeFilter((text) =>
    parseInstant(text) !== null || isDate(text)
      ? undefined
      : `Expected an RFC 3339 date-time such as ${example}, or a date such as 2026-04-08`
  )
)
