/**
 * JSON that nobody vouches for: parses a text, and reads members of an object.
 *
 * Decides what counts as a text, a flag or an object. Anything else counts as absent, and nothing throws.
 */
import { Predicate } from "effect"

/** An object of JSON that nobody vouches for. */
export type JsonObject = { readonly [key: PropertyKey]: unknown }

/** The object that a text is, or null when it is none. */
export const parseObject = (text: string): JsonObject | null => {
  // `JSON.parse` is the one way to read JSON, and it speaks by throwing.
  try {
    return asObject(JSON.parse(text))
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

/** Empty where there is no list. */
export const readList = (object: JsonObject, member: string): ReadonlyArray<unknown> => readArray(object, member) ?? []

/** The objects of a list. */
export const readObjects = (object: JsonObject, member: string): ReadonlyArray<JsonObject> =>
  readList(object, member).filter(Predicate.isReadonlyObject)

export const readText = (object: JsonObject, member: string): string | null => {
  const value = object[member]
  return typeof value === "string" ? value : null
}

/** A text that says something: not empty, and no longer than `lengthMax` characters. */
export const readName = (object: JsonObject, member: string, lengthMax: number): string | null => {
  const value = readText(object, member)
  return value === null || value === "" || value.length > lengthMax ? null : value
}

export const isTrue = (object: JsonObject, member: string): boolean => object[member] === true
