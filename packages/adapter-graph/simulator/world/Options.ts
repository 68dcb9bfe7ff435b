/**
 * How this Microsoft 365 behaves: the knobs, their defaults and their units.
 *
 * Decides nothing itself; rules read it. A probability is between 0 and 1, drawn from the world's seed; 1 is always.
 * The defaults are what real Graph does on a good day, so a client that works here by default has not been spoilt.
 */
import { Schema, Struct } from "effect"

const Probability = Schema.Number.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

const Delta = Schema.Struct({
  /** Items a page holds when the client does not ask with odata.maxpagesize. */
  pageSize: Schema.Number,
  /** A page that is empty and yet has a next link. */
  emptyPage: Probability,
  /** An item comes twice in one page. */
  duplicate: Probability,
  /** Changes already sent come again. */
  replay: Probability,
  /** A round says nothing; its changes come with the next one. */
  late: Probability,
  /** The items of a page in another order, occurrences before their master too. */
  shuffle: Probability,
  /** A series comes without its master. */
  masterMissing: Probability,
  /** An `@removed` for an id that nobody has heard of. */
  unknownRemoved: Probability,
  /** `@removed` for what changed outside the window. Real Graph does that. */
  removedOutsideWindow: Schema.Boolean,
  /** Deleting a series tombstones its master only, or its occurrences in the window as well. */
  seriesTombstones: Schema.Literals(["master", "all"]),
  /** Occurrence ids change when the series' time of day does. */
  occurrenceIdsFollowTime: Schema.Boolean,
  /** What `$select`, `$top` and the like do on a delta call. */
  unsupportedQuery: Schema.Literals(["refuse", "ignore"]),
  /** A 410 carries a Location for a fresh round. */
  goneLocation: Schema.Boolean,
  /** The code inside a 410. */
  goneCode: Schema.Literals(["SyncStateNotFound", "syncStateNotFound", "resyncRequired", "syncStateInvalid"]),
  /** Tokens older than this answer 410; 0 lets them live for ever. */
  tokenLifetimeMinutes: Schema.Number
})

const Notifications = Schema.Struct({
  /** A notification never comes. */
  lost: Probability,
  /** A notification comes twice. */
  duplicated: Probability,
  /** A creation is announced as created and as updated too. */
  createdAlsoUpdated: Probability,
  /** Notifications waiting at the same time leave in another order. */
  reordered: Probability,
  /** The most notifications that travel in one request. */
  batchMax: Schema.Number,
  delayMillis: Schema.Number,
  /** An answer that takes longer counts as slow; the first attempt is given up then. */
  answerWithinMillis: Schema.Number,
  /** Later attempts are given up after this. */
  retryWithinMillis: Schema.Number,
  firstRetryMillis: Schema.Number,
  giveUpAfterMillis: Schema.Number,
  /** Addresses that answer late are slowed down, and then dropped, for ten minutes. */
  slowStates: Schema.Boolean,
  /** Nothing is delivered for a subscription whose last access token has expired. */
  needToken: Schema.Boolean
})

const Subscriptions = Schema.Struct({
  minutesMax: Schema.Number,
  minutesMin: Schema.Number,
  /** A second subscription for the same resource and change types. */
  duplicates: Schema.Literals(["accept", "conflict"]),
  countMax: Schema.Number,
  validateWithinMillis: Schema.Number,
  /** PATCH and reauthorize validate the address again. */
  validateOnRenew: Schema.Boolean,
  /** `http://127.0.0.1` and the like are accepted as notification addresses; real Graph wants https. */
  plainHttpLoopback: Schema.Boolean
})

const Throttle = Schema.Struct({
  concurrencyMax: Schema.Number,
  budget: Schema.Number,
  budgetWindowMillis: Schema.Number,
  /** How Retry-After is written. */
  retryAfter: Schema.Literals(["integer", "fractional", "date", "absent"]),
  retryAfterSeconds: Schema.Number,
  /** What too much concurrency answers. */
  concurrencyStatus: Schema.Literals([429, 503])
})

const Token = Schema.Struct({
  accessTokenSeconds: Schema.Number,
  refreshTokenIdleDays: Schema.Number,
  codeMinutes: Schema.Number,
  /** `Calendars.Read`, or `https://graph.microsoft.com/Calendars.Read`. */
  scopeSpelling: Schema.Literals(["short", "uri"]),
  /** invalid_grant answers carry a suberror, as they do since 2026. */
  suberror: Schema.Boolean,
  /** A refresh returns a new refresh token. The old one stays valid either way. */
  rotate: Schema.Boolean
})

export const Options = Schema.Struct({
  delta: Delta,
  notifications: Notifications,
  subscriptions: Subscriptions,
  throttle: Throttle,
  token: Token,
  /** Every Graph answer waits this long, which is what makes concurrency visible. */
  latencyMillis: Schema.Number
})

export type Options = typeof Options.Type

/** The same with every member optional: what a client of the control interface sends. */
export const OptionsChange = Schema.Struct({
  delta: Schema.optionalKey(Delta.mapFields(Struct.map(Schema.optionalKey))),
  notifications: Schema.optionalKey(Notifications.mapFields(Struct.map(Schema.optionalKey))),
  subscriptions: Schema.optionalKey(Subscriptions.mapFields(Struct.map(Schema.optionalKey))),
  throttle: Schema.optionalKey(Throttle.mapFields(Struct.map(Schema.optionalKey))),
  token: Schema.optionalKey(Token.mapFields(Struct.map(Schema.optionalKey))),
  latencyMillis: Schema.optionalKey(Schema.Number)
})

export type OptionsChange = typeof OptionsChange.Type

export const defaultOptions: Options = {
  delta: {
    pageSize: 50,
    emptyPage: 0,
    duplicate: 0,
    replay: 0,
    late: 0,
    shuffle: 0,
    masterMissing: 0,
    unknownRemoved: 0,
    removedOutsideWindow: true,
    seriesTombstones: "master",
    occurrenceIdsFollowTime: false,
    unsupportedQuery: "refuse",
    goneLocation: false,
    goneCode: "SyncStateNotFound",
    tokenLifetimeMinutes: 0
  },
  notifications: {
    lost: 0,
    duplicated: 0,
    createdAlsoUpdated: 1,
    reordered: 0,
    batchMax: 20,
    delayMillis: 0,
    answerWithinMillis: 3_000,
    retryWithinMillis: 10_000,
    firstRetryMillis: 10_000,
    giveUpAfterMillis: 4 * 3_600_000,
    slowStates: true,
    needToken: false
  },
  subscriptions: {
    minutesMax: 10_070,
    minutesMin: 45,
    duplicates: "accept",
    countMax: 1_000,
    validateWithinMillis: 10_000,
    validateOnRenew: false,
    plainHttpLoopback: true
  },
  throttle: {
    concurrencyMax: 4,
    budget: 10_000,
    budgetWindowMillis: 600_000,
    retryAfter: "integer",
    retryAfterSeconds: 2,
    concurrencyStatus: 429
  },
  token: {
    accessTokenSeconds: 3_599,
    refreshTokenIdleDays: 90,
    codeMinutes: 10,
    scopeSpelling: "short",
    suberror: true,
    rotate: true
  },
  latencyMillis: 0
}

export const changeOptions = (options: Options, change: OptionsChange): Options => ({
  delta: { ...options.delta, ...change.delta },
  notifications: { ...options.notifications, ...change.notifications },
  subscriptions: { ...options.subscriptions, ...change.subscriptions },
  throttle: { ...options.throttle, ...change.throttle },
  token: { ...options.token, ...change.token },
  latencyMillis: change.latencyMillis ?? options.latencyMillis
})
