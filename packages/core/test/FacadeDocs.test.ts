/**
 * H6: every operation of the facade is documented where a host's editor shows it: what it does, what it may be refused
 * with, its units, an example.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Punctual, refusalCodes } from "@punctual/core"
import { CalendarMemory, LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"

const source = join(import.meta.dirname, "../src")

/** Name and docstring of each member of the interfaces. */
const documented = ["RequestOperations.ts", "AutoOperations.ts", "LogOperations.ts", "WorkOperations.ts"].flatMap(
  (file) =>
    [
      ...readFileSync(join(source, file), "utf8").matchAll(
        /( {2}\/\*\*\n(?: {3}\*.*\n)* {3}\*\/\n)? {2}readonly (\w+): /g
      )
    ].map(([, text = "", name = ""]) => ({ name, text }))
)

const adapters = Layer.mergeAll(
  CalendarMemory.layer,
  StoreMemory.layer,
  SchedulerMemory.layer,
  SecretsMemory.layer,
  LauncherMemory.layer
)

describe("H6: the facade's docstrings", () => {
  it.effect("are there for every operation, and for no other", () =>
    Effect.gen(function* () {
      const operations = Object.keys(yield* Punctual)
      assert.deepStrictEqual(documented.map(({ name }) => name).toSorted(), operations.toSorted())
    }).pipe(Effect.provide(Layer.provide(Punctual.layer, adapters)))
  )

  it("say what it does, refusals, units and an example that calls it", () => {
    for (const { name, text } of documented) {
      assert.match(text, /^ {2}\/\*\*\n {3}\* [A-Z]/, name)
      assert.match(text, /\* Refused: \S/, name)
      assert.match(text, /\* Units: \S/, name)
      assert.match(text, new RegExp(`@example\\n {3}\\* .*punctual\\.${name}\\b`), name)
    }
  })

  it("name no refusal that there is none of", () => {
    const words = documented.flatMap(({ text }) =>
      [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, word]) => word)
    )
    assert.includeMembers([...refusalCodes], words as Array<(typeof refusalCodes)[number]>)
    assert.isAbove(words.length, 30)
  })
})
