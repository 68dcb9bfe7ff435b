/**
 * Published calendars as the core's calendar provider.
 * Decides how the parts are put together: one connection holds a user's feeds, each of them a calendar that is read and never
 * written, polled and never watched. What it knows of a feed beyond its credentials it forgets with the process.
 */
import { BlockList } from "node:net"
import {
  CalendarError,
  CalendarGone,
  type CalendarListing,
  CalendarProvider,
  type CalendarSession,
  type ChangePage,
  type Credentials,
  NotSubscribable,
  type OpenOptions,
  type Profile,
  type ProviderCalendarId,
  SubscriptionGone,
  Throttled,
  type Verified
} from "@punctual/core"
import { Clock, Effect, Layer, Redacted, type Scope, Stream } from "effect"
import {
  type Feed,
  feedCalendarId,
  feedCredentials,
  feedPlatform,
  feedsOf,
  feedsOfOneUserMax,
  withFeed
} from "./Feed.ts"
import { byId } from "./FeedById.ts"
import { eventIn, seriesIn } from "./FeedContent.ts"
import { type FeedLimits, type FetchLimits, feedLimits } from "./FeedLimits.ts"
import { type FetchFeed, fetchFeed } from "./FetchFeed.ts"
import { makeFeedMemory } from "./FeedMemory.ts"
import { type Pages, changes, view } from "./FeedPasses.ts"
import { makeTurns } from "./Turns.ts"
import { type FeedReader, hostOf, readNow } from "./ReadFeed.ts"
import { type Reason, connectingReasonOf, feedErrors, rejected } from "./Reason.ts"

export interface FeedOptions {
  /** Networks besides public ones that feeds may be fetched from; there http will do. */
  readonly allowed?: BlockList | undefined
  /** What a person sets to name such networks, for sentences. */
  readonly allowedBy?: string | undefined
  readonly limits?: Partial<FeedLimits & FetchLimits> | undefined
  /** In the place of the network: for tests, and for hosts that reach it another way. Never rejects. */
  readonly fetch?: FetchFeed | undefined
}

export const layer = (options: FeedOptions = {}): Layer.Layer<CalendarProvider> =>
  Layer.sync(CalendarProvider, () => make(options))

const make = (options: FeedOptions) => {
  const { allowed = new BlockList(), allowedBy = "the host's configuration", fetch = fetchFeed } = options
  const given = options.limits ?? {}
  const limits: FeedLimits = { ...feedLimits, ...given }
  const turns = makeTurns(limits.sliceBytes)
  const memory = makeFeedMemory(limits)
  const reader: FeedReader = { memory, limits, turns, fetch, fetchLimits: given, allowed, allowedBy }
  return CalendarProvider.of({
    platform: feedPlatform,
    // Asked to watch a calendar it says why that can't be.
    capabilities: { idsUniqueIn: "calendar", subscriptions: true, notificationUrl: null },
    verify: (credentials) => asPortError("verify", verify(reader, credentials)),
    combine: (held, given) => asPortError("combine", combine(held, given)),
    without: (held, calendarId) => asPortError("without", without(held, calendarId)),
    open: (options) => Effect.sync(() => sessionOf(reader, options))
  })
}

/** All feeds of a user are one account: one is added or taken out without the others being connected anew. */
const accountId = "feeds"

/** Reads what has not been read yet. The others may be out of reach just now. */
const verify = Effect.fnUntraced(function* (
  reader: FeedReader,
  credentials: Redacted.Redacted<Credentials>
): Effect.fn.Return<Verified, Reason> {
  const feeds = yield* feedsIn(credentials)
  const read = yield* Effect.forEach(feeds, (feed) =>
    feed.told !== null
      ? Effect.succeed(feed)
      : readNow(reader, feed).pipe(
          Effect.mapError(connectingReasonOf),
          Effect.map(({ content }): Feed => ({ ...feed, told: { name: content.file.name, zone: content.file.zone } })),
          Effect.scoped
        )
  )
  return {
    profile: profileOf(read),
    credentials: feedCredentials(read, Redacted.value(credentials).obtainedAt)
  }
})

/** A feed at an address that is held takes its place. */
const combine = Effect.fnUntraced(function* (
  held: Redacted.Redacted<Credentials>,
  given: Redacted.Redacted<Credentials>
): Effect.fn.Return<Redacted.Redacted<Credentials>, Reason> {
  const feeds = (yield* feedsIn(given)).reduce(withFeed, feedsOf(held) ?? [])
  if (feeds.length > feedsOfOneUserMax) {
    return yield* rejected(
      feedErrors.feedLimit,
      `A user has at most ${feedsOfOneUserMax} feeds; disconnect them, and connect those that are wanted.`
    )
  }
  return feedCredentials(feeds, Redacted.value(given).obtainedAt)
})

/** The same where there is no such feed. */
const without = (
  held: Redacted.Redacted<Credentials>,
  calendarId: ProviderCalendarId
): Effect.Effect<Redacted.Redacted<Credentials> | null, Reason> =>
  Effect.map(feedsIn(held), (feeds) => {
    const left = feeds.filter((feed) => feedCalendarId(feed) !== calendarId)
    if (left.length === feeds.length) return held
    return left.length === 0 ? null : feedCredentials(left, Redacted.value(held).obtainedAt)
  })

const feedsIn = (credentials: Redacted.Redacted<Credentials>): Effect.Effect<ReadonlyArray<Feed>, Reason> => {
  const feeds = feedsOf(credentials)
  return feeds === null
    ? Effect.fail(
        rejected(feedErrors.invalidFeed, "These credentials name no published calendar; connect its address again.")
      )
    : Effect.succeed(feeds)
}

/** Each address that any of the feeds names is the user's. */
const profileOf = (feeds: ReadonlyArray<Feed>): Profile => {
  const [email = null, ...otherEmails] = new Set(feeds.flatMap(({ emails }) => emails))
  return { accountId, email, otherEmails, name: null }
}

const sessionOf = (reader: FeedReader, { credentials, notBefore }: OpenOptions): CalendarSession => {
  const feeds = Effect.andThen(whenAsked(notBefore), feedsIn(credentials))
  const feedOf = (calendarId: ProviderCalendarId) =>
    Effect.flatMap(feeds, (all): Effect.Effect<Feed, Reason> => {
      const found = all.find((feed) => feedCalendarId(feed) === calendarId)
      return found === undefined ? Effect.fail(new CalendarGone()) : Effect.succeed(found)
    })
  return {
    profile: asPortError("profile", Effect.map(feeds, profileOf)),
    calendars: asPortError(
      "calendars",
      Effect.map(feeds, (all) => all.map((feed, index) => listingOf(feed, index === 0)))
    ),
    changes: (calendarId, from) =>
      paged(
        "changes",
        Effect.flatMap(feedOf(calendarId), (feed) => changes(reader, feed, from))
      ),
    view: (calendarId, span) =>
      paged(
        "view",
        Effect.flatMap(feedOf(calendarId), (feed) => view(reader, feed, span))
      ),
    event: (calendarId, id) =>
      asPortError(
        "event",
        Effect.flatMap(feedOf(calendarId), (feed) => Effect.scoped(byId(reader, feed, id, eventIn)))
      ),
    series: (calendarId, id) =>
      asPortError(
        "series",
        Effect.flatMap(feedOf(calendarId), (feed) => Effect.scoped(byId(reader, feed, id, seriesIn)))
      ),
    subscribe: () => asPortError("subscribe", Effect.fail(polledOnly)),
    renew: () => asPortError("renew", Effect.fail(new SubscriptionGone())),
    unsubscribe: () => Effect.void,
    subscriptions: Effect.succeed([])
  }
}

/** Nothing is asked before it may be. */
const whenAsked = (notBefore: number | null): Effect.Effect<void, Reason> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    notBefore !== null && now < notBefore
      ? Effect.fail(new Throttled({ retryAfterMillis: notBefore - now }))
      : Effect.void
  )

const polledOnly = new NotSubscribable({
  code: "push_not_supported",
  message: "A published calendar tells nobody when it changes, so it is read at intervals."
})

const listingOf = (feed: Feed, isPrimary: boolean): CalendarListing => ({
  providerId: feedCalendarId(feed),
  summary: feed.name ?? feed.told?.name ?? hostOf(feed),
  isPrimary,
  accessRole: "reader",
  color: "#7f8c8d",
  timeZone: feed.told?.zone ?? feed.zone
})

const paged = (
  operation: string,
  pages: Effect.Effect<Pages, Reason, Scope.Scope>
): Stream.Stream<ChangePage, CalendarError> =>
  Stream.mapError(Stream.unwrap(pages), (reason) => new CalendarError({ operation, reason })).pipe(
    Stream.withSpan(`FeedCalendar.${operation}`)
  )

/** The one place where reasons become the port's error. */
const asPortError = <A>(operation: string, effect: Effect.Effect<A, Reason>): Effect.Effect<A, CalendarError> =>
  effect.pipe(
    Effect.mapError((reason) => new CalendarError({ operation, reason })),
    Effect.withSpan(`FeedCalendar.${operation}`)
  )
