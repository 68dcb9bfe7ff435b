/**
 * A use case loads, decides, commits and acts: what is pure in it belongs to `decide`, `mirror` or `domain`, where laws
 * and examples reach it without a store.
 *
 * Decides what counts as pure: a top-level definition that names nothing of Effect and yields nothing, of more than ten
 * lines. What a use case is asked and answers (`contract/`) is data, and is not judged.
 */
import { assert, describe, it } from "@effect/vitest"
import { codeOf, none, sources } from "./SourceTree.ts"

const linesMax = 10

const judged = /^packages\/core\/src\/usecases\/(?!contract\/)/

/** What runs, or describes what runs. */
const runs = /\byield\*|\b(Effect|Stream|Layer|Schedule|Context)\b/

interface Definition {
  readonly name: string
  readonly lines: number
  readonly isPure: boolean
}

/** The top-level functions and values of a file: each from its own line to the last one that belongs to it. */
const definitionsIn = (code: string): ReadonlyArray<Definition> => {
  const found: Array<Definition> = []
  let name: string | null = null
  let body: Array<string> = []
  const end = (): void => {
    if (name !== null) found.push({ name, lines: body.length, isPure: !runs.test(body.join("\n")) })
    name = null
  }
  for (const line of code.split("\n")) {
    if (line.trim() === "") continue
    const start = /^(?:export\s+)?(?:async\s+)?(?:const|let|function\*?|class)\s+([A-Za-z_$][\w$]*)/.exec(line)
    const goesOn = /^[\s)}\]]/.test(line)
    if (!goesOn) end()
    if (start !== null) {
      name = start[1] ?? ""
      body = []
    }
    if (name !== null) body.push(line)
  }
  end()
  return found
}

describe("tidy: use cases", () => {
  it("sees a pure definition, and how long it is", () => {
    const code = `import { Effect } from "effect"

export const pure = (
  a: number
): number => {
  return a
}

interface Shape {
  readonly a: number
}

const acting = Effect.gen(function* () {
  yield* other
})
`
    assert.deepStrictEqual(definitionsIn(code), [
      { name: "pure", lines: 5, isPure: true },
      { name: "acting", lines: 3, isPure: false }
    ])
  })

  it("keep nothing pure of more than ten lines", () => {
    const files = sources.filter((path) => judged.test(path))
    const offenders = files.flatMap((path) =>
      definitionsIn(codeOf(path))
        .filter(({ isPure, lines }) => isPure && lines > linesMax)
        .map(({ lines, name }) => `${path}: ${name} has ${lines} lines and runs nothing`)
    )
    assert.isAbove(files.length, 20)
    none(offenders, "What is pure moves to decide/, mirror/ or domain/:")
  })
})
