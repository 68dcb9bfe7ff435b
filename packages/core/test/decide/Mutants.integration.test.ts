/**
 * Whether the laws of deciding would notice: each copy of the code with one mistake in it must break the law that is about
 * it, and the code as it stands, loaded in the same way, must break none.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { subject } from "./Arbitraries.ts"
import { mirrorFirst } from "./GivenLaws.ts"
import { type Deciding, type Law, laws } from "./Laws.ts"
import { loadMutant } from "./MutantRun.ts"
import { type Mistake, colourOf } from "../MutantProcess.ts"
import { type Mutant, judgingMutants } from "./Mutants.ts"
import { moving, rekeyLaws } from "./RekeyLaws.ts"
import { keysApart, pair, workspace, workspaceKeys } from "./KeyLaws.ts"
import { movedOccurrence, stableUnderMoves, told, total } from "./RowLaws.ts"
import { lockLaws } from "./LockLaws.ts"
import { ruleLaws } from "./RuleLaws.ts"
import { ruleMutants } from "./RuleMutants.ts"
import { writingLaws } from "./WritingLaws.ts"
import { writingMutants } from "./WritingMutants.ts"

const keysAndRows: ReadonlyArray<Law<never>> = [keysApart, workspaceKeys, stableUnderMoves, total]
const everyLaw: ReadonlyArray<Law<never>> = [
  ...laws,
  mirrorFirst,
  ...writingLaws,
  ...lockLaws,
  ...ruleLaws,
  ...rekeyLaws,
  ...keysAndRows
]
const mutants = [...judgingMutants, ...writingMutants, ...ruleMutants]

/** A mistake is noticed long before; the same tries each time, so that none is noticed by luck alone. */
const triesMax = 20_000
/** By a seed that was found to come upon it; where the code has changed since, the usual one may take longer. */
const triesOfOwn = 100
/** The code without a mistake: only whether a law holds of what is loaded so. What else it holds is tried elsewhere. */
const triesOfCode = 20

const arbitraryOf = (law: Law<never>): fc.Arbitrary<unknown> => {
  if ([...laws, mirrorFirst, ...writingLaws, ...lockLaws, ...ruleLaws].some((each) => each === law)) return subject
  if (rekeyLaws.some((each) => each === law)) return moving
  const own: ReadonlyArray<readonly [Law<never>, fc.Arbitrary<unknown>]> = [
    [keysApart, pair],
    [workspaceKeys, workspace],
    [stableUnderMoves, movedOccurrence],
    [total, told]
  ]
  return own.find(([each]) => each === law)?.[1] ?? fc.constant(null)
}

const isBroken = (code: Deciding, law: Law<never>, seed: number, numRuns: number): boolean => {
  const property = fc.property(arbitraryOf(law), (each) => law.holds(code, each as never))
  return fc.check(property, { numRuns, seed, endOnFailure: true }).failed
}

const isNoticed = (code: Deciding, { law, seed }: Mutant): boolean =>
  (seed !== undefined && isBroken(code, law, seed, triesOfOwn)) || isBroken(code, law, 1, triesMax)

/** No law's: it makes a bot late and takes none away, and worlds see it only where they are judged during a meeting. */
const lateChain: Mistake = {
  name: "a chain goes on only when its first meeting has ended",
  file: "decide/intents/NextOccurrences.ts",
  search: "    if (!isDone) break\n",
  replace: "    break\n"
}

describe("the examples of deciding notice", () => {
  it(`that ${lateChain.name}`, () => {
    const examples = ["decide/Recurring.test.ts"]
    assert.strictEqual(colourOf({ ...lateChain, replace: lateChain.search }, examples), "green")
    assert.strictEqual(colourOf(lateChain, examples), "red")
  })
})

describe("the laws of deciding notice", () => {
  it.each(mutants)("that $name", (mutant) => {
    assert.isTrue(isNoticed(loadMutant(mutant), mutant), `${mutant.law.name} did not notice`)
  })

  it("nothing in the code as it stands", () => {
    const code = loadMutant(null)
    for (const law of everyLaw) assert.isFalse(isBroken(code, law, 1, triesOfCode), law.name)
  })

  it("mistakes of every kind", () => {
    assert.isAtLeast(mutants.length, 50)
    assert.strictEqual(new Set(mutants.map(({ name }) => name)).size, mutants.length)
    const silent = everyLaw.filter((law) => !mutants.some((mutant) => mutant.law === law))
    assert.deepStrictEqual(
      silent.map(({ name }) => name),
      []
    )
  })
})
