/**
 * Runs test files against the code with one mistake in it, put there while it is loaded: no file is changed.
 * Arguments: a JSON object `{ file, search, replace, tests }`, paths from the repository's root. Prints `red` or `green`;
 * a text that does not stand exactly once, or tests that can't be loaded, end the process with code 2. A loop without end,
 * which a test's own time limit can't cut off, ends it with code 3.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { startVitest } from "vitest/node"

interface Task {
  readonly file: string
  readonly search: string
  readonly replace: string
  readonly tests: ReadonlyArray<string>
}

const root = join(import.meta.dirname, "../../../..")
const { file, replace, search, tests } = JSON.parse(process.argv[2] ?? "{}") as Task
const target = join(root, file)

const times = readFileSync(target, "utf8").split(search).length - 1
if (times !== 1) {
  process.stderr.write(`the text stands ${times} times in ${file}\n`)
  process.exit(2)
}

/** The tests of one mistake take some seconds of the processor's time; what else the machine does is not counted. */
const endlessMillis = 60_000
const lookMillis = 500

setInterval(() => {
  const { system, user } = process.cpuUsage()
  if ((user + system) / 1000 > endlessMillis) process.exit(3)
}, lookMillis).unref()

const vitest = await startVitest(
  "test",
  [...tests],
  {
    config: false,
    root,
    run: true,
    watch: false,
    bail: 1,
    reporters: [{}],
    setupFiles: ["./vitest.seed.ts"],
    env: { SEED: process.env["SEED"] ?? "1" },
    include: [...tests],
    // One thread for all of them: it ends with the process, whatever it is doing, and loads everything once.
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    // Only what is endless may end a test early, and that is seen above.
    testTimeout: 600_000,
    // Kept transforms know nothing of the mistake.
    fsModuleCache: false
  },
  {
    plugins: [
      {
        name: "mutant",
        enforce: "pre",
        transform: (code: string, id: string) => (id === target ? code.split(search).join(replace) : undefined)
      }
    ]
  }
)
const modules = vitest.state.getTestModules()
const isRed = modules.some((each) => [...each.children.allTests("failed")].length > 0)
const isLoaded = modules.length === tests.length && modules.every((each) => each.children.size > 0)
await vitest.close()
// The first failed test ends the run, so that other files may not have been loaded then.
if (!isRed && !isLoaded) {
  process.stderr.write("not every test file was loaded\n")
  process.exit(2)
}
process.stdout.write(isRed ? "red\n" : "green\n")
process.exit(0)
