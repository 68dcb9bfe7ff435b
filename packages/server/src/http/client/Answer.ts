/**
 * Sends a request to another server and reads its answer with care.
 *
 * Decides how much of the body is read; what is beyond that is left out. Not what the answer means: that is its reader's.
 */
import { Effect } from "effect"
import type { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { readAtMost } from "@punctual/core/http"

/** 64 KiB: an answer is an id and some words. */
const answerBytesMax = 65_536

export interface Answer {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
  /** By the clock that `retryAfter` may name an instant of. */
  readonly date: string | null
}

export const send = (client: HttpClient.HttpClient, request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function* () {
    const response: HttpClientResponse.HttpClientResponse = yield* client.execute(request)
    // The status is the answer: one without a body, or whose body breaks off, says no less.
    const { text } = yield* readAtMost(response.stream, answerBytesMax).pipe(
      Effect.catch(() => Effect.succeed({ text: "" }))
    )
    const { date = null, "retry-after": retryAfter = null } = response.headers
    return { status: response.status, text, retryAfter, date } satisfies Answer
  }).pipe(Effect.scoped)
