/**
 * Manners between servers, once for adapters and the reference server alike: how often, how soon again, how much is read,
 * and what is kept for each of many.
 * Decides nothing: it names the files. The core proper never meets a network.
 */
export { type AccessTokens, makeAccessTokens, rotated } from "./AccessTokens.ts"
export { type BackoffLimits, backoffMillis } from "./Backoff.ts"
export { BodyTooLarge, readBody } from "./Body.ts"
export { type IdleCache, makeIdleCache } from "./IdleCache.ts"
export { type Reading, readAtMost } from "./BoundedText.ts"
export { retryAfterMaxMillis, retryAfterMillis } from "./RetryAfter.ts"
export { type SignInRefusal, firstLine } from "./SignInRefusal.ts"
export { type Rate, type Reserved, type TokenBucket, isFull, reserve } from "./TokenBucket.ts"
export { networkCode } from "./NetworkCode.ts"
