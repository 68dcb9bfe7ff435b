/**
 * The launchers of three bot services, against receivers that answer as those services do.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { type BotId, type EventId, Launcher, type LaunchRequest, type UserId } from "@punctual/core"
import { LauncherContract } from "@punctual/core/testing"
import * as Launchers from "../../src/launchers/index.ts"
import { uuidOf } from "../../src/launchers/MeetStream.ts"
import { receiver, type Reply } from "./Receiver.ts"

type Kind = "meetstream" | "recall" | "attendee"

const request: LaunchRequest = {
  botId: "bot_01" as BotId,
  userId: "usr_1" as UserId,
  link: { platform: "zoom", url: "https://zoom.us/j/5551112222" },
  botName: "Notes",
  joinAt: 0,
  config: { bot_name: "ignored", custom_attributes: { ignored: true }, recording_config: { video: false } },
  customAttributes: { note: "VIP", deep: { n: 1 } },
  event: { id: "evt_1" as EventId, platformId: "AAMk=", summary: "Weekly", start: 0, end: 1 }
}

const layerAt = (kind: Kind, url: URL): Layer.Layer<Launcher> =>
  Launchers.layer({ kind, url: Option.some(url), apiKey: Redacted.make("an-api-key") })

const launched = Effect.fnUntraced(function* (kind: Kind, reply: Reply) {
  const { got, url } = yield* receiver(() => reply)
  const launch = Effect.flatMap(Launcher, (launcher) => launcher.launch(request))
  const outcome = yield* launch.pipe(Effect.provide(layerAt(kind, new URL("base", url))))
  const [one] = got
  if (one === undefined) return assert.fail("nothing came")
  return { outcome, one, body: JSON.parse(one.body) as Record<string, unknown> }
})

const attributes = { note: "VIP", deep: '{"n":1}' }

describe("MeetStream", () => {
  it.live("is asked with a UUID of the bot's id as idempotency key", () =>
    Effect.gen(function* () {
      const { body, one, outcome } = yield* launched("meetstream", { status: 201, body: '{"bot_id":"m-1"}' })
      assert.strictEqual(one.path, "/base/api/v1/bots/create_bot")
      assert.strictEqual(one.headers.authorization, "Token an-api-key")
      assert.strictEqual(one.headers["idempotency-key"], uuidOf("bot_01"))
      assert.deepStrictEqual(body, {
        bot_name: "Notes",
        meeting_link: "https://zoom.us/j/5551112222",
        custom_attributes: attributes,
        recording_config: { video: false }
      })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: "m-1", isReplay: false })
    })
  )

  it.live("507 is the bot of then: success", () =>
    Effect.gen(function* () {
      const { outcome } = yield* launched("meetstream", { status: 507, body: '{"bot_id":"m-1"}' })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: "m-1", isReplay: true })
    })
  )

  it("gives each bot a UUID of its own, always the same", () => {
    assert.match(uuidOf("bot_01"), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.strictEqual(uuidOf("bot_01"), uuidOf("bot_01"))
    assert.notStrictEqual(uuidOf("bot_01"), uuidOf("bot_02"))
  })
})

describe("Recall", () => {
  it.live("is asked ad hoc, with the attributes as metadata", () =>
    Effect.gen(function* () {
      const { body, one, outcome } = yield* launched("recall", { status: 201, body: '{"id":"r-1"}' })
      assert.strictEqual(one.path, "/base/api/v1/bot/")
      assert.deepStrictEqual(body, {
        bot_name: "Notes",
        meeting_url: "https://zoom.us/j/5551112222",
        metadata: { ...attributes, punctual_bot_id: "bot_01" },
        recording_config: { video: false }
      })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: "r-1", isReplay: false })
    })
  )

  it.live("507 is no capacity, 409 is at work: both later", () =>
    Effect.gen(function* () {
      const full = yield* launched("recall", { status: 507 })
      assert.deepInclude(full.outcome, { kind: "retry", afterMillis: 30_000, definite: true })
      const parallel = yield* launched("recall", { status: 409 })
      assert.deepInclude(parallel.outcome, { kind: "retry", definite: false })
    })
  )
})

describe("Attendee", () => {
  it.live("is asked with the bot's id as deduplication key", () =>
    Effect.gen(function* () {
      const { body, one, outcome } = yield* launched("attendee", { status: 201, body: '{"id":"a-1"}' })
      assert.strictEqual(one.path, "/base/api/v1/bots")
      assert.deepStrictEqual(body, {
        bot_name: "Notes",
        meeting_url: "https://zoom.us/j/5551112222",
        deduplication_key: "bot_01",
        metadata: attributes,
        recording_config: { video: false }
      })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: "a-1", isReplay: false })
    })
  )

  it.live("a key that it has seen is success; another 400 is final", () =>
    Effect.gen(function* () {
      const seen = yield* launched("attendee", { status: 400, body: '{"deduplication_key":["exists"]}' })
      assert.deepInclude(seen.outcome, { kind: "accepted", isReplay: true })
      const wrong = yield* launched("attendee", { status: 400, body: '{"meeting_url":["invalid"]}' })
      assert.strictEqual(wrong.outcome.kind, "rejected")
    })
  )
})

/** A service that keeps the keys it has seen, in its own way. */
const service = (kind: Kind) =>
  Layer.unwrap(
    Effect.map(
      Effect.suspend(() => {
        const made = new Map<string, string>()
        return receiver(({ body, headers }) => {
          const { deduplication_key: given } = JSON.parse(body) as { readonly deduplication_key?: string }
          const key = String(given ?? headers["idempotency-key"])
          const known = made.get(key)
          const id = known ?? `${kind} ${made.size}`
          made.set(key, id)
          const answer = JSON.stringify(kind === "meetstream" ? { bot_id: id } : { id })
          return { status: known !== undefined && kind === "meetstream" ? 507 : 201, body: answer }
        })
      }),
      ({ url }) => layerAt(kind, url)
    )
  )

for (const kind of ["meetstream", "recall", "attendee"] as const) {
  LauncherContract.suite(kind, service(kind), { time: "live" })
}
