/**
 * The contract of the calendar port in a tenant of Microsoft 365, which is reached through Graph alone.
 *
 * With credentials in the environment a real one is asked: `PUNCTUAL_TEST_CLIENT_ID`, `PUNCTUAL_TEST_CLIENT_SECRET` and
 * `PUNCTUAL_TEST_REFRESH_TOKEN` of an app that was granted Calendars.ReadWrite, User.Read and offline_access, and
 * optionally `PUNCTUAL_TEST_NOTIFICATION_URL`, at which something answers Graph's validation. It makes calendars named
 * "Punctual contract" and removes them. Without credentials that is skipped; that the same stage works is shown in a
 * simulated tenant, which is treated no differently.
 */
import { it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { CalendarContract } from "@punctual/core/testing"
import { startSimulator } from "@punctual/adapter-graph/simulator"
import { startReceiver } from "./simulator/Receiver.ts"
import { type Tenant, tenantLayer, withoutInTenant } from "./TenantStage.ts"

const real = (): Tenant | null => {
  const { PUNCTUAL_TEST_CLIENT_ID, PUNCTUAL_TEST_CLIENT_SECRET, PUNCTUAL_TEST_REFRESH_TOKEN } = process.env
  if (!PUNCTUAL_TEST_CLIENT_ID || !PUNCTUAL_TEST_CLIENT_SECRET || !PUNCTUAL_TEST_REFRESH_TOKEN) return null
  return {
    clientId: PUNCTUAL_TEST_CLIENT_ID,
    clientSecret: PUNCTUAL_TEST_CLIENT_SECRET,
    refreshToken: PUNCTUAL_TEST_REFRESH_TOKEN,
    graphUrl: process.env["MICROSOFT_GRAPH_URL"] ?? "https://graph.microsoft.com",
    loginUrl: process.env["MICROSOFT_LOGIN_URL"] ?? "https://login.microsoftonline.com",
    notificationUrl: process.env["PUNCTUAL_TEST_NOTIFICATION_URL"] ?? null,
    lagMillis: 5_000
  }
}

const writingScopes = ["Calendars.Read", "Calendars.ReadWrite", "User.Read", "offline_access", "openid", "profile"]

const simulated = Layer.unwrap(
  Effect.gen(function* () {
    const simulator = yield* Effect.acquireRelease(
      Effect.promise(() => startSimulator({ seed: 1, mailboxes: [{ userPrincipalName: "adele@contoso.example" }] })),
      (running) => Effect.promise(() => running.close())
    )
    const receiver = yield* Effect.acquireRelease(
      Effect.promise(() => startReceiver()),
      (running) => Effect.promise(() => running.close())
    )
    const { clientId, clientSecret, refreshToken } = simulator.grant("adele@contoso.example", writingScopes)
    const { url } = simulator
    return tenantLayer({
      clientId,
      clientSecret,
      refreshToken,
      graphUrl: url,
      loginUrl: url,
      notificationUrl: receiver.url,
      lagMillis: 0
    })
  })
)

CalendarContract.suite("a simulated tenant, through Graph alone", simulated, {
  time: "live",
  runs: 3,
  without: withoutInTenant({ notificationUrl: "" })
})

const tenant = real()
if (tenant === null) {
  // oxlint-disable-next-line vitest/no-disabled-tests -- there is no tenant to ask, and a run shall say so
  it.skip("Calendar contract (a real tenant): skipped, PUNCTUAL_TEST_CLIENT_ID and the others are not set", () => {})
} else {
  CalendarContract.suite("a real tenant", tenantLayer(tenant), {
    time: "live",
    runs: 1,
    without: withoutInTenant(tenant)
  })
}
