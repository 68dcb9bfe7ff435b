/**
 * Connecting a published feed: the request as credentials, and a refusal as one of the contract's problems.
 * Decides which problem a feed's refusal is; what was refused is decided by the adapter.
 */
import { feedCredentials, feedErrors, feedPlatform, newFeed } from "@punctual/adapter-ics/feed"
import type { Connected, Failure, Punctual, Refusal, UserId } from "@punctual/core"
import { Effect, Redacted } from "effect"
import type { HttpServerRequest } from "effect/http"
import type { FeedRequest } from "../api/FeedRequest.ts"
import { AddressRefused, FeedLimit, FeedUnreachable, InvalidFeed, type Unavailable } from "../api/Problems.ts"
import { refusalToProblem } from "./RefusalToProblem.ts"

/** A feed is added to those that the user follows; the same address again takes its place. */
export const connectFeed = (
  punctual: Punctual["Service"],
  userId: UserId,
  { emails, ics_url: address, name, time_zone: zone }: typeof FeedRequest.Type,
  obtainedAt: number
): Effect.Effect<Connected, FeedProblem | Unavailable, HttpServerRequest.HttpServerRequest> => {
  const feed = newFeed(Redacted.make(address), {
    ...(emails === undefined ? {} : { emails }),
    ...(name === undefined ? {} : { name }),
    ...(zone === undefined ? {} : { zone })
  })
  return punctual
    .connect(userId, feedCredentials([feed], obtainedAt), feedPlatform)
    .pipe(Effect.catch((failure) => problemOf(failure)))
}

type FeedProblem = InvalidFeed | FeedUnreachable | AddressRefused | FeedLimit

const problemOf = (
  failure: Failure
): Effect.Effect<never, FeedProblem | Unavailable, HttpServerRequest.HttpServerRequest> =>
  failure._tag === "Refusal" && (failure.code === "invalid_credentials" || failure.code === "provider_unavailable")
    ? Effect.fail(problemOfFeed(failure))
    : refusalToProblem([])(Effect.fail(failure))

const problemOfFeed = ({ code, detail, providerError, providerSaid }: Refusal): FeedProblem => {
  if (code === "provider_unavailable") return new FeedUnreachable({ detail: providerSaid ?? detail })
  if (providerError === feedErrors.addressRefused) return new AddressRefused({ detail })
  return providerError === feedErrors.feedLimit ? new FeedLimit({ detail }) : new InvalidFeed({ detail })
}
