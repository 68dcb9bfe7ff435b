/**
 * A feed, read as it is now or as it was a moment ago.
 * Decides when it is asked at all: one request at a time, not before it may be, ever more seldom while it fails. What is no whole
 * calendar is a failure, never an empty one.
 */
import { createHash } from "node:crypto"
import type { BlockList } from "node:net"
import { AskedByUser, type Span } from "@punctual/core"
import type { Slices } from "../text/Slices.ts"
import { Clock, Effect, Redacted, Schema, type Scope } from "effect"
import { type Feed, digestOf } from "./Feed.ts"
import { contentOf } from "./FeedContent.ts"
import type { FeedLimits, FetchLimits } from "./FeedLimits.ts"
import type { FeedMemory, FeedState, ReadAnswer } from "./FeedMemory.ts"
import { type HeldBytes, heldBytes, holdInScope } from "./HeldBytes.ts"
import type { Turns } from "./Turns.ts"
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
  readonly turns: Turns
  readonly fetch: FetchFeed
  readonly fetchLimits: Partial<FetchLimits>
  readonly allowed: BlockList
  readonly allowedBy: string
}

/** What is remembered of a feed belongs to its address and to the settings that it is read with. */
export const readingOf = ({ address, emails, zone }: Feed): string =>
  digestOf(JSON.stringify([Redacted.value(address), emails, zone]), readingCharacters)

const readingCharacters = 32

/** What is read of an answer is read before the scope ends. As it was a moment ago, or as it is now. */
export const readRecent = (reader: FeedReader, feed: Feed): Effect.Effect<ReadAnswer, FeedFault, Scope.Scope> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        state.answer !== null && now - state.answer.at < reader.limits.freshMillis
          ? given(state.answer)
          : askNow({ reader, feed, state, now, span: null })
      )
    )
  })

/** As it is now. `span`: the window that will be asked for. */
export const readNow = (
  reader: FeedReader,
  feed: Feed,
  span: Span | null = null
): Effect.Effect<ReadAnswer, FeedFault, Scope.Scope> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(
      Effect.flatMap(Clock.currentTimeMillis, (now) => askNow({ reader, feed, state, now, span }))
    )
  })

/** As it is now; null: it is what it was, by the word of its server or to the byte. */
export const readSince = (
  reader: FeedReader,
  feed: Feed,
  since: Validators & { readonly digest: string },
  span: Span
): Effect.Effect<ReadAnswer | null, FeedFault, Scope.Scope> =>
  Effect.suspend(() => {
    const state = reader.memory.of(readingOf(feed))
    return state.turn.withPermit(
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const asking = { reader, feed, state, now, span }
        // What takes its place needs the room.
        reader.memory.drop(state)
        return Effect.flatMap(asked(asking, since), (fetched) =>
          fetched.kind === "unchanged" ? unchanged(state) : changedOf(asking, fetched, since.digest)
        )
      })
    )
  })

const given = (answer: ReadAnswer): Effect.Effect<ReadAnswer, never, Scope.Scope> =>
  Effect.as(holdInScope(answer.held), answer)

const unchanged = (state: FeedState): Effect.Effect<null> =>
  Effect.sync(() => {
    noteRead(state)
    return null
  })

const changedOf = (asking: Asking, fetched: Answered, digest: string) =>
  Effect.flatMap(wholeOf(asking, fetched), (whole) =>
    whole.digest === digest ? unchanged(asking.state) : answerOf(asking, whole)
  )

interface Asking {
  readonly reader: FeedReader
  readonly feed: Feed
  readonly state: FeedState
  readonly now: number
  readonly span: Span | null
}

const askNow = (asking: Asking): Effect.Effect<ReadAnswer, FeedFault, Scope.Scope> => {
  const { now, reader, state } = asking
  const known = state.answer
  return Effect.flatMap(asked(asking, known?.validators ?? null), (fetched) => {
    if (fetched.kind !== "unchanged")
      return Effect.flatMap(wholeOf(asking, fetched), (whole) => answerOf(asking, whole))
    // Forgotten while it was asked for: it is asked again, for all of it.
    if (known === null || state.answer !== known) return askAgain(asking)
    noteRead(state)
    reader.memory.keep(state, { ...known, at: now })
    return given(known)
  })
}

const askAgain = (asking: Asking) =>
  Effect.flatMap(asked(asking, null), (fetched) =>
    Effect.flatMap(wholeOf(asking, fetched.kind === "unchanged" ? contradiction(asking.feed) : fetched), (whole) =>
      answerOf(asking, whole)
    )
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
  { feed: { address }, now, reader, state }: Asking,
  held: Validators | null
): Effect.fn.Return<Fetched, FeedFault> {
  const { allowed, allowedBy, fetch, fetchLimits, limits } = reader
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

type Answered = Exclude<Fetched, { readonly kind: "unchanged" }>

interface Whole {
  readonly bytes: Uint8Array
  readonly held: HeldBytes
  readonly validators: Validators
  readonly digest: string
}

const wholeOf = Effect.fnUntraced(function* (
  { now, reader: { memory, turns }, state }: Asking,
  fetched: Answered
): Effect.fn.Return<Whole, FeedFault, Scope.Scope> {
  memory.tidy(now)
  if (fetched.kind !== "whole") {
    const retryAfterMillis = fetched.kind === "failed" ? fetched.retryAfterMillis : null
    return yield* failed(state, now, {
      about: fetched.kind === "refused" ? "address" : "answer",
      message: fetched.message,
      retryAfterMillis
    })
  }
  const { bytes, free, validators } = fetched
  const held = heldBytes(free)
  yield* holdInScope(held)
  return { bytes, held, validators, digest: yield* turns.take(digestIn(bytes)) }
})

const answerOf = Effect.fnUntraced(function* (
  { feed, now, reader: { limits, memory, turns }, span, state }: Asking,
  { bytes, digest, held, validators }: Whole
): Effect.fn.Return<ReadAnswer, FeedFault, Scope.Scope> {
  if (state.answer?.digest === digest) {
    const answer = { ...state.answer, validators, at: now }
    noteRead(state)
    memory.keep(state, answer)
    return yield* given(answer)
  }
  memory.drop(state)
  const options = { emails: feed.emails, ...(feed.zone === null ? {} : { zone: feed.zone }) }
  const content = yield* turns.take(contentOf(bytes, options, limits, span))
  if ("fault" in content) {
    const message = `${hostOf(feed)} does not answer with a whole calendar: ${content.fault}.`
    return yield* failed(state, now, { about: "content", message, retryAfterMillis: null })
  }
  noteRead(state)
  const answer: ReadAnswer = { content, validators, digest, bytes: bytes.length, held, at: now }
  memory.keep(state, answer)
  return answer
})

const noteRead = (state: FeedState): void => {
  state.failures = 0
  state.notBefore = 0
}

function* digestIn(bytes: Uint8Array): Slices<string> {
  const digest = createHash("sha256")
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    digest.update(bytes.subarray(at, at + pieceBytes))
    yield pieceBytes / 16
  }
  return digest.digest("hex")
}

const pieceBytes = 256 * 1024

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
