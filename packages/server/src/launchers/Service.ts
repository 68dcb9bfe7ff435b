/**
 * A bot service that is called with an API key: what all of them share.
 *
 * Decides how a launch becomes a request and an answer an outcome; each service's own file says what is different
 * about it. Never follows a redirect; the launch protocol cuts off and repeats.
 */
import { Clock, Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { Launcher, type LaunchOutcome, type LaunchRequest } from "@punctual/core"
import { type Answer, outcomeOf, send, unanswered } from "./Answer.ts"

export interface ServiceOptions {
  /** A base address; none: the service's own. */
  readonly url: URL | null
  readonly apiKey: Redacted.Redacted
}

export interface Service {
  readonly name: string
  readonly baseUrl: string
  readonly path: string
  /** A second call under the same key makes no second bot. */
  readonly replays: boolean
  readonly headers?: (request: LaunchRequest) => Readonly<Record<string, string>>
  readonly body: (request: LaunchRequest) => Readonly<Record<string, unknown>>
  /** What only this service says; null: as any other. */
  readonly reads?: (answer: Answer) => LaunchOutcome | null
}

export const layerOf = (
  service: Service,
  { apiKey, url }: ServiceOptions
): Layer.Layer<Launcher, never, HttpClient.HttpClient> =>
  Layer.effect(
    Launcher,
    Effect.gen(function* () {
      const client = yield* HttpClient.HttpClient
      const address = new URL(service.path, withSlash(url ?? new URL(service.baseUrl)))
      const launch = Effect.fn(`${service.name}.launch`)(
        function* (request: LaunchRequest) {
          const now = yield* Clock.currentTimeMillis
          const message = HttpClientRequest.post(address).pipe(
            HttpClientRequest.bodyText(JSON.stringify(service.body(request)), "application/json"),
            HttpClientRequest.setHeaders({
              authorization: `Token ${Redacted.value(apiKey)}`,
              "user-agent": "punctual",
              ...service.headers?.(request)
            })
          )
          const answer = yield* send(client, message)
          return service.reads?.(answer) ?? outcomeOf(answer, now)
        },
        Effect.catch((error) => Effect.succeed(unanswered(error)))
      )
      return Launcher.of({
        name: service.name,
        capabilities: { replays: service.replays, withdraw: false },
        launch,
        withdraw: () => Effect.succeed("unsupported")
      })
    })
  )

/** Paths are relative to the whole base address. */
const withSlash = (url: URL): URL => new URL(url.pathname.endsWith("/") ? url : `${url.href}/`)

/** Services that take texts alone as values of attributes. */
export const asTexts = (attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)])
  )
