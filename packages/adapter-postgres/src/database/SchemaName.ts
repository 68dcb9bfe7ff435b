/**
 * The schema that everything lies in.
 * Decides which names may be its, and how a statement comes to name it: statements are written for the schema
 * `punctual`, and a host's own name is put in its place when a statement is sent. `search_path` is left alone, because
 * the connections may be a host's, and poolers hand them on.
 */
import { Effect } from "effect"
import { DatabaseError } from "./DatabaseError.ts"

/** What statements are written for, and where everything lies unless the host names another. */
export const schemaDefault = "punctual"

/** PostgreSQL cuts longer names off, so that two of them could be one. */
const nameBytesMax = 63

/** Texts kept as they were rewritten; statements made up of parts that vary must not fill memory. */
const textsMax = 1_000

/** In a statement it is the name of a schema alone: followed by a dot, and no part of a longer name or of a text. */
const written = /(?<![\w$."'])(?:"punctual"|punctual)\./g

/** `invalid_name`: PostgreSQL's own word. */
const invalidName = "42602"

export const checkSchemaName = (name: string): Effect.Effect<string, DatabaseError> => {
  const fault = faultOf(name)
  return fault === null
    ? Effect.succeed(name)
    : Effect.fail(
        new DatabaseError({ code: invalidName, detail: `the schema's name ${fault}: give another \`schema\`` })
      )
}

const faultOf = (name: string): string | null => {
  if (typeof name !== "string" || name === "") return "is empty or no text"
  if (name.includes("\0") || !name.isWellFormed()) return "holds a character that PostgreSQL can't keep"
  if (Buffer.byteLength(name) > nameBytesMax) return `is longer than ${nameBytesMax} bytes`
  return name.startsWith("pg_") || name === "information_schema" ? "is PostgreSQL's own" : null
}

/** As an identifier in SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A statement as it is sent: about this schema. */
export const namingSchema = (name: string): ((text: string) => string) => {
  if (name === schemaDefault) return (text) => text
  const place = `${quoted(name)}.`
  const known = new Map<string, string>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const named = text.replaceAll(written, () => place)
    if (known.size < textsMax) known.set(text, named)
    return named
  }
}
