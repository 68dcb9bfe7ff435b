/**
 * The launchers of three bot services, against receivers that answer as those services do.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted } from "effect"
import { type BotId, type EventId, type LaunchOutcome, type LaunchRequest, Launcher, type UserId } from "@punctual/core"
import { LauncherContract } from "@punctual/core/testing"
import * as Launchers from "../../src/launchers/index.ts"
import { uuidOf } from "../../src/launchers/MeetStream.ts"
import { type Fake, type Kind, fake } from "./Fakes.ts"
import { type Reply, receiver } from "./Receiver.ts"

const request: LaunchRequest = {
  botId: "bot_01" as BotId,
  userId: "usr_1" as UserId,
  workspaceId: null,
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
        recording_config: { retention: { type: "timed", hours: 24 }, video: false }
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

  it.live(
    "is told the guide's transcription in its create-bot call's words, and how long to keep what it records",
    () =>
      Effect.gen(function* () {
        const { got, url } = yield* receiver(() => ({ status: 201, body: '{"bot_id":"m-1"}' }))
        const deepgram = { model: "nova-3", language: "en" }
        const config = { transcription: { deepgram }, recording_config: { retention: { type: "timed", hours: 1 } } }
        yield* Effect.flatMap(Launcher, (launcher) => launcher.launch({ ...request, config })).pipe(
          Effect.provide(layerAt("meetstream", url))
        )
        const body = JSON.parse(got[0]?.body ?? "") as Record<string, unknown>
        assert.deepStrictEqual(body["recording_config"], {
          retention: { type: "timed", hours: 1 },
          transcript: { provider: { deepgram } }
        })
        assert.notProperty(body, "transcription")
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

  it.live("V11: a key that it has seen is success; another 400 is final, also one that names the key", () =>
    Effect.gen(function* () {
      for (const body of [
        '{"deduplication_key":["Ensure this field has no more than 1024 characters."]}',
        '{"meeting_url":["deduplication_key already exists"]}',
        "deduplication_key already exists"
      ]) {
        assert.strictEqual((yield* launched("attendee", { status: 400, body })).outcome.kind, "rejected", body)
      }
      const seen = yield* launched("attendee", { status: 400, body: '{"deduplication_key":["exists"]}' })
      assert.deepInclude(seen.outcome, { kind: "accepted", isReplay: true })
      const wrong = yield* launched("attendee", { status: 400, body: '{"meeting_url":["invalid"]}' })
      assert.strictEqual(wrong.outcome.kind, "rejected")
    })
  )
})

describe("a bot whose answer was lost", () => {
  it.live.each([
    ["recall", "/base/api/v1/bot/?metadata__punctual_bot_id=bot_01"],
    ["attendee", "/base/api/v1/bots?deduplication_key=bot_01"]
  ] as const)("B1: is looked up at %s by its key", ([kind, path]) =>
    Effect.gen(function* () {
      let reply: Reply = { status: 200, body: '{"next":null,"results":[{"id":"theirs","state":"joining"}]}' }
      const { got, url } = yield* receiver(() => reply)
      const ask = Effect.flatMap(Launcher, (launcher) => launcher.lookUp(request.botId)).pipe(
        Effect.provide(layerAt(kind, new URL("base", url)))
      )
      assert.deepStrictEqual(yield* ask, { kind: "found", externalId: "theirs" })
      assert.deepStrictEqual([got[0]?.method, got[0]?.path], ["GET", path])
      assert.strictEqual(got[0]?.headers.authorization, "Token an-api-key")
      reply = { status: 200, body: '{"next":null,"results":[]}' }
      assert.deepStrictEqual(yield* ask, { kind: "absent" })
      // Nothing but a list that is empty says that there is none.
      for (const unclear of [404, 401, 429, 500, 0].map((status) => ({ status, body: '{"results":[]}' }))) {
        reply = unclear
        assert.strictEqual((yield* ask).kind, "unanswered", String(unclear.status))
      }
      for (const body of ["", "[]", "{}", '{"results":[{}]}']) {
        reply = { status: 200, body }
        assert.strictEqual((yield* ask).kind, "unanswered", body)
      }
    })
  )

  it.live("V11: a 408 does not say that it was not taken; a 425 and a 429 do", () =>
    Effect.gen(function* () {
      for (const [status, definite] of [
        [408, false],
        [425, true],
        [429, true],
        [500, false]
      ] as const) {
        assert.deepInclude((yield* launched("meetstream", { status })).outcome, { kind: "retry", definite })
      }
    })
  )
})

const withFake = <A, E>(kind: Kind, use: (fake: Fake) => Effect.Effect<A, E, Launcher>) =>
  Effect.flatMap(fake(kind), (service) => Effect.provide(use(service), layerAt(kind, service.url)))

const plain: LaunchRequest = { ...request, config: {} }

const launchedId = (outcome: LaunchOutcome): string | null =>
  outcome.kind === "accepted" ? outcome.externalId : assert.fail(JSON.stringify(outcome))

describe.each(["meetstream", "recall", "attendee"] as const)("a bot handed to %s", (kind) => {
  it.live("is taken out of its meeting, once; one that has left by itself is gone", () =>
    withFake(kind, (service) =>
      Effect.gen(function* () {
        const launcher = yield* Launcher
        const id = launchedId(yield* launcher.launch(plain))
        const other = launchedId(yield* launcher.launch({ ...plain, botId: "bot_02" as BotId }))
        assert.strictEqual(yield* launcher.withdraw(plain.botId, id, plain.event.end), "withdrawn")
        assert.strictEqual(yield* launcher.withdraw(plain.botId, id, plain.event.end), "gone")
        assert.deepStrictEqual(
          service.bots.map((bot) => [bot.id, bot.hasLeft]),
          [
            [id, true],
            [other, false]
          ]
        )
        assert.strictEqual(yield* launcher.withdraw(plain.botId, "never made/../there", plain.event.end), "gone")
        assert.strictEqual(yield* launcher.withdraw(plain.botId, null, plain.event.end), "unsupported")
      })
    )
  )

  it.live("is not withdrawn by a key that is wrong, nor by a service that is down: that is to be tried again", () =>
    Effect.gen(function* () {
      const service = yield* fake(kind)
      const wrong = Launchers.layer({ kind, url: Option.some(service.url), apiKey: Redacted.make("another") })
      const withdraw = Effect.flatMap(Launcher, (launcher) => launcher.withdraw(plain.botId, "x", 0))
      assert.strictEqual(yield* Effect.provide(withdraw, wrong), "too_late")
      yield* Effect.promise(service.close)
      assert.strictEqual(yield* Effect.provide(withdraw, layerAt(kind, service.url)), "unanswered")
    })
  )

  it.live("of a configuration that names its own time is not sent off later", () =>
    withFake(kind, (service) =>
      Effect.gen(function* () {
        const launcher = yield* Launcher
        launchedId(yield* launcher.launch({ ...plain, config: { join_at: "2999-01-01T00:00:00Z" } }))
        assert.notProperty(service.bots[0]?.body, "join_at")
        assert.deepStrictEqual(service.refused, [])
      })
    )
  )
})

describe("Attendee's own", () => {
  it.live("words are refused where it does not know them, and the bot says so", () =>
    withFake("attendee", () =>
      Effect.gen(function* () {
        const launcher = yield* Launcher
        const outcome = yield* launcher.launch({ ...plain, config: { video_required: true } })
        assert.strictEqual(outcome.kind, "rejected")
      })
    )
  )
})

/** The service of a suite, whose configurations hold what that service knows. */
const service = (kind: Kind) => Layer.unwrap(Effect.map(fake(kind), ({ url }) => known(kind, url)))

/** The contract's configurations are of no service: Attendee refuses members that it does not know. */
const known = (kind: Kind, url: URL): Layer.Layer<Launcher> =>
  kind !== "attendee"
    ? layerAt(kind, url)
    : Layer.effect(
        Launcher,
        Effect.map(Launcher, (launcher) =>
          Launcher.of({ ...launcher, launch: (asked) => launcher.launch({ ...asked, config: {} }) })
        )
      ).pipe(Layer.provide(layerAt(kind, url)))

for (const kind of ["meetstream", "recall", "attendee"] as const) {
  LauncherContract.suite(kind, service(kind), { time: "live" })
}
