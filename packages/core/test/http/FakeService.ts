/**
 * A far side without a network: a function of the request and of how many came before it, on the test's clock. Keeps
 * when each request was sent and answered. Decides nothing about what is right.
 */
import { Clock, Effect, Redacted } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown
  /** How long it takes. */
  readonly afterMillis?: number
  /** No answer at all. */
  readonly dropped?: boolean
}

export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly at: number
  /** The instant of the answer; -1 while there is none. */
  answeredAt: number
}

export interface FakeService {
  readonly http: HttpClient.HttpClient
  readonly sent: Array<Sent>
  /** The most requests under way at once. */
  readonly mostAtOnce: () => number
}

export const fakeService = (answer: (request: Sent, index: number) => Answer): FakeService => {
  const sent: Array<Sent> = []
  let underWay = 0
  let most = 0
  const http = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const record: Sent = {
        method: request.method,
        url: url.href,
        headers: request.headers,
        body: bodyOf(request),
        at: yield* Clock.currentTimeMillis,
        answeredAt: -1
      }
      sent.push(record)
      underWay++
      most = Math.max(most, underWay)
      const {
        afterMillis = 0,
        body = {},
        dropped = false,
        headers = {},
        status = 200
      } = answer(record, sent.length - 1)
      yield* Effect.sleep(afterMillis)
      record.answeredAt = yield* Clock.currentTimeMillis
      if (dropped) return yield* lost(request)
      const text = status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body)
      return HttpClientResponse.fromWeb(request, new Response(text, { status, headers }))
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          underWay--
        })
      )
    )
  )
  return { http, sent, mostAtOnce: () => most }
}

const lost = (request: HttpClientRequest.HttpClientRequest): Effect.Effect<never, HttpClientError.HttpClientError> =>
  Effect.fail(new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request }) }))

const bodyOf = (request: HttpClientRequest.HttpClientRequest): string =>
  request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""

/** An account whose token is `token-1`, then `token-2`… each time it is renewed. `accessOf` says what a token opens. */
export const fakeAccountOf = <A>(
  accessOf: (token: Redacted.Redacted<string>) => A,
  notBefore: number | null = null
) => {
  const state = { renewals: 0 }
  const access = (): A => accessOf(Redacted.make(`token-${state.renewals + 1}`))
  const renewed = Effect.sync(() => {
    state.renewals++
    return access()
  })
  return { notBefore, access: Effect.sync(access), renewed: () => renewed, renewals: () => state.renewals }
}
