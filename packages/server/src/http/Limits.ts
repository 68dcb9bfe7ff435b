/**
 * The budgets of the HTTP side, each with its name and unit: what a client, or somebody who is none, may take of it.
 * Decides the numbers alone; who keeps to them stands beside each. What a host may set is in `config/`.
 */

const second = 1_000
const kibibyte = 1_024
const mebibyte = 1_024 * kibibyte

/** Sockets, before anything is known of who is there (`http/Sockets.ts`). */
export const socketLimits = {
  connectionsMax: 4_096,
  /** Of one address that is no trusted proxy. */
  connectionsOfOneAddressMax: 512,
  headersMax: 100,
  /** A client that sends its headers or body slower than this is cut off (A11 of the project's attack table). */
  headersMillisMax: 5 * second,
  requestMillisMax: 15 * second,
  /** A client that does not take what was written for it within this is cut off. */
  drainMillisMax: 20 * second,
  /** How often the three above are looked at: Node's own 30 s would make them thrice as long. */
  lookMillis: second / 2
} as const

/** Work for who has shown no key, or a wrong one (`http/Admission.ts`). */
export const strangerLimits = {
  /** Requests at once, of one address and of all. */
  atOnceOfOneAddressMax: 16,
  atOnceMax: 64,
  /** Requests a second and after a pause, of one address and of all. */
  ofOneAddress: { perSecond: 10, burst: 100 },
  ofAll: { perSecond: 100, burst: 500 },
  /** Keys that are looked up at once while addresses are over the above; as many wait as an address may connect. */
  lookUpsAtOnceMax: 4,
  lookUpsWaitingOfOneAddressMax: socketLimits.connectionsOfOneAddressMax,
  /** Good keys whose holders wait for none of these; beyond them the longest known are forgotten. */
  rememberedMax: 10_000,
  /** Addresses remembered; beyond them those that have been quiet are forgotten. */
  addressesMax: 10_000
} as const

/** What one key may have going on at once (`http/RateLimiting.ts`). */
export const keyLimits = { atOnceMax: 32 } as const

/** Requests held until there is something to answer (`http/HeldRequests.ts`). */
export const heldLimits = {
  /** Of one user, or of the admin key: less than may run at once, so that others of theirs are answered meanwhile. */
  ofOneMax: 8,
  /** Of all users, in a process: each holds a connection. */
  atOnceMax: 1_024
} as const

export const bodyLimits = { requestBytesMax: mebibyte } as const

/** Rows of one list in a preview, and meetings of a forecast. */
export const decisionLimits = { rowsMax: 500, forecastDaysMax: 366 } as const

export const answerLimits = {
  /** A page ends before the event that would make it longer, but holds one at least. */
  pageBytesMax: 2 * mebibyte,
  /** An answer longer than this is not kept for its idempotency key: a repetition meets its own work, as after a crash. */
  keptBytesMax: 64 * kibibyte,
  /** Answers kept for one user's idempotency keys, and their length; beyond: `quota_exceeded` (`stored_answers`). */
  storedOfOneUserMax: 10_000,
  storedBytesOfOneUserMax: 32 * mebibyte,
  /** What other processes stored is seen this much later. */
  storedLookMillis: 10 * second
} as const
