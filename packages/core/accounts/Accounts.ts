/**
 * The reference server's own port: who may call it, and what was answered before.
 * It is implemented beside each Store; the core proper never meets it.
 *
 * Laws: a key is found by its digest alone; an idempotency record is begun by
 * one caller at a time and replayed until it expires; a consent state is taken once.
 */
import { Context, type Effect, type Option, Schema } from "effect"
import type { UserId } from "../src/domain/Ids.ts"
import type { Instant } from "../src/domain/Time.ts"

export class AccountsUnavailable extends Schema.TaggedError<AccountsUnavailable>()("AccountsUnavailable", {
  operation: Schema.String,
  detail: Schema.String,
  /** What the adapter's driver failed with. */
  cause: Schema.optionalKey(Schema.Defect())
}) {
  override get message(): string {
    return `Accounts.${this.operation}: ${this.detail}`
  }
}

type Result<A> = Effect.Effect<A, AccountsUnavailable>

/** A key is listed so long after it was revoked: 30 days. */
export const revokedKeptMillis = 30 * 24 * 60 * 60 * 1000

export interface User {
  readonly id: UserId
  readonly workspaceId: string
  readonly name: string | null
  /** What whoever made the user calls it: one user of a workspace at most. Null: nothing. */
  readonly externalId: string | null
  readonly createdAt: Instant
}

export interface ApiKey {
  readonly id: string
  readonly userId: UserId
  /** SHA-256 of the key, hex. */
  readonly digest: string
  /** The first characters, for lists. */
  readonly prefix: string
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

/** What `begin` found under an idempotency key. */
export type IdempotencyStart =
  /** Ours to do; `isRerun` when an earlier run died before it finished. */
  | { readonly kind: "started"; readonly isRerun: boolean }
  | { readonly kind: "in_progress" }
  /** The same key with another request. */
  | { readonly kind: "mismatch" }
  | { readonly kind: "done"; readonly status: number; readonly body: string }

export interface IdempotencyKey {
  readonly userId: UserId
  readonly route: string
  readonly key: string
}

/** How many answers, and how long they are together as they are stored. */
export interface StoredAnswers {
  readonly count: number
  readonly bytes: number
}

export class Accounts extends Context.Service<
  Accounts,
  {
    /** False: another user of the workspace has the external id, and nothing was written. */
    readonly createUser: (user: User, key: ApiKey | null) => Result<boolean>
    readonly user: (userId: UserId) => Result<Option.Option<User>>
    readonly users: (after: UserId | null, limit: number) => Result<ReadonlyArray<User>>
    /**
     * Removes the user, its keys and its claim to an external id; the user itself last, so that what was interrupted can be
     * asked for again. False: there is none. Stored answers and sign-ins under way may stay until they expire.
     */
    readonly eraseUser: (userId: UserId) => Result<boolean>
    readonly addKey: (key: ApiKey) => Result<void>
    readonly keys: (userId: UserId) => Result<ReadonlyArray<ApiKey>>
    /** False: no such key of that user. Revoking again is harmless. */
    readonly revokeKey: (userId: UserId, keyId: string, now: Instant) => Result<boolean>
    /** The user of a key that is not revoked. */
    readonly findKey: (digest: string) => Result<Option.Option<{ readonly key: ApiKey; readonly user: User }>>

    /** Claims the key for this request until `leaseUntil`. `now` decides what has expired. */
    readonly begin: (
      key: IdempotencyKey,
      request: {
        readonly digest: string
        readonly now: Instant
        readonly leaseUntil: Instant
        readonly keepUntil: Instant
      }
    ) => Result<IdempotencyStart>
    /** By the run whose lease it still is: what one that was taken over says late changes nothing. Likewise below. */
    readonly finish: (
      key: IdempotencyKey,
      answer: {
        readonly status: number
        readonly body: string
        readonly keepUntil: Instant
        readonly leaseUntil: Instant
      }
    ) => Result<void>
    /** What of the user's is kept for repetitions, at least: answers that are over by the instant may be counted still. */
    readonly storedAnswers: (userId: UserId, now: Instant) => Result<StoredAnswers>
    /** The request is not to be replayed: forget it. */
    readonly abandon: (key: IdempotencyKey, leaseUntil: Instant) => Result<void>

    /** Consent states of sign-ins under way. */
    readonly putConsent: (state: {
      readonly digest: string
      readonly userId: UserId
      readonly verifier: string
      readonly expiresAt: Instant
    }) => Result<void>
    /** Single use: the second taker gets nothing; so does one who comes after it expired. */
    readonly takeConsent: (
      digest: string,
      now: Instant
    ) => Result<Option.Option<{ readonly userId: UserId; readonly verifier: string }>>

    /** Removes what has expired, and keys that were revoked `revokedKeptMillis` ago, in bounded batches until there are none. */
    readonly purge: (now: Instant) => Result<void>
  }
>()("@punctual/core/accounts/Accounts") {}
