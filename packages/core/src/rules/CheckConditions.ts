/**
 * What `when` may hold: for each member, which values are values of it.
 * Decides the grammar of rules but for the limits, which stand in `domain/JoinRule.ts`. What members mean is `Conditions.ts`.
 */
import type { Conditions, Hours } from "../domain/JoinRule.ts"
import { platformNames } from "../links/Platform.ts"
import { isZone } from "../recurrence/ZoneOffsets.ts"
import { isAddressPattern } from "./AddressPatterns.ts"
import { dayNames, timeOfDay } from "./Hours.ts"
import {
  type Check,
  checkBoolean,
  checkList,
  checkMembers,
  checkOneOf,
  checkValueText,
  reject,
  rejectKind
} from "./RulesRejection.ts"

const texts = checkList(checkValueText, "texts")
const words = (...values: ReadonlyArray<string>): Check => checkList(checkOneOf(values), "of these words")

const checkPattern: Check = (value, path) =>
  checkValueText(value, path) ??
  (typeof value === "string" && isAddressPattern(value)
    ? null
    : reject(path, "is no pattern of addresses", "name@domain.example, *@domain.example or *@*.domain.example"))

const patterns = checkList(checkPattern, "patterns of addresses")

const checkWhole: Check = (value, path) => {
  const expected = "a whole number, 0 or more"
  if (typeof value !== "number" || !Number.isInteger(value)) return rejectKind(path, value, expected)
  if (!Number.isSafeInteger(value)) return reject(path, "is too large a number", expected)
  return value < 0 ? reject(path, "is negative", expected) : null
}

const checkEnds = checkMembers({ min: checkWhole, max: checkWhole }, "a count")

const checkCount: Check = (value, path) => {
  const rejection = checkEnds(value, path)
  if (rejection !== null) return rejection
  const { max, min } = value as { readonly min?: number; readonly max?: number }
  if (min === undefined || max === undefined || min <= max) return null
  return reject(path, `has a min of ${min} and a max of ${max}`, "a min that is not above the max")
}

const checkTime: Check = (value, path) => {
  const expected = "a time of day from 00:00 to 23:59"
  if (typeof value !== "string") return rejectKind(path, value, expected)
  return timeOfDay(value) === null ? reject(path, "is no time of day", expected) : null
}

const checkZone: Check = (value, path) =>
  checkValueText(value, path) ??
  // The runtime also takes offsets, which are no names.
  (typeof value === "string" && /^[A-Za-z]/.test(value) && isZone(value)
    ? null
    : reject(path, "is no zone that is known", "the IANA name of a time zone, as Europe/Berlin"))

const checkHourMembers = checkMembers(
  {
    days: checkList(checkOneOf(dayNames), "days"),
    from: checkTime,
    to: checkTime,
    time_zone: checkZone
  } satisfies { readonly [M in keyof Hours]-?: Check },
  "hours"
)

const checkHours: Check = (value, path) => {
  const rejection = checkHourMembers(value, path)
  if (rejection !== null) return rejection
  const { from, to } = value as Hours
  // `to` alone begins at midnight, and may not end there.
  if (to === undefined || (from ?? "00:00") !== to) return null
  return reject(path, `begins and ends at ${to}`, "two different times, or one of them left out for a whole day")
}

const conditions: { readonly [M in keyof Conditions]-?: Check } = {
  subject_contains: texts,
  location_contains: texts,
  organizer: words("self", "internal", "external"),
  organizer_email: patterns,
  attendee_email: patterns,
  my_response: words("accepted", "tentative", "declined", "none", "organizer"),
  people: checkCount,
  external_people: checkCount,
  sensitivity: words("normal", "personal", "private", "confidential"),
  show_as: words("free", "tentative", "busy", "oof", "working_elsewhere"),
  category: texts,
  platform: words(...Object.keys(platformNames)),
  calendar_id: checkList(checkValueText, "ids of calendars"),
  all_day: checkBoolean,
  recurring: checkBoolean,
  minutes: checkCount,
  hours: checkHours
}

/** `when`, whole. */
export const checkWhen: Check = checkMembers(
  { ...conditions, not: checkMembers(conditions, "`not`") },
  "the conditions of a rule"
)
