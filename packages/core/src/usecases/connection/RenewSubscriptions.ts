/**
 * The daily job for one user: renews subscriptions, makes missing ones again, adds new calendars.
 * Decides which are renewed, made again or given up.
 */
import { Clock, Effect, Option } from "effect"
import type { Calendar } from "../../domain/Calendar.ts"
import type { UserId } from "../../domain/Ids.ts"
import { CalendarProvider } from "../../ports/CalendarProvider.ts"
import type { Secrets } from "../../ports/Secrets.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { RenewCounts } from "../contract/Contract.ts"
import { takeIn } from "./SelectCalendars.ts"
import { findOrphans } from "./OrphanedSubscriptions.ts"
import { type OpenAccount, noteFailure, openAccount } from "../account/OpenAccount.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { type Subscribing, noPublicUrl, renewSubscription } from "../account/Subscriptions.ts"
import type { WakeSignal } from "../account/WakeSignal.ts"

const nothing: RenewCounts = { renewed: 0, recreated: 0, failed: 0, strays: 0 }
const all = 1

/** Fails only where the store does; what the provider refuses is counted. */
export const renewUser = Effect.fn("Punctual.renewUser")(function* (
  userId: UserId
): Effect.fn.Return<RenewCounts, StoreError, CalendarProvider | Secrets | Store | WakeSignal> {
  const store = yield* Store
  const connection = Option.getOrNull(yield* store.connection(userId))
  if (connection === null || connection.status !== "active") return nothing
  return yield* openAccount(connection).pipe(
    Effect.flatMap(renewAll),
    Effect.catchTags({
      CalendarError: (error) => Effect.as(noteFailure(connection, error), { ...nothing, failed: all }),
      Refusal: () => Effect.succeed({ ...nothing, failed: all }),
      SecretsError: () => Effect.succeed({ ...nothing, failed: all })
    })
  )
})

const renewAll = Effect.fnUntraced(function* ({ connection, session }: OpenAccount) {
  const policy = yield* CurrentPolicy
  const provider = yield* CalendarProvider
  const now = yield* Clock.currentTimeMillis
  const calendars = yield* takeIn(connection, session)
  const isDue = (calendar: Calendar): boolean =>
    calendar.subscription === null
      ? provider.capabilities.subscriptions || calendar.pollingReason !== noPublicUrl
      : calendar.subscription.expiresAt - now <= policy.renewBeforeMillis
  const results = yield* Effect.forEach(
    calendars.filter((calendar) => calendar.selected && isDue(calendar)),
    (calendar) =>
      renewSubscription(connection, session, calendar).pipe(
        Effect.map(({ outcome }): Subscribing["outcome"] | "failed" => outcome),
        Effect.catchTag("CalendarError", (error) => Effect.as(noteFailure(connection, error), "failed" as const))
      ),
    { concurrency: 4 }
  )
  // Not being able to list them is no failure: another day will do.
  const strays = yield* findOrphans(session).pipe(Effect.catchTag("CalendarError", () => Effect.succeed(0)))
  const count = (outcome: Subscribing["outcome"] | "failed"): number =>
    results.filter((result) => result === outcome).length
  return {
    renewed: count("renewed"),
    recreated: count("created"),
    failed: count("failed"),
    strays
  } satisfies RenewCounts
})
