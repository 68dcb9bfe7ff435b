/**
 * What AWS could not or would not do.
 * Decides what counts as an answer (there is none, there is one already, it is refused) and what is merely trouble:
 * throttling, and whatever is not understood, such as a page of HTML or a connection that was reset. `crowded` is this
 * process's own: so many wait for their turn that AWS was not asked at all.
 */
import { Effect, Schema } from "effect"

export const FailureKind = Schema.Literals(["absent", "present", "throttled", "crowded", "refused", "unavailable"])
export type FailureKind = typeof FailureKind.Type

export class AwsFailure extends Schema.TaggedError<AwsFailure>()("AwsFailure", {
  kind: FailureKind,
  /** AWS's name for it. */
  error: Schema.String,
  message: Schema.String
}) {
  get isRetryable(): boolean {
    return this.kind === "throttled" || this.kind === "unavailable"
  }
}

/** From whatever the client threw. */
export const awsFailure = (thrown: unknown): AwsFailure => {
  const { message = "", name = "Unknown" } = (thrown ?? {}) as { readonly name?: string; readonly message?: string }
  return new AwsFailure({
    kind: kinds.get(name) ?? "unavailable",
    error: name,
    message: `${name}: ${message}`.slice(0, messageLengthMax)
  })
}

/** Null where there is nothing of that name. */
export const absentAsNull = <A>(effect: Effect.Effect<A, AwsFailure>): Effect.Effect<A | null, AwsFailure> =>
  Effect.catchIf(
    effect,
    ({ kind }) => kind === "absent",
    () => Effect.succeed(null)
  )

/** Characters; an HTML page may be the message. */
const messageLengthMax = 300

const eachOf = (kind: FailureKind, ...names: ReadonlyArray<string>): ReadonlyArray<readonly [string, FailureKind]> =>
  names.map((name) => [name, kind])

/**
 * A name that is not here is trouble: asking again may help, and a sweep comes back to it. So are credentials that are
 * expired or not there for the moment, whatever AWS calls them: they say nothing of what was asked.
 */
const kinds: ReadonlyMap<string, FailureKind> = new Map([
  ...eachOf("absent", "ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"),
  ...eachOf("present", "ConflictException", "ParameterAlreadyExists"),
  ...eachOf("throttled", "ThrottlingException", "TooManyUpdates", "TooManyRequestsException", "RequestThrottled"),
  ...eachOf("throttled", "Throttling", "OverLimit", "KmsThrottled"),
  ...eachOf(
    "refused",
    "ValidationException",
    "ServiceQuotaExceededException",
    "AccessDeniedException",
    "AccessDenied",
    "QueueDoesNotExist",
    "InvalidAddress",
    "InvalidKeyId",
    "InvalidParameterValue",
    "KmsAccessDenied",
    "KmsDisabled",
    "ParameterLimitExceeded",
    "ParameterMaxVersionLimitExceeded",
    "HierarchyLevelLimitExceeded",
    "HierarchyTypeMismatch",
    "UnsupportedParameterType"
  )
])
