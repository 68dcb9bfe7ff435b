/** What the core says neutrally of a provider, in the words that the HTTP contract has for it. */
import { assert, describe, it } from "@effect/vitest"
import type { Calendar, Connected, Connection } from "@punctual/core"
import { connectedAnswer } from "../../src/handlers/ConnectionHandlers.ts"
import { reasonWord } from "../../src/wording/ProviderWords.ts"

describe("the provider's name", () => {
  it("stands in reasons that are the provider's, and in no others", () => {
    const words = ["provider_unavailable", "secrets_unavailable", "calendar_not_found", "unavailable", "forbidden"]
    assert.deepStrictEqual(
      words.map((reason) => reasonWord(reason)),
      ["microsoft_unavailable", "unavailable", "calendar_not_found", "unavailable", "forbidden"]
    )
    assert.strictEqual(reasonWord("provider_unavailable", "ics_feed"), "feed_unreachable")
  })

  it("stands in what connecting says of calendars that could not be watched", () => {
    const failed = (reason: string, message: string) =>
      connectedAnswer({
        // Only what is shown of a connection and a calendar matters here.
        connection: { userId: "usr_1" } as unknown as Connection,
        calendars: [],
        failed: [{ calendar: { providerId: "cal_1", summary: "Calendar" } as Calendar, reason, message }],
        isReplacement: false
      } satisfies Connected).watch_setup.failed_calendars[0]
    const shown = { calendar_id: "cal_1", calendar_summary: "Calendar" }
    assert.deepStrictEqual<unknown>(failed("provider_unavailable", "The calendar's provider could not …"), {
      ...shown,
      reason: "microsoft_unavailable",
      message: "Microsoft could not set up notifications just now; it is tried again daily."
    })
    assert.deepStrictEqual<unknown>(failed("subscription_limit", "Too many."), {
      ...shown,
      reason: "subscription_limit",
      message: "Too many."
    })
  })
})
