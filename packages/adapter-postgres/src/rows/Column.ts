/**
 * How values are written into columns and read back.
 * Decides the forms of texts, instants and documents, so that whatever a calendar holds comes back as it was. Never
 * knows what a column means.
 */
import { type RawBuilder, sql } from "kysely"

/** What PostgreSQL's `text` cannot hold: NUL and half surrogate pairs. Escaped by U+0001, which then needs it too. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const unfit = /[\0\u0001]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
// oxlint-disable-next-line no-control-regex -- as above
const escaped = /\u0001([0-9a-f]{4})/g

/** A text as a column takes it; nearly always itself. Equal texts stay equal and different ones different. */
export const toText = <T extends string | null>(text: T): T =>
  (text === null
    ? null
    : text.replaceAll(unfit, (unit) => `\u0001${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)) as T

export const fromText = (text: string): string =>
  text.includes("\u0001")
    ? text.replaceAll(escaped, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text

/** A user as statements name one. */
export const userIs = (userId: string): RawBuilder<unknown> => sql`${toText(userId)}::text`

export const toTexts = (texts: ReadonlyArray<string>): Array<string> => texts.map((text) => toText(text))

/**
 * A document for a `json` column. Not `jsonb`: that refuses `\u0000` and half surrogate pairs, so that one odd subject
 * line would stop a calendar, and it reorders members.
 */
export const toJson = (value: unknown): string => JSON.stringify(value) ?? "null"

/** SQL's null stands for "none", so that a write can tell it from a document. */
export const toJsonOrNull = (value: unknown): string | null => (value === null ? null : toJson(value))

/** Whole milliseconds, within what both a column and a number hold exactly; up, so that nothing comes early. */
export const toInstant = (instant: number): number =>
  Math.ceil(Math.min(Math.max(instant, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER))

export const toInstantOrNull = (instant: number | null): number | null => (instant === null ? null : toInstant(instant))
