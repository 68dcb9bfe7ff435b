/**
 * What providers post: Microsoft's handshake at any time, 202 for every batch of the right form, 200 for every channel message
 * of Google's, and no oracle.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { type Notification, StoreError, StoreUnavailable } from "@punctual/core"
import { serve } from "../Kit.ts"

const changes = "/webhooks/microsoft"
const lifecycle = "/webhooks/microsoft/lifecycle"

const item = (subscriptionId: string, more: object = {}) => ({
  subscriptionId,
  clientState: "a-secret",
  changeType: "updated",
  resource: "Users/x/Events/y",
  ...more
})

const receiving = () => {
  const received: Array<Notification> = []
  const receive = (all: ReadonlyArray<Notification>) =>
    Effect.sync(() => {
      received.push(...all)
      return { accepted: 0, ignored: all.length }
    })
  return { received, core: { receive } }
}

describe("the handshake", () => {
  it.effect.each([changes, lifecycle])("gives the decoded token back as plain text: %s", (path) =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const token = "Validation: Testing client application reachability Request-Id: ü<script>&+"
      const answer = yield* call("POST", `${path}?validationToken=${encodeURIComponent(token)}`, { key: null })
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(answer.text, token)
      assert.strictEqual(answer.headers.get("content-type"), "text/plain; charset=utf-8")
      assert.strictEqual(answer.headers.get("x-content-type-options"), "nosniff")
      assert.strictEqual(answer.headers.get("cache-control"), "no-store")
      const plus = yield* call("POST", `${path}?validationToken=a%3a+b`, { key: null })
      assert.strictEqual(plus.text, "a: b", "a `+` is a space, as forms have it")
    })
  )

  it.effect("whatever body and media type come along, and whatever other parameters", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      const answer = yield* call("POST", `${changes}?validationToken=t&session=1`, {
        key: null,
        body: "no json",
        headers: { "content-type": "text/plain; charset=utf-8" }
      })
      assert.strictEqual(answer.text, "t")
    })
  )

  it.effect("is refused with 400 when the token is empty or endless, and tells nothing back", () =>
    Effect.gen(function* () {
      const { call } = yield* serve()
      for (const token of ["", "x".repeat(2_049)]) {
        const answer = yield* call("POST", `${changes}?validationToken=${token}`, { key: null })
        assert.strictEqual(answer.status, 400)
        assert.notInclude(answer.text, "xxx")
      }
    })
  )
})

describe("notifications", () => {
  it.effect("are handed to the core, whose answer is 202 whatever they hold", () =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      const batches = [
        { value: [] },
        { value: [item("known"), item("unknown"), 7, null, {}, { subscriptionId: 5 }], validationTokens: ["x"] },
        { value: Array.from({ length: 1_000 }, (_, index) => item(`s${index}`)) }
      ]
      for (const body of batches) {
        const answer = yield* call("POST", changes, { key: null, body })
        assert.strictEqual(answer.status, 202)
        assert.strictEqual(answer.text, "")
      }
      assert.lengthOf(received, 1_002)
      assert.strictEqual(received[0]?.subscriptionId, "known")
      assert.strictEqual(received[0]?.kind, "change")
      const [first] = received
      assert.strictEqual(first === undefined ? "" : Redacted.value(first.clientState), "a-secret")
    })
  )

  it.effect("of the lifecycle are told apart", () =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      const kinds = ["missed", "subscriptionRemoved", "reauthorizationRequired", "somethingNew"]
      const value = kinds.map((lifecycleEvent) => item("s", { lifecycleEvent, changeType: undefined }))
      assert.strictEqual((yield* call("POST", lifecycle, { key: null, body: { value } })).status, 202)
      assert.deepStrictEqual(
        received.map(({ kind }) => kind),
        ["missed", "subscriptionRemoved", "reauthorizationRequired", "unknown"]
      )
    })
  )

  it.effect.each([{}, { value: 3 }, { value: null }, [], "{"])("a body that is no batch is 400: %o", (body) =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      const headers = { "content-type": "application/json" }
      const answer = yield* call("POST", changes, { key: null, body, headers })
      assert.strictEqual(answer.status, 400)
      assert.strictEqual(answer.json.code, "invalid_request")
      assert.lengthOf(received, 0)
    })
  )

  it.effect("more than 256 KiB is 413", () =>
    Effect.gen(function* () {
      const { core } = receiving()
      const { call } = yield* serve({ core })
      const sized = (bytes: number) => ({ value: [], pad: "x".repeat(bytes - '{"value":[],"pad":""}'.length) })
      assert.strictEqual((yield* call("POST", changes, { key: null, body: sized(262_144) })).status, 202)
      assert.strictEqual((yield* call("POST", changes, { key: null, body: sized(262_145) })).status, 413)
    })
  )

  it.effect("that could not be made durable are 503, so that Microsoft sends them again", () =>
    Effect.gen(function* () {
      const reason = new StoreUnavailable({ message: "down" })
      const receive = () => Effect.fail(new StoreError({ operation: "markChanged", reason }))
      const { call } = yield* serve({ core: { receive } })
      assert.strictEqual((yield* call("POST", changes, { key: null, body: { value: [item("s")] } })).status, 503)
    })
  )
})

describe("a channel message of Google's", () => {
  const google = "/webhooks/google"
  const told = (state: string, more: Readonly<Record<string, string>> = {}) => ({
    "x-goog-channel-id": "6f1c0a9b",
    "x-goog-resource-id": "ret08u3rv24htgh289g",
    "x-goog-resource-state": state,
    "x-goog-message-number": "10",
    "x-goog-channel-token": "a-secret",
    ...more
  })

  it.effect("69: MUST look at any other state than `sync`, with an empty body", () =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      for (const state of ["exists", "not_exists", "something_new"]) {
        const answer = yield* call("POST", google, { key: null, headers: told(state) })
        assert.deepStrictEqual([answer.status, answer.text], [200, ""])
      }
      assert.deepStrictEqual(
        received.map(({ clientState, kind, subscriptionId }) => [subscriptionId, Redacted.value(clientState), kind]),
        Array.from({ length: 3 }, () => ["6f1c0a9b.ret08u3rv24htgh289g", "a-secret", "change"])
      )
    })
  )

  it.effect("68: MUST answer 200 to `sync` and mark nothing, even before the channel is stored", () =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      assert.strictEqual((yield* call("POST", google, { key: null, headers: told("sync") })).status, 200)
      assert.lengthOf(received, 0)
    })
  )

  it.effect("70: MUST ignore a notification without token or with another's, and answer as it does to a good one", () =>
    Effect.gen(function* () {
      const { core, received } = receiving()
      const { call } = yield* serve({ core })
      const { "x-goog-channel-token": _, ...bare } = told("exists")
      for (const headers of [bare, told("exists", { "x-goog-channel-token": "another's" })]) {
        const answer = yield* call("POST", google, { key: null, headers })
        assert.deepStrictEqual([answer.status, answer.text], [200, ""])
      }
      assert.deepStrictEqual(
        received.map(({ clientState }) => Redacted.value(clientState)),
        ["", "another's"]
      )
    })
  )

  it.effect("takes whatever comes along, and is refused with 400 without the headers", () =>
    Effect.gen(function* () {
      const { core } = receiving()
      const { call } = yield* serve({ core })
      const odd = yield* call("POST", `${google}?x=y`, { key: null, body: "<a>", headers: told("exists") })
      assert.strictEqual(odd.status, 200)
      const none = yield* call("POST", google, { key: null })
      assert.deepStrictEqual([none.status, none.json.code], [400, "invalid_request"])
    })
  )

  it.effect("is answered 503 while storage is away, so that Google tries again", () =>
    Effect.gen(function* () {
      const away = new StoreError({ operation: "subscriptions", reason: new StoreUnavailable({ message: "gone" }) })
      const { call } = yield* serve({ core: { receive: () => Effect.fail(away) } })
      const answer = yield* call("POST", google, { key: null, headers: told("exists") })
      assert.strictEqual(answer.status, 503)
    })
  )
})
