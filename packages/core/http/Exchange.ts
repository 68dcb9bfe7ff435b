/**
 * One sending of a request, which never fails: what went wrong is told as an outcome, from which a mailbox learns too.
 *
 * Decides that a redirect is an answer to look at, not a way to carry a token elsewhere, and that of what broke off nothing is
 * kept but the network's own code: the rest holds the request with its token.
 */
import { Clock, Effect } from "effect"
import { FetchHttpClient, HttpClient, type HttpClientRequest } from "effect/http"
import { readBody } from "./Body.ts"
import { networkCode } from "./NetworkCode.ts"

export interface Answered {
  readonly kind: "answered"
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Empty where there was no body. */
  readonly text: string
  /** When it had been read. */
  readonly now: number
}

export type Exchanged =
  | Answered
  /** The answer is longer than it may be, and was not read. */
  | { readonly kind: "tooLarge" }
  /** For a person. */
  | { readonly kind: "unanswered"; readonly message: string }

export interface ExchangeLimits {
  readonly deadlineMillis: number
  readonly bodyMaxBytes: number
}

/** `service` begins the sentences. */
export const exchange = (
  http: HttpClient.HttpClient,
  request: HttpClientRequest.HttpClientRequest,
  { bodyMaxBytes, deadlineMillis }: ExchangeLimits,
  service: string
): Effect.Effect<Exchanged> =>
  http.execute(request).pipe(
    Effect.flatMap((response) =>
      readBody(response, bodyMaxBytes).pipe(
        // An answer without a body is an empty one.
        Effect.catchReason("HttpClientError", "EmptyBodyError", () => Effect.succeed("")),
        Effect.flatMap((text) =>
          Effect.map(Clock.currentTimeMillis, (now): Exchanged => {
            const { headers, status } = response
            return { kind: "answered", status, headers, text, now }
          })
        )
      )
    ),
    Effect.timeoutOrElse({
      duration: deadlineMillis,
      orElse: () => Effect.succeed<Exchanged>({ kind: "unanswered", message: `${service} did not answer in time.` })
    }),
    Effect.catchTags({
      BodyTooLarge: () => Effect.succeed<Exchanged>({ kind: "tooLarge" }),
      // Its code tells a proxy from a name and a certificate.
      HttpClientError: (error) =>
        Effect.succeed<Exchanged>({
          kind: "unanswered",
          message: `${service} could not be reached${inWords(networkCode(error))}.`
        })
    }),
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.provideService(HttpClient.TracerPropagationEnabled, false)
  )

const inWords = (code: string | null): string => (code === null ? "" : ` (${code})`)
