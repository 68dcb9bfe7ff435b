/**
 * The port to where credentials rest, encrypted. One entry per connection generation and version.
 *
 * Laws: what was put is got, equal; `get` of what is not there is `None`; an older refresh token (by `obtainedAt`)
 * never replaces a newer one under the same ref; `eraseAll` leaves nothing of the connection behind; a tampered or swapped
 * entry fails with `DecryptFailed` and yields nothing.
 */
import { Context, type Effect, type Option, type Redacted, Schema } from "effect"
import type { ConnectionGeneration, ConnectionRef, Credentials } from "../domain/Connection.ts"
import { portMessage } from "./PortMessage.ts"

/** What rests there was tampered with, belongs elsewhere, or was encrypted under a key that is not there. */
export class DecryptFailed extends Schema.TaggedError<DecryptFailed>()("DecryptFailed", {}) {
  override get message(): string {
    return "tampered with, of another user, or encrypted under a key that is not there; see that every key in use is configured"
  }
}
/** More than the place takes, in bytes of the encrypted form. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", { bytes: Schema.Int, bytesMax: Schema.Int }) {
  override get message(): string {
    return `${this.bytes} bytes encrypted, of at most ${this.bytesMax}`
  }
}
/** Asked to wait. */
export class SecretsThrottled extends Schema.TaggedError<SecretsThrottled>()("SecretsThrottled", {}) {
  override get message(): string {
    return "asked to wait; try again later"
  }
}
/** Out of reach, or answering nonsense. */
export class SecretsUnavailable extends Schema.TaggedError<SecretsUnavailable>()("SecretsUnavailable", {
  message: Schema.String,
  /** What the adapter's driver failed with. */
  cause: Schema.optionalKey(Schema.Defect())
}) {}

export class SecretsError extends Schema.TaggedError<SecretsError>()("SecretsError", {
  operation: Schema.Literals(["put", "get", "erase"]),
  reason: Schema.Union([DecryptFailed, TooLarge, SecretsThrottled, SecretsUnavailable])
}) {
  override readonly cause = this.reason
  override get message(): string {
    return portMessage("Secrets", this.operation, this.reason)
  }
  get isRetryable(): boolean {
    return this.reason._tag === "SecretsThrottled" || this.reason._tag === "SecretsUnavailable"
  }
}

export class Secrets extends Context.Service<
  Secrets,
  {
    /** Durable when it succeeds; an older token under the same ref changes nothing. */
    readonly put: (ref: ConnectionRef, credentials: Redacted.Redacted<Credentials>) => Effect.Effect<void, SecretsError>
    /** None: nothing rests under that ref. */
    readonly get: (ref: ConnectionRef) => Effect.Effect<Option.Option<Redacted.Redacted<Credentials>>, SecretsError>
    /** One version. Tolerates absence. */
    readonly erase: (ref: ConnectionRef) => Effect.Effect<void, SecretsError>
    /** Every version of every generation of the connection up to and including this one. Tolerates absence. */
    readonly eraseAll: (upTo: ConnectionGeneration) => Effect.Effect<void, SecretsError>
  }
>()("@punctual/core/ports/Secrets") {}
