/**
 * Reads the body of an answer whole or not at all.
 *
 * Decides that half an answer is none: half a page of JSON says nothing.
 */
import { Effect, Schema } from "effect"
import type { HttpClientError, HttpClientResponse } from "effect/http"
import { readAtMost } from "./BoundedText.ts"

/** The answer is longer than its reader wanted to read. */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", { bytesMax: Schema.Int }) {
  override get message(): string {
    return `longer than ${this.bytesMax} bytes`
  }
}

/** The answer's text, as UTF-8. */
export const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  bytesMax: number
): Effect.Effect<string, BodyTooLarge | HttpClientError.HttpClientError> =>
  Effect.flatMap(readAtMost(response.stream, bytesMax), ({ isCut, text }) =>
    isCut ? new BodyTooLarge({ bytesMax }) : Effect.succeed(text)
  )
