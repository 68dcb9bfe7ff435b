/**
 * The daily job for one user: renews subscriptions, makes missing ones again, adds new calendars.
 * Decides which are renewed, made again or given up.
 */
import { Clock, Effect } from "effect"
import type { Connection, ConnectionStatus } from "../../domain/Connection.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { UserId } from "../../domain/Ids.ts"
import type { CalendarProviders } from "../../ports/CalendarProviders.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { RenewCounts } from "../contract/Contract.ts"
import { knownCalendars, takeIn } from "./SelectCalendars.ts"
import { findOrphans } from "./OrphanedSubscriptions.ts"
import { type OpenAccount, noteFailure, noteRead, openAccount, wasUnreadable } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { addressUnreachable } from "../contract/ProviderRefusal.ts"
import { type Subscribing, noPublicUrl, remakeSubscription, renewSubscription } from "../account/Subscriptions.ts"
import type { WakeSignal } from "../account/WakeSignal.ts"

/** A mailbox that could not be read may have its licence back: once a day is looked. */
const mayBeRead: ReadonlySet<ConnectionStatus> = new Set(["active", "error"])

const nothing: RenewCounts = { renewed: 0, recreated: 0, failed: 0, strays: 0 }
const all = 1

/** Fails only where the store does; what the provider refuses is counted. */
export const renewUser = Effect.fn("Punctual.renewUser")(function* (
  userId: UserId
): Effect.fn.Return<RenewCounts, StoreError, CalendarProviders | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const readable = (yield* store.connections(userId)).filter(
    (each) => mayBeRead.has(each.status) || wasUnreadable(each)
  )
  const counts = yield* Effect.forEach(readable, renewConnection)
  return counts.reduce(
    (sum, each) => ({
      renewed: sum.renewed + each.renewed,
      recreated: sum.recreated + each.recreated,
      failed: sum.failed + each.failed,
      strays: sum.strays + each.strays
    }),
    nothing
  )
})

const renewConnection = (
  connection: Connection
): Effect.Effect<RenewCounts, StoreError, CalendarProviders | Secrets | Store | WakeSignal> =>
  openAccount(connection).pipe(
    Effect.flatMap(renewAll),
    Effect.catchTags({
      CalendarError: (error) => Effect.as(noteFailure(connection, error), { ...nothing, failed: all }),
      Refusal: () => Effect.succeed({ ...nothing, failed: all }),
      SecretsError: () => Effect.succeed({ ...nothing, failed: all })
    })
  )

/** The list of calendars, and what is known of them where it can't be had now: what ends soon must be renewed all the same. */
const listedOrKnown = (account: OpenAccount) =>
  takeIn(account).pipe(
    Effect.tap(() => noteRead(account.connection)),
    Effect.catchIf(
      (error) => error._tag === "CalendarError" && error.isRetryable && account.connection.status === "active",
      () => knownCalendars(account.connection)
    )
  )

/**
 * Subscriptions that the provider holds for another address: this server had that one, and hears nothing there. Null: it
 * does not tell now, and may soon.
 */
const subscribedElsewhere = Effect.fnUntraced(function* ({ provider, session }: OpenAccount) {
  const { notificationUrl } = provider.capabilities
  const listed = yield* session.subscriptions.pipe(
    Effect.catchTag("CalendarError", (error) => Effect.succeed(error.isRetryable ? null : []))
  )
  return listed === null
    ? null
    : new Set(listed.filter((each) => each.notificationUrl !== notificationUrl).map(({ id }) => id))
})

const renewAll = Effect.fnUntraced(function* (account: OpenAccount) {
  const { connection, provider } = account
  const policy = yield* CurrentPolicy
  const now = yield* Clock.currentTimeMillis
  const calendars = yield* listedOrKnown(account)
  const isDue = (calendar: Calendar): boolean =>
    calendar.subscription === null
      ? provider.capabilities.subscriptions || calendar.pollingReason !== noPublicUrl
      : calendar.subscription.expiresAt - now <= policy.renewBeforeMillis
  const astray = yield* subscribedElsewhere(account)
  const isAstray = ({ subscription }: Calendar): boolean =>
    subscription !== null && astray?.has(subscription.id) === true
  const results = yield* Effect.forEach(
    calendars.filter((calendar) => calendar.selected && (isDue(calendar) || isAstray(calendar))),
    (calendar) =>
      (isAstray(calendar) ? remakeSubscription : renewSubscription)(account, calendar).pipe(
        // What is out of the provider's reach is tried again within the hour.
        Effect.map(({ outcome, reason }): Subscribing["outcome"] | "failed" =>
          reason === addressUnreachable ? "failed" : outcome
        ),
        Effect.catchTag("CalendarError", (error) => Effect.as(noteFailure(connection, error), "failed" as const))
      ),
    { concurrency: 4 }
  )
  // Not being able to list them is no failure: another day will do.
  const strays = yield* findOrphans(account).pipe(Effect.catchTag("CalendarError", () => Effect.succeed(0)))
  const count = (outcome: Subscribing["outcome"] | "failed"): number =>
    results.filter((result) => result === outcome).length
  return {
    renewed: count("renewed"),
    recreated: count("created"),
    failed: count("failed") + (astray === null ? 1 : 0),
    strays
  } satisfies RenewCounts
})
