/** The README's example of a feed: what is given to a host opens its calendar. */
import { assert, it } from "@effect/vitest"
import { CalendarProvider, type ConnectionId, type UserId } from "@punctual/core"
import { Effect } from "effect"
// The example begins here.
import { Redacted } from "effect"
import { feedCredentials, layer, newFeed } from "@punctual/adapter-ics/feed"

const provider = layer()
const feed = newFeed(Redacted.make("https://calendar.example.com/secret.ics"), { emails: ["anna@example.com"] })
const credentials = feedCredentials([feed], Date.now())

it.effect("is listed by its host until it was read", () =>
  Effect.gen(function* () {
    const { open } = yield* CalendarProvider
    const ref = {
      userId: "usr_anna" as UserId,
      connectionId: "ics_feed_usr_anna" as ConnectionId,
      generation: 1,
      version: 1
    }
    const session = yield* open({ ref, credentials, notBefore: null, onRotated: () => Effect.void })
    const [listed] = yield* session.calendars
    assert.strictEqual(listed?.summary, "https://calendar.example.com")
    assert.strictEqual((yield* session.profile).email, "anna@example.com")
  }).pipe(Effect.provide(provider))
)
