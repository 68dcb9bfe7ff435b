/**
 * What calendar providers post: Microsoft Graph's handshake and notifications, Google's channel messages.
 *
 * Decides the order: a token is given back at any time; otherwise what has the right form is made durable and then answered
 * (Microsoft with 202, Google with 200), whatever it holds. Whether a notification is one of ours is the core's to say, and no answer
 * tells it.
 */
import { Context, Effect } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { Punctual, type Notification } from "@punctual/core"
import { Api } from "../api/Api.ts"
import { countNotifications } from "../http/Counters.ts"
import { invalidRequest, readBody } from "../http/RequestValidation.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

/** The providers' wire formats, read by their adapters. */
export class NotificationReader extends Context.Service<
  NotificationReader,
  {
    /** Null: no batch at all. Items that say nothing are left out. */
    readonly read: (body: unknown) => ReadonlyArray<Notification> | null
    /** What a validation token is answered with. */
    readonly validate: (token: string | null) =>
      | { readonly kind: "none" | "refuse" }
      | {
          readonly kind: "answer"
          readonly token: string
          readonly headers: Readonly<Record<string, string>>
        }
    /** Null: no channel message at all. `sync` says that a channel was made, which may not be saved yet. */
    readonly readChannel: (headers: Readonly<Record<string, string | undefined>>) => ChannelMessage | null
  }
>()("@punctual/server/handlers/NotificationReader") {}

interface ChannelMessage extends Omit<Notification, "kind"> {
  readonly kind: "sync" | "change"
}

/** 256 KiB: Microsoft sends far less. */
const bodyBytesMax = 262_144

export const layer = HttpApiBuilder.group(
  Api,
  "webhooks",
  Effect.fnUntraced(function* (handlers) {
    const punctual = yield* Punctual
    const reader = yield* NotificationReader
    const mark = Effect.fnUntraced(function* (notifications: ReadonlyArray<Notification>) {
      const { accepted, ignored } = yield* punctual.receive(notifications).pipe(refusalToProblem([]))
      yield* countNotifications("accepted", accepted)
      yield* countNotifications("ignored", ignored)
    })
    const receive = Effect.fnUntraced(function* (
      request: HttpServerRequest.HttpServerRequest,
      validationToken: string | undefined
    ) {
      const handshake = reader.validate(validationToken ?? null)
      if (handshake.kind === "refuse") {
        return yield* invalidRequest([{ path: "validationToken", message: "Expected a token", in: "query" }])
      }
      if (handshake.kind === "answer") {
        return HttpServerResponse.text(handshake.token, { headers: handshake.headers })
      }
      const { json } = yield* readBody(request, bodyBytesMax)
      const notifications = reader.read(json)
      if (notifications === null) {
        yield* countNotifications("malformed", 1)
        return yield* invalidRequest([{ path: "value", message: "Expected an array", in: "body" }])
      }
      yield* mark(notifications)
      return HttpServerResponse.empty({ status: 202 })
    })
    const receiveChannel = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
      const message = reader.readChannel(request.headers)
      if (message === null) {
        yield* countNotifications("malformed", 1)
        return yield* invalidRequest([
          { path: "x-goog-channel-id", message: "Expected the headers of a channel message", in: "header" }
        ])
      }
      // A channel that was just made tells nothing else.
      if (message.kind === "change") yield* mark([{ ...message, kind: "change" }])
      return HttpServerResponse.empty({ status: 200 })
    })
    return handlers
      .handleRaw("changes", ({ query, request }) => receive(request, query.validationToken))
      .handleRaw("lifecycle", ({ query, request }) => receive(request, query.validationToken))
      .handleRaw("channel", ({ request }) => receiveChannel(request))
  })
)
