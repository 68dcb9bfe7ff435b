/**
 * Google's `recurrence` lines: one rule, dates taken out, and what does not fit one rule.
 *
 * Decides what each line says. They are whatever a client once wrote: in any order, with parameters that mean nothing,
 * parts without a value, further dates in the place of a rule. A line that says nothing is left out. Expands nothing.
 *
 * RFC 5545 §3.8.5; https://developers.google.com/workspace/calendar/api/concepts/events-calendars#recurring_events
 */

export interface DateList {
  /** The zone of the times that say none themselves; null: the series'. */
  readonly zoneName: string | null
  /** As they were written. */
  readonly values: ReadonlyArray<string>
}

export interface RecurrenceLines {
  /** Values of RRULE, each mended where it says too little. */
  readonly rules: ReadonlyArray<string>
  readonly takenOut: ReadonlyArray<DateList>
  /** Further dates, or rules that take dates out: no single rule says that. */
  readonly hasMore: boolean
}

/** `startMonth` is 1 to 12. */
export const readRecurrence = (lines: ReadonlyArray<unknown>, startMonth: number): RecurrenceLines => {
  const read = lines.flatMap((line) => (typeof line === "string" ? (readLine(line) ?? []) : []))
  const named = (name: string) => read.filter((line) => line.name === name)
  return {
    rules: named("RRULE").flatMap(({ value }) => ruleOf(value, startMonth) ?? []),
    takenOut: named("EXDATE").map(dateList),
    hasMore: named("RDATE").length > 0 || named("EXRULE").length > 0
  }
}

interface Line {
  readonly name: string
  readonly parameters: string
  readonly value: string
}

/** Far more than a list of every day of ten years. */
const lineLengthMax = 65_536

const readLine = (line: string): Line | null => {
  const found = line.length > lineLengthMax ? null : /^\s*([a-z-]+)((?:;[^:]*)?):([^]*)$/i.exec(line)
  if (found === null) return null
  const [, name = "", parameters = "", value = ""] = found
  // `RRULE:DATE;TZID=Europe/Warsaw:20221009T000000` was seen: further dates by another name.
  const misplaced =
    name.toUpperCase() === "RRULE" ? /^\s*(?:DATE|DATE-TIME|PERIOD)\b([^:]*):([^]*)$/i.exec(value) : null
  return misplaced === null
    ? { name: name.toUpperCase(), parameters, value }
    : { name: "RDATE", parameters: misplaced[1] ?? "", value: misplaced[2] ?? "" }
}

/** Without parts that have no value, and with the month that a yearly rule by day of the month means. */
const ruleOf = (value: string, startMonth: number): string | null => {
  const parts = value
    .replaceAll(/\s/g, "")
    .toUpperCase()
    .split(";")
    .filter((part) => /^[A-Z-]+=.+$/.test(part))
  if (parts.length === 0) return null
  const has = (name: string): boolean => parts.some((part) => part.startsWith(`${name}=`))
  const isOfAnyMonth = parts.includes("FREQ=YEARLY") && has("BYMONTHDAY") && !has("BYMONTH")
  return [...parts, ...(isOfAnyMonth ? [`BYMONTH=${startMonth}`] : [])].join(";")
}

const dateList = ({ parameters, value }: Line): DateList => ({
  zoneName: /;TZID="?([^;"]+)"?/i.exec(parameters)?.[1] ?? null,
  values: value.split(",").map((text) => text.trim().toUpperCase())
})
