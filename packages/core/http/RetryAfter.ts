/**
 * How long a `Retry-After` header asks to wait.
 *
 * Decides what each of its spellings means: whole seconds, the fractional seconds that some services send ("2.128"), an HTTP
 * date, and nonsense. Never waits and never reads a clock.
 */

/**
 * No service that throttles means longer than a day; "please retry after 12/31/9999" is a limit reached, not
 * an appointment. What asks for more is asked again a day later.
 */
export const retryAfterMaxMillis = 24 * 3_600_000

/**
 * Milliseconds to wait from `now`, or null where the header says nothing that can be obeyed.
 *
 * `date` is the answer's own `Date` header: an appointment is measured against the clock that made it.
 * RFC 9110 §10.2.3.
 */
export const retryAfterMillis = (
  header: string | null | undefined,
  date: string | null | undefined,
  now: number
): number | null => {
  const text = header?.trim() ?? ""
  if (text === "" || text.length > headerLengthMax) return null
  if (/^\d+(?:[.,]\d+)?$/.test(text)) return bounded(Math.ceil(Number(text.replace(",", ".")) * 1_000))
  // Only what begins with a day's name is an HTTP date: `Date.parse` would make a year out of "-5".
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null
  const at = Date.parse(text)
  if (Number.isNaN(at)) return null
  const made = date == null ? Number.NaN : Date.parse(date)
  return bounded(at - (Number.isNaN(made) ? now : made))
}

const headerLengthMax = 64

const bounded = (millis: number): number => Math.min(Math.max(millis, 0), retryAfterMaxMillis)
