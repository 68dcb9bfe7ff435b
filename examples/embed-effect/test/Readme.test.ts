/** What the README shows is this example, to the letter. */
import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"

it("is what the README shows", () => {
  const source = readFileSync(join(import.meta.dirname, "../src/main.ts"), "utf8")
  const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8")
  const shown = /```ts\n([\s\S]*?)\n```/.exec(readme)?.[1]
  assert.strictEqual(shown, source.slice(source.indexOf("import {")).trimEnd())
})
