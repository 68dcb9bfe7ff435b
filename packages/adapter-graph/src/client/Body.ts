/**
 * Reading an answer that may be anything: too long, cut off, HTML, or JSON of the wrong shape.
 *
 * Decides how much is read and what counts as JSON. Never trusts a Content-Length and never throws.
 */
import { Effect, Predicate, Schema, Stream } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"

/** An object of JSON that nobody vouches for. */
export type JsonObject = { readonly [key: PropertyKey]: unknown }

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

/** The object that a text is, or null when it is none. */
export const parseObject = (text: string): JsonObject | null => {
  // `JSON.parse` is the one way to read JSON, and it speaks by throwing.
  try {
    const json: unknown = JSON.parse(text)
    return Predicate.isReadonlyObject(json) ? json : null
  } catch {
    return null
  }
}
