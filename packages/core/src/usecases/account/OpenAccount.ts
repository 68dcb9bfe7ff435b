/**
 * Opens a user's account at a provider with the stored credentials.
 * Decides when a connection counts as standing, and what is recorded when its grant is lost.
 */
import { Clock, Context, Effect, Option, type Redacted } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection, ConnectionRef, Credentials } from "../../domain/Connection.ts"
import { connectionChange } from "../../domain/ConnectionChange.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { CalendarId, ProviderCalendarId, UserId } from "../../domain/Ids.ts"
import { type CalendarError, type CalendarSession, CredentialsNotSaved } from "../../ports/CalendarProvider.ts"
import { type CalendarProviders, type Provider, providerOf } from "../../ports/CalendarProviders.ts"
import { Secrets, type SecretsError } from "../../ports/Secrets.ts"
import { type Account, Store, type StoreError } from "../../ports/Store.ts"
import { Refusal, refuse } from "../../domain/Refusal.ts"

export interface OpenAccount {
  readonly connection: Connection
  readonly provider: Provider
  readonly session: CalendarSession
}

export const notConnected: Refusal = refuse("calendar_not_connected", "No calendar is connected for this user.")

/** What a request is answered that needs a grant which is lost. */
export const reauthorization = ({ statusMessage }: Connection): Refusal =>
  refuse("reauthorization_required", statusMessage ?? "Connect the calendar again.")

/** The user's connections that stand, in the order in which they were connected; refused where there is none. */
export const connectionsOf = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<readonly [Connection, ...Array<Connection>], StoreError | Refusal, Store> {
  const [first, ...others] = (yield* (yield* Store).connections(userId)).filter(isStanding)
  return first === undefined ? yield* Effect.fail(notConnected) : [first, ...others]
})

/** The connections as above, with their calendars but those that were taken out. */
export const accountOf = Effect.fnUntraced(function* (
  userId: UserId
): Effect.fn.Return<Account, StoreError | Refusal, Store> {
  const { calendars, connections } = yield* (yield* Store).account(userId)
  const standing = connections.filter(isStanding)
  if (standing.length === 0) return yield* Effect.fail(notConnected)
  const ids = new Set(standing.map(({ id }) => id))
  return { connections: standing, calendars: calendars.filter((each) => !each.isRemoved && ids.has(each.connectionId)) }
})

/** By our id or the provider's; of several that two providers call the same, the first by rank. */
export const calendarNamed = (
  calendars: ReadonlyArray<Calendar>,
  name: CalendarId | ProviderCalendarId
): Calendar | undefined => calendars.find(({ id, providerId }) => id === name || providerId === name)

/** A calendar of a connection that stands, with that connection. Refused: `calendar_not_connected`, `calendar_not_found`. */
export const calendarOf = Effect.fnUntraced(function* (
  userId: UserId,
  calendarId: CalendarId | ProviderCalendarId
): Effect.fn.Return<{ readonly connection: Connection; readonly calendar: Calendar }, StoreError | Refusal, Store> {
  const { calendars, connections } = yield* accountOf(userId)
  const calendar = calendarNamed(calendars, calendarId)
  const connection = connections.find(({ id }) => id === calendar?.connectionId)
  if (calendar === undefined || connection === undefined) {
    return yield* Effect.fail(refuse("calendar_not_found", "No such calendar."))
  }
  return { connection, calendar }
})

/** The account of a connection in any state but disconnected. */
export const openAccount = Effect.fnUntraced(function* (
  connection: Connection
): Effect.fn.Return<OpenAccount, SecretsError | Refusal, CalendarProviders | Secrets | Store> {
  const provider = yield* providerOf(connection.platform)
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
  return { connection, provider, session }
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
    const found = (yield* store.connections(ref.userId)).find(({ id }) => id === ref.connectionId)
    return (
      found !== undefined &&
      isStanding(found) &&
      found.generation === ref.generation &&
      found.credentialsVersion === ref.version
    )
  })

/**
 * Credentials that this process can't read: the secret store is out of reach, or they do not open with its keys. Another
 * process may well read them, so that says nothing of the grant.
 */
export const unreadable = (cause: SecretsError): Refusal =>
  new Refusal({
    code: "secrets_unavailable",
    detail: `The stored credentials can't be read (${cause.reason._tag}); it is tried again.`,
    cause
  })

/** Names the connection and the version of its credentials that are in use. */
export const refOf = (connection: Connection): ConnectionRef => ({
  userId: connection.userId,
  connectionId: connection.id,
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
  connection.status === "error" || wasUnreadable(connection)
    ? note(connection, { status: "active", statusReason: null, statusMessage: null })
    : Effect.void

/** The credentials were not there when they were asked for; the provider said nothing. */
export const credentialsUnreadable = "credentials_unreadable"

/** Whether nothing but the credentials' absence stands against the connection: whoever reads them puts it right. */
export const wasUnreadable = ({ status, statusReason }: Connection): boolean =>
  status === "reauthorization_required" && statusReason === credentialsUnreadable

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
    .saveConnection(written, connection.revision, connectionChange(connection, written, "system"))
    .pipe(Effect.catchReasons("StoreError", { Conflict: () => Effect.void, Fenced: () => Effect.void }))
})
