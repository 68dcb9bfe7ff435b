/**
 * The webhook launcher against a real receiver that verifies by the Standard Webhooks library.
 */
import { assert, describe, it } from "@effect/vitest"
import { Ajv2020 } from "ajv/dist/2020.js"
import { Effect, Layer, Redacted } from "effect"
import { OpenApi } from "effect/http-api"
import { type BotId, type EventId, type LaunchOutcome, type LaunchRequest, Launcher, type UserId } from "@punctual/core"
import { LauncherContract } from "@punctual/core/testing"
import { Webhook } from "standardwebhooks"
import { Api } from "../../src/api/index.ts"
import * as WebhookLauncher from "../../src/launchers/Webhook.ts"
import { WorkspaceOf } from "../../src/launchers/WorkspaceOf.ts"
import { type Got, type Reply, receiver } from "./Receiver.ts"

const secret = `whsec_${Buffer.from("thirty-two bytes of signing key!").toString("base64")}`

const request: LaunchRequest = {
  botId: "bot_01" as BotId,
  userId: "usr_1" as UserId,
  workspaceId: null,
  link: { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" },
  botName: "Notes",
  joinAt: Date.UTC(2026, 3, 8, 14, 59),
  config: { bot_name: "Notes", audio_required: true },
  customAttributes: { note: "VIP" },
  event: {
    id: "evt_1" as EventId,
    platformId: "AAMk=",
    summary: "Weekly",
    start: Date.UTC(2026, 3, 8, 15),
    end: Date.UTC(2026, 3, 8, 16)
  }
}

interface Documented {
  readonly launch: {
    readonly post: { readonly requestBody: { readonly content: { readonly "application/json": { schema: object } } } }
  }
}

const layerAt = (url: URL) =>
  WebhookLauncher.layer({ url, secret: Redacted.make(secret) }).pipe(
    Layer.provide(Layer.succeed(WorkspaceOf, (userId) => Effect.succeed(`wsp_of_${userId}`)))
  )

const launchAt = (url: URL): Effect.Effect<LaunchOutcome> =>
  Effect.flatMap(Launcher, (launcher) => launcher.launch(request)).pipe(Effect.provide(layerAt(url)))

const answered = Effect.fnUntraced(function* (reply: Reply) {
  const { got, url } = yield* receiver(() => reply)
  return { outcome: yield* launchAt(url), got }
})

const verify = ({ body, headers }: Got): unknown => new Webhook(secret).verify(body, headers as Record<string, string>)

describe("a launch by webhook", () => {
  it.live("is signed so that the library verifies it, under the bot's id, with every member of the contract", () =>
    Effect.gen(function* () {
      const { got, outcome } = yield* answered({ status: 201, body: '{"bot_id":"their-7"}' })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: "their-7", isReplay: false })
      const [one] = got
      if (one === undefined) return assert.fail("nothing came")
      assert.strictEqual(one.method, "POST")
      assert.strictEqual(one.headers["webhook-id"], "bot_01")
      assert.strictEqual(one.headers["content-type"], "application/json")
      assert.deepStrictEqual(verify(one), {
        bot_id: "bot_01",
        user_id: "usr_1",
        workspace_id: "wsp_of_usr_1",
        subject: "Weekly",
        meeting_url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0",
        platform: "Teams",
        bot_name: "Notes",
        join_at: "2026-04-08T14:59:00Z",
        bot_config: { bot_name: "Notes", audio_required: true },
        custom_attributes: { note: "VIP" },
        event: {
          id: "evt_1",
          platform_id: "AAMk=",
          summary: "Weekly",
          start_time: "2026-04-08T15:00:00Z",
          end_time: "2026-04-08T16:00:00Z"
        }
      })
      const { launch } = (OpenApi.fromApi(Api) as unknown as { readonly webhooks: Documented }).webhooks
      const { schema } = launch.post.requestBody.content["application/json"]
      const isAsTold = new Ajv2020({ strict: false, formats: { "date-time": true } }).compile({
        ...schema,
        additionalProperties: false
      })
      assert.isTrue(isAsTold(JSON.parse(one.body)), "D: what the OpenAPI document says of it")
      assert.throws(() => verify({ ...one, body: one.body.replace("bot_01", "bot_02") }))
    })
  )

  it.live.each([
    ["bot_id", '{"bot_id":"a","id":"b"}', "a"],
    ["id", '{"id":42}', "42"],
    ["neither", '{"ok":true}', null],
    ["an odd one", '{"bot_id":{"a":1}}', null],
    ["an empty one", '{"bot_id":""}', null],
    ["one with a line break", '{"bot_id":"a\\nb"}', null],
    ["an endless one", `{"bot_id":"${"x".repeat(300)}"}`, null],
    ["no JSON", "<html>", null],
    ["nothing", "", null]
  ] as const)("keeps %s of the answer", ([, body, externalId]) =>
    Effect.gen(function* () {
      const { outcome } = yield* answered({ status: 200, body })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId, isReplay: false })
    })
  )

  it.live.each([
    [200, "accepted"],
    [202, "accepted"],
    [204, "accepted"],
    [408, "retry"],
    [425, "retry"],
    [429, "retry"],
    [500, "retry"],
    [502, "retry"],
    [503, "retry"],
    [507, "retry"],
    [301, "rejected"],
    [304, "rejected"],
    [307, "rejected"],
    [400, "rejected"],
    [401, "rejected"],
    [404, "rejected"],
    [409, "rejected"],
    [410, "rejected"],
    [422, "rejected"]
  ] as const)("%i is %s", ([status, kind]) =>
    Effect.gen(function* () {
      const { outcome } = yield* answered({ status, headers: { location: "http://127.0.0.1:1/elsewhere" } })
      assert.strictEqual(outcome.kind, kind)
    })
  )

  it.live("follows no redirect", () =>
    Effect.gen(function* () {
      const other = yield* receiver(() => ({ status: 200, body: '{"bot_id":"x"}' }))
      const { url } = yield* receiver(() => ({ status: 307, headers: { location: other.url.href } }))
      assert.strictEqual((yield* launchAt(url)).kind, "rejected")
      assert.lengthOf(other.got, 0)
    })
  )

  it.live("heeds Retry-After, in seconds and as a date; knows what is definite", () =>
    Effect.gen(function* () {
      const asked = yield* answered({ status: 429, headers: { "retry-after": "7" } })
      assert.deepInclude(asked.outcome, { kind: "retry", afterMillis: 7_000, definite: true })
      const dated = yield* answered({
        status: 503,
        headers: { "retry-after": new Date(Date.now() + 60_000).toUTCString() }
      })
      assert.strictEqual(dated.outcome.kind, "retry")
      if (dated.outcome.kind !== "retry") return
      assert.closeTo(dated.outcome.afterMillis ?? 0, 60_000, 5_000)
      assert.isFalse(dated.outcome.definite, "the bot may have been made before it failed")
    })
  )

  it.live("a connection that never came about is definite, one that was cut is not", () =>
    Effect.gen(function* () {
      const closed = yield* Effect.scoped(
        Effect.map(
          receiver(() => ({ status: 200 })),
          ({ url }) => url
        )
      )
      const refused = yield* launchAt(closed)
      assert.deepInclude(refused, { kind: "retry", definite: true })
      const { outcome } = yield* answered({ status: 0 })
      assert.deepInclude(outcome, { kind: "retry", definite: false })
    })
  )

  it.live("a 2xx whose body breaks off is success all the same", () =>
    Effect.gen(function* () {
      const { outcome } = yield* answered({ status: 201, headers: { "content-length": "100" }, body: "{", isCut: true })
      assert.strictEqual(outcome.kind, "accepted")
    })
  )

  it.live("reads no more of an answer than it needs", () =>
    Effect.gen(function* () {
      const { outcome } = yield* answered({ status: 200, body: `{"pad":"${"x".repeat(5_000_000)}","bot_id":"late"}` })
      assert.deepStrictEqual(outcome, { kind: "accepted", externalId: null, isReplay: false })
    })
  )
})

/** A receiver that keeps ids, as the scheme asks of it. */
const keeping = Layer.unwrap(
  Effect.map(
    receiver((got) => {
      verify(got)
      return { status: 201, body: JSON.stringify({ bot_id: `their ${got.headers["webhook-id"]}` }) }
    }),
    ({ url }) => layerAt(url)
  )
)

LauncherContract.suite("Webhook", keeping, { time: "live" })
