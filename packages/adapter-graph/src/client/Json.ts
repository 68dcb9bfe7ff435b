/**
 * JSON that nobody vouches for: parses a text, and reads members of an object.
 *
 * Decides what counts as a text, a flag, an id or an object. Anything else counts as absent, and nothing throws.
 */
import { Predicate } from "effect"

/** An object of JSON that nobody vouches for. */
export type JsonObject = { readonly [key: PropertyKey]: unknown }

/** The object that a text is, or null when it is none. */
export const parseObject = (text: string): JsonObject | null => {
  // `JSON.parse` is the one way to read JSON, and it speaks by throwing.
  try {
    const json: unknown = JSON.parse(text)
    return Predicate.isReadonlyObject(json) ? json : null
  } catch {
    return null
  }
}

export const asObject = (json: unknown): JsonObject | null => (Predicate.isReadonlyObject(json) ? json : null)

export const readObject = (object: JsonObject, member: string): JsonObject | null => asObject(object[member])

export const readArray = (object: JsonObject, member: string): ReadonlyArray<unknown> | null => {
  const value = object[member]
  return Array.isArray(value) ? value : null
}

export const readText = (object: JsonObject, member: string): string | null => {
  const value = object[member]
  return typeof value === "string" ? value : null
}

/** A text that says something: not empty, and no longer than `lengthMax` characters. */
export const readName = (object: JsonObject, member: string, lengthMax: number): string | null => {
  const value = readText(object, member)
  return value === null || value === "" || value.length > lengthMax ? null : value
}

/** An enumeration's word in lower case: Graph writes them in several. */
export const readWord = (object: JsonObject, member: string): string | null =>
  readText(object, member)?.toLowerCase() ?? null

export const isTrue = (object: JsonObject, member: string): boolean => object[member] === true

/** Ids are about 150 characters; a database index takes at most 2,700 bytes. */
export const idLengthMax = 1_024

export const readId = (object: JsonObject): string | null => readName(object, "id", idLengthMax)
