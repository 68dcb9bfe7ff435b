/**
 * What DynamoDB could not do, and whether asking again may help.
 * Decides what counts as a condition that is false: `ConditionalCheckFailed` and nothing else. Contention, throttling
 * and whatever is not understood (an HTML page in place of an answer, a reset connection, credentials that are expired
 * for the moment) are no verdict on a condition.
 */
import { Schema } from "effect"

export const Kind = Schema.Literals([
  "condition",
  "contention",
  "in_progress",
  "throttled",
  "too_large",
  "in_use",
  "rejected",
  "unknown"
])
export type Kind = typeof Kind.Type

export class TableError extends Schema.TaggedError<TableError>()("TableError", {
  kind: Kind,
  /** In DynamoDB's words. */
  detail: Schema.String,
  /** Of a transaction: one code for each of its actions, in their order. */
  reasons: Schema.Array(Schema.String),
  /** The `writer` of the item that made a condition false, where the answer carries it. */
  writer: Schema.NullOr(Schema.String)
}) {
  override get message(): string {
    return `${this.kind}: ${this.detail}`
  }
  get isRetryable(): boolean {
    return retried.has(this.kind)
  }
}

const retried: ReadonlySet<Kind> = new Set(["contention", "in_progress", "throttled", "unknown"])

/** From whatever the client threw. */
export const tableError = (thrown: unknown): TableError => {
  const { CancellationReasons, Item, message = "", name = "" } = (thrown ?? {}) as Thrown
  const reasons = (CancellationReasons ?? []).map(({ Code }) => Code ?? "None")
  const kind = name === "TransactionCanceledException" ? kindOfReasons(reasons) : kindOfName(name, message)
  const isTooLarge = kind === "rejected" && [message, ...messagesOf(CancellationReasons)].some(saysTooLarge)
  return new TableError({
    kind: isTooLarge ? "too_large" : kind,
    detail: `${name || "Unknown"}: ${message}`.slice(0, detailLengthMax),
    reasons,
    writer: Item?.["writer"]?.S ?? null
  })
}

interface Thrown {
  readonly name?: string
  readonly message?: string
  /** Also from the document client in DynamoDB's own form. */
  readonly Item?: Readonly<Record<string, { readonly S?: string }>>
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string; readonly Message?: string }>
}

/** Characters; an HTML page may be the message. */
const detailLengthMax = 300

const conditions = new Set(["ConditionalCheckFailedException"])
const contentions = new Set(["TransactionConflictException", "ReplicatedWriteConflictException"])
const throttles = new Set(["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"])
const rejections = new Set([
  "ValidationException",
  "ResourceNotFoundException",
  "AccessDeniedException",
  "ItemCollectionSizeLimitExceededException",
  "IdempotentParameterMismatchException"
])

const kindOfName = (name: string, message: string): Kind => {
  if (conditions.has(name)) return "condition"
  if (contentions.has(name)) return "contention"
  if (name === "TransactionInProgressException") return "in_progress"
  if (throttles.has(name)) return "throttled"
  if (name === "ResourceInUseException") return "in_use"
  return rejections.has(name) || saysTooLarge(message) ? "rejected" : "unknown"
}

/** A rejection never gets better; a false condition is a fact; what is left is worth another try. */
const kindOfReasons = (reasons: ReadonlyArray<string>): Kind => {
  if (reasons.some((code) => code === "ValidationError" || code === "ItemCollectionSizeLimitExceeded"))
    return "rejected"
  if (reasons.includes("ConditionalCheckFailed")) return "condition"
  if (reasons.includes("TransactionConflict")) return "contention"
  return reasons.some((code) => code === "ThrottlingError" || code === "ProvisionedThroughputExceeded")
    ? "throttled"
    : "unknown"
}

const messagesOf = (reasons: Thrown["CancellationReasons"]): ReadonlyArray<string> =>
  (reasons ?? []).map(({ Message }) => Message ?? "")

const saysTooLarge = (message: string): boolean => /item size.*exceeded/i.test(message)
