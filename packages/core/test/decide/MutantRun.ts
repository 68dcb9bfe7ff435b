/**
 * Loads a copy of the code with one mistake in it.
 * Decides that a text which does not stand there exactly once is an error. Never changes the code itself: a copy of the
 * folder lies among the machine's temporary files while it is loaded, and reaches everything else where it is.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Deciding } from "./Laws.ts"
import type { Mutant } from "./Mutants.ts"

const core = join(import.meta.dirname, "../../src")
const load = createRequire(import.meta.url)

/** The modules that the laws are held against. */
const doors = [
  "Apply",
  "Decision",
  "DedupKey",
  "Desired",
  "Explain",
  "Mirror",
  "Naming",
  "Parts",
  "Reconcile",
  "Settle"
]

/** Null: the code as it stands. */
export const loadMutant = (mutant: Pick<Mutant, "name" | "file" | "search" | "replace"> | null): Deciding => {
  const folder = mkdtempSync(join(tmpdir(), "punctual-mutant-"))
  try {
    cpSync(join(core, "decide"), folder, { recursive: true })
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), "utf8")
      const own = mutant?.file === file ? mutated(mutant, text) : text
      writeFileSync(join(folder, file), rooted(own))
    }
    return Object.assign({}, ...doors.map((door) => load(join(folder, `${door}.ts`)))) as Deciding
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Imports from beside the folder, and of packages, by where they are. */
const rooted = (text: string): string =>
  text
    .replaceAll(' from "../', ` from "${core}/`)
    .replaceAll(/ from "(@[^"]+)"/g, (_, name: string) => ` from "${load.resolve(name)}"`)

const mutated = (
  { file, name, replace, search }: Pick<Mutant, "name" | "file" | "search" | "replace">,
  text: string
): string => {
  const parts = text.split(search)
  if (parts.length !== 2) throw new Error(`mutant "${name}": its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}
