/**
 * The laws of judging by rules, each tried on many users. As `Laws.test.ts`.
 */
import { describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { subject } from "./Arbitraries.ts"
import { code } from "./Code.ts"
import { lockLaws } from "./LockLaws.ts"
import { ruleLaws } from "./RuleLaws.ts"

const runs = process.env["PROVE"] === "1" ? 10_000 : 300

describe("judging by rules, any user", () => {
  for (const { holds, name } of [...lockLaws, ...ruleLaws]) {
    it(`${name}`, () => {
      fc.assert(
        fc.property(subject, (each) => holds(code, each)),
        { numRuns: runs }
      )
    })
  }
})
