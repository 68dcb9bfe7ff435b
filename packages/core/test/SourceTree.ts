/**
 * The repository as the tidy tests read it: which files there are, what is written in them, what they import.
 * Decides which files count and what counts as an import. Reads files and nothing else; never runs them.
 */
import { assert } from "@effect/vitest"
import { globSync, readFileSync, statSync } from "node:fs"
import { basename, dirname, join, relative, resolve, sep } from "node:path"

export const root = resolve(import.meta.dirname, "../../..")

/** `import … from "x"`, `import "x"`, `export … from "x"`, over several lines too. */
const importStatement =
  /^(?:import|export)\s+(?:((?:type\s+)?(?:\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+(?:\s*,\s*\{[^}]*\})?))\s+from\s+)?"([^"]+)"/gm

/** A relative `import("x")`, of a module that is loaded late. */
const lateImport = /\bimport\("(\.[^"]+)"\)/g

const skipped = new Set(["node_modules", "dist", ".git", ".punctual", "coverage"])

export const filesOf = (pattern: string): ReadonlyArray<string> =>
  globSync(pattern, { cwd: root, exclude: (path) => skipped.has(basename(path)) })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => path.split(sep).join("/"))
    .toSorted()

export const textOf = (path: string): string => readFileSync(join(root, path), "utf8")

const isFixture = (path: string): boolean => path.includes("/fixtures/")

export const sources = filesOf("{*.ts,{packages,examples,bench,scripts}/**/*.ts}").filter((path) => !isFixture(path))

/** Source without comments: a comment may well say "promise". */
export function codeOf(path: string): string {
  return textOf(path)
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/.*$/gm, "")
}

export interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

/** What a file imports or passes on: relative paths as paths from the root, packages by their names. */
export function importsOf(path: string): ReadonlyArray<Import> {
  return [...codeOf(path).matchAll(importStatement)].map(([, clause = "", specifier = ""]) => ({
    target: specifier.startsWith(".") ? relative(root, resolve(root, dirname(path), specifier)) : specifier,
    typeOnly: /^type\b/.test(clause) || /^\{(\s*type\s+[^,}]+,?)+\s*\}/.test(clause)
  }))
}

/** Every file that a file names in an import, whether for a type or a value, at once or late; paths from the root. */
export function filesNamedBy(path: string): ReadonlyArray<string> {
  const late = [...codeOf(path).matchAll(lateImport)].map(([, specifier = ""]) => specifier)
  return [
    ...importsOf(path).map(({ target }) => target),
    ...late.map((specifier) => relative(root, resolve(root, dirname(path), specifier)))
  ].filter((target) => target.startsWith("packages/"))
}

/** Fails with the offenders against a rule, one a line. */
export const none = (offenders: ReadonlyArray<string>, rule: string): void =>
  assert.strictEqual(offenders.length, 0, `${rule}\n  ${offenders.join("\n  ")}\n`)
