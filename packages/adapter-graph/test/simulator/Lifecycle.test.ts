/** Lifecycle notifications: three kinds, and what each does to a subscription. */
import { assert, describe, it } from "@effect/vitest"
import { lifecycleSent } from "../../simulator/notifications/Lifecycle.ts"
import { type Client, type Json, hour, makeClient, minute, text } from "./Client.ts"
import { meeting, subscribe } from "./Meetings.ts"
import { payload } from "./Payloads.ts"

describe("lifecycle", () => {
  it.each(["missed", "subscriptionRemoved", "reauthorizationRequired"])("%s has the shape of a real one", (event) => {
    const client = makeClient()
    const id = subscribe(client)
    client.world = lifecycleSent(client.world, { event }, client.now).world
    const [item] = client.delivered()
    assert.sameMembers(
      Object.keys(item ?? {}),
      Object.keys((payload(`lifecycle.${event}`)["value"] as ReadonlyArray<Json>)[0] ?? {})
    )
    assert.deepStrictEqual(
      [item?.["lifecycleEvent"], item?.["subscriptionId"], item?.["clientState"]],
      [event, id, "secret"]
    )
  })

  it("a removed subscription is gone", () => {
    const client = makeClient()
    const id = subscribe(client)
    client.world = lifecycleSent(client.world, { event: "subscriptionRemoved", subscription: id }, client.now).world
    assert.strictEqual(client.ask(`/v1.0/subscriptions/${id}`).status, 404)
    assert.strictEqual(client.delivered().length, 1)
  })

  it("after reauthorizationRequired nothing comes until the client answers it, either way", () => {
    for (const answer of ["reauthorize", "patch"]) {
      const client = makeClient()
      const id = subscribe(client)
      client.world = lifecycleSent(
        client.world,
        { event: "reauthorizationRequired", mailbox: "adele@contoso.example" },
        client.now
      ).world
      client.delivered()
      meeting(client)
      assert.deepStrictEqual(client.delivered(), [])
      if (answer === "reauthorize") client.post(`/v1.0/subscriptions/${id}/reauthorize`, {})
      else
        client.ask(`/v1.0/subscriptions/${id}`, {
          method: "PATCH",
          body: { expirationDateTime: new Date(client.now + hour).toISOString() }
        })
      meeting(client)
      assert.strictEqual(client.delivered().length, 2)
    }
  })

  it("without an address for it nothing is sent, and a name nobody knows is sent all the same", () => {
    const client = makeClient()
    subscribe(client, { lifecycleNotificationUrl: undefined })
    client.world = lifecycleSent(client.world, { event: "missed" }, client.now).world
    assert.deepStrictEqual(client.delivered(), [])
    subscribe(client)
    client.world = lifecycleSent(client.world, { event: "somethingNew" }, client.now).world
    assert.deepStrictEqual(
      client.delivered().map((item) => item["lifecycleEvent"]),
      ["somethingNew"]
    )
  })

  it("with needToken nothing comes once the access token has expired; it waits until somebody renews", () => {
    const client = makeClient({}, { notifications: { needToken: true }, token: { accessTokenSeconds: 600 } })
    const id = subscribe(client)
    client.now += hour
    meeting(client)
    assert.deepStrictEqual(client.delivered(), [])
    client.token = tokenAt(client)
    client.post(`/v1.0/subscriptions/${id}/reauthorize`, {})
    client.now += minute
    assert.strictEqual(client.delivered().length, 2)
  })
})

// A token issued now, as a refresh would bring.
const tokenAt = (client: Client): string =>
  text(
    client.form("/common/oauth2/v2.0/token", {
      client_id: "11111111-2222-3333-4444-555555555555",
      client_secret: "simulated~client~secret",
      grant_type: "refresh_token",
      refresh_token: client.refreshToken
    }).body as Json,
    "access_token"
  )
