/**
 * The contract as a typed client: what `@punctual/server/api` gives to a program that calls the server.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Refusal } from "@punctual/core"
import { Api, Problems } from "@punctual/server/api"
import { type Options, adminKey, apiKey, serve } from "../Kit.ts"
import { bot, listed, scheduled, start } from "../Samples.ts"

/** A client whose requests go to the application in memory. */
const clientOf = Effect.fnUntraced(function* (options: Options, key: string) {
  const { call } = yield* serve(options)
  const http = HttpClient.make((request, url) =>
    Effect.map(
      call(request.method, url.pathname + url.search, {
        key: null,
        headers: request.headers,
        ...(request.body._tag === "Uint8Array" && { body: new TextDecoder().decode(request.body.body) })
      }),
      ({ headers, status, text }) =>
        HttpClientResponse.fromWeb(request, new Response(status === 202 ? null : text, { status, headers }))
    )
  )
  return yield* HttpApiClient.make(Api, {
    baseUrl: "http://punctual.test",
    transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("authorization", `Token ${key}`))
  }).pipe(Effect.provideService(HttpClient.HttpClient, http))
})

describe("the typed client", () => {
  it.effect("sends instants and gets instants, whatever they look like on the way", () =>
    Effect.gen(function* () {
      const client = yield* clientOf(
        { core: { events: () => Effect.succeed({ items: [listed], hasMore: false, staleReason: null }) } },
        apiKey
      )
      const page = yield* client.events.list({
        query: { time_min: start, time_max: start + 1, limit: 20, sync: false }
      })
      assert.strictEqual(page.results[0]?.start_time, start)
      assert.strictEqual(page.results[0]?.bots[0]?.scheduled_join_time, bot.joinAt)
      assert.isFalse(page.has_more)
    })
  )

  it.effect("takes path, body and headers, and gives the answer's members", () =>
    Effect.gen(function* () {
      const client = yield* clientOf({ core: { schedule: () => Effect.succeed(scheduled) } }, apiKey)
      const answer = yield* client.bots.schedule({
        params: { event_id: "evt_abc123" },
        headers: { "idempotency-key": "once" },
        payload: { bot_config: { bot_name: "Notes" }, recurring_event: true }
      })
      assert.strictEqual(answer.bot_id, bot.id)
      assert.strictEqual(answer.status, "Scheduled")
    })
  )

  it.effect("fails with the problem, as a class with its members", () =>
    Effect.gen(function* () {
      const refusal = new Refusal({ code: "bot_already_scheduled", detail: "There is one.", botId: "bot_7" })
      const client = yield* clientOf({ core: { schedule: () => Effect.fail(refusal) } }, apiKey)
      const problem = yield* Effect.flip(
        client.bots.schedule({ params: { event_id: "evt_abc123" }, headers: {}, payload: {} })
      )
      assert.instanceOf(problem, Problems.BotAlreadyScheduled)
      assert.strictEqual(problem.bot_id, "bot_7")
      assert.strictEqual(problem.detail, "There is one.")
    })
  )

  it.effect("administers", () =>
    Effect.gen(function* () {
      const client = yield* clientOf({}, adminKey)
      const made = yield* client.admin.createUser({ headers: {}, payload: { name: "Jane" } })
      assert.match(made.api_key, /^pk_/)
      const { users } = yield* client.admin.listUsers({ query: {} })
      assert.include(
        users.map(({ user_id: id }) => id),
        made.user_id
      )
      const nobody = yield* Effect.flip(client.admin.listKeys({ params: { user_id: "usr_nobody" } }))
      assert.instanceOf(nobody, Problems.NotFound)
    })
  )
})
