/**
 * The laws of deciding, each tried on many users. A failing one prints the subject, shrunk, and how to try it again.
 */
import { describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { subject } from "./Arbitraries.ts"
import { code } from "./Code.ts"
import { mirrorFirst } from "./GivenLaws.ts"
import { laws } from "./Laws.ts"
import { writingLaws } from "./WritingLaws.ts"

/** How many users each law is tried on: the full count when something is to be proved. */
export const runs = process.env["PROVE"] === "1" ? 20_000 : 200

describe("deciding, on any user", () => {
  for (const { holds, name } of [...laws, mirrorFirst, ...writingLaws]) {
    it(`${name}`, () => {
      fc.assert(
        fc.property(subject, (each) => holds(code, each)),
        { numRuns: runs }
      )
    })
  }
})
