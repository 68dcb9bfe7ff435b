/**
 * Published iCalendar feeds as Punctual's calendar provider.
 *
 *   layer                       the `CalendarProvider` of `@punctual/core`
 *   newFeed, withFeed           a feed as a user names it, and a user's feeds with one more
 *   feedCredentials, feedsOf    feeds as the credentials of a connection, and back
 *   keepReadingShortLived       a setting of V8 for a process that reads large feeds
 *   fetchFeed                   one fetch of an address, within limits and public networks
 */
export { type FeedOptions, layer } from "./FeedCalendar.ts"
export {
  type Feed,
  feedCalendarId,
  feedCredentials,
  feedPlatform,
  feedsOf,
  feedsOfOneUserMax,
  newFeed,
  withFeed
} from "./Feed.ts"
export { type FeedLimits, type FetchLimits, feedLimits, fetchLimits } from "./FeedLimits.ts"
export { type FetchFeed, type FetchOptions, type Fetched, type Validators, fetchFeed } from "./FetchFeed.ts"
export { feedErrors } from "./Reason.ts"
export { keepReadingShortLived } from "./ShortLived.ts"
