/**
 * Graph as one account sees it: the service, the client and the account's tokens, in one value.
 *
 * Decides the headers that every request carries. Identifiers come in immutable form only where each request asks for it:
 * neither a next link nor a delta link remembers that.
 *
 * https://learn.microsoft.com/graph/outlook-immutable-id
 */
import { Effect } from "effect"
import { Unavailable } from "@punctual/core"
import { type GraphReply, refusalOf } from "./GraphReply.ts"
import type { Account, GraphClient, GraphRequest, Reason } from "./GraphClient.ts"
import { graphUrl } from "./GraphUrl.ts"
import type { Limits } from "./Limits.ts"

export interface GraphContext {
  readonly service: URL
  readonly client: GraphClient
  readonly account: Account
  readonly limits: Limits
}

export const preferences: ReadonlyArray<string> = [`outlook.timezone="UTC"`, `IdType="ImmutableId"`]

/** Sends one request. An answer too large to read is as good as none. */
export const send = (context: GraphContext, request: GraphRequest): Effect.Effect<GraphReply, Reason> =>
  context.client.send(context.account, { prefer: preferences, ...request }).pipe(
    Effect.catchTags({
      BodyTooLarge: () => new Unavailable({ message: tooLarge }),
      GatewayTimeouts: () => timedOut
    })
  )

/** What it is to whoever has no other way of asking. */
export const timedOut = new Unavailable({ message: "Microsoft Graph's gateway did not answer in time (504)." })

const tooLarge = "Microsoft Graph's answer is too large to read."

/** Gets an address under `/v1.0`, whatever the answer is. */
export const get = (
  context: GraphContext,
  segments: ReadonlyArray<string>,
  query: Readonly<Record<string, string>> = {}
): Effect.Effect<GraphReply, Reason> =>
  send(context, { method: "GET", url: graphUrl(context.service, segments, query) })

/** The same reply, if it is a success. */
export const succeeded = (reply: GraphReply): Effect.Effect<GraphReply, Reason> =>
  reply.failure === null ? Effect.succeed(reply) : Effect.fail(refusalOf(reply))
