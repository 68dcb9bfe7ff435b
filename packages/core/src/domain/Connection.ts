/**
 * A user's account at a calendar provider, with the state of its grant.
 * A disconnected connection stays as a tombstone: its generation makes every late write fail. Shapes alone: the order in
 * which a connection comes and goes is decided in `usecases/connection/Connect.ts` and `Disconnect.ts`.
 */
import type { ConnectionId, UserId } from "./Ids.ts"
import type { Instant } from "./Time.ts"

/** `reauthorization_required`: only the user can mend it. `disconnected`: a tombstone. */
export type ConnectionStatus = "active" | "reauthorization_required" | "error" | "disconnected"

/** The row, one for each user and kind of provider; every write of it is conditional on its revision. */
export interface Connection {
  readonly id: ConnectionId
  readonly userId: UserId
  /** The provider's word for itself (`CalendarProvider.platform`). */
  readonly platform: string
  /** Raised by each disconnect (and so by each replacement of the account); rows belong to one. */
  readonly generation: number
  /** Raised by each write of this row; writes are conditional on it. */
  readonly revision: number
  readonly status: ConnectionStatus
  /** A stable word for why the status is what it is, such as `grant_revoked` or `client_secret_expired`. */
  readonly statusReason: string | null
  /** The same for a person. */
  readonly statusMessage: string | null
  /** The provider's id of the account, which outlives names and addresses. */
  readonly accountId: string
  readonly email: string | null
  /** Further addresses of the user's; left out: none is known. */
  readonly otherEmails?: ReadonlyArray<string>
  readonly name: string | null
  /** Names the credentials in use among those the secret store holds for this connection. */
  readonly credentialsVersion: number
  /** The provider asked to be left alone until then. */
  readonly notBefore: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** One generation of a connection: what its rows belong to, and what writes of them are fenced by. */
export interface ConnectionGeneration {
  readonly id: ConnectionId
  readonly userId: UserId
  readonly generation: number
}

/** What a user hands over so that Punctual can read a calendar. Always wrapped in `Redacted` outside adapters. */
export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
  /** When the refresh token was received: an older one never replaces a newer one. */
  readonly obtainedAt: Instant
}

/** Names one connection and one version of its credentials, for caches and secret stores. */
export interface ConnectionRef {
  readonly userId: UserId
  readonly connectionId: ConnectionId
  readonly generation: number
  readonly version: number
}
