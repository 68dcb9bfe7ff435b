/** A feed that is being connected: what is kept of it, and with which word it is refused. */
import { assert, describe, it } from "@effect/vitest"
import { CalendarProvider } from "@punctual/core"
import { Effect, Redacted } from "effect"
import { feedCredentials, feedErrors, feedsOf, layer, newFeed } from "../../src/feed/index.ts"
import { calendar } from "../Calendars.ts"
import { scene } from "./FeedScene.ts"
import { type Fault, loopback } from "./FeedServer.ts"

describe("a feed that is being connected", () => {
  const verified = (text: string, fault: Fault | null = null) =>
    Effect.gen(function* () {
      const { credentials, published } = yield* scene(text)
      published.fault = fault
      const provider = yield* CalendarProvider
      return yield* provider.verify(credentials)
    }).pipe(Effect.provide(layer({ allowed: loopback })), Effect.scoped)

  it.effect("keeps what it calls itself", () =>
    Effect.gen(function* () {
      const { credentials, profile } = yield* verified(calendar("X-WR-CALNAME:Anna's", "X-WR-TIMEZONE:Europe/Rome"))
      assert.deepStrictEqual(feedsOf(credentials)?.[0]?.told, { name: "Anna's", zone: "Europe/Rome" })
      assert.strictEqual(profile.email, "me@example.com")
    })
  )

  it.effect("is refused with a word for what is wrong", () =>
    Effect.gen(function* () {
      const { reason } = yield* Effect.flip(verified("<html>"))
      assert.deepInclude(reason, { _tag: "SecretRejected", error: feedErrors.invalidFeed })
      assert.strictEqual((yield* Effect.flip(verified("", { kind: "status", status: 404 }))).reason._tag, "Unavailable")
      const provider = yield* CalendarProvider
      for (const address of ["http://10.0.0.1/a.ics", "https://127.0.0.1/a.ics", "ftp://example.com/a.ics", "what"]) {
        const refused = yield* Effect.flip(provider.verify(feedCredentials([newFeed(Redacted.make(address))], 0)))
        assert.deepInclude(refused.reason, { _tag: "SecretRejected", error: feedErrors.addressRefused }, address)
        assert.notInclude(refused.message, "a.ics")
      }
    }).pipe(Effect.provide(layer()))
  )
})
