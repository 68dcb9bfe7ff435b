/**
 * What opening the core costs a host, beside what the Effect modules it uses cost, in one run: each door is opened in
 * processes of its own, in turns, and the best of them counts.
 * Decides nothing about targets; it opens the doors as published (built JavaScript), and needs `npx pnpm@12 build` first.
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"

const turns = 9
const dist = join(import.meta.dirname, "../dist/doors")

const doors: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["nothing", []],
  ["effect", ["effect"]],
  ["effect/Schema", ["effect/Schema"]],
  ["effect, then @punctual/core", ["effect", join(dist, "index.js")]],
  ["@punctual/core/recurrence", [join(dist, "recurrence.js")]],
  ["@punctual/core/meeting", [join(dist, "meeting.js")]],
  ["@punctual/core/decide", [join(dist, "decide.js")]]
]

interface Cost {
  readonly millis: number
  readonly megabytes: number
}

export const run = () => {
  if (!existsSync(join(dist, "index.js"))) throw new Error("build first: npx pnpm@12 build")
  const best = new Map<string, Cost>()
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, modules] of doors) {
      const cost = open(modules)
      const before = best.get(name)
      best.set(name, {
        millis: Math.min(before?.millis ?? Number.POSITIVE_INFINITY, cost.millis),
        megabytes: Math.min(before?.megabytes ?? Number.POSITIVE_INFINITY, cost.megabytes)
      })
    }
  }
  const effect = best.get("effect") ?? { millis: 0, megabytes: 0 }
  const nothing = best.get("nothing") ?? { millis: 0, megabytes: 0 }
  return {
    title: "What opening a door costs",
    note: `Best of ${turns} processes each, in turns. "Over" is beside \`effect\` for the whole core, beside nothing for the others.`,
    rows: doors.map(([name]) => {
      const cost = best.get(name) ?? nothing
      const base = name.endsWith("@punctual/core") ? effect : nothing
      return {
        door: name,
        "import ms": round(cost.millis),
        "RSS MB": round(cost.megabytes),
        "over ms": round(cost.millis - base.millis),
        "over MB": round(cost.megabytes - base.megabytes)
      }
    })
  }
}

/** Time to import, and memory once it is imported, as the process itself sees them. */
const open = (modules: ReadonlyArray<string>): Cost => {
  const script = `
    const began = performance.now()
    ${modules.map((module) => `await import(${JSON.stringify(module)})`).join("\n")}
    console.log(JSON.stringify({ millis: performance.now() - began, megabytes: process.memoryUsage().rss / 1048576 }))`
  const { stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: join(import.meta.dirname, ".."),
    encoding: "utf8"
  })
  if (stdout === "") throw new Error(stderr)
  return JSON.parse(stdout) as Cost
}

const round = (value: number): number => Math.round(value * 10) / 10
