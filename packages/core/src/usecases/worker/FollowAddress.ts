/**
 * Subscriptions follow this server's public address.
 * Decides at start whether the address is the one that they were last brought in line with; where it is another, every
 * user's are looked at now and not with the next daily run. One process does it for all; what fails is made up.
 */
import { Clock, Effect, Option, Schedule, Stream } from "effect"
import { digest } from "../../domain/DeterministicIds.ts"
import type { UserId } from "../../domain/Ids.ts"
import { CalendarProviders } from "../../ports/CalendarProviders.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { type DailyJob, runShares, staleMillis, usersPerNote } from "./DailyRun.ts"

/** The one row that remembers it, where runs of jobs are kept; in place of the last user done stands the address. */
const row = { job: "notification-address", date: "current" } as const

/** Succeeds once the address is the one that is remembered, whoever saw to that. */
export const followAddress = <E extends Error, R>(
  renewal: DailyJob<E, R>
): Effect.Effect<void, never, R | CalendarProviders | Store> =>
  Effect.flatMap(CurrentPolicy, ({ takeOverMillis }) =>
    follow(renewal).pipe(
      Effect.catch((error) =>
        Effect.as(Effect.logWarning("subscriptions were not brought to this server's address", error.message), false)
      ),
      Effect.repeat({ until: (isDone) => isDone, schedule: Schedule.spaced(takeOverMillis) }),
      Effect.asVoid
    )
  )

/** False: another process is at it. */
const follow = Effect.fnUntraced(function* <E extends Error, R>(
  renewal: DailyJob<E, R>
): Effect.fn.Return<boolean, E | StoreError, R | CalendarProviders | Store> {
  const store = yield* Store
  const { all } = yield* CalendarProviders
  const address = markOf(all.map(({ capabilities }) => capabilities.notificationUrl))
  const before = yield* store.jobProgress(row.job, row.date)
  if (Option.contains(before, address)) return true
  const now = yield* Clock.currentTimeMillis
  if (!(yield* store.claimJob(row.job, row.date, { now, staleBefore: now - staleMillis }))) return false
  yield* renewal.users.pipe(
    Stream.grouped(usersPerNote),
    Stream.runForEach((users) =>
      runShares(renewal, users, now).pipe(
        Effect.andThen(Clock.currentTimeMillis),
        // The claim stays fresh.
        Effect.flatMap((at) =>
          store.saveJobProgress(
            row.job,
            row.date,
            Option.getOrElse(before, () => none),
            at
          )
        )
      )
    )
  )
  // Free at once for whoever starts with yet another address.
  yield* store.saveJobProgress(row.job, row.date, address, 0)
  return true
})

/** Stands in a column of user ids, and is none. */
const markOf = (addresses: ReadonlyArray<string | null>): UserId =>
  addresses.every((address) => address === null) ? none : (digest(addresses.join(" ")) as UserId)
const none = "-" as UserId
