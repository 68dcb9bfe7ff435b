/** The README's example, which does what it says. */
import { assert, it } from "@effect/vitest"
import { HttpClientResponse } from "effect/http"
import { apiKey, serve } from "./Kit.ts"
import { bot } from "./Samples.ts"
// The example begins here.
import { Effect } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import { Api } from "@punctual/server/api"

// A typed client, made from the contract. It takes an `HttpClient`, such as `FetchHttpClient.layer` of `effect/http`.
const upcoming = Effect.fn("upcoming")(function* (baseUrl: string, key: string) {
  const client = yield* HttpApiClient.make(Api, {
    baseUrl,
    transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("authorization", `Token ${key}`))
  })
  const page = yield* client.bots.list({ query: { limit: 20 } })
  return page.scheduled_bots.map((each) => ({ id: each.bot_id, joinsAt: each.scheduled_join_time }))
})

it.effect("lists the bots ahead", () =>
  Effect.gen(function* () {
    const { call } = yield* serve({ core: { bots: () => Effect.succeed({ items: [bot], hasMore: false }) } })
    const http = HttpClient.make((request, url) =>
      Effect.map(
        call(request.method, url.pathname + url.search, { key: null, headers: request.headers }),
        ({ headers, status, text }) => HttpClientResponse.fromWeb(request, new Response(text, { status, headers }))
      )
    )
    const bots = yield* Effect.provideService(upcoming("http://punctual.test", apiKey), HttpClient.HttpClient, http)
    assert.deepStrictEqual(bots, [{ id: bot.id, joinsAt: bot.joinAt }])
  })
)
