/**
 * Sends a request to another server and reads its answer with care.
 *
 * Decides how much of the body is read; what is beyond that is left out. Not what the answer means: that is its reader's.
 */
import { Effect, Stream } from "effect"
import type { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

/** 64 KiB: an answer is an id and some words. */
const answerBytesMax = 65_536

export interface Answer {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
}

/** The text of a body, cut where it grows too long. */
export const readAtMost = <E>(
  response: { readonly stream: Stream.Stream<Uint8Array, E> },
  bytesMax: number
): Effect.Effect<string, E> =>
  response.stream.pipe(
    Stream.runFoldEffect(
      () => ({ bytes: 0, chunks: [] as Array<Uint8Array> }),
      (read, chunk) => {
        if (read.bytes < bytesMax) read.chunks.push(chunk.subarray(0, bytesMax - read.bytes))
        return Effect.succeed({ bytes: read.bytes + chunk.length, chunks: read.chunks })
      }
    ),
    Effect.map(({ chunks }) => Buffer.concat(chunks).toString("utf8"))
  )

export const send = (client: HttpClient.HttpClient, request: HttpClientRequest.HttpClientRequest) =>
  Effect.gen(function* () {
    const response: HttpClientResponse.HttpClientResponse = yield* client.execute(request)
    // The status is the answer: one without a body, or whose body breaks off, says no less.
    const text = yield* readAtMost(response, answerBytesMax).pipe(Effect.catch(() => Effect.succeed("")))
    return { status: response.status, text, retryAfter: response.headers["retry-after"] ?? null } satisfies Answer
  }).pipe(Effect.scoped)
