/**
 * The simulated world, over as many fresh seeds as a test run has time for (`PROVE=1`: 20,000): no invariant breaks, and
 * nothing that should happen now and then never does. A failure names the command that replays it.
 */
import { assert, describe, it } from "@effect/vitest"
import { addMarks, noMarks, unmarked } from "../../testing/world/Marks.ts"
import { simulate } from "../../testing/world/World.ts"

const isProving = process.env["PROVE"] === "1"
const seedsMax = isProving ? 20_000 : 1_000
/** Well below the time that a test of this kind has; the machine may be busy. */
const budgetMillis = isProving ? Infinity : 60_000
/** Fewer seeds than these need not have met everything. */
const seedsForMarks = 600
const base = Number(process.env["SEED"] ?? "1") % 1_000_000_000

describe("the simulated world", () => {
  it("makes the same world of the same seed, to the last line", () => {
    for (let seed = base; seed < base + (isProving ? 200 : 2); seed++) {
      const [one, other] = [simulate(seed), simulate(seed)]
      assert.strictEqual(one.hash, other.hash, `seed ${seed}`)
      assert.deepStrictEqual(one.marks, other.marks, `seed ${seed}`)
    }
    assert.notStrictEqual(simulate(base).hash, simulate(base + 1).hash)
  })

  it("keeps every promise, whatever goes wrong", ({ annotate }) => {
    const marks = noMarks()
    const began = performance.now()
    let seeds = 0
    let simulatedMillis = 0
    while (seeds < seedsMax && performance.now() - began < budgetMillis) {
      const seed = base + seeds++
      const report = simulate(seed)
      addMarks(marks, report.marks)
      simulatedMillis += report.simulatedMillis
      assert.isEmpty(
        report.failures,
        `\n  npx pnpm@12 simulate --seed ${seed}\n${report.failures.join("\n")}\n\n${report.tail.slice(-40).join("\n")}`
      )
    }
    const days = (simulatedMillis / 86_400_000).toFixed(0)
    process.stdout.write(` simulated ${seeds} seeds from ${base}, ${days} days, ${marks.launched} launches\n`)
    void annotate(`${seeds} seeds from ${base}, ${days} simulated days`)
    assert.isAbove(marks.launched, 0)
    if (seeds >= seedsForMarks) assert.deepStrictEqual(unmarked(marks), [], "these never happened")
  })
})
