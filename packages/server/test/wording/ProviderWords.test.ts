/** What the core says neutrally of a provider, in the words that the HTTP contract has for it. */
import { assert, describe, it } from "@effect/vitest"
import {
  type Calendar,
  type Connected,
  type Connection,
  connectionId,
  type ProviderTrouble,
  Refusal,
  type UserId
} from "@punctual/core"
import { Rows } from "@punctual/core/testing"
import { connectedAnswer } from "../../src/handlers/ConnectionHandlers.ts"
import { reasonWord, shownSubscriptionId, troubleSentence } from "../../src/wording/ProviderWords.ts"

describe("the provider's name", () => {
  it("stands in reasons that are the provider's, and in no others", () => {
    const words = ["provider_unavailable", "secrets_unavailable", "calendar_not_found", "unavailable", "forbidden"]
    for (const [platform, unavailable] of [
      ["outlook_calendar", "microsoft_unavailable"],
      ["google_calendar", "google_unavailable"],
      ["ics_feed", "feed_unreachable"]
    ] as const) {
      assert.deepStrictEqual(
        words.map((reason) => reasonWord(reason, platform)),
        [unavailable, "unavailable", "calendar_not_found", "unavailable", "forbidden"]
      )
    }
  })

  it("begins the sentence about its trouble, and what it said itself follows", () => {
    const said = (platform: string, trouble: ProviderTrouble, providerSaid?: string) =>
      troubleSentence(
        new Refusal({
          code: "provider_unavailable",
          detail: "The calendar's provider …",
          platform,
          trouble,
          ...(providerSaid !== undefined && { providerSaid })
        })
      )
    assert.strictEqual(said("google_calendar", "throttled"), "Google asks to wait before the next request.")
    assert.strictEqual(said("outlook_calendar", "broken_off"), "Microsoft broke off the listing before its end.")
    assert.strictEqual(
      said("ics_feed", "failing", "It answered with 404."),
      "The calendar's server did not answer as it should. Try again shortly. (It answered with 404.)"
    )
  })

  it("of Google's subscriptions only the channel is told", () => {
    const calendar = (platform: string) =>
      Rows.calendar({
        connectionId: connectionId(platform, "usr_1" as UserId),
        subscription: { id: "channel.resource", clientStateHash: "00", expiresAt: 1 }
      })
    assert.strictEqual(shownSubscriptionId(calendar("google_calendar")), "channel")
    assert.strictEqual(shownSubscriptionId(calendar("outlook_calendar")), "channel.resource")
  })

  it("stands in what connecting says of calendars that could not be watched", () => {
    const failed = (reason: string, message: string, platform = "outlook_calendar") =>
      connectedAnswer({
        // Only what is shown of a connection and a calendar matters here.
        connection: { userId: "usr_1", platform } as unknown as Connection,
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
    assert.deepStrictEqual<unknown>(failed("provider_unavailable", "…", "google_calendar"), {
      ...shown,
      reason: "google_unavailable",
      message: "Google could not set up notifications just now; it is tried again daily."
    })
    assert.deepStrictEqual<unknown>(failed("subscription_limit", "Too many."), {
      ...shown,
      reason: "subscription_limit",
      message: "Too many."
    })
  })
})
