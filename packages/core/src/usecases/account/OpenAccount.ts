/**
 * Opens a user's account at the provider with the stored credentials.
 * Decides when a connection counts as standing, and what is recorded when its grant is lost.
 */
import { Clock, Context, Effect, Option, type Redacted } from "effect"
import type { Connection, ConnectionRef, Credentials } from "../../domain/Connection.ts"
import type { UserId } from "../../domain/Ids.ts"
import {
  type CalendarError,
  CalendarProvider,
  type CalendarSession,
  CredentialsNotSaved
} from "../../ports/CalendarProvider.ts"
import { Secrets, type SecretsError } from "../../ports/Secrets.ts"
import { type Account, Store, type StoreError } from "../../ports/Store.ts"
import { Refusal, refuse } from "../../domain/Refusal.ts"

export interface OpenAccount {
  readonly connection: Connection
  readonly session: CalendarSession
}

export const notConnected: Refusal = refuse("calendar_not_connected", "No calendar is connected for this user.")

/** Whether the connection was not taken down. The provider may still refuse its credentials. */
export const isStanding = ({ status }: Connection): boolean => status !== "disconnected"

/** The user's connection; refused where there is none or it was taken down. */
export const connectionOf = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<Connection, StoreError | Refusal, Store> {
  const store = yield* Store
  const found = yield* store.connection(userId)
  if (Option.isNone(found) || !isStanding(found.value)) return yield* Effect.fail(notConnected)
  return found.value
})

/** The connection as above, with its calendars. */
export const accountOf = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<Account, StoreError | Refusal, Store> {
  const store = yield* Store
  const found = yield* store.account(userId)
  if (Option.isNone(found) || !isStanding(found.value.connection)) return yield* Effect.fail(notConnected)
  return found.value
})

/** The account of a connection in any state but disconnected. */
export const openAccount = Effect.fnUntraced(function* (
  connection: Connection
): Effect.fn.Return<OpenAccount, SecretsError | Refusal, CalendarProvider | Secrets | Store> {
  const provider = yield* CalendarProvider
  const secrets = yield* Secrets
  const store = yield* Store
  const kept = Context.make(Secrets, secrets).pipe(Context.add(Store, store))
  const ref = refOf(connection)
  const credentials = yield* secrets.get(ref)
  if (Option.isNone(credentials)) {
    return yield* Effect.fail(
      refuse("reauthorization_required", "The stored credentials are gone. Connect the calendar again.")
    )
  }
  const session = yield* provider.open({
    ref,
    credentials: credentials.value,
    notBefore: connection.notBefore,
    // The old token stays valid at the provider: while the new one can't be saved, the old one stays in use.
    onRotated: (rotated) =>
      keepRotated(ref, rotated).pipe(
        Effect.provideContext(kept),
        Effect.tapError((error) => Effect.logWarning("rotated token not saved", error.reason._tag)),
        Effect.mapError(() => new CredentialsNotSaved())
      )
  })
  return { connection, session }
})

/** Saves a rotated token while the connection names it. One taken down meanwhile must not get its credentials back. */
const keepRotated = Effect.fnUntraced(function* (
  ref: ConnectionRef,
  rotated: Redacted.Redacted<Credentials>
): Effect.fn.Return<void, StoreError | SecretsError, Secrets | Store> {
  const secrets = yield* Secrets
  if (!(yield* isCurrent(ref))) return
  yield* secrets.put(ref, rotated)
  // Taken down between the two: what was erased is there again.
  if (!(yield* isCurrent(ref))) yield* secrets.erase(ref)
})

const isCurrent = (ref: ConnectionRef): Effect.Effect<boolean, StoreError, Store> =>
  Effect.gen(function* () {
    const store = yield* Store
    const found = Option.getOrNull(yield* store.connection(ref.userId))
    return (
      found !== null &&
      found.status !== "disconnected" &&
      found.generation === ref.generation &&
      found.credentialsVersion === ref.version
    )
  })

/** Credentials that can't be read: for good, or only while the secret store is out of reach. */
export const unreadable = (cause: SecretsError): Refusal => {
  const { isRetryable, reason } = cause
  return isRetryable
    ? new Refusal({ code: "secrets_unavailable", detail: outOfReach(reason._tag), cause })
    : new Refusal({ code: "reauthorization_required", detail: illegible(reason._tag), cause })
}

const outOfReach = (why: string): string => `The stored credentials are out of reach (${why}); it is tried again.`
const illegible = (why: string): string => `The stored credentials can't be read (${why}).`

/** Names the connection and the version of its credentials that are in use. */
export const refOf = (connection: Connection): ConnectionRef => ({
  userId: connection.userId,
  generation: connection.generation,
  version: connection.credentialsVersion
})

/** Notes what an error of the provider says about the connection: a lost grant, a mailbox that is gone, or when to be back. */
export const noteFailure = Effect.fnUntraced(function* (
  connection: Connection,
  { reason }: CalendarError
): Effect.fn.Return<void, StoreError, Store> {
  if (reason._tag === "GrantRevoked") return yield* noteLost(connection, "grant_revoked", reason.message)
  if (reason._tag === "SecretRejected") {
    const why = reason.expired ? "client_secret_expired" : "client_secret_rejected"
    return yield* noteLost(connection, why, reason.message)
  }
  if (reason._tag === "MailboxUnavailable") {
    return yield* note(connection, {
      status: "error",
      statusReason: "mailbox_unavailable",
      statusMessage: reason.message
    })
  }
  if (reason._tag !== "Throttled") return
  yield* note(connection, { notBefore: (yield* Clock.currentTimeMillis) + reason.retryAfterMillis })
})

/** Notes that the account was read again. Its calendars are due as they were. */
export const noteRead = (connection: Connection): Effect.Effect<void, StoreError, Store> =>
  connection.status === "error"
    ? note(connection, { status: "active", statusReason: null, statusMessage: null })
    : Effect.void

/** Notes that only the user can help: sign in again. */
export const noteLost = (
  connection: Connection,
  statusReason: string,
  statusMessage: string
): Effect.Effect<void, StoreError, Store> =>
  note(connection, { status: "reauthorization_required", statusReason, statusMessage })

const note = Effect.fnUntraced(function* (
  connection: Connection,
  patch: Partial<Connection>
): Effect.fn.Return<void, StoreError, Store> {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const written = { ...connection, ...patch, revision: connection.revision + 1, updatedAt: now }
  // Whoever wrote meanwhile has newer information.
  yield* store
    .saveConnection(written, connection.revision)
    .pipe(Effect.catchReasons("StoreError", { Conflict: () => Effect.void, Fenced: () => Effect.void }))
})
