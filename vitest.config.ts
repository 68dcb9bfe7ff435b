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
import { join } from "node:path"
import { defineConfig } from "vitest/config"

// Workers, and the servers that tests start, load the same modules again and again: what one has compiled, others read.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled")

/** Packages, examples and nothing else hold tests. */
const folders = ["packages/*/test", "examples/*/test"]

/** Two cores carry two files at once that compute, and three that wait as well: for a server, a lease, an instant. */
const workersMax = 2
const waitingWorkersMax = 3

const proving = process.env["PROVE"] === "1"
const seconds = (usual: number, whenProving: number): number => (proving ? whenProving : usual) * 1000

interface Kind {
  readonly name: "unit" | "sim" | "integration" | "e2e"
  readonly testTimeout: number
  readonly hookTimeout: number
  /** Its files wait as much as they compute; those that start servers and kill them take ports of their own. */
  readonly isWaiting: boolean
}

/**
 * In the order in which they run: what is cheap and says most comes first. A limit ends what would never end, on a machine
 * that is ten times as slow as it ought to be; no test is judged by it.
 */
const kinds: ReadonlyArray<Kind> = [
  { name: "unit", testTimeout: seconds(300, 600), hookTimeout: seconds(120, 120), isWaiting: false },
  { name: "sim", testTimeout: seconds(600, 3600), hookTimeout: seconds(120, 120), isWaiting: false },
  { name: "integration", testTimeout: seconds(300, 1800), hookTimeout: seconds(300, 300), isWaiting: true },
  { name: "e2e", testTimeout: seconds(300, 1800), hookTimeout: seconds(300, 300), isWaiting: true }
]

/** 31 bits, since fast-check takes a signed 32-bit seed. */
const seedMax = 2 ** 31 - 1
const seed = process.env["SEED"] ?? String(Math.floor(Math.random() * seedMax))

const seedReporter = {
  onInit: () => process.stdout.write(`\n seed ${seed}: SEED=${seed} repeats the random choices of this run\n`),
  onTestRunEnd: (_modules: unknown, _errors: unknown, reason: string) => {
    if (reason === "failed")
      process.stdout.write(` to replay: ${proving ? "PROVE=1 " : ""}SEED=${seed} npx --yes pnpm@12 test <file>\n\n`)
  }
}

const reportFile = process.env["TEST_REPORT"]
const report: Array<[string, Record<string, unknown>]> =
  reportFile === undefined ? [] : [["json", { outputFile: reportFile }]]

export default defineConfig({
  test: {
    globals: false,
    maxWorkers: workersMax,
    // Processes, not threads: tests set the time zone, and count the processor's time, of a process of their own.
    pool: "forks",
    // Files share a worker and what it has loaded, which is most of what a small file costs: none leaves anything behind.
    isolate: false,
    // Much is made and little is kept: with more room for what is young, the collector runs an eighth as often. Threads
    // that help it take from the other worker what they give to this one, and more.
    execArgv: ["--max-semi-space-size=128", "--single-threaded-gc"],
    // Node.js runs sources and tests as they are, in the tests as everywhere else; nothing is mocked or rewritten.
    experimental: { viteModuleRunner: false, nodeLoader: false },
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
        maxWorkers: kind.isWaiting ? waitingWorkersMax : workersMax,
        // With PROVE=1 figures are taken of servers, which others beside them would spoil.
        fileParallelism: !(proving && kind.name === "e2e"),
        sequence: { groupOrder: order }
      }
    }))
  }
})
