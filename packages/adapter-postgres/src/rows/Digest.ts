/**
 * Tells whether a mirrored row changed, by a digest of what it says.
 * Decides that the order of members says nothing. Never compares rows itself: the database does, digest by digest,
 * and so need not read the documents it already holds.
 */
import { type CalendarEvent, canonicalJson } from "@punctual/core"
import { hash } from "node:crypto"

/** 43 characters. */
export const digestOfText = (text: string): string => hash("sha256", text, "base64url")

/** Equal for values that differ in nothing but the order of members. */
export const digestOf = (value: unknown): string => digestOfText(canonicalJson(value))

/** Of the provider's own item, as it is kept: it is shown, and a change of it alone is no change of the row. */
export const digestOfRaw = ({ raw, rawTruncated }: Pick<CalendarEvent, "raw" | "rawTruncated">): string =>
  digestOf([raw, rawTruncated])
