/**
 * V1: what somebody without a key may take of a server.
 */
import { BlockList } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Option } from "effect"
import { HttpServerRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Accounts } from "@punctual/core/accounts"
import { AccountsMemory } from "@punctual/core/testing"
import { digestOf, makeKey } from "../../src/auth/ApiKey.ts"
import { charge, hasRoom, noStrangers } from "../../src/http/Admission.ts"
import { clientAddress, parseNetworks } from "../../src/http/ClientAddress.ts"
import { DocsServed } from "../../src/http/Docs.ts"
import { strangerLimits } from "../../src/http/Limits.ts"
import { answerWith, makeStaticFile } from "../../src/http/StaticFile.ts"
import { adminKey, apiKey, miriam, otherKey, serve } from "../Kit.ts"
import { assertProblem } from "../Problem.ts"

const { burst, perSecond } = strangerLimits.ofOneAddress
const stranger = { key: null }
const path = "/api/v1/calendar/scheduled_bots"
const bots = { bots: () => Effect.succeed({ items: [], hasMore: false }) }

describe("V1: the contract as a file", () => {
  it.effect("is one buffer for everybody, compressed for who takes that, with a tag", () =>
    Effect.gen(function* () {
      const file = yield* makeStaticFile("text/html", "<p>long</p>".repeat(100_000))
      const request = (headers: Record<string, string>) =>
        Effect.provideService(
          answerWith(file),
          HttpServerRequest.HttpServerRequest,
          HttpServerRequest.fromWeb(new Request("http://punctual.test/docs", { headers }))
        )
      const bodies = yield* Effect.forEach(Array.from({ length: 100 }), () =>
        request({ "accept-encoding": "br, gzip" })
      )
      const bytes = new Set(bodies.map(({ body }) => (body._tag === "Uint8Array" ? body.body : null)))
      assert.strictEqual(bytes.size, 1, "a hundred answers, one buffer")
      assert.isBelow(file.compressed.length, file.plain.length / 10)
      const plain = yield* request({ "accept-encoding": "gzip;q=0" })
      assert.isTrue(plain.body._tag === "Uint8Array" && plain.body.body === file.plain)
      const held = yield* request({ "accept-encoding": "gzip", "if-none-match": file.etag.compressed })
      assert.strictEqual(held.status, 304)
    })
  )

  it.effect("is served as it was", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      for (const path of ["/docs", "/openapi.json"]) {
        const { headers, text } = yield* call("GET", path, stranger)
        const zipped = yield* call("GET", path, { ...stranger, headers: { "accept-encoding": "gzip" } })
        assert.strictEqual(zipped.headers.get("content-encoding"), "gzip")
        assert.isAbove(text.length, 1_000)
        const etag = headers.get("etag")
        const again = yield* call("GET", path, { ...stranger, headers: { "if-none-match": etag ?? "" } })
        assert.deepStrictEqual([again.status, again.text], [304, ""])
      }
    })
  )

  it.effect("O: is linked from the bare address", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const { status, text } = yield* call("GET", "/", stranger)
      assert.strictEqual(status, 200)
      for (const path of ["/docs", "/openapi.json"]) assert.include(text, `href="${path}"`)
      const bare = yield* Effect.provideService(serve(), DocsServed, false)
      assertProblem(yield* bare.call("GET", "/", stranger), 404, "not_found")
    })
  )

  it.effect("is not there where the host leaves it out", () =>
    Effect.gen(function* () {
      const { call } = yield* Effect.provideService(serve(), DocsServed, false)
      for (const path of ["/docs", "/openapi.json"]) assertProblem(yield* call("GET", path), 404, "not_found")
    })
  )
})

describe("V1: requests without a key", () => {
  it.effect("have a budget, which comes back; a good key, a notification and a probe need none of it", () =>
    Effect.gen(function* () {
      const { call } = yield* serve({ core: bots })
      const ask = call("GET", path, stranger)
      for (let n = 0; n < burst; n++) assert.strictEqual((yield* ask).status, 401)
      const refused = yield* ask
      assertProblem(refused, 429, "rate_limited")
      assert.strictEqual(refused.headers.get("retry-after"), "1")
      assert.strictEqual((yield* call("GET", "/docs", stranger)).status, 429)
      assert.strictEqual((yield* call("GET", "/healthz", stranger)).status, 200)
      const notified = yield* call("POST", "/webhooks/microsoft?validationToken=t", stranger)
      assert.strictEqual(notified.status, 200)
      yield* TestClock.adjust(1_000)
      assert.strictEqual((yield* ask).status, 401)
      assert.strictEqual((yield* call("GET", path)).status, 200)
    })
  )

  it.effect("are those with a wrong key too, and good keys of the same address are all answered", () =>
    Effect.gen(function* () {
      const { accounts, call } = yield* serve({ core: bots })
      const ask = (key: string) => Effect.map(call("GET", path, { key }), ({ status }) => status)
      const flood = Array.from({ length: burst + 400 }, (_, n) => `pk_guess_${n}`)
      const late = makeKey(miriam, 0)
      yield* accounts.addKey(late.key)
      // One key that was seen before, one that was not, and the admin's; each among the wrong ones.
      const good = [apiKey, otherKey, late.text]
      const [wrong, right] = yield* Effect.all(
        [
          Effect.forEach(flood, ask, { concurrency: 8 }),
          Effect.forEach(Array.from({ length: 40 }, () => good).flat(), ask, { concurrency: 4 })
        ],
        { concurrency: 2 }
      )
      assert.strictEqual(wrong.filter((status) => status === 401).length, burst)
      assert.strictEqual(wrong.filter((status) => status === 429).length, 400)
      assert.deepStrictEqual([...new Set(right)], [200])
      assertProblem(yield* call("GET", path, { key: "pk_guess" }), 429, "rate_limited")
      const users = yield* call("GET", "/api/v1/admin/users", { key: adminKey })
      assert.strictEqual(users.status, 200)
    })
  )

  it.effect(
    "cost an address over its budget few look-ups at once; keys of late, and other addresses, wait for none",
    () =>
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        let looking = 0
        let held = false
        const accounts = Layer.effect(
          Accounts,
          Effect.map(Accounts, (behind) =>
            Accounts.of({
              ...behind,
              findKey: (digest) =>
                Effect.gen(function* () {
                  if (held && digest !== digestOf(apiKey)) {
                    looking += 1
                    yield* Deferred.await(gate)
                  }
                  return yield* behind.findKey(digest)
                })
            })
          )
        ).pipe(Layer.provide(AccountsMemory.layer))
        const { call } = yield* serve({ core: bots, accounts })
        const ask = (key: string) => Effect.map(call("GET", path, { key }), ({ status }) => status)
        assert.strictEqual(yield* ask(apiKey), 200)
        for (let n = 0; n < burst; n++) yield* ask("pk_guess")
        held = true
        const waiting = yield* Effect.forEach(
          [otherKey, ...Array.from({ length: strangerLimits.lookUpsWaitingOfOneAddressMax - 1 }, () => "pk_guess")],
          (key) => Effect.forkChild(ask(key), { startImmediately: true })
        )
        // What is no turn of the event loop away does not come.
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        assert.strictEqual(looking, strangerLimits.lookUpsAtOnceMax)
        assert.strictEqual(yield* ask(apiKey), 200, "known to be good")
        assert.strictEqual(yield* ask("pk_guess"), 429, "a line that is full")
        yield* Deferred.succeed(gate, undefined)
        const [good, ...wrong] = yield* Effect.forEach(waiting, Fiber.join)
        assert.strictEqual(good, 200, "nobody knew, and it waited its turn")
        assert.deepStrictEqual([...new Set(wrong)], [429])
      })
  )

  it.effect("are not made acquaintances by a page that asks for no key", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const docs = () => Effect.map(call("GET", "/docs", { key: "pk_guess" }), ({ status }) => status)
      const statuses = yield* Effect.forEach(Array.from({ length: burst + 10 }), docs)
      assert.deepStrictEqual([statuses.filter((each) => each === 200).length, statuses.at(-1)], [burst, 429])
    })
  )

  it("are counted by address, and all of them together", () => {
    const strangers = noStrangers()
    for (let n = 0; n < burst; n++) assert.strictEqual(charge(strangers, "192.0.2.1", 0), 0)
    assert.strictEqual(charge(strangers, "192.0.2.1", 0), 1_000 / perSecond)
    let admitted = burst
    for (let n = 0; n < 10 * strangerLimits.ofAll.burst; n++)
      if (charge(strangers, `10.0.${n >> 8}.${n & 255}`, 0) === 0) admitted++
    assert.strictEqual(admitted, strangerLimits.ofAll.burst)
    const full = { ...noStrangers(), running: new Map([["192.0.2.1", strangerLimits.atOnceOfOneAddressMax]]) }
    assert.isFalse(hasRoom(full, "192.0.2.1"))
    assert.isTrue(hasRoom(full, "192.0.2.2"))
    assert.isFalse(hasRoom({ ...full, runningOfAll: strangerLimits.atOnceMax }, "192.0.2.2"))
  })
})

describe("V1: the address behind a proxy", () => {
  const proxies = parseNetworks("10.0.0.0/8, 2001:db8::/32") ?? new BlockList()
  const from = (peer: string, forwarded?: string) =>
    clientAddress(
      HttpServerRequest.fromWeb(
        new Request(
          "http://punctual.test/",
          forwarded === undefined ? {} : { headers: { "x-forwarded-for": forwarded } }
        )
      ).modify({ remoteAddress: Option.some(peer) }),
      proxies
    )

  it("counts where the proxy is trusted, and what anybody wrote before it does not", () => {
    assert.strictEqual(from("203.0.113.9", "192.0.2.1"), "203.0.113.9")
    assert.strictEqual(from("10.1.2.3", "192.0.2.1"), "192.0.2.1")
    assert.strictEqual(from("::ffff:10.1.2.3", "forged, 192.0.2.1, 10.0.0.7"), "192.0.2.1")
    assert.strictEqual(from("10.1.2.3"), "10.1.2.3")
    assert.strictEqual(from("10.1.2.3", "unknown"), "10.1.2.3")
    assert.isNull(parseNetworks("10.0.0.0/33"))
    assert.isNull(parseNetworks("proxy.example"))
  })
})
