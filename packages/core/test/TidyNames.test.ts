/**
 * An exported name is defined once in each part of a package, so that whoever finds it has found what it means.
 *
 * Decides which names are no names of their own: those that a module is read with (`Store.layer`), and a schema's, which
 * is its type's. What tests share (`testing`, `test`) is not judged: there an event may be built, drawn or told.
 */
import { assert, describe, it } from "@effect/vitest"
import { codeOf, none, sources } from "./SourceTree.ts"

/** Each by itself: a simulator has words of its own for what it stands in for. */
const parts = /^packages\/([\w-]+\/(?:src|accounts|http|simulator|fake|demo))\//

/** Said with the module's name before them, as Effect's own are. */
const moduleWords = new Set(["layer", "layerWith", "make", "Options"])

/** A schema is called after the type it describes. */
const schemas = /^packages\/core\/src\/domain\/schema\//

/** Broken by the moves under way: part and name. */
const known = new Set([
  // Calendars and people both say so: a rule that a series repeats by, and one that meetings are chosen by.
  "core/src Rule",
  "adapter-aws/src textOf",
  "adapter-graph/src refusalOf",
  "adapter-postgres/src Named",
  "adapter-postgres/src handedOver",
  "adapter-postgres/src layerPGlite",
  "server/src Cursors",
  "server/src storage"
])

const definition =
  /^export\s+(?:declare\s+|abstract\s+|async\s+)*(?:const|let|function\*?|class|interface|type|enum)\s+([A-Za-z_$][\w$]*)/gm

const namesDefinedIn = (code: string): ReadonlyArray<string> => [
  ...new Set([...code.matchAll(definition)].map(([, name = ""]) => name))
]

describe("tidy: names", () => {
  it("sees what a file defines and exports, and nothing that it passes on", () => {
    const code = `export const a = 1\nexport interface B {}\nexport type B = 2\nexport { c } from "./C.ts"\nconst d = 3\nexport type { E }\n`
    assert.deepStrictEqual(namesDefinedIn(code), ["a", "B"])
  })

  it("are defined by one file of a part each", () => {
    const files = new Map<string, Array<string>>()
    for (const path of sources) {
      const found = parts.exec(path)
      if (found === null || schemas.test(path)) continue
      for (const name of namesDefinedIn(codeOf(path))) {
        const id = `${found[1]} ${name}`
        if (!moduleWords.has(name) && !known.has(id)) files.set(id, [...(files.get(id) ?? []), path])
      }
    }
    assert.isAbove(files.size, 1000)
    none(
      [...files].filter(([, paths]) => paths.length > 1).map(([id, paths]) => `${id}: ${paths.join(", ")}`),
      "Two definitions with one name:"
    )
  })
})
