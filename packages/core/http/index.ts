/**
 * Manners between servers, once for adapters and the reference server alike: how often, how soon again, how much is read,
 * what is kept for each of many, and how what another server says is read.
 * Decides nothing: it names the files. The core proper never meets a network.
 */
export { type AccessToken, type AccessTokens, makeAccessTokens, rotated, type TokenGrant } from "./AccessTokens.ts"
export { type BackoffLimits, backoffMillis } from "./Backoff.ts"
export { BodyTooLarge, readBody } from "./Body.ts"
export { type Answered, type Exchanged, exchange } from "./Exchange.ts"
export { type Hold, type HoldLimits, makeHold } from "./Hold.ts"
export { type IdleCache, makeIdleCache } from "./IdleCache.ts"
export {
  asObject,
  isTrue,
  type JsonObject,
  parseObject,
  readArray,
  readList,
  readName,
  readObject,
  readObjects,
  readText
} from "./Json.ts"
export { type Lesson, type Mailbox, makeMailbox } from "./Mailbox.ts"
export { makeOperations } from "./Operations.ts"
export { type ServiceLimits, usualLimits } from "./ServiceLimits.ts"
export { configuredUrl, isLoopback, serviceUrl } from "./ServiceUrl.ts"
export { type Reading, readAtMost } from "./BoundedText.ts"
export { redeemWithRetry } from "./RedeemRetry.ts"
export { retryAfterMaxMillis, retryAfterMillis } from "./RetryAfter.ts"
export { type SignInRefusal, firstLine } from "./SignInRefusal.ts"
export { type Rate, type Reserved, type TokenBucket, isFull, reserve } from "./TokenBucket.ts"
export { networkCode } from "./NetworkCode.ts"
