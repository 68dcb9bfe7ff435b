/**
 * Runs the mutants: each a copy of the code with one mistake, simulated seed after seed until an oracle notices.
 * Decides that a search text which does not stand there exactly once is an error, and that a mutant which survives is
 * one. Never changes the code itself: copies lie in a folder that git ignores, beside the code so that imports resolve.
 */
/* oxlint-disable no-restricted-imports -- copies and loads files; run by a command, never published */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import type { Mutant } from "./Mutant.ts"
import { canary, mutants } from "./MutantList.ts"
import type { simulate } from "./World.ts"

export interface MutantsOptions {
  /** Null: all of them, and the canary. */
  readonly only: string | null
  readonly steps: number
  /** A mutant that survives so many seeds survives. */
  readonly seedsMax: number
  readonly say: (line: string) => void
}

export interface Caught {
  readonly name: string
  /** The first seed that failed; null: it survived. */
  readonly seed: number | null
  readonly failure: string | null
}

/** The door of a mutant's own copy. */
interface World {
  readonly simulate: typeof simulate
}

const core = join(import.meta.dirname, "../..")
const folder = join(core, ".mutants")

/** True: every one was caught. */
export const runMutants = (options: MutantsOptions): boolean => {
  const chosen = [canary, ...mutants].filter(({ name }) => options.only === null || name.includes(options.only))
  let survived = 0
  for (const mutant of chosen) {
    const { failure, name, seed } = tryMutant(mutant, options)
    if (seed === null) survived += 1
    options.say(
      `${seed === null ? "SURVIVED" : `seed ${seed}`.padEnd(8)} ${name}${failure === null ? "" : ` (${failure})`}`
    )
  }
  options.say(`${chosen.length - survived} of ${chosen.length} caught`)
  return survived === 0
}

export const tryMutant = (mutant: Mutant, options: Pick<MutantsOptions, "steps" | "seedsMax">): Caught => {
  const place = join(folder, `${mutant.name.replaceAll(/\W+/g, "-")}-${process.pid}`)
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  writeFileSync(join(folder, ".gitignore"), "*\n")
  for (const part of ["src", "testing/memory", "testing/rows", "testing/world"])
    cpSync(join(core, part), join(place, part), { recursive: true })
  const file = join(place, mutant.file)
  writeFileSync(file, mutated(mutant, readFileSync(file, "utf8")))
  const world = createRequire(import.meta.url)(join(place, "testing/world/World.ts")) as World
  rmSync(place, { recursive: true, force: true })
  for (let seed = 1; seed <= options.seedsMax; seed++) {
    const failure = firstFailure(world, seed, options.steps)
    if (failure !== null) return { name: mutant.name, seed, failure }
  }
  return { name: mutant.name, seed: null, failure: null }
}

/** A mistake may also throw: that is noticed too. */
const firstFailure = (world: World, seed: number, steps: number): string | null => {
  try {
    return world.simulate(seed, { steps }).failures[0] ?? null
  } catch (cause) {
    return `threw ${String(cause)}`
  }
}

const mutated = ({ file, name, replace, search }: Mutant, text: string): string => {
  const parts = text.split(search)
  if (parts.length !== 2) throw new Error(`mutant "${name}": its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}
