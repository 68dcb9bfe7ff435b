/**
 * What the door costs: opened in fresh processes, as JavaScript like the published package, without the Effect runtime
 * and in under 40 milliseconds.
 */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { join } from "node:path"

const core = join(import.meta.dirname, "../..")
const doorMillisMax = 40

/** The best of several says what the door costs; the others say what else the machine did. */
const tries = 9

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
  it("opens in under 40 ms", () => {
    const script = `const before = performance.now()
      await import("./index.js")
      console.log(performance.now() - before)`
    const costs = withDoor((folder) => Array.from({ length: tries }, () => Number(evaluate(folder, script))))
    assert.isBelow(Math.min(...costs), doorMillisMax, `milliseconds: ${costs.map(Math.round).join(", ")}`)
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
    for (const name of [
      "expand",
      "next",
      "expandWith",
      "nextWith",
      "datesFrom",
      "ruleFromGraph",
      "ruleText",
      "parseRule"
    ]) {
      assert.include(offered.trim().split(","), name)
    }
  })
})
