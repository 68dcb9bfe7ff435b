/**
 * Which tests there are and how they run. The suffix of a file says what it costs and decides its project:
 *
 *   X.test.ts               unit and property tests: memory only, milliseconds
 *   X.sim.test.ts           the simulated world: many seeds, no wall-clock time
 *   X.integration.test.ts   a database, a process, a socket
 *   X.e2e.test.ts           the real server as a process, killed and restarted
 *
 * Never decides what a test needs beyond time: databases and servers are started by the tests themselves, but for the one
 * PostgreSQL server that they share (vitest.postgres.ts).
 *
 * Environment: `SEED=n` repeats the random choices of a run, `PROVE=1` makes them as many as the documentation claims,
 * `TEST_REPORT=file` also writes the results as JSON.
 */
import { defineConfig } from "vitest/config"

/** Packages, examples and nothing else hold tests. */
const folders = ["packages/*/test", "examples/*/test"]

/** Two cores carry two files at once. Files that start the server and kill it run one after the other, after the rest. */
const workersMax = 2

const proving = process.env["PROVE"] === "1"
const seconds = (usual: number, whenProving: number): number => (proving ? whenProving : usual) * 1000

interface Kind {
  readonly name: "unit" | "sim" | "integration" | "e2e"
  readonly testTimeout: number
  readonly hookTimeout: number
  readonly oneFileAtATime: boolean
}

/** In the order in which they run: what is cheap and says most comes first. */
const kinds: ReadonlyArray<Kind> = [
  { name: "unit", testTimeout: seconds(20, 600), hookTimeout: seconds(20, 60), oneFileAtATime: false },
  { name: "sim", testTimeout: seconds(120, 3600), hookTimeout: seconds(60, 60), oneFileAtATime: false },
  { name: "integration", testTimeout: seconds(60, 1800), hookTimeout: seconds(120, 120), oneFileAtATime: false },
  { name: "e2e", testTimeout: seconds(120, 1800), hookTimeout: seconds(120, 120), oneFileAtATime: true }
]

/** 31 bits, since fast-check takes a signed 32-bit seed. */
const seedMax = 2 ** 31 - 1
const seed = process.env["SEED"] ?? String(Math.floor(Math.random() * seedMax))

const seedReporter = {
  onInit: () => process.stdout.write(`\n seed ${seed}: SEED=${seed} repeats the random choices of this run\n`),
  onTestRunEnd: (_modules: unknown, _errors: unknown, reason: string) => {
    if (reason === "failed") process.stdout.write(` to replay: SEED=${seed} npx pnpm@12 test <file>\n\n`)
  }
}

const reportFile = process.env["TEST_REPORT"]
const report: Array<[string, Record<string, unknown>]> =
  reportFile === undefined ? [] : [["json", { outputFile: reportFile }]]

export default defineConfig({
  test: {
    globals: false,
    maxWorkers: workersMax,
    // The seed goes to every worker, and to the processes that tests start; and whether somebody asked for this one.
    env: { SEED: seed, SEED_ASKED: process.env["SEED"] === undefined ? "no" : "yes" },
    globalSetup: ["./vitest.postgres.ts"],
    setupFiles: ["./vitest.seed.ts"],
    reporters: ["default", seedReporter, ...report],
    projects: kinds.map((kind, order) => ({
      extends: true as const,
      test: {
        name: kind.name,
        include: folders.map((folder) => `${folder}/**/*${kind.name === "unit" ? "" : `.${kind.name}`}.test.ts`),
        exclude: [
          "**/node_modules/**",
          "**/dist/**",
          ...(kind.name === "unit" ? kinds.slice(1).map((other) => `**/*.${other.name}.test.ts`) : [])
        ],
        testTimeout: kind.testTimeout,
        hookTimeout: kind.hookTimeout,
        fileParallelism: !kind.oneFileAtATime,
        sequence: { groupOrder: order }
      }
    }))
  }
})
