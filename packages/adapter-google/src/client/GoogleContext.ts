/**
 * Google Calendar as one account sees it: the service, the client and the account's tokens, in one value.
 *
 * Decides how addresses are made: each segment is escaped, since ids of calendars hold `#` and `@`. Requests go to the
 * configured service and nowhere else; Google's answers hold no links to follow.
 */
import { Effect } from "effect"
import { Unavailable } from "@punctual/core"
import type { Account, GoogleClient, GoogleRequest, Reason } from "./GoogleClient.ts"
import { type GoogleReply, refusalOf } from "./GoogleReply.ts"
import type { Limits } from "./Limits.ts"

export interface GoogleContext {
  readonly service: URL
  readonly client: GoogleClient
  readonly account: Account
  readonly limits: Limits
}

/** Names and values; a name may come twice. */
export type Query = ReadonlyArray<readonly [name: string, value: string]>

/** An address beneath the service; a segment that would lead elsewhere names nothing, and is asked for as it is. */
export const urlAt = (service: URL, segments: ReadonlyArray<string>, query: Query = []): URL => {
  const path = segments.map((segment) =>
    /^\.+$/.test(segment) ? segment.replaceAll(".", "%252E") : encodeURIComponent(segment)
  )
  const url = new URL(`${service.pathname.replace(/\/+$/, "")}/${path.join("/")}`, service)
  for (const [name, value] of query) url.searchParams.append(name, value)
  return url
}

/** An address of the Calendar API. */
export const calendarUrl = (context: GoogleContext, segments: ReadonlyArray<string>, query: Query = []): URL =>
  urlAt(context.service, ["calendar", "v3", ...segments], [...query, ["prettyPrint", "false"]])

/** Sends one request. An answer too large to read is as good as none. */
export const send = (context: GoogleContext, request: GoogleRequest): Effect.Effect<GoogleReply, Reason> =>
  Effect.catchTag(
    context.client.send(context.account, request),
    "BodyTooLarge",
    () => new Unavailable({ message: "Google Calendar's answer is too large to read." })
  )

/** Gets an address of the Calendar API, whatever the answer is. */
export const get = (
  context: GoogleContext,
  segments: ReadonlyArray<string>,
  query: Query = []
): Effect.Effect<GoogleReply, Reason> =>
  send(context, { method: "GET", url: calendarUrl(context, segments, query), isSafe: true })

/** The same reply, if it is a success. */
export const succeeded = (reply: GoogleReply): Effect.Effect<GoogleReply, Reason> =>
  reply.failure === null ? Effect.succeed(reply) : Effect.fail(refusalOf(reply))
