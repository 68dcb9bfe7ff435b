/**
 * What opening the core costs a host, beside what the Effect modules it uses cost, in one run: each door is opened in
 * processes of its own, in turns, and the best of them counts. The whole core is opened after `effect`, and its own part
 * is measured there, not taken as the difference of two processes that differ by more than that.
 * Decides nothing about targets. It opens the doors as published (built JavaScript), and builds them before it measures.
 */
import { spawnSync } from "node:child_process"
import { dirname, join } from "node:path"

const turns = 15
const core = dirname(import.meta.dirname)
const root = join(core, "../..")
const dist = join(core, "dist/doors")

const doors: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["nothing", []],
  ["effect", ["effect"]],
  ["effect/Schema", ["effect/Schema"]],
  ["effect, then @punctual/core", ["effect", join(dist, "index.js")]],
  ["@punctual/core/recurrence", [join(dist, "recurrence.js")]],
  ["@punctual/core/links", [join(dist, "links.js")]],
  ["@punctual/core/decide", [join(dist, "decide.js")]]
]

interface Cost {
  readonly millis: number
  readonly processorMillis: number
  readonly megabytes: number
}

const free: Cost = { millis: 0, processorMillis: 0, megabytes: 0 }

export const run = () => {
  build()
  const best = new Map<string, Cost>()
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, modules] of doors) {
      const cost = open(modules)
      const before = best.get(name)
      best.set(name, {
        millis: Math.min(before?.millis ?? Number.POSITIVE_INFINITY, cost.millis),
        processorMillis: Math.min(before?.processorMillis ?? Number.POSITIVE_INFINITY, cost.processorMillis),
        megabytes: Math.min(before?.megabytes ?? Number.POSITIVE_INFINITY, cost.megabytes)
      })
    }
  }
  const nothing = best.get("nothing") ?? free
  return {
    title: "What opening a door costs",
    note: `Best of ${turns} processes each, in turns. What the last module adds to those before it. On a busy machine believe the processor's time: it is that of all threads, and nobody else's.`,
    rows: doors.map(([name]) => {
      const cost = best.get(name) ?? nothing
      return {
        door: name,
        "import ms": round(cost.millis),
        "processor ms": round(cost.processorMillis),
        "RSS MB": round(cost.megabytes)
      }
    })
  }
}

/** What is built is what stands in the sources now. */
const build = (): void => {
  for (const [command, ...args] of [
    ["tsc", "-b", "packages/core", "packages/core/testing", "packages/core/accounts"],
    ["node", "scripts/bundle.ts"]
  ]) {
    const { status, stderr, stdout } = spawnSync("pnpm", ["exec", command ?? "", ...args], {
      cwd: root,
      encoding: "utf8"
    })
    if (status !== 0) throw new Error(`the doors can't be built: ${stdout}${stderr}`)
  }
}

/** Time to import the last of the modules, and the memory that came with it, as the process itself sees them. */
const open = (modules: ReadonlyArray<string>): Cost => {
  const imported = modules.map((module) => `await import(${JSON.stringify(module)})`)
  const script = `
    ${imported.slice(0, -1).join("\n")}
    const memory = process.memoryUsage().rss
    const before = process.cpuUsage()
    const began = performance.now()
    ${imported.slice(-1).join("\n")}
    const millis = performance.now() - began
    const { system, user } = process.cpuUsage(before)
    const megabytes = (process.memoryUsage().rss - memory) / 1048576
    console.log(JSON.stringify({ millis, processorMillis: (system + user) / 1000, megabytes }))`
  const { stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8"
  })
  if (stdout === "") throw new Error(stderr)
  return JSON.parse(stdout) as Cost
}

const round = (value: number): number => Math.round(value * 10) / 10
