/**
 * Graph as one account sees it: the service, the client and the account's tokens, in one value.
 *
 * Decides the headers every request carries. Identifiers come in immutable form only where it is asked for, each time:
 * neither a next link nor a delta link remembers it.
 *
 * https://learn.microsoft.com/graph/outlook-immutable-id
 */
import { Effect } from "effect"
import { Unavailable } from "@punctual/core"
import { type GraphReply, refusalOf } from "./GraphReply.ts"
import type { Account, GraphClient, GraphRequest, Reason } from "./GraphClient.ts"
import { graphUrl } from "./GraphUrl.ts"
import type { Limits } from "./Limits.ts"

export interface Wire {
  readonly service: URL
  readonly client: GraphClient
  readonly account: Account
  readonly limits: Limits
}

export const preferences: ReadonlyArray<string> = [`outlook.timezone="UTC"`, `IdType="ImmutableId"`]

/** Sends one request. An answer too large to read is as good as none. */
export const send = (wire: Wire, request: GraphRequest): Effect.Effect<GraphReply, Reason> =>
  wire.client
    .send(wire.account, { prefer: preferences, ...request })
    .pipe(Effect.catchTag("BodyTooLarge", () => new Unavailable({ message: tooLarge })))

const tooLarge = "Microsoft Graph's answer is too large to read."

/** Gets an address under `/v1.0`, whatever the answer is. */
export const get = (
  wire: Wire,
  segments: ReadonlyArray<string>,
  query: Readonly<Record<string, string>> = {}
): Effect.Effect<GraphReply, Reason> => send(wire, { method: "GET", url: graphUrl(wire.service, segments, query) })

/** The same reply, if it is a success. */
export const succeeded = (reply: GraphReply): Effect.Effect<GraphReply, Reason> =>
  reply.failure === null ? Effect.succeed(reply) : Effect.fail(refusalOf(reply))
