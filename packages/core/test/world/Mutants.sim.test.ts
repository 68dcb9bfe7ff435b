/**
 * Whether the simulated world would notice: code with one mistake must fail within a few seeds, and the canary always.
 * A run tries a few mutants, others each time; `PROVE=1` tries them all.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { canary, mutants } from "../../testing/world/MutantList.ts"
import { tryMutant } from "../../testing/world/Mutants.ts"
import { defaultSteps } from "../../testing/world/World.ts"

const core = join(import.meta.dirname, "../..")
const isProving = process.env["PROVE"] === "1"
const base = Number(process.env["SEED"] ?? "1")
const seedsMax = 2_000
const perRun = 1
const timeout = isProving ? 1_800_000 : 900_000

const usual = mutants.filter(({ isRare }) => isRare !== true)

/** Those whose turn it is. */
const chosen = isProving
  ? mutants
  : Array.from({ length: perRun }, (_, index) => usual[(base + index * 7) % usual.length] ?? canary)

describe("the simulated world notices", () => {
  it("the canary, at once", () => {
    assert.strictEqual(tryMutant(canary, { steps: defaultSteps, seedsMax: 1 }).seed, 1)
  })

  it.each(chosen)("that $name", { timeout }, (mutant) => {
    const caught = tryMutant(mutant, { steps: defaultSteps, seedsMax })
    assert.isNotNull(caught.seed, `npx --yes pnpm@12 simulate --mutants --only "${mutant.name}"`)
  })

  it("mistakes in code that stands there", () => {
    const strayed = [canary, ...mutants].filter(
      ({ file, search }) => readFileSync(join(core, file), "utf8").split(search).length !== 2
    )
    assert.deepStrictEqual(
      strayed.map(({ name }) => name),
      []
    )
  })

  it("more than twenty different mistakes", () => {
    assert.isAtLeast(new Set(mutants.map(({ name }) => name)).size, 22)
  })
})
