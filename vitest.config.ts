/**
 * Which tests there are and how they run. The suffix of a file says what it costs and decides its project:
 *
 *   X.test.ts               unit and property tests: memory only, milliseconds
 *   X.integration.test.ts   a database, a process, a socket
 *   X.sim.test.ts           the simulated world: many seeds, no wall-clock time
 *   X.e2e.test.ts           the real server as a process, killed and restarted
 *
 * Never decides what a test needs beyond time: databases and servers are started by the tests themselves.
 */
import { defineConfig } from "vitest/config"

/** Packages, examples and nothing else hold tests. */
const folders = ["packages/*/test", "examples/*/test"]

/** `PROVE=1` runs random tests at the full counts that the documentation claims, so each of them may take longer. */
const proving = process.env["PROVE"] === "1"
const seconds = (usual: number, whenProving: number): number => (proving ? whenProving : usual) * 1000

/** Two cores carry two files at once. Files that start engines or servers run one after the other, after the rest. */
const workersMax = 2

interface Kind {
  readonly name: "unit" | "sim" | "integration" | "e2e"
  readonly testTimeout: number
  readonly hookTimeout: number
  readonly oneFileAtATime: boolean
}

/** In the order in which they run: what is cheap and says most comes first. */
const kinds: ReadonlyArray<Kind> = [
  { name: "unit", testTimeout: seconds(15, 600), hookTimeout: seconds(15, 60), oneFileAtATime: false },
  { name: "sim", testTimeout: seconds(120, 3600), hookTimeout: seconds(60, 60), oneFileAtATime: false },
  { name: "integration", testTimeout: seconds(60, 1800), hookTimeout: seconds(120, 120), oneFileAtATime: true },
  { name: "e2e", testTimeout: seconds(120, 1800), hookTimeout: seconds(120, 120), oneFileAtATime: true }
]

const costly = "{integration,sim,e2e}"

export default defineConfig({
  test: {
    globals: false,
    maxWorkers: workersMax,
    // A file without a test is a mistake, a run without one too.
    passWithNoTests: false,
    projects: kinds.map((kind, order) => ({
      extends: true,
      test: {
        name: kind.name,
        include: folders.map((folder) => `${folder}/**/*${kind.name === "unit" ? "" : `.${kind.name}`}.test.ts`),
        exclude: ["**/node_modules/**", "**/dist/**", ...(kind.name === "unit" ? [`**/*.${costly}.test.ts`] : [])],
        testTimeout: kind.testTimeout,
        hookTimeout: kind.hookTimeout,
        fileParallelism: !kind.oneFileAtATime,
        sequence: { groupOrder: order }
      }
    }))
  }
})
