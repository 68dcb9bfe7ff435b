/**
 * The laws of keys and rows, each tried on many. A failing one prints the case, shrunk, and how to try it again.
 */
import { describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { code } from "./Code.ts"
import { keysApart, pair, workspace, workspaceKeys } from "./KeyLaws.ts"
import { movedOccurrence, stableUnderMoves, told, total } from "./RowLaws.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 200

const assertLaw = <A>(arbitrary: fc.Arbitrary<A>, holds: (each: A) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { numRuns: runs })

describe("keys and rows, for any input", () => {
  it(`${keysApart.name}`, () => assertLaw(pair, (each) => keysApart.holds(code, each)))
  it(`${workspaceKeys.name}`, () => assertLaw(workspace, (each) => workspaceKeys.holds(code, each)))
  it(`${stableUnderMoves.name}`, () => assertLaw(movedOccurrence, (each) => stableUnderMoves.holds(code, each)))
  it(`${total.name}`, () => assertLaw(told, (each) => total.holds(code, each)))
})
