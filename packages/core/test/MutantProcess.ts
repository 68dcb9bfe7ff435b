/**
 * Mistakes in code whose laws are whole test files: each is tried in a process of its own, by those files.
 * Decides which are tried now: with PROVE=1 all of them, else as many as are asked for, others with every seed. Never
 * changes a file.
 */
import { spawnSync } from "node:child_process"
import { join } from "node:path"

export interface Mistake {
  readonly name: string
  /** Path in the package's `src`. */
  readonly file: string
  /** Stands exactly once. */
  readonly search: string
  readonly replace: string
  /** Who must notice, where that is not who notices the others. */
  readonly tests?: ReadonlyArray<string>
}

export type Colour = "red" | "green"

/** How the process ends that finds a loop without end. */
const endlessCode = 3

/** What the tests say of the code with a mistake in it. `tests`: paths in the package's `test`. */
export const colourOf = (
  { file, replace, search }: Mistake,
  tests: ReadonlyArray<string>,
  packageName = "core"
): Colour => {
  const task = {
    file: `packages/${packageName}/src/${file}`,
    search,
    replace,
    tests: tests.map((path) => `packages/${packageName}/test/${path}`)
  }
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "process/MutantTest.ts"), JSON.stringify(task)],
    { encoding: "utf8", env: { ...process.env, PROVE: "" } }
  )
  if (status === endlessCode) return "red"
  const said = stdout.trim().split("\n").at(-1)
  if (status !== 0 || (said !== "red" && said !== "green")) throw new Error(stderr + stdout)
  return said
}

/** Those to be tried in this run. */
export const drawn = <A>(mistakes: ReadonlyArray<A>, count: number): ReadonlyArray<A> => {
  if (process.env["PROVE"] === "1") return mistakes
  const from = Number(process.env["SEED"] ?? "0") % mistakes.length
  return [...mistakes.slice(from), ...mistakes.slice(0, from)].slice(0, count)
}
