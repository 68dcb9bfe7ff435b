/**
 * Validates a request before its handler runs, and refuses it if its form is wrong.
 *
 * Decides on parameters given twice, media type, size, depth and text; then hands on the body as text that was judged.
 * What members a body may have is decided by the schemas of `api/`; here their findings become one problem.
 */
import { ByteSize, Cause, Effect, ErrorReporter, Layer, SchemaIssue } from "effect"
import { Headers, HttpIncomingMessage, HttpServerRequest, type HttpServerResponse } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { WellFormed } from "../api/Middleware.ts"
import { InternalError, InvalidRequest, type Mistake, PayloadTooLarge, UnsupportedMediaType } from "../api/Problems.ts"
import { bodyLimits } from "./Limits.ts"
import { type GuardedJson, guardJson, isStorable } from "./JsonGuard.ts"

type Problem = InvalidRequest | PayloadTooLarge | UnsupportedMediaType | InternalError

export const layer: Layer.Layer<WellFormed> = Layer.succeed(
  WellFormed,
  WellFormed.of((handler, { endpoint }) =>
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      yield* judgeParameters(request, yield* HttpServerRequest.ParsedSearchParams)
      if (endpoint.payload.size === 0) return yield* handler
      const { text } = yield* readBody(request, bodyLimits.requestBytesMax)
      return yield* Effect.provideService(handler, HttpServerRequest.HttpServerRequest, asRead(request, text))
    }).pipe(
      // The type of what a handler fails with hides that undecoded requests are among it.
      Effect.catch((error) => (HttpApiError.HttpApiSchemaError.is(error) ? problemOf(error) : Effect.fail(error)))
    )
  )
)

export const invalidRequest = (errors: ReadonlyArray<Mistake>): InvalidRequest =>
  new InvalidRequest({ detail: sentenceOf(errors), errors })

const sentenceOf = ([first, ...rest]: ReadonlyArray<Mistake>): string => {
  if (first === undefined) return "The request is not valid."
  const where = first.path === "" ? `the ${first.in}` : `${first.path} in the ${first.in}`
  const more = rest.length === 0 ? "" : ` ${rest.length} more mistake${rest.length === 1 ? "" : "s"} in \`errors\`.`
  return `${first.message}, at ${where}.${more}`
}

/** First come is not first served: a parameter that is there twice means two things. */
const judgeParameters = (
  request: HttpServerRequest.HttpServerRequest,
  parameters: Readonly<Record<string, string | Array<string>>>
): Effect.Effect<void, InvalidRequest> => {
  const mistakes: Array<Mistake> = []
  for (const [path, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) mistakes.push({ path, message: "Expected once", in: "query" })
    else if (!isStorable(value)) mistakes.push({ path, message: "Expected text without NUL", in: "query" })
  }
  if (/%00/.test(request.url.split("?", 1)[0] ?? "")) {
    mistakes.push({ path: "", message: "Expected an address without NUL", in: "path" })
  }
  return mistakes.length === 0 ? Effect.void : Effect.fail(invalidRequest(mistakes))
}

/** A body that was judged, as text and as what it says. For handlers that read it themselves. */
export const readBody = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  bytesMax: number
): Effect.fn.Return<GuardedJson, Problem> {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) return yield* tooLarge(bytesMax)
  const bytes = yield* request.arrayBuffer.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(bytesMax)),
    Effect.mapError(({ reason }) =>
      reason._tag === "RequestParseError" && reason.reason === "BodyTooLarge"
        ? tooLarge(bytesMax)
        : invalidRequest([{ path: "", message: "Expected a body that arrives whole", in: "body" }])
    )
  )
  // It would take everything away that was there.
  if (bytes.byteLength === 0 && request.method === "PUT") {
    return yield* invalidRequest([{ path: "", message: "Expected a body: it replaces all that was there", in: "body" }])
  }
  if (bytes.byteLength > 0 && !isJson(request.headers)) {
    return yield* new UnsupportedMediaType({ detail: "Send the body as application/json, in UTF-8, not compressed." })
  }
  const guarded = guardJson(new Uint8Array(bytes))
  return "text" in guarded ? guarded : yield* invalidRequest([{ ...guarded.fault, in: "body" }])
})

const tooLarge = (bytesMax: number): PayloadTooLarge =>
  new PayloadTooLarge({ detail: `The body may be ${bytesMax} bytes long at most.` })

/** No media type at all is taken for JSON. */
const isJson = (headers: Headers.Headers): boolean =>
  /^(application\/json\s*(;\s*charset="?utf-8"?\s*)?)?$/i.test((headers["content-type"] ?? "").trim()) &&
  /^(identity)?$/i.test((headers["content-encoding"] ?? "").trim())

/** The same request with its body as it was judged. What else it can do stays. */
const asRead = (request: HttpServerRequest.HttpServerRequest, text: string): HttpServerRequest.HttpServerRequest =>
  Object.create(request, {
    text: { value: Effect.succeed(text) },
    headers: { value: Headers.set(request.headers, "content-type", "application/json") }
  }) as HttpServerRequest.HttpServerRequest

const findings = SchemaIssue.makeFormatterStandardSchemaV1()

const slots = { Params: "path", Query: "query", Headers: "header", Payload: "body" } as const

/** A request that does not decode is the caller's; an answer that does not encode is ours, and is reported. */
const problemOf = (
  error: HttpApiError.HttpApiSchemaError
): Effect.Effect<HttpServerResponse.HttpServerResponse, InvalidRequest | InternalError> => {
  if (error.kind === "Body" || error.kind === "ResponseHeaders") {
    return Effect.andThen(ErrorReporter.report(Cause.fail(error)), Effect.fail(new InternalError({ detail: ourFault })))
  }
  const slot = slots[error.kind]
  return Effect.fail(undecoded(error.cause.issue, slot))
}

/** The problem of a value that its schema does not take: each mistake by its path. */
export const undecoded = (issue: SchemaIssue.Issue, slot: Mistake["in"]): InvalidRequest =>
  invalidRequest(
    findings(issue).issues.map(({ message, path }) => ({
      path: (path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment)).join("."),
      message: wordsFor(message.split("\n", 1)[0] ?? message),
      in: slot
    }))
  )

/** The library's own words, where they say what a caller did in the terms of its schemas. */
const wordsFor = (message: string): string => {
  switch (message) {
    case "Expected no excess property":
      return "There is no such member"
    case "Missing key":
      return "This member is needed"
    default:
      return message
  }
}

/** Tells nothing of what went wrong: that is in the log, under the id in `x-request-id`. */
export const ourFault =
  "The request was fine; the server failed. Its log has more under the x-request-id of this answer."
