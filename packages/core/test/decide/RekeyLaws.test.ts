/**
 * The laws of a series that moves, each tried on many. A failing one prints the case, shrunk, and how to try it again.
 */
import { describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { code } from "./Code.ts"
import { moving, rekeyLaws } from "./RekeyLaws.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 200

describe("deciding, for any series that moves", () => {
  for (const { holds, name } of rekeyLaws) {
    it(`${name}`, () => {
      fc.assert(
        fc.property(moving, (each) => holds(code, each)),
        { numRuns: runs }
      )
    })
  }
})
