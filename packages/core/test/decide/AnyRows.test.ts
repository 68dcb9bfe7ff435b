/**
 * The laws of deciding once more, on the states that stores are tried with: rows that need not hang together at all, dates
 * off every pattern, ids that sort badly. A failing one prints the state, shrunk, and how to try it again.
 */
import { describe, it } from "@effect/vitest"
import { defaultPolicy } from "../../src/domain/Policy.ts"
import { state } from "../../testing/Arbitraries.ts"
import { code } from "./Code.ts"
import { laws } from "./Laws.ts"
import { writingLaws } from "./WritingLaws.ts"

const runs = process.env["PROVE"] === "1" ? 20_000 : 200

describe("deciding, on rows that need not hang together", () => {
  for (const { holds, name } of [...laws, ...writingLaws]) {
    it.prop(
      name,
      { state },
      ({ state: { frame, slice } }) =>
        holds(code, {
          slice,
          now: frame.now,
          policy: { ...defaultPolicy, leadMillis: frame.leadMillis },
          luck: slice.events.length * 7 + slice.bots.length
        }),
      { arbitrary: { runs } }
    )
  }
})
