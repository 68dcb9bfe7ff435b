/**
 * Microsoft's own client for Graph, unchanged, configured as for graph.microsoft.com: calendars, pages, rounds,
 * subscriptions, retries.
 *
 * It gives tokens to, and follows links of, https addresses only; so its last middleware, the one that would open the
 * socket, opens it to the simulator, and the simulator's links name graph.microsoft.com.
 */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import {
  AuthenticationHandler,
  Client as GraphClient,
  type Context,
  CustomAuthenticationProvider,
  GraphError,
  HTTPMessageHandler,
  type Middleware,
  type PageCollection,
  PageIterator,
  RetryHandler,
  RetryHandlerOptions
} from "@microsoft/microsoft-graph-client"
import { type Simulator, startSimulator } from "../../simulator/index.ts"
import { type Json, adele, hour, text, window } from "./Client.ts"
import { startReceiver } from "./Receiver.ts"

let simulator: Simulator
let client: GraphClient

beforeEach(async () => {
  simulator = await startSimulator({
    graphOrigin: graph,
    mailboxes: [{ userPrincipalName: adele, calendars: ["Other"] }]
  })
  const { accessToken } = simulator.grant(adele)
  const authentication = new AuthenticationHandler(new CustomAuthenticationProvider((done) => done(null, accessToken)))
  const retry = new RetryHandler(new RetryHandlerOptions(1, 2))
  authentication.setNext(retry)
  retry.setNext(transport())
  client = GraphClient.initWithMiddleware({ middleware: authentication })
})

const graph = "https://graph.microsoft.com"

// The same as the client's HTTPMessageHandler, with another address at the other end of the wire.
const transport = (): Middleware => ({
  execute: async (context: Context) => {
    context.response = await fetch(String(context.request).replace(graph, simulator.url), context.options)
  }
})

afterEach(() => simulator.close())

const meetings = (count: number): void => {
  for (let index = 0; index < count; index++) {
    simulator.edit({
      type: "createEvent",
      mailbox: adele,
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      details: { subject: `Meeting ${index}` }
    })
  }
}

// The client answers `any`; what the tests look at is checked member by member.
const get = async (path: string): Promise<Json> => (await client.api(path).get()) as Json

describe("@microsoft/microsoft-graph-client", () => {
  it("reads people and calendars", async () => {
    assert.strictEqual(text(await get("/me"), "userPrincipalName"), adele)
    assert.strictEqual(((await get("/me/calendars"))["value"] as ReadonlyArray<Json>).length, 2)
  })

  it("turns pages with its page iterator, through next links to the end", async () => {
    meetings(23)
    const subjects = new Set<string>()
    const first = (await client.api(`/me/calendarView?${window}`).top(5).select("subject").get()) as PageCollection // the client's name for a page
    await new PageIterator(client, first, (item: Json) => {
      subjects.add(text(item, "subject"))
      return true
    }).iterate()
    assert.strictEqual(subjects.size, 23)
  })

  it("follows a round through its pages to the delta link, and the delta link to the changes", async () => {
    meetings(5)
    const items: Array<Json> = []
    const first = (await client
      .api(`/me/calendarView/delta?${window}`)
      .header("Prefer", "odata.maxpagesize=2")
      .get()) as PageCollection // as above
    const iterator = new PageIterator(client, first, (item: Json) => {
      items.push(item)
      return true
    })
    await iterator.iterate()
    assert.strictEqual(items.length, 5)
    const deltaLink = iterator.getDeltaLink()
    const { eventId } = simulator.edit({
      type: "createEvent",
      mailbox: adele,
      start: "2026-11-25T09:00Z",
      end: "2026-11-25T10:00Z"
    })
    const next = await get(String(deltaLink))
    assert.deepStrictEqual(
      (next["value"] as ReadonlyArray<Json>).map((item) => item["id"]),
      [eventId]
    )
  })

  it("reads single calendars over plain HTTP too, with nothing but another base address", async () => {
    const { accessToken } = simulator.grant(adele)
    const headers = { authorization: `Bearer ${accessToken}` }
    const plain = GraphClient.initWithMiddleware({
      middleware: new HTTPMessageHandler(),
      baseUrl: `${simulator.url}/`,
      fetchOptions: { headers }
    })
    const calendar = (await plain.api("/me/calendar").get()) as Json
    assert.isTrue(calendar["isDefaultCalendar"])
  })

  it("subscribes, renews and unsubscribes", async () => {
    const receiver = await startReceiver()
    const created = (await client.api("/subscriptions").post({
      changeType: "created",
      notificationUrl: `${receiver.url}/notifications`,
      resource: "/me/events",
      expirationDateTime: new Date(Date.now() + hour).toISOString()
    })) as Json
    meetings(1)
    await simulator.delivered()
    assert.strictEqual(receiver.received.length, 1)
    const path = `/subscriptions/${text(created, "id")}`
    const expirationDateTime = new Date(Date.now() + 2 * hour).toISOString()
    const renewed = (await client.api(path).patch({ expirationDateTime })) as Json
    assert.strictEqual(Date.parse(text(renewed, "expirationDateTime")), Date.parse(expirationDateTime))
    await client.api(path).delete()
    assert.deepStrictEqual((await get("/subscriptions"))["value"], [])
    await receiver.close()
  })

  it("sees refusals as its own errors, with code, status and request id", async () => {
    const error: unknown = await get("/me/events/AAMkAGQyNGIx=").catch((reason: unknown) => reason)
    assert.instanceOf(error, GraphError)
    if (error instanceof GraphError) {
      assert.deepStrictEqual([error.statusCode, error.code], [400, "ErrorInvalidIdMalformed"])
      assert.match(String(error.requestId), /^[0-9a-f-]{36}$/)
    }
  })

  it("retries after a 429, as its middleware does", async () => {
    simulator.addFaults({ times: 1, answer: { type: "throttle", retryAfter: 1 } })
    assert.strictEqual(text(await get("/me"), "userPrincipalName"), adele)
    assert.deepStrictEqual(simulator.traffic().byStatus, { 200: 1, 429: 1 })
  })
})
