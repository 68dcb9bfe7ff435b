/**
 * A feed's meetings and series by id.
 * Decides what "not there" is answered to: a whole feed that is believed and has no entry of it that can't be read.
 */
import { Unavailable, Unreadable } from "@punctual/core"
import { Clock, Effect, Option, type Scope } from "effect"
import { heldOf, isBelieved } from "./Believed.ts"
import type { Slices } from "../text/Slices.ts"
import type { Feed } from "./Feed.ts"
import { type FeedContent, isUnread } from "./FeedContent.ts"
import { type FeedReader, hostOf, readRecent, readingOf } from "./ReadFeed.ts"
import { type Reason, reasonOf } from "./Reason.ts"

export const byId = Effect.fnUntraced(function* <A>(
  reader: FeedReader,
  feed: Feed,
  providerId: string,
  find: (content: FeedContent, providerId: string) => Slices<A | null>
): Effect.fn.Return<Option.Option<A>, Reason, Scope.Scope> {
  const { content } = yield* Effect.mapError(readRecent(reader, feed), reasonOf)
  const state = reader.memory.of(readingOf(feed))
  const found = yield* reader.turns.take(find(content, providerId))
  if (isUnread(content, providerId)) {
    return yield* new Unreadable({ message: `${hostOf(feed)} has an entry of this meeting that can't be read.` })
  }
  if (found !== null) {
    // A feed that holds what is asked for is one to hold the next answer against.
    state.held ??= heldOf(content)
    return Option.some(found)
  }
  const isGone = isBelieved(state, content, yield* Clock.currentTimeMillis, reader.limits)
  if (isGone === true) return Option.none()
  return yield* new Unavailable({
    message:
      isGone === null
        ? `${hostOf(feed)} does not hold this meeting, and has not been read before; that proves nothing yet.`
        : `${hostOf(feed)} holds much less than before, or less of it can be read; what it lacks is not taken for deleted until that has lasted.`
  })
})
