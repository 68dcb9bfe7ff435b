/** The simulator on a socket: validation within the call, deliveries, real concurrency, spoilt roads, the control interface. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { type Simulator, startSimulator } from "../../simulator/index.ts"
import { type Json, adele, hour, text, window } from "./Client.ts"
import { type Receiver, startReceiver } from "./Receiver.ts"

let simulator: Simulator
let receiver: Receiver
let token: string

beforeEach(async () => {
  simulator = await startSimulator({ mailboxes: [{ userPrincipalName: adele }] })
  receiver = await startReceiver()
  token = simulator.grant(adele).accessToken
})

afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

const graph = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${simulator.url}/v1.0${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })

const json = async (response: Response | Promise<Response>): Promise<Json> => (await (await response).json()) as Json // objects everywhere here

const subscribe = (change: Readonly<Record<string, unknown>> = {}): Promise<Response> =>
  graph("/subscriptions", {
    method: "POST",
    body: JSON.stringify({
      changeType: "created,updated,deleted",
      notificationUrl: `${receiver.url}/notifications?tenant=1`,
      lifecycleNotificationUrl: `${receiver.url}/lifecycle`,
      resource: "/me/events",
      expirationDateTime: new Date(Date.now() + 48 * hour).toISOString(),
      clientState: "secret",
      ...change
    })
  })

const meeting = () =>
  simulator.edit({ type: "createEvent", mailbox: adele, start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" })

describe("validation", () => {
  it("asks both addresses while the call is pending, keeps their query, and wants the token decoded", async () => {
    assert.strictEqual((await subscribe()).status, 201)
    assert.deepStrictEqual(
      receiver.validations.map((each) => each.url.split("validationToken=")[0]),
      ["/notifications?tenant=1&", "/lifecycle?"]
    )
    assert.deepStrictEqual(
      [...new Set(receiver.validations.map((each) => each.contentType))],
      ["text/plain; charset=utf-8"]
    )
  })

  it("an echo that is still encoded, an error and silence are refused", async () => {
    simulator.configure({ subscriptions: { validateWithinMillis: 100 } })
    for (const [validation, message] of [
      ["raw", "request failed"],
      ["error", "request failed"],
      ["silent", "timed out"]
    ] as const) {
      receiver.validation = validation
      const reply = await subscribe()
      assert.strictEqual(reply.status, 400)
      assert.include(JSON.stringify(await reply.json()), message)
    }
    assert.deepStrictEqual((await json(graph("/subscriptions")))["value"], [])
  })

  it("other requests are answered meanwhile", async () => {
    simulator.configure({ subscriptions: { validateWithinMillis: 500 } })
    receiver.validation = "silent"
    const pending = subscribe()
    assert.strictEqual((await graph("/me")).status, 200)
    assert.strictEqual((await pending).status, 400)
  })
})

describe("deliveries", () => {
  it("come by themselves, at the subscriber's address with its query", async () => {
    await subscribe()
    const { eventId } = meeting()
    await simulator.delivered()
    assert.deepStrictEqual(
      receiver.received.map((item) => item["changeType"]),
      ["created", "updated"]
    )
    assert.isTrue(receiver.received.every((item) => text(item["resourceData"] as Json, "id") === eventId))
  })

  it("that fail come again when their time has come, on the simulator's own clock", async () => {
    await subscribe()
    receiver.status = 503
    meeting()
    await simulator.delivered()
    assert.deepStrictEqual(receiver.received, [])
    receiver.status = 202
    await simulator.advance(10_000)
    assert.strictEqual(receiver.received.length, 2)
    assert.deepStrictEqual([simulator.traffic().notificationsFailed, simulator.traffic().notificationsSent], [2, 2])
  })

  it("of lifecycle events go to their own address", async () => {
    await subscribe()
    assert.strictEqual(simulator.lifecycle({ event: "missed" }), 1)
    await simulator.delivered()
    assert.deepStrictEqual(
      receiver.received.map((item) => item["lifecycleEvent"]),
      ["missed"]
    )
  })
})

describe("concurrency", () => {
  it("more than four at once for one mailbox answer 429, and the log says how many there were", async () => {
    simulator.configure({ latencyMillis: 100 })
    const statuses = await Promise.all(Array.from({ length: 7 }, () => graph("/me").then((reply) => reply.status)))
    assert.deepStrictEqual(statuses.toSorted(), [200, 200, 200, 200, 429, 429, 429])
    const [traffic] = Object.values(simulator.traffic().byMailbox)
    assert.deepStrictEqual([traffic?.inFlightMax, traffic?.throttled], [7, 3])
    assert.strictEqual((await graph("/me")).status, 200)
  })

  it("the log says who came before it was allowed to", async () => {
    simulator.addFaults({ times: 1, answer: { type: "throttle", retryAfter: 60 } })
    assert.strictEqual((await graph("/me")).status, 429)
    assert.strictEqual((await graph("/me")).status, 200)
    await simulator.advance(61_000)
    assert.strictEqual((await graph("/me")).status, 200)
    const [traffic] = Object.values(simulator.traffic().byMailbox)
    assert.deepStrictEqual([traffic?.requests, traffic?.early], [3, 1])
  })

  it("mailboxes do not stand in each other's way", async () => {
    simulator.configure({ latencyMillis: 100 })
    const other = simulator.addMailbox({ userPrincipalName: "alex@contoso.example" })
    const asks = Array.from({ length: 8 }, (_, index) =>
      fetch(`${simulator.url}/v1.0/me`, {
        headers: { authorization: `Bearer ${index % 2 === 0 ? token : other.accessToken}` }
      })
    )
    assert.isTrue((await Promise.all(asks)).every((reply) => reply.status === 200))
  })
})

describe("spoilt roads", () => {
  it("a cut connection, a broken answer, a slow one", async () => {
    simulator.addFaults(
      { times: 1, answer: { type: "reset" } },
      { times: 1, answer: { type: "truncated" } },
      { times: 1, answer: { type: "slowBody", millis: 50 } }
    )
    const failed = await graph("/me").then(
      () => false,
      () => true
    )
    assert.isTrue(failed)
    assert.throws(() => JSON.parse("{"), SyntaxError)
    assert.instanceOf(await json(graph("/me")).catch((error: unknown) => error), SyntaxError)
    assert.strictEqual(text(await json(graph("/me")), "userPrincipalName"), adele)
  })

  it("an answer that never comes, though it happened", async () => {
    simulator.addFaults({ method: "POST", times: 1, answer: { type: "hang" } })
    const lost = await graph("/subscriptions", {
      method: "POST",
      signal: AbortSignal.timeout(200),
      body: JSON.stringify({
        changeType: "created",
        notificationUrl: `${receiver.url}/n`,
        resource: "me/events",
        expirationDateTime: new Date(Date.now() + hour).toISOString()
      })
    }).then(
      () => false,
      () => true
    )
    assert.isTrue(lost)
    assert.strictEqual(((await json(graph("/subscriptions")))["value"] as ReadonlyArray<unknown>).length, 1)
  })

  it("a body of ten megabytes", async () => {
    simulator.edit({
      type: "createEvent",
      mailbox: adele,
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z",
      details: { bodyBytes: 10_000_000 }
    })
    const body = await (await graph(`/me/calendarView/delta?${window}`)).text()
    assert.isAbove(body.length, 10_000_000)
  })
})

describe("/_sim", () => {
  const sim = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${simulator.url}/_sim${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })

  it("makes people, grants and edits, and shows what they did", async () => {
    const made = await json(
      sim("POST", "/mailboxes", { userPrincipalName: "grady@contoso.example", calendars: ["Team"] })
    )
    const credentials = made["credentials"] as Json
    const answer = await fetch(`${simulator.url}/v1.0/me`, {
      headers: { authorization: `Bearer ${text(credentials, "accessToken")}` }
    })
    assert.strictEqual(text(await json(answer), "id"), made["id"])
    const edits = [
      {
        type: "createEvent",
        mailbox: "grady@contoso.example",
        calendar: "Team",
        start: "2026-11-24T09:00Z",
        end: "2026-11-24T10:00Z"
      },
      { type: "addCalendar", mailbox: "grady@contoso.example", name: "More" }
    ]
    const results = (await (await sim("POST", "/edits", edits)).json()) as ReadonlyArray<Json>
    assert.deepStrictEqual(
      results.map((each) => Object.keys(each).length > 0),
      [true, true]
    )
    assert.strictEqual(((await (await sim("GET", "/mailboxes")).json()) as ReadonlyArray<Json>).length, 2)
    const log = await json(sim("GET", "/log"))
    assert.strictEqual(log["requests"], 1)
    assert.notInclude(JSON.stringify(log), text(credentials, "accessToken"))
  })

  it("refuses what it does not understand, in a sentence, and changes nothing", async () => {
    const before = JSON.stringify(simulator.world())
    for (const [method, path, body] of [
      ["POST", "/edits", { type: "createEvent", mailbox: adele, start: "2026-11-24T09:00Z", ende: "x" }],
      [
        "POST",
        "/edits",
        { type: "createEvent", mailbox: "nobody", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" }
      ],
      ["POST", "/faults", { answer: { type: "earthquake" } }],
      ["PATCH", "/options", { delta: { emptyPages: 1 } }],
      ["POST", "/scenario", { name: "nowhere" }],
      ["POST", "/grants", { mailbox: "nobody" }]
    ] as const) {
      const reply = await sim(method, path, body)
      assert.strictEqual(reply.status, 400)
      assert.isAbove(text(await json(reply), "error").length, 10)
    }
    assert.strictEqual((await sim("GET", "/nothing")).status, 404)
    assert.strictEqual(JSON.stringify(simulator.world()), before)
  })

  it("orders faults, options, lifecycle events and time", async () => {
    await subscribe()
    assert.strictEqual((await sim("POST", "/faults", { times: 1, answer: { type: "unavailable" } })).status, 201)
    assert.strictEqual((await graph("/me")).status, 503)
    assert.strictEqual((await sim("PATCH", "/options", { delta: { masterMissing: 1 } })).status, 200)
    assert.strictEqual(simulator.world().options.delta.masterMissing, 1)
    assert.deepStrictEqual(await json(sim("POST", "/lifecycle", { event: "missed" })), { subscriptions: 1 })
    await sim("POST", "/deliver")
    assert.strictEqual(receiver.received.length, 1)
    const before = Date.parse(text(await json(sim("GET", "/clock")), "now"))
    const after = Date.parse(text(await json(sim("POST", "/clock", { advanceMillis: hour })), "now"))
    assert.isAtLeast(after - before, hour)
    assert.strictEqual((await graph("/me")).status, 401)
  })

  it("adds a scenario", async () => {
    const people = (await (await sim("POST", "/scenario", { name: "demo" })).json()) as ReadonlyArray<Json>
    assert.strictEqual(people.length, 2)
  })
})
