/**
 * Reads the body of an answer, up to a limit.
 *
 * Decides how much is read. A Content-Length is never trusted.
 */
import { Effect, Schema, Stream } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"

/** The answer is longer than its reader wanted to read. */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", { bytesMax: Schema.Int }) {}

/** The answer's text, as UTF-8. */
export const readBody = Effect.fnUntraced(function* (
  response: HttpClientResponse.HttpClientResponse,
  bytesMax: number
): Effect.fn.Return<string, BodyTooLarge | HttpClientError.HttpClientError> {
  const decoder = new TextDecoder()
  const parts: Array<string> = []
  let bytes = 0
  yield* Stream.runForEach(response.stream, (chunk) => {
    bytes += chunk.byteLength
    if (bytes > bytesMax) return new BodyTooLarge({ bytesMax })
    parts.push(decoder.decode(chunk, { stream: true }))
    return Effect.void
  })
  parts.push(decoder.decode())
  return parts.join("")
})
