/**
 * V5: which requests for events ask for the same page, so that they share its reading.
 */
import { assert, describe, it } from "@effect/vitest"
import { firstPage } from "../../src/handlers/EventQuery.ts"

const noon = Date.UTC(2026, 2, 10, 12)
const day = 86_400_000

describe("V5: a request without a window", () => {
  it("asks for the same page all through a minute, and never for less than it says", () => {
    const asked = [1, 17, 999, 30_000, 59_999].map((millis) => firstPage({}, noon + millis))
    assert.strictEqual(new Set(asked.map((query) => JSON.stringify(query))).size, 1)
    const [query] = asked
    const span = query === undefined || query === "other_query" || !("request" in query) ? null : query.request.span
    assert.deepStrictEqual(span, { from: noon - day, to: noon + 60_000 + 28 * day })
  })
})
