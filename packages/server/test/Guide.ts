/**
 * The guide's example bodies, and what an answer lacks of one.
 * Decides that an answer may have more members, never fewer, and that a member is of the same kind as in the example.
 */
import { assert } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"

interface Example {
  readonly request?: Readonly<Record<string, unknown>>
  readonly response?: Readonly<Record<string, unknown>>
}

export const guide = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures/guide/examples.json"), "utf8")
) as Readonly<Record<GuideName, Example>>

type GuideName =
  | "create_calendar"
  | "calendars"
  | "events"
  | "schedule"
  | "unschedule"
  | "scheduled_bots"
  | "update_scheduled_bot"
  | "delete_scheduled_bot"
  | "enable_auto_schedule"
  | "auto_schedule_settings"
  | "toggle_recurrence"
  | "auto_reschedule"
  | "disconnect"

/** Asserts that an answer has every member of the example. */
export const complete = (name: GuideName, actual: unknown): void =>
  assert.deepStrictEqual(lacking(guide[name].response, actual), [], JSON.stringify(actual, null, 1))

/** The paths at which `actual` lacks what `example` has. Lists are compared by their first items. */
export const lacking = (example: unknown, actual: unknown, path = "$"): ReadonlyArray<string> => {
  // The guide writes null for what may be a text.
  if (example === null) return actual === undefined ? [path] : []
  if (Array.isArray(example)) {
    if (!Array.isArray(actual)) return [`${path} is no list`]
    return example.length === 0 || actual.length === 0 ? [] : lacking(example[0], actual[0], `${path}[0]`)
  }
  if (typeof example === "object") {
    if (typeof actual !== "object" || actual === null) return [`${path} is no object`]
    return Object.entries(example).flatMap(([member, value]) =>
      lacking(value, (actual as Readonly<Record<string, unknown>>)[member], `${path}.${member}`)
    )
  }
  return typeof actual === typeof example ? [] : [`${path} is ${typeof actual}, not ${typeof example}`]
}
