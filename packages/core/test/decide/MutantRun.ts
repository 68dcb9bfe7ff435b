/**
 * Loads a copy of the code with one mistake in it.
 * Decides that a text which does not stand there exactly once is an error. Never changes the code itself: a copy of the
 * pure folders lies among the machine's temporary files while it is loaded, and reaches everything else where it is.
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, relative, resolve } from "node:path"
import { type Deciding, doors } from "./Code.ts"
import type { Mutant } from "./Mutants.ts"

const core = join(import.meta.dirname, "../../src")
const load = createRequire(import.meta.url)

/** The folders that deciding is made of. */
const rooms = ["domain", "mirror", "rules", "decide"]

/** Null: the code as it stands. */
export const loadMutant = (mutant: Pick<Mutant, "name" | "file" | "search" | "replace"> | null): Deciding => {
  const folder = mkdtempSync(join(tmpdir(), "punctual-mutant-"))
  try {
    for (const room of rooms) cpSync(join(core, room), join(folder, room), { recursive: true })
    for (const file of globSync("**/*.ts", { cwd: folder })) {
      const text = readFileSync(join(folder, file), "utf8")
      const own = mutant?.file === file ? mutated(mutant, text) : text
      writeFileSync(join(folder, file), rooted(file, own))
    }
    return Object.assign({}, ...doors.map((door) => load(join(folder, door)))) as Deciding
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Imports from beside the copied folders, and of packages, by where they are. */
const rooted = (file: string, text: string): string =>
  text
    .replaceAll(/ from "(\.[^"]+)"/g, (whole, path: string) => {
      const target = relative(core, resolve(core, dirname(file), path))
      return rooms.some((room) => target.startsWith(`${room}/`)) ? whole : ` from "${join(core, target)}"`
    })
    .replaceAll(/ from "(@[^"]+)"/g, (_, name: string) => ` from "${load.resolve(name)}"`)

const mutated = (
  { file, name, replace, search }: Pick<Mutant, "name" | "file" | "search" | "replace">,
  text: string
): string => {
  const parts = text.split(search)
  if (parts.length !== 2) throw new Error(`mutant "${name}": its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}
