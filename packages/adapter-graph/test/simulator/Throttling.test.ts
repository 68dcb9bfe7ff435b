/** Access tokens, concurrency, budgets, and failures to order. */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import type { Fault, FaultAnswer } from "../../simulator/index.ts"
import {
  type Client,
  errorCode,
  errorMessage,
  hour,
  makeClient,
  minute,
  round,
  text,
  tokenFor,
  valuesOf,
  window
} from "./Client.ts"
import { differences, payload } from "./Payloads.ts"

const faulty = (...faults: ReadonlyArray<Fault>): Client => {
  const client = makeClient()
  client.world = { ...client.world, faults }
  return client
}

describe("access tokens", () => {
  it("missing or unknown ones are refused, with www-authenticate", () => {
    const client = makeClient()
    const none = client.ask("/v1.0/me", { token: null })
    assert.deepStrictEqual(
      [none.status, errorCode(none), errorMessage(none)],
      [401, "InvalidAuthenticationToken", "Access token is empty."]
    )
    assert.include(String(none.headers["www-authenticate"]), "authorization_uri=")
    assert.strictEqual(client.ask("/v1.0/me", { token: "abc" }).status, 401)
  })

  it("expire after the time the token endpoint named, in the words of the account's kind", () => {
    for (const [account, message] of [
      ["work", "Lifetime validation failed, the token is expired."],
      ["personal", text(payload("error.401.InvalidAuthenticationToken.80049228")["error"] as never, "message")]
    ] as const) {
      const client = makeClient({ account })
      client.now += hour - 2_000
      assert.strictEqual(client.ask("/v1.0/me").status, 200)
      client.now += 2_000
      const reply = client.ask("/v1.0/me")
      assert.deepStrictEqual([reply.status, errorMessage(reply)], [401, message])
      assert.deepStrictEqual(differences(payload("error.401.InvalidAuthenticationToken"), reply.body), [])
    }
  })

  it("open what their scopes say and nothing else", () => {
    const client = makeClient()
    const [mailbox = ""] = Object.keys(client.world.mailboxes)
    client.token = tokenFor(client, mailbox, ["User.Read"])
    assert.deepStrictEqual([client.ask("/v1.0/me").status, client.ask("/v1.0/me/calendars").status], [200, 403])
    client.token = tokenFor(client, mailbox, ["Calendars.Read"])
    assert.deepStrictEqual([client.ask("/v1.0/me").status, client.ask("/v1.0/me/calendars").status], [403, 200])
    const refused = client.ask("/v1.0/me/mailboxSettings")
    assert.deepStrictEqual([refused.status, errorCode(refused)], [403, "ErrorAccessDenied"])
  })

  it("of one person open nothing of another's", () => {
    const client = makeClient()
    const alex = client.add({ userPrincipalName: "alex@contoso.example" })
    const { eventId } = client.edit({
      type: "createEvent",
      mailbox: alex,
      start: "2026-11-24T09:00Z",
      end: "2026-11-24T10:00Z"
    })
    assert.strictEqual(client.ask(`/v1.0/users/${alex}/calendars`).status, 403)
    assert.strictEqual(client.ask(`/v1.0/me/events/${encodeURIComponent(String(eventId))}`).status, 404)
  })
})

describe("throttling", () => {
  it("the fifth request at once answers 429 ApplicationThrottled, without innerError", () => {
    const client = makeClient()
    assert.strictEqual(client.ask("/v1.0/me", { inFlight: 4 }).status, 200)
    const reply = client.ask("/v1.0/me", { inFlight: 5 })
    assert.deepStrictEqual(
      [reply.status, reply.body],
      [429, payload("error.429.ApplicationThrottled.MailboxConcurrency")]
    )
    assert.strictEqual(reply.headers["retry-after"], "2")
  })

  it("or 503 with Retry-After, as has been seen", () => {
    const client = makeClient({}, { throttle: { concurrencyStatus: 503 } })
    const reply = client.ask("/v1.0/me", { inFlight: 5 })
    assert.deepStrictEqual(
      [reply.status, errorCode(reply), reply.headers["retry-after"]],
      [503, "ApplicationThrottled", "2"]
    )
  })

  it("10,000 requests in ten minutes, per app and mailbox, then TooManyRequests until the window is over", () => {
    const client = makeClient({}, { throttle: { budget: 3 } })
    const statuses = [1, 2, 3, 4].map(() => client.ask("/v1.0/me").status)
    assert.deepStrictEqual(statuses, [200, 200, 200, 429])
    const reply = client.ask("/v1.0/me")
    assert.deepStrictEqual(
      differences(payload("error.429.TooManyRequests"), {
        ...payload("error.429.TooManyRequests"),
        ...(reply.body as object)
      }),
      [
        ".error.innerError.code: missing here",
        ".error.innerError.message: missing here",
        ".error.innerError.status: missing here"
      ]
    )
    const other = tokenFor(client, client.add({ userPrincipalName: "alex@contoso.example" }))
    assert.strictEqual(client.ask("/v1.0/me", { token: other }).status, 200)
    client.now += 10 * minute
    assert.strictEqual(client.ask("/v1.0/me").status, 200)
  })

  it.each([
    ["integer", /^\d+$/],
    ["fractional", /^\d+\.\d+$/],
    ["date", /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} /]
  ] as const)("Retry-After as %s", (retryAfter, pattern) => {
    const client = makeClient({}, { throttle: { retryAfter } })
    assert.match(String(client.ask("/v1.0/me", { inFlight: 5 }).headers["retry-after"]), pattern)
  })

  it("and no Retry-After at all", () => {
    const client = makeClient({}, { throttle: { retryAfter: "absent" } })
    assert.isUndefined(client.ask("/v1.0/me", { inFlight: 5 }).headers["retry-after"])
  })
})

describe("faults", () => {
  it("strike what they match, after those they let pass, as often as they were told", () => {
    const client = faulty({
      method: "GET",
      path: "/calendars$",
      skip: 1,
      times: 2,
      answer: { type: "throttle", retryAfter: "huge" }
    })
    assert.strictEqual(client.ask("/v1.0/me").status, 200)
    const replies = [1, 2, 3, 4].map(() => client.ask("/v1.0/me/calendars"))
    assert.deepStrictEqual(
      replies.map((reply) => reply.status),
      [200, 429, 429, 200]
    )
    assert.strictEqual(replies[1]?.headers["retry-after"], "1000000")
    assert.deepStrictEqual(client.world.faults, [])
  })

  it("strike one mailbox, by any of its names, and leave the other alone", () => {
    const client = makeClient()
    const alex = client.add({ userPrincipalName: "Alex@contoso.example" })
    for (const mailbox of [alex, "alex@contoso.example"]) {
      client.world = { ...client.world, faults: [{ mailbox, answer: { type: "unavailable" } }] }
      assert.strictEqual(client.ask("/v1.0/me").status, 200)
      assert.strictEqual(client.ask("/v1.0/me", { token: tokenFor(client, alex) }).status, 503)
    }
  })

  it.each([
    [{ type: "throttle", code: "activityLimitReached" }, 429, "activityLimitReached"],
    [{ type: "throttle", code: "ApplicationThrottled", retryAfter: "garbage" }, 429, "ApplicationThrottled"],
    [{ type: "unavailable" }, 503, "ServiceNotAvailable"],
    [{ type: "unavailable", status: 502, body: "html" }, 502, ""],
    [{ type: "unavailable", status: 504, body: "empty", retryAfter: 1.5 }, 504, ""],
    [{ type: "unauthorized", message: "80049228" }, 401, "InvalidAuthenticationToken"],
    [{ type: "gone", location: true }, 410, "SyncStateNotFound"],
    [{ type: "answer", status: 418, body: { error: { code: "Teapot" } } }, 418, "Teapot"]
  ] as ReadonlyArray<readonly [FaultAnswer, number, string]>)("%o", (answer, status, code) => {
    const reply = faulty({ answer }).ask("/v1.0/me")
    assert.deepStrictEqual([reply.status, typeof reply.body === "string" ? "" : errorCode(reply)], [status, code])
  })

  it("cut the connection before anything happens, or after", () => {
    for (const [type, count] of [
      ["reset", 0],
      ["lostAnswer", 1],
      ["hang", 1]
    ] as const) {
      const client = faulty({ method: "POST", times: 1, answer: { type } })
      const intent = {
        changeType: "created",
        notificationUrl: "https://client.example/n",
        resource: "me/events",
        expirationDateTime: new Date(client.now + hour).toISOString()
      }
      const reply = client.post("/v1.0/subscriptions", intent)
      assert.strictEqual(reply.transport?.type, type === "hang" ? "hang" : "reset")
      assert.strictEqual(valuesOf(client.get("/v1.0/subscriptions")).length, count)
    }
  })

  it("spoil the road and leave the answer whole", () => {
    for (const answer of [
      { type: "truncated" },
      { type: "delay", millis: 5 },
      { type: "slowBody", millis: 5 }
    ] as const) {
      const reply = faulty({ answer }).ask("/v1.0/me")
      assert.deepStrictEqual([reply.status, reply.transport?.type], [200, answer.type])
    }
  })

  it("a 410 to order leads back to the window of the token it struck", () => {
    const client = makeClient()
    client.edit({ type: "createEvent", start: "2026-11-24T09:00Z", end: "2026-11-24T10:00Z" })
    const { deltaLink } = round(client, `/v1.0/me/calendarView/delta?${window}`)
    client.world = { ...client.world, faults: [{ path: "delta$", times: 1, answer: { type: "gone", location: true } }] }
    const reply = client.ask(deltaLink)
    assert.strictEqual(round(client, String(reply.headers["location"])).items.length, 1)
  })

  it("by probability strike about as often as they should, and the same way again with the same seed", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.nat(), (seed) => {
        const strikes = (): ReadonlyArray<number> => {
          const client = faulty({ probability: 0.3, answer: { type: "unavailable" } })
          client.world = { ...client.world, seed }
          return Array.from({ length: 300 }, () => client.ask("/v1.0/me").status)
        }
        const first = strikes()
        assert.deepStrictEqual(first, strikes())
        const share = first.filter((status) => status === 503).length / first.length
        assert.isAbove(share, 0.15)
        assert.isBelow(share, 0.45)
      }),
      { numRuns: 20 }
    )
  })
})

describe("any request at all", () => {
  it("is answered, never thrown at", () => {
    const segment = FastCheck.oneof(
      FastCheck.constantFrom(
        "me",
        "users",
        "calendars",
        "events",
        "calendarView",
        "delta",
        "instances",
        "subscriptions",
        "$batch",
        "%E0%A4",
        "AAMk=",
        "mailboxSettings",
        "calendarGroups",
        "microsoft.graph.delta()"
      ),
      FastCheck.string()
    )
    const query = FastCheck.dictionary(
      FastCheck.constantFrom(
        "$select",
        "$top",
        "$deltatoken",
        "$skiptoken",
        "startDateTime",
        "endDateTime",
        "$orderby",
        "x"
      ),
      FastCheck.string()
    )
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT"),
        FastCheck.array(segment, { maxLength: 6 }),
        query,
        FastCheck.oneof(FastCheck.json(), FastCheck.string()),
        FastCheck.string(),
        (method, path, parameters, body, prefer) => {
          const client = makeClient()
          const encoded = path.map((each) => (each.includes("%") ? each : encodeURIComponent(each))).join("/")
          const reply = client.ask(`/v1.0/${encoded}?${new URLSearchParams(parameters).toString()}`, {
            method,
            body,
            prefer
          })
          assert.include([200, 201, 204, 400, 403, 404, 405, 410, 501], reply.status)
          const token = client.ask("/common/oauth2/v2.0/token", { method, body, prefer })
          assert.isAtLeast(token.status, 400)
        }
      )
    )
  })
})
