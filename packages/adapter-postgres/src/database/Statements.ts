/**
 * Names for statements, so that a connection parses each once and not at every request.
 *
 * Decides which statements get one: those with parameters, the first few hundred texts. Where names turn out not to
 * hold (a pooler that hands connections from one to another, a schema that a newer release changed) they are given up
 * for good: every statement is then sent whole, as it would have been without them.
 */
import { createHash } from "node:crypto"

/** A connection keeps each. The texts here are fewer; one made up of parts that vary must not fill memory. */
const namesMax = 300

/** No such statement, a statement of that name already, columns of another type than they were: found before anything ran. */
export const outdated: ReadonlySet<string> = new Set(["26000", "42P05", "0A000"])

/** Of the text itself: where a pooler mixes up connections, a name can stand for nothing else. */
const nameOf = (text: string): string => `punctual_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`

export interface Named {
  readonly text: string
  readonly values: ReadonlyArray<unknown>
  readonly name?: string
}

export interface Statements {
  readonly named: (text: string, values: ReadonlyArray<unknown>) => Named
  /** Looks at what a statement failed with. */
  readonly failed: (error: unknown) => void
}

export const makeStatements = (): Statements => {
  const names = new Map<string, string>()
  let isGivenUp = false
  return {
    named: (text, values) => {
      if (isGivenUp || values.length === 0) return { text, values }
      let name = names.get(text)
      if (name === undefined) {
        if (names.size >= namesMax) return { text, values }
        name = nameOf(text)
        names.set(text, name)
      }
      return { text, values, name }
    },
    failed: (error) => {
      isGivenUp ||= error instanceof Error && "code" in error && outdated.has(String(error.code))
    }
  }
}

/** Statements without names, for connections that are not ours. */
export const nameless: Statements = { named: (text, values) => ({ text, values }), failed: () => {} }
