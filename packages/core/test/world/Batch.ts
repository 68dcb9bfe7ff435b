/**
 * One half of the seeds of a run. With a seed that was asked for (as the gate does) how many there are depends on the seeds
 * alone, so that the run says the same on any machine at any load: at least sixty, and on until all that can
 * happen has happened. With a fresh one it is as many as two minutes bear, and never fewer than five hundred.
 * Decides when a half has seen enough. Never passes over a failure: it names the command that replays it.
 */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { addMarks, noMarks, unmarked } from "../../testing/world/Marks.ts"
import { simulate } from "../../testing/world/World.ts"

export const isProving = process.env["PROVE"] === "1"
export const base = Number(process.env["SEED"] ?? "1") % 1_000_000_000
const isAsked = process.env["SEED_ASKED"] === "yes"

const seedsLeast = isProving ? 10_000 : isAsked ? 60 : 500
const budgetMillis = isProving || isAsked ? 0 : 120_000
/** Some things are rare: a half goes on for them this far, then they never happen. */
const seedsMost = isProving ? seedsLeast : isAsked ? 1_000 : 3_000
/** A busy machine needs longer for its number. */
export const batchTimeout = isProving ? 5_400_000 : 1_800_000

/** Half `0` takes the even places of the run's seeds, half `1` the odd ones. */
export const runHalf = Effect.fnUntraced(function* (half: 0 | 1) {
  const marks = noMarks()
  const began = performance.now()
  let seeds = 0
  let simulatedMillis = 0
  const isEnough = (): boolean => {
    if (seeds >= seedsMost) return true
    return seeds >= seedsLeast && performance.now() - began >= budgetMillis && unmarked(marks).length === 0
  }
  while (!isEnough()) {
    const seed = base + 2 * seeds++ + half
    const report = simulate(seed)
    addMarks(marks, report.marks)
    simulatedMillis += report.simulatedMillis
    assert.isEmpty(
      report.failures,
      `\n  npx --yes pnpm@12 simulate --seed ${seed}\n${report.failures.join("\n")}\n\n${report.tail.slice(-40).join("\n")}`
    )
    // The test runner wants to be heard in between.
    yield* Effect.yieldNow
  }
  const seconds = (performance.now() - began) / 1000
  const days = (simulatedMillis / 86_400_000).toFixed(0)
  process.stdout.write(
    ` simulated ${seeds} seeds from ${base + half}, ${days} days, ${marks.launched} launches, ` +
      `${(seeds / seconds).toFixed(1)} seeds/s\n`
  )
  assert.isAbove(marks.launched, 0)
  assert.deepStrictEqual(unmarked(marks), [], "these never happened")
})
