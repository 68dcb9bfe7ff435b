/**
 * What of a calendar file could not be read as it stands, with the line and what to do about it.
 * Decides that the same sentence is said once, and how many are said at all.
 */

export interface Problem {
  /** Counted from 1, as an editor shows it; null where no line is at fault. */
  readonly line: number | null
  /** For a person. */
  readonly message: string
}

export interface Problems {
  readonly add: (line: number | null, message: string) => void
  /** Only the first time that this sentence is said. */
  readonly addOnce: (line: number | null, message: string) => void
  /** By line. */
  readonly list: () => ReadonlyArray<Problem>
}

/** Told of one file; a file with more is something else than a calendar. */
const problemsMax = 500

export const makeProblems = (): Problems => {
  const found: Array<Problem> = []
  const said = new Set<string>()
  let untold = 0
  const add = (line: number | null, message: string): void => {
    if (found.length < problemsMax) found.push({ line, message })
    else untold++
  }
  return {
    add,
    addOnce: (line, message) => {
      if (said.has(message)) return
      said.add(message)
      add(line, message)
    },
    list: () => [
      ...found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      ...(untold > 0 ? [{ line: null, message: `${untold} more problems are not listed.` }] : [])
    ]
  }
}

/** Of what is read again: all of it has been said. */
export const noProblems: Problems = { add: () => undefined, addOnce: () => undefined, list: () => [] }
