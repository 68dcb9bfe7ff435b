/** /subscriptions: what is granted, for how long, and everything Graph refuses. */
import { assert, describe, it } from "@effect/vitest"
import {
  type Client,
  type Json,
  adele,
  errorCode,
  errorMessage,
  makeClient,
  minute,
  text,
  tokenFor,
  valuesOf
} from "./Client.ts"
import { differences, payload } from "./Payloads.ts"

const inMinutes = (client: Client, minutes: number): string => new Date(client.now + minutes * minute).toISOString()

const intent = (client: Client, change: Readonly<Record<string, unknown>> = {}): Json => ({
  changeType: "created,updated,deleted",
  notificationUrl: "https://client.example/notifications?tenant=1",
  lifecycleNotificationUrl: "https://client.example/lifecycle",
  resource: "/me/events",
  expirationDateTime: inMinutes(client, 10_000),
  clientState: "secret",
  ...change
})

const create = (
  client: Client,
  change: Readonly<Record<string, unknown>> = {},
  validation?: "ok" | "timeout" | "refused"
) => client.post("/v1.0/subscriptions", intent(client, change), validation === undefined ? {} : { validation })

const idOf = (reply: { readonly body: unknown }): string => text(reply.body as Json, "id")

describe("creating", () => {
  it("answers 201 with every member a real one has", () => {
    const client = makeClient()
    const reply = create(client)
    assert.strictEqual(reply.status, 201)
    for (const name of ["subscription.create.response.201", "subscription.create.response.201.outlook"]) {
      assert.deepStrictEqual(differences(payload(name), reply.body), [])
    }
    assert.strictEqual(text(reply.body as Json, "clientState"), "secret")
  })

  it.each(["me/events", "/me/events", "me/calendar/events", "users/adele@contoso.example/events"])(
    "takes %s",
    (resource) => {
      assert.strictEqual(create(makeClient(), { resource }).status, 201)
    }
  )

  it("takes a calendar of one's own, in both spellings", () => {
    const client = makeClient({ calendars: ["Other"] })
    const id = client.calendarId("Other")
    assert.strictEqual(create(client, { resource: `/me/calendars/${id}/events` }).status, 201)
    assert.strictEqual(create(client, { resource: `me/calendars('${id}')/events` }).status, 201)
    const oid = Object.keys(client.world.mailboxes)[0]
    assert.strictEqual(create(client, { resource: `users/${oid}/calendars/${id}/events` }).status, 201)
  })

  it("asks both addresses to validate themselves, within ten seconds, before it grants anything", () => {
    const client = makeClient()
    for (const [answer, message] of [
      ["timeout", text(payload("error.400.subscription-validation-timeout")["error"] as Json, "message")],
      ["refused", text(payload("error.400.subscription-validation-failed")["error"] as Json, "message")]
    ] as const) {
      const reply = create(client, {}, answer)
      assert.strictEqual(reply.status, 400)
      assert.strictEqual(errorCode(reply), "InvalidRequest")
      assert.strictEqual(errorMessage(reply), message)
    }
    assert.deepStrictEqual(valuesOf(client.get("/v1.0/subscriptions")), [])
  })
})

describe("how long", () => {
  it("10,070 minutes at most", () => {
    const client = makeClient()
    assert.strictEqual(create(client, { expirationDateTime: inMinutes(client, 10_070) }).status, 201)
    const reply = create(client, { expirationDateTime: inMinutes(client, 10_071) })
    assert.strictEqual(reply.status, 400)
    assert.strictEqual(errorCode(reply), "ExtensionError")
    const sample = text(payload("error.400.subscription-expiration-too-far")["error"] as Json, "message")
    assert.strictEqual(errorMessage(reply), sample.replace("4230", "10070"))
  })

  it("less than 45 minutes is raised to 45", () => {
    const client = makeClient()
    const reply = create(client, { expirationDateTime: inMinutes(client, 5) })
    assert.strictEqual(Date.parse(text(reply.body as Json, "expirationDateTime")), client.now + 45 * minute)
  })

  it("a time without a zone, and one that has passed, are refused", () => {
    const client = makeClient()
    assert.strictEqual(errorCode(create(client, { expirationDateTime: "2026-11-24T12:00:00" })), "InvalidRequest")
    assert.strictEqual(create(client, { expirationDateTime: inMinutes(client, -1) }).status, 400)
  })

  it("afterwards it is gone without a word", () => {
    const client = makeClient({}, { token: { accessTokenSeconds: 999_999 } })
    const id = idOf(create(client, { expirationDateTime: inMinutes(client, 45) }))
    client.token = tokenFor(client, Object.keys(client.world.mailboxes)[0] ?? "")
    client.now += 46 * minute
    assert.strictEqual(client.ask(`/v1.0/subscriptions/${id}`).status, 404)
    assert.deepStrictEqual(valuesOf(client.get("/v1.0/subscriptions")), [])
    client.edit({ type: "createEvent", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" })
    assert.deepStrictEqual(client.delivered(), [])
  })
})

describe("refused", () => {
  it.each([
    ["plain http", { notificationUrl: "http://client.example/n" }],
    ["no address", { notificationUrl: "client" }],
    ["a lifecycle address in plain http", { lifecycleNotificationUrl: "http://client.example/n" }],
    ["an unknown change type", { changeType: "created,moved" }],
    ["an unknown member", { expiresAt: "2026-11-25T00:00:00Z" }],
    ["no resource", { resource: "" }],
    ["a client state of more than 128 characters", { clientState: "x".repeat(129) }]
  ])("%s", (_, change) => {
    const reply = create(makeClient(), change)
    assert.strictEqual(reply.status, 400)
    assert.strictEqual(errorCode(reply), "InvalidRequest")
  })

  it("plain http on loopback is taken, unless the world is strict", () => {
    const change = { notificationUrl: "http://127.0.0.1:9/n", lifecycleNotificationUrl: "http://localhost:9/n" }
    assert.strictEqual(create(makeClient(), change).status, 201)
    assert.strictEqual(create(makeClient({}, { subscriptions: { plainHttpLoopback: false } }), change).status, 400)
  })

  it("a calendar that is gone, or something that cannot be watched: the resource is invalid", () => {
    const client = makeClient({ calendars: ["Other"] })
    const id = client.calendarId("Other")
    client.edit({ type: "deleteCalendar", calendar: "Other" })
    for (const resource of [`/me/calendars/${id}/events`, "/me/messages", "/me/calendars"]) {
      const reply = create(client, { resource })
      assert.deepStrictEqual([reply.status, reply.body], [400, payload("error.400.subscription-resource-invalid")])
    }
  })

  it("a calendar that somebody else shared, and somebody else's mailbox", () => {
    const client = makeClient()
    const alex = client.add({ userPrincipalName: "alex@contoso.example" })
    client.edit({ type: "shareCalendar", mailbox: alex, with: adele })
    const shared = client.calendarId("Alex")
    assert.strictEqual(create(client, { resource: `/me/calendars/${shared}/events` }).status, 403)
    assert.strictEqual(create(client, { resource: `/users/${alex}/events` }).status, 403)
  })

  it("a mailbox on backend 'Unknown', for good", () => {
    const reply = create(makeClient({ notifications: false }))
    assert.strictEqual(reply.status, 403)
    assert.deepStrictEqual(differences(payload("error.403.subscription-mailbox-unavailable"), reply.body), [])
    assert.include(errorMessage(reply), "is currently on backend 'Unknown'")
  })

  it("a thousand is enough for a mailbox", () => {
    const client = makeClient({}, { subscriptions: { countMax: 1 } })
    create(client)
    const reply = create(client, { resource: "me/events" })
    assert.strictEqual(reply.status, 429)
    assert.include(errorMessage(reply), "'SubscriptionCountReached' has reached limit of '1'")
  })

  it("without the scope for calendars", () => {
    const client = makeClient()
    client.token = tokenFor(client, Object.keys(client.world.mailboxes)[0] ?? "", ["User.Read"])
    assert.strictEqual(errorCode(create(client)), "ErrorAccessDenied")
  })
})

describe("duplicates", () => {
  it("are accepted, as of late", () => {
    const client = makeClient()
    assert.notStrictEqual(idOf(create(client)), idOf(create(client)))
  })

  it("or answer 409 and name the other, as documented", () => {
    const client = makeClient({}, { subscriptions: { duplicates: "conflict" } })
    const id = idOf(create(client))
    const reply = create(client)
    assert.strictEqual(reply.status, 409)
    assert.strictEqual(errorMessage(reply), `Subscription Id ${id} already exists for the requested combination`)
    assert.strictEqual(create(client, { changeType: "deleted" }).status, 201)
  })
})

describe("keeping and ending", () => {
  const patch = (client: Client, id: string, body: Json) =>
    client.ask(`/v1.0/subscriptions/${id}`, { method: "PATCH", body })

  it("PATCH moves the expiry, under the same limits", () => {
    const client = makeClient()
    const id = idOf(create(client, { expirationDateTime: inMinutes(client, 60) }))
    const reply = patch(client, id, { expirationDateTime: inMinutes(client, 500) })
    assert.strictEqual(reply.status, 200)
    // The sample is of another resource and lacks nothing that this has.
    assert.deepStrictEqual(
      differences(
        {
          ...payload("subscription.renew.response.200"),
          includeResourceData: null,
          encryptionCertificate: null,
          encryptionCertificateId: null
        },
        reply.body
      ),
      []
    )
    assert.strictEqual(Date.parse(text(reply.body as Json, "expirationDateTime")), client.now + 500 * minute)
    assert.strictEqual(
      errorCode(patch(client, id, { expirationDateTime: inMinutes(client, 20_000) })),
      "ExtensionError"
    )
  })

  it("PATCH changes nothing else: a lifecycle address cannot be added later", () => {
    const client = makeClient()
    const id = idOf(create(client))
    const body = { expirationDateTime: inMinutes(client, 60), lifecycleNotificationUrl: "https://client.example/l" }
    assert.strictEqual(patch(client, id, body).status, 400)
  })

  it("PATCH may want the address validated again", () => {
    const client = makeClient()
    const id = idOf(create(client))
    client.options({ subscriptions: { validateOnRenew: true } })
    const body = { expirationDateTime: inMinutes(client, 60) }
    const reply = client.ask(`/v1.0/subscriptions/${id}`, { method: "PATCH", body, validation: "timeout" })
    assert.strictEqual(errorMessage(reply), "Subscription validation request timed out.")
    assert.strictEqual(patch(client, id, body).status, 200)
  })

  it("reauthorize answers 204 and extends nothing", () => {
    const client = makeClient()
    const created = create(client)
    const before = text(created.body as Json, "expirationDateTime")
    assert.strictEqual(client.post(`/v1.0/subscriptions/${idOf(created)}/reauthorize`, {}).status, 204)
    assert.strictEqual(text(client.get(`/v1.0/subscriptions/${idOf(created)}`), "expirationDateTime"), before)
  })

  it("DELETE answers 204, and 404 the second time", () => {
    const client = makeClient()
    const id = idOf(create(client))
    assert.strictEqual(client.ask(`/v1.0/subscriptions/${id}`, { method: "DELETE" }).status, 204)
    assert.strictEqual(client.ask(`/v1.0/subscriptions/${id}`, { method: "DELETE" }).status, 404)
  })

  it("are listed for their own app and mailbox only", () => {
    const client = makeClient()
    const id = idOf(create(client))
    assert.deepStrictEqual(
      valuesOf(client.get("/v1.0/subscriptions")).map((each) => each["id"]),
      [id]
    )
    client.token = tokenFor(client, client.add({ userPrincipalName: "alex@contoso.example" }))
    assert.deepStrictEqual(valuesOf(client.get("/v1.0/subscriptions")), [])
    assert.strictEqual(client.ask(`/v1.0/subscriptions/${id}`).status, 404)
  })

  it("outlive neither their calendar nor their time", () => {
    const client = makeClient({ calendars: ["Other"] })
    create(client, { resource: `/me/calendars/${client.calendarId("Other")}/events` })
    client.edit({ type: "deleteCalendar", calendar: "Other" })
    assert.deepStrictEqual(valuesOf(client.get("/v1.0/subscriptions")), [])
  })
})
