/**
 * Failures to order: which requests they strike, how often, and what the client then sees.
 *
 * Decides whether a fault strikes a request and spends it. What it does to the answer is in Faulted.ts. Faults are
 * plain data, so a script of them can be stored beside the seed that goes with it.
 */
import { Schema } from "effect"
import { happens } from "./Chance.ts"

const retryAfter = Schema.optionalKey(
  Schema.Union([Schema.Number, Schema.Literals(["integer", "fractional", "date", "absent", "zero", "huge", "garbage"])])
)

export const FaultAnswer = Schema.Union([
  /** 429. */
  Schema.Struct({
    type: Schema.Literal("throttle"),
    code: Schema.optionalKey(Schema.Literals(["TooManyRequests", "ApplicationThrottled", "activityLimitReached"])),
    retryAfter
  }),
  /** A 5xx, as JSON, as a gateway's HTML, or with nothing in it. */
  Schema.Struct({
    type: Schema.Literal("unavailable"),
    status: Schema.optionalKey(Schema.Literals([500, 502, 503, 504])),
    body: Schema.optionalKey(Schema.Literals(["json", "html", "empty"])),
    retryAfter
  }),
  /** Any status with any JSON. */
  Schema.Struct({
    type: Schema.Literal("answer"),
    status: Schema.Number,
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    body: Schema.optionalKey(Schema.Unknown)
  }),
  /** 404 in the words in which Graph says that an item is not there, whether it is or not. */
  Schema.Struct({ type: Schema.Literal("notFound") }),
  /** The access token is refused before its time. */
  Schema.Struct({
    type: Schema.Literal("unauthorized"),
    message: Schema.optionalKey(Schema.Literals(["expired", "lifetime", "80049228"]))
  }),
  /** 410 on whatever it strikes. */
  Schema.Struct({ type: Schema.Literal("gone"), location: Schema.optionalKey(Schema.Boolean) }),
  /** An AADSTS error of the token endpoint. */
  Schema.Struct({
    type: Schema.Literal("tokenError"),
    error: Schema.Literals([
      "refresh_token_expired",
      "refresh_token_expired_70008",
      "refresh_token_revoked",
      "consent_required",
      "mfa_required",
      "secret_wrong",
      "secret_expired",
      "app_unknown",
      "spa_expired",
      "admin_consent",
      "temporarily_unavailable"
    ])
  }),
  /** The connection is cut before anything happens. */
  Schema.Struct({ type: Schema.Literal("reset") }),
  /** It happens, and the connection is cut before the answer. */
  Schema.Struct({ type: Schema.Literal("lostAnswer") }),
  /** It happens, and nothing ever comes back. */
  Schema.Struct({ type: Schema.Literal("hang") }),
  /** It happens, and the answer takes this long. */
  Schema.Struct({ type: Schema.Literal("delay"), millis: Schema.Number }),
  /** Status and headers come at once, the body byte by byte over this long. */
  Schema.Struct({ type: Schema.Literal("slowBody"), millis: Schema.Number }),
  /** The JSON breaks off half-way. */
  Schema.Struct({ type: Schema.Literal("truncated") })
])

export type FaultAnswer = typeof FaultAnswer.Type

export const Fault = Schema.Struct({
  method: Schema.optionalKey(Schema.String),
  /** A regular expression that the decoded path must match, without the query. */
  path: Schema.optionalKey(Schema.String),
  /** Only requests of this mailbox, by object id, user principal name or mail. */
  mailbox: Schema.optionalKey(Schema.String),
  /** Lets this many matching requests pass first. */
  skip: Schema.optionalKey(Schema.Number),
  /** Strikes this many times; absent: for ever. */
  times: Schema.optionalKey(Schema.Number),
  /** Of each matching request; absent: always. */
  probability: Schema.optionalKey(Schema.Number),
  answer: FaultAnswer
})

export type Fault = typeof Fault.Type

/** What of a request a fault looks at. */
export interface Struck {
  readonly method: string
  readonly path: string
  /** Every name of the mailbox it speaks for, in lower case; none for the token endpoint. */
  readonly mailboxNames: ReadonlyArray<string>
}

export interface Strike {
  readonly answer: FaultAnswer | null
  readonly faults: ReadonlyArray<Fault>
  readonly seed: number
}

/** The first fault that strikes, and the faults that are left. */
export const strike = (faults: ReadonlyArray<Fault>, seed: number, request: Struck): Strike => {
  let current = seed
  for (const [index, fault] of faults.entries()) {
    if (!isMatch(fault, request)) continue
    const skip = fault.skip ?? 0
    if (skip > 0) return { answer: null, faults: replaceAt(faults, index, { ...fault, skip: skip - 1 }), seed: current }
    const [strikes, next] = happens(current, fault.probability ?? 1)
    current = next
    if (strikes) return { answer: fault.answer, faults: spend(faults, index, fault), seed: current }
  }
  return { answer: null, faults, seed: current }
}

const isMatch = (fault: Fault, request: Struck): boolean =>
  (fault.method === undefined || fault.method.toUpperCase() === request.method) &&
  (fault.mailbox === undefined || request.mailboxNames.includes(fault.mailbox.toLowerCase())) &&
  (fault.path === undefined || new RegExp(fault.path).test(request.path))

const spend = (faults: ReadonlyArray<Fault>, index: number, fault: Fault): ReadonlyArray<Fault> => {
  if (fault.times === undefined) return faults
  if (fault.times <= 1) return faults.filter((_, other) => other !== index)
  return replaceAt(faults, index, { ...fault, times: fault.times - 1 })
}

const replaceAt = (faults: ReadonlyArray<Fault>, index: number, fault: Fault): ReadonlyArray<Fault> =>
  faults.with(index, fault)
