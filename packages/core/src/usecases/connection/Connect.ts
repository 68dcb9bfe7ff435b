/**
 * Connects a user's calendar account, or replaces the connected one.
 * Decides the order of writes: first the provider accepts the credentials; then credentials, the row that names them,
 * subscriptions; last one mark for the first sync. A crash in between leaves nothing that the sweep can't finish.
 */
import { Clock, Effect, Option, type Redacted, Ref } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { Connection, ConnectionRef, Credentials } from "../../domain/Connection.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { CalendarId, ConnectionId, UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { connectionId } from "../../domain/DeterministicIds.ts"
import { knownListing } from "../../mirror/CalendarRow.ts"
import {
  type CalendarError,
  type CalendarSession,
  CredentialsNotSaved,
  type Profile
} from "../../ports/CalendarProvider.ts"
import { type CalendarProviders, type Provider, providerOf } from "../../ports/CalendarProviders.ts"
import { retryOnConflict } from "../../ports/RetryOnConflict.ts"
import { Secrets } from "../../ports/Secrets.ts"
import type { Scheduler } from "../../ports/Scheduler.ts"
import { Conflict, Store, StoreError } from "../../ports/Store.ts"
import { refOf } from "../account/OpenAccount.ts"
import type { Connected, Failure } from "../contract/Contract.ts"
import { connectionContention, disconnect, erase, erasing } from "./Disconnect.ts"
import { refusalOf } from "../contract/ProviderRefusal.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { subscribeCalendar } from "../account/Subscriptions.ts"
import { storeListings } from "./StoreListings.ts"
import { decideByAddresses } from "../scheduling/JudgeAnew.ts"
import { eraseFormer, nextVersion, storeCredentials } from "./StoreCredentials.ts"
import { WakeSignal } from "../account/WakeSignal.ts"

/** Subscriptions set up at once: the provider allows four requests to a mailbox. */
const subscribeConcurrency = 4

/**
 * Connects the account that the credentials open at the provider of that name (null: the first one configured), or replaces
 * the user's connection of that kind. Refused, with nothing stored:
 * `invalid_credentials`, `mailbox_unavailable`, `provider_unavailable`.
 */
export const connect = Effect.fn("Punctual.connect")(function* (
  userId: UserId,
  credentials: Redacted.Redacted<Credentials>,
  platform: string | null = null
): Effect.fn.Return<Connected, Failure, CalendarProviders | Scheduler | Secrets | Store | WakeSignal> {
  const provider = yield* providerOf(platform)
  const verified = yield* provider
    .verify(credentials)
    .pipe(Effect.mapError((error) => refusalOf(error, provider.platform, true)))
  // Tokens may rotate before there is a row to name them: the last one is what is stored, and what is tried again with.
  const latest = yield* Ref.make(verified.credentials)
  return yield* retryOnConflict(
    connectVerified({ userId, provider, profile: verified.profile, latest }),
    connectionContention
  )
})

/** An account whose credentials the provider has accepted. */
interface VerifiedAccount {
  readonly userId: UserId
  readonly provider: Provider
  readonly profile: Profile
  readonly latest: Ref.Ref<Redacted.Redacted<Credentials>>
}

/** One attempt: replaces the connection that is there when it begins, and passes on a conflict with another request. */
const connectVerified = Effect.fnUntraced(function* (
  verified: VerifiedAccount
): Effect.fn.Return<Connected, Failure, CalendarProviders | Scheduler | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const { profile, provider, userId } = verified
  const id = connectionId(provider.platform, userId)
  const known = yield* store.connections(userId)
  const existing = known.find((each) => each.id === id) ?? null
  if (isOther(existing, profile)) yield* takeDown(userId, id)
  // What a disconnect has left half done would otherwise be erased from under the new connection.
  if (existing !== null && !isStanding(existing) && existing.statusReason === erasing) yield* erase(existing)
  const before = (yield* store.connections(userId)).find((each) => each.id === id) ?? null
  // Another account was connected meanwhile: it is taken down first, too.
  if (isOther(before, profile)) return yield* new StoreError({ operation: "connect", reason: new Conflict() })
  // Of whoever connects for the first time nothing is mirrored yet.
  const isFirst = !known.some(isStanding)
  const { connection, listings, session } = yield* establish(verified, id, before, isFirst)
  if (!isFirst) yield* decideByAddresses(before, connection)
  const now = yield* Clock.currentTimeMillis
  // Left to whoever works only if this process dies on the way: read at once, a calendar would be subscribed twice.
  const orphanedAt = now + (yield* CurrentPolicy).leaseMillis
  const told = listings.map((listing) => knownListing(id, provider.capabilities.idsUniqueIn, listing))
  const all = yield* storeListings(connection, told, yield* store.calendars(userId), orphanedAt)
  const calendars = yield* broughtBack(connection, all, new Set(told.map((listing) => listing.id)), orphanedAt)
  const subscribed = yield* Effect.forEach(
    calendars.filter((calendar) => calendar.selected),
    (calendar) => subscribeCalendar({ connection, provider, session }, calendar),
    { concurrency: subscribeConcurrency }
  )
  yield* store.markChanged(
    subscribed.map(({ calendar }) => ({ userId, calendarId: calendar.id })),
    now
  )
  yield* (yield* WakeSignal).notify(now)
  const byId = new Map<string, Calendar>(subscribed.map(({ calendar }) => [calendar.id, calendar]))
  return {
    connection,
    calendars: calendars.map((calendar) => byId.get(calendar.id) ?? calendar),
    failed: subscribed.flatMap(({ calendar, message, reason }) =>
      reason === null ? [] : [{ calendar, reason, message: message ?? "" }]
    ),
    isReplacement: existing !== null && isStanding(existing)
  }
})

/** Without those that were taken out, unless they are among what is connected now: these begin anew. */
const broughtBack = Effect.fnUntraced(function* (
  connection: Connection,
  calendars: ReadonlyArray<Calendar>,
  listed: ReadonlySet<CalendarId>,
  dueAt: Instant
): Effect.fn.Return<ReadonlyArray<Calendar>, StoreError, Store> {
  const store = yield* Store
  const begun = { selected: true, isRemoved: false, dueAt } as const
  const taken = calendars.filter((calendar) => !calendar.isRemoved || listed.has(calendar.id))
  return yield* Effect.forEach(taken, (calendar) =>
    calendar.isRemoved
      ? Effect.as(store.patchCalendar(connection, calendar.id, { ...begun, reset: true }), { ...calendar, ...begun })
      : Effect.succeed(calendar)
  )
})

/** Whether a connection is to another account than the one verified. */
const isOther = (connection: Connection | null, { accountId }: Profile): boolean =>
  connection !== null && isStanding(connection) && connection.accountId !== accountId

/** Takes the connection down, or finds that another request has just done so. */
const takeDown = (userId: UserId, id: ConnectionId) =>
  Effect.asVoid(disconnect(userId, id)).pipe(
    Effect.catchIf(
      (error) =>
        error._tag === "Refusal" && (error.code === "calendar_not_connected" || error.code === "calendar_not_found"),
      () => Effect.void
    )
  )

/** Credentials that add to those held are stored with them: read at each attempt, since another request may have added too. */
const keepHeld = Effect.fnUntraced(function* (
  { combine, platform }: Provider,
  latest: Ref.Ref<Redacted.Redacted<Credentials>>,
  before: Connection | null
): Effect.fn.Return<void, Failure, Secrets> {
  if (combine === undefined || before === null || !isStanding(before)) return
  const held = yield* (yield* Secrets).get(refOf(before))
  if (Option.isNone(held)) return
  const combined = combine(held.value, yield* Ref.get(latest))
  yield* Ref.set(latest, yield* Effect.mapError(combined, (error) => refusalOf(error, platform, true)))
})

/** Reads the calendars with the new credentials, then stores credentials and connection. */
const establish = Effect.fnUntraced(function* (
  { latest, profile, provider, userId }: VerifiedAccount,
  id: ConnectionId,
  before: Connection | null,
  isFirst: boolean
) {
  const secrets = yield* Secrets
  const now = yield* Clock.currentTimeMillis
  // Never a tombstone's own generation: what erases that one must not reach this one.
  const generation = before === null ? 1 : before.generation + (isStanding(before) ? 0 : 1)
  const version = yield* nextVersion(before)
  const ref: ConnectionRef = { userId, connectionId: id, generation, version }
  yield* keepHeld(provider, latest, before)
  const isStored = yield* Ref.make(false)
  const session: CalendarSession = yield* provider.open({
    ref,
    credentials: yield* Ref.get(latest),
    notBefore: null,
    onRotated: (rotated) =>
      Effect.gen(function* () {
        yield* Ref.set(latest, rotated)
        if (yield* Ref.get(isStored)) yield* secrets.put(ref, rotated)
      }).pipe(
        Effect.tapError((error) => Effect.logWarning("rotated token not saved", error.reason._tag)),
        Effect.mapError(() => new CredentialsNotSaved())
      )
  })
  const asked = <A>(effect: Effect.Effect<A, CalendarError>) =>
    Effect.mapError(effect, (error) => refusalOf(error, provider.platform, true))
  const listings = yield* asked(session.calendars)
  const {
    accountId,
    email,
    name,
    otherEmails = []
  } = provider.combine === undefined ? profile : yield* asked(session.profile)
  const connection: Connection = {
    id,
    userId,
    platform: provider.platform,
    generation,
    revision: (before?.revision ?? 0) + 1,
    status: "active",
    statusReason: null,
    statusMessage: null,
    accountId,
    email,
    otherEmails,
    name,
    credentialsVersion: ref.version,
    notBefore: null,
    createdAt: before !== null && isStanding(before) ? before.createdAt : now,
    updatedAt: now
  }
  yield* storeCredentials(connection, before, yield* Ref.get(latest), isFirst)
  yield* Ref.set(isStored, true)
  yield* eraseFormer(before)
  return { connection, listings, session }
})
