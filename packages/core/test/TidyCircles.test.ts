/**
 * No circles: of files that import each other, nor of folders whose files do. Types count, for whoever reads a file has to
 * read what its types mean.
 *
 * Decides that a package is one graph, from `src` to `test`: a circle between two of its published parts is one as well.
 */
import { assert, describe, it } from "@effect/vitest"
import { dirname } from "node:path"
import { filesNamedBy, none, sources } from "./SourceTree.ts"

/** What a package is made of that others read; how its tests are laid out is judged in the core alone. */
const parts = /^packages\/(core\/test|[\w-]+\/(src|testing|simulator|fake|accounts|http|demo))\//

type Graph = ReadonlyMap<string, ReadonlySet<string>>

const files: Graph = new Map(
  sources.filter((path) => parts.test(path)).map((path) => [path, new Set(filesNamedBy(path))])
)

/** The folders of a graph of files: one leads to another where any of its files does. */
const foldersOf = (graph: Graph): Graph => {
  const folders = new Map<string, Set<string>>()
  for (const [path, named] of graph) {
    const from = dirname(path)
    const leads = folders.get(from) ?? new Set()
    folders.set(from, leads)
    for (const target of named) if (graph.has(target) && dirname(target) !== from) leads.add(dirname(target))
  }
  return folders
}

/** Sets in which each reaches each of the others, sorted. */
const circlesOf = (graph: Graph): ReadonlyArray<ReadonlyArray<string>> => {
  const circles: Array<ReadonlyArray<string>> = []
  for (const node of graph.keys()) {
    if (circles.some((circle) => circle.includes(node))) continue
    const reached = reachedFrom(graph, node)
    if (reached.has(node)) circles.push([...reached].filter((other) => reachedFrom(graph, other).has(node)).toSorted())
  }
  return circles
}

/** All that can be come to from a node: the node itself only by a way back. */
const reachedFrom = (graph: Graph, node: string): ReadonlySet<string> => {
  const reached = new Set(graph.get(node))
  for (const next of reached) for (const further of graph.get(next) ?? []) reached.add(further)
  return reached
}

/** Each circle, with an import for each step between two of its members. */
const shown = (graph: Graph, nameOf: (path: string) => string): ReadonlyArray<string> =>
  circlesOf(graph).map((circle) => {
    const steps = new Map<string, string>()
    for (const [path, named] of files)
      for (const target of named) {
        const [from, to] = [nameOf(path), nameOf(target)]
        if (from !== to && circle.includes(from) && circle.includes(to))
          steps.set(`${from} ${to}`, `${path} imports ${target}`)
      }
    return [circle.join(" <-> "), ...steps.values()].join("\n    ")
  })

describe("tidy: circles", () => {
  it("sees one, however long, and no other", () => {
    const graph = new Map(
      Object.entries({ a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: [], f: ["f"] }).map(([from, to]) => [
        from,
        new Set(to)
      ])
    )
    assert.deepStrictEqual(circlesOf(graph), [["a", "b", "c"], ["f"]])
    const nested = new Map([
      ["p/A.ts", new Set(["p/q/B.ts"])],
      ["p/q/B.ts", new Set(["p/C.ts"])],
      ["p/C.ts", new Set<string>()]
    ])
    assert.deepStrictEqual([circlesOf(nested), circlesOf(foldersOf(nested))], [[], [["p", "p/q"]]])
  })

  it("has none of files", () => {
    assert.isAbove(files.size, 500)
    none(
      shown(files, (path) => path),
      "Files that import each other:"
    )
  })

  it("has none of folders", () => {
    none(shown(foldersOf(files), dirname), "Folders that import each other:")
  })
})
