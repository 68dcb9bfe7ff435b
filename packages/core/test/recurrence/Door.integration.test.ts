/**
 * What the door costs: opened in fresh processes, as JavaScript like the published package, without the Effect runtime
 * and in a fraction of what `effect/Schema` takes on the same machine. Never says how many milliseconds that is: a busy
 * machine would decide. `npx --yes pnpm@12 bench imports` gives the figure.
 */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { join } from "node:path"

const core = join(import.meta.dirname, "../..")

/**
 * The aim is 40 ms where `effect/Schema` takes about 170 to 200, hence a quarter at most; measured is a seventh to an
 * eighth. The rest is room for a machine that stalls.
 */
const shareMax = 1 / 3

/** Opened in turns. The best of several says what each costs; the others say what else the machine did. */
const turns = 9

/** The folder as JavaScript, where its dependencies are found. */
const withDoor = <A>(use: (folder: string) => A): A => {
  const cache = join(core, "node_modules/.cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "recurrence-door-"))
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
    for (const file of readdirSync(join(core, "src/recurrence"))) {
      const script = stripTypeScriptTypes(readFileSync(join(core, "src/recurrence", file), "utf8"))
      writeFileSync(join(folder, file.replace(/ts$/, "js")), script.replaceAll(/(from "\.\/\w+)\.ts"/g, '$1.js"'))
    }
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const evaluate = (folder: string, script: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder, encoding: "utf8" })

describe("the door of recurrence", () => {
  it("opens in under a third of what effect/Schema takes", () => {
    const millisOf = (folder: string, module: string): number =>
      Number(
        evaluate(
          folder,
          `const before = performance.now()
          await import("${module}")
          console.log(performance.now() - before)`
        )
      )
    const costs = withDoor((folder) =>
      Array.from({ length: turns }, () => ({
        door: millisOf(folder, "./index.js"),
        schema: millisOf(folder, "effect/Schema")
      }))
    )
    const [door, schema] = [Math.min(...costs.map((cost) => cost.door)), Math.min(...costs.map((cost) => cost.schema))]
    assert.isBelow(door / schema, shareMax, `milliseconds: ${JSON.stringify(costs)}`)
  })

  it("loads its own files and two packages, not Effect", () => {
    const script = `import { registerHooks } from "node:module"
      const loaded = new Set()
      registerHooks({ load: (url, context, following) => { loaded.add(url); return following(url, context) } })
      await import("./index.js")
      console.log(JSON.stringify([...loaded]))`
    const loaded = withDoor((folder) => JSON.parse(evaluate(folder, script)) as ReadonlyArray<string>)
    const packages = new Set(
      loaded.map((url) => /node_modules\/(?!\.)((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1])
    )
    assert.deepStrictEqual([...packages].filter((name) => name !== undefined).toSorted(), ["rrule", "windows-iana"])
  })

  it("offers what the guide of the core names", () => {
    const offered = withDoor((folder) =>
      evaluate(folder, `console.log(Object.keys(await import("./index.js")).join())`)
    )
    for (const name of ["expand", "next", "expandWith", "nextWith", "datesFrom", "ruleText", "parseRule"]) {
      assert.include(offered.trim().split(","), name)
    }
  })
})
