/**
 * A feed, read as it is now or as it was a moment ago.
 * Decides when it is asked at all: one request at a time, not before it may be, ever more seldom while it fails. What is no whole
 * calendar is a failure, never an empty one.
 */
import type { BlockList } from "node:net"
import { AskedByUser } from "@punctual/core"
import { Clock, Effect, Redacted, Schema } from "effect"
import { type Feed, digestOf } from "./Feed.ts"
import { contentOf } from "./FeedContent.ts"
import type { FeedLimits, FetchLimits } from "./FeedLimits.ts"
import type { FeedMemory, FeedState, ReadAnswer } from "./FeedMemory.ts"
import { type Fetched, type FetchFeed, type Validators, feedUrl, shownAddress } from "./FetchFeed.ts"

/** Why a feed could not be read. */
export class FeedFault extends Schema.TaggedError<FeedFault>()("FeedFault", {
  /** `address`: one that is not fetched. `content`: no calendar, or not a whole one. `answer`: none, or of no use. */
  about: Schema.Literals(["address", "content", "answer"]),
  /** For a person. */
  message: Schema.String,
  /** Asked to wait; null: not asked. */
  retryAfterMillis: Schema.NullOr(Schema.Finite)
}) {}

export interface FeedReader {
  readonly memory: FeedMemory
  readonly limits: FeedLimits
  readonly fetch: FetchFeed
  readonly fetchLimits: Partial<FetchLimits>
  readonly allowed: BlockList
  readonly allowedBy: string
}

/** What is remembered of a feed belongs to its address and to the settings that it is read with. */
export const readingOf = ({ address, emails, zone }: Feed): string =>
  digestOf(JSON.stringify([Redacted.value(address), emails, zone]), readingCharacters)

const readingCharacters = 32

/** As it was a moment ago, or as it is now. */
export const readRecent = (reader: FeedReader, feed: Feed): Effect.Effect<ReadAnswer, FeedFault> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        state.answer !== null && now - state.answer.at < reader.limits.freshMillis
          ? Effect.succeed(state.answer)
          : askNow(reader, feed, state, now)
      )
    )
  })

/** As it is now. */
export const readNow = (reader: FeedReader, feed: Feed): Effect.Effect<ReadAnswer, FeedFault> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(Effect.flatMap(Clock.currentTimeMillis, (now) => askNow(reader, feed, state, now)))
  })

/** As it is now; null: the server says that it is what these validators are of. */
export const readSince = (
  reader: FeedReader,
  feed: Feed,
  since: Validators
): Effect.Effect<ReadAnswer | null, FeedFault> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.flatMap(asked(reader, feed, state, since, now), (fetched) =>
          fetched.kind === "unchanged" ? Effect.succeed(null) : answerOf(reader, feed, state, fetched, now)
        )
      )
    )
  })

const askNow = (
  reader: FeedReader,
  feed: Feed,
  state: FeedState,
  now: number
): Effect.Effect<ReadAnswer, FeedFault> => {
  const known = state.answer
  return Effect.flatMap(asked(reader, feed, state, known?.validators ?? null, now), (fetched) => {
    if (fetched.kind !== "unchanged") return answerOf(reader, feed, state, fetched, now)
    // Forgotten while it was asked for: it is asked again, for all of it.
    if (known === null || state.answer !== known) return askAgain(reader, feed, state, now)
    reader.memory.keep(state, { ...known, at: now })
    return Effect.succeed(known)
  })
}

const askAgain = (reader: FeedReader, feed: Feed, state: FeedState, now: number) =>
  Effect.flatMap(asked(reader, feed, state, null, now), (fetched) =>
    answerOf(reader, feed, state, fetched.kind === "unchanged" ? contradiction(feed) : fetched, now)
  )

const contradiction = (feed: Feed) =>
  ({
    kind: "failed",
    message: `${hostOf(feed)} says that nothing changed to whoever has nothing.`,
    retryAfterMillis: null
  }) as const

export const hostOf = ({ address }: Feed): string => {
  const url = feedUrl(Redacted.value(address))
  return url === null ? "The feed" : shownAddress(url)
}

/** Without validators a server has nothing to compare with. */
const usable = (held: Validators | null): Validators | null =>
  held !== null && (held.etag !== null || held.lastModified !== null) ? held : null

const asked = Effect.fnUntraced(function* (
  { allowed, allowedBy, fetch, fetchLimits, limits }: FeedReader,
  { address }: Feed,
  state: FeedState,
  held: Validators | null,
  now: number
): Effect.fn.Return<Fetched, FeedFault> {
  if (now < state.notBefore) {
    return yield* new FeedFault({ about: "answer", message: state.fault, retryAfterMillis: state.notBefore - now })
  }
  const doubled = Math.min(limits.backoffMaxMillis, limits.backoffMinMillis * 2 ** Math.max(0, state.failures - 1))
  const pauseMillis = (yield* AskedByUser) ? Math.min(doubled, limits.askedMillis) : doubled
  if (state.failures > 0 && now - state.triedAt < pauseMillis) {
    return yield* new FeedFault({ about: "answer", message: state.fault, retryAfterMillis: null })
  }
  return yield* Effect.promise((signal) =>
    fetch(Redacted.value(address), { allowed, allowedBy, held: usable(held), signal, limits: fetchLimits })
  )
})

const answerOf = Effect.fnUntraced(function* (
  { limits, memory }: FeedReader,
  feed: Feed,
  state: FeedState,
  fetched: Exclude<Fetched, { readonly kind: "unchanged" }>,
  now: number
): Effect.fn.Return<ReadAnswer, FeedFault> {
  memory.tidy(now)
  if (fetched.kind !== "whole") {
    const retryAfterMillis = fetched.kind === "failed" ? fetched.retryAfterMillis : null
    return yield* failed(state, now, {
      about: fetched.kind === "refused" ? "address" : "answer",
      message: fetched.message,
      retryAfterMillis
    })
  }
  const { bytes, validators } = fetched
  const digest = digestOf(bytes, bytesCharacters)
  const same = state.answer?.digest === digest ? state.answer.content : null
  if (same === null) memory.drop(state)
  const options = { emails: feed.emails, ...(feed.zone === null ? {} : { zone: feed.zone }) }
  const content = same ?? contentOf(bytes, options, limits.componentsMax)
  if ("fault" in content) {
    const message = `${hostOf(feed)} does not answer with a whole calendar: ${content.fault}.`
    return yield* failed(state, now, { about: "content", message, retryAfterMillis: null })
  }
  state.failures = 0
  state.notBefore = 0
  const answer: ReadAnswer = { content, validators, digest, bytes: bytes.length, at: now }
  memory.keep(state, answer)
  return answer
})

const bytesCharacters = 64

const failed = (
  state: FeedState,
  now: number,
  fault: { readonly about: FeedFault["about"]; readonly message: string; readonly retryAfterMillis: number | null }
): FeedFault => {
  state.failures += 1
  state.triedAt = now
  state.fault = fault.message
  if (fault.retryAfterMillis !== null) state.notBefore = now + fault.retryAfterMillis
  return new FeedFault(fault)
}
