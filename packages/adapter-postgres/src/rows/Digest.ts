/**
 * Tells whether a mirrored row changed, by a digest of what it says.
 * Decides that the order of members says nothing. Never compares rows itself: the database does, digest by digest,
 * and so need not read the documents it already holds.
 */
import type { CalendarEvent } from "@punctual/core"
import { hash } from "node:crypto"

/** 43 characters; equal for values that differ in nothing but the order of members. */
export const digestOf = (value: unknown): string => hash("sha256", canonical(value), "base64url")

/** Of the provider's own item, as it is kept: it is shown, and a change of it alone is no change of the row. */
export const digestOfRaw = ({ raw, rawTruncated }: Pick<CalendarEvent, "raw" | "rawTruncated">): string =>
  digestOf([raw, rawTruncated])

const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const members = value as Record<string, unknown>
  const parts: Array<string> = []
  for (const key of Object.keys(members).toSorted()) {
    if (members[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(members[key])}`)
  }
  return `{${parts.join(",")}}`
}
