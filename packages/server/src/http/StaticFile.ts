/**
 * A file that is the same for everybody, answered from one buffer however many ask.
 * Decides its forms (compressed for whoever takes that, and as it is), its tag, and when a client has it already.
 */
import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import { Effect } from "effect"
import { HttpServerRequest, HttpServerResponse } from "effect/http"

const compress = promisify(gzip)

export interface StaticFile {
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly plain: Uint8Array
  readonly compressed: Uint8Array
  /** Of each form: a cache must not take one for the other. */
  readonly etag: { readonly plain: string; readonly compressed: string }
}

export const makeStaticFile = (
  contentType: string,
  text: string,
  headers: StaticFile["headers"] = {}
): Effect.Effect<StaticFile> =>
  Effect.promise(async () => {
    const plain = Buffer.from(text, "utf8")
    const digest = createHash("sha256").update(plain).digest("base64url")
    return {
      contentType,
      headers: { "cache-control": "public, max-age=3600", vary: "accept-encoding", ...headers },
      plain,
      compressed: await compress(plain, { level: 9 }),
      etag: { plain: `"${digest}"`, compressed: `"${digest}-gzip"` }
    }
  })

/** The answer to the request at hand. No copy of the file is made. */
export const answerWith = (
  file: StaticFile
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, HttpServerRequest.HttpServerRequest> =>
  Effect.map(HttpServerRequest.HttpServerRequest, ({ headers }) => {
    const form = takesGzip(headers["accept-encoding"] ?? "") ? "compressed" : "plain"
    const tagged = { ...file.headers, etag: file.etag[form] }
    if (isHeld(headers["if-none-match"] ?? "", file.etag[form])) {
      return HttpServerResponse.empty({ status: 304, headers: tagged })
    }
    return HttpServerResponse.uint8Array(file[form], {
      contentType: file.contentType,
      headers: { ...tagged, ...(form === "compressed" && { "content-encoding": "gzip" }) }
    })
  })

/** Named and not refused by a weight of nothing. */
const takesGzip = (accepted: string): boolean =>
  accepted.split(",").some((part) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(part))

const isHeld = (held: string, etag: string): boolean =>
  held.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*")
