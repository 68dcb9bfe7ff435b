/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
import { afterAll } from "vitest"
// The example begins here.
import { Effect, Redacted } from "effect"
import { CalendarProvider, type UserId, connectionId } from "@punctual/core"
import { layer } from "@punctual/adapter-graph"
import { startSimulator } from "@punctual/adapter-graph/simulator"

// A Microsoft 365 on this machine, with one person in it. Leave both addresses out for the real one.
const simulator = await startSimulator({ seed: 1, mailboxes: [{ userPrincipalName: "adele@contoso.example" }] })
const graph = layer({ graphUrl: simulator.url, loginUrl: simulator.url })

const { clientId, clientSecret, refreshToken } = simulator.grant("adele@contoso.example")
const credentials = Redacted.make({ clientId, clientSecret, refreshToken, obtainedAt: 0 })

const program = Effect.gen(function* () {
  const provider = yield* CalendarProvider
  const userId = "usr_adele" as UserId
  const verified = yield* provider.verify(credentials)
  const session = yield* provider.open({
    ref: { userId, connectionId: connectionId(provider.platform, userId), generation: 1, version: 1 },
    credentials: verified.credentials,
    notBefore: null,
    onRotated: () => Effect.void // a host saves them
  })
  return { email: verified.profile.email, calendars: yield* session.calendars }
}).pipe(Effect.provide(graph))

afterAll(() => simulator.close())

it.live("lists somebody's calendars", () =>
  Effect.gen(function* () {
    const { calendars, email } = yield* program
    assert.strictEqual(email, "adele@contoso.example")
    assert.deepStrictEqual(
      calendars.map(({ isPrimary, summary }) => [summary, isPrimary]),
      [["Calendar", true]]
    )
  })
)
