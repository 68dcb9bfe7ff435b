/**
 * The door `@punctual/core/links` is light: it loads the files of its own folder and nothing else, so a host that only
 * wants links never pays for the Effect runtime. (As JavaScript it loads in about 12 ms; time itself is not asserted.)
 */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"

const folder = resolve(import.meta.dirname, "../../src/links")
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))

const imports = (file: string): readonly { readonly statement: string; readonly from: string }[] =>
  [...readFileSync(resolve(folder, file), "utf8").matchAll(/^(?:import|export)\b[^"]*?\bfrom "([^"]+)"/gm)].map(
    ([statement, from = ""]) => ({ statement, from })
  )

/** Whether an import leaves the folder at run time. */
const leaves = (file: string, { statement, from }: { readonly statement: string; readonly from: string }): boolean =>
  !statement.startsWith("import type ") &&
  (!from.startsWith(".") || relative(folder, resolve(folder, dirname(file), from)).startsWith(".."))

describe("the door of the links folder", () => {
  it("leads to no other folder and no package", () => {
    assert.isAbove(files.length, 45)
    assert.isAbove(files.flatMap((file) => imports(file)).length, 90)
    const outside = files.flatMap((file) => imports(file).filter((each) => leaves(file, each)))
    assert.deepStrictEqual(outside, [])
  })

  it("would notice if it did", () => {
    assert.isTrue(leaves("Link.ts", { statement: 'import { Effect } from "effect"', from: "effect" }))
    assert.isTrue(
      leaves("Link.ts", { statement: 'import { x } from "../domain/Event.ts"', from: "../domain/Event.ts" })
    )
    assert.isFalse(leaves("platforms/Zoom.ts", { statement: 'import { x } from "../Route.ts"', from: "../Route.ts" }))
  })
})
