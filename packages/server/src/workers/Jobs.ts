/**
 * What each job does for every user, told as counts.
 * Decides that one user's failure is counted and passed over: the others get their share.
 */
import { Effect, Option, Stream } from "effect"
import { type Failure, type Punctual, type StoreError, type UserId, userShare } from "@punctual/core"
import type { JobName } from "../api/AdminApi.ts"

type Facade = Punctual["Service"]

export type Counts = Readonly<Record<string, number>>

/** Users worked on at once. */
export const usersAtOnce = 8

/** Runs a job now, as the admin call does. */
export const runJob = (punctual: Facade, job: JobName): Effect.Effect<Counts, StoreError> => {
  switch (job) {
    case "auto-schedule":
      return forUsers(punctual.autoUsers, (userId) =>
        Effect.map(punctual.autoScheduleUser(userId, null), (made) => ({ bots_created: made }))
      )
    case "renew-subscriptions":
      return forUsers(punctual.connectedUsers, (userId) =>
        Effect.map(punctual.renewUser(userId), (counts) => ({ ...counts }))
      )
    case "sync":
      return forUsers(punctual.connectedUsers, (userId) =>
        Effect.map(punctual.syncUser(userId), (read) => ({ calendars_synced: read }))
      )
    case "prune":
      return Effect.gen(function* () {
        const shared = yield* punctual.pruneShared
        const own = yield* forUsers(punctual.connectedUsers, (userId) =>
          Effect.map(punctual.pruneUser(userId), (rows) => ({ rows_pruned: rows }))
        )
        return { changes_pruned: shared.changes, job_runs_pruned: shared.jobs, ...own }
      })
    case "sweep":
      return Effect.map(punctual.sweep, (counts) => ({
        users_decided: counts.usersDecided,
        schedules_applied: counts.schedulesApplied,
        bots_due: counts.botsDue,
        disconnects_finished: counts.disconnectsFinished
      }))
  }
}

const forUsers = (
  users: Stream.Stream<UserId, StoreError>,
  share: (userId: UserId) => Effect.Effect<Counts, Failure>
): Effect.Effect<Counts, StoreError> =>
  users.pipe(
    Stream.mapEffect(
      (userId) =>
        Effect.map(
          userShare("job", userId)(share(userId)),
          Option.match({
            onNone: (): Counts => ({ users: 1, users_failed: 1 }),
            onSome: (counts): Counts => ({ users: 1, users_failed: 0, ...counts })
          })
        ),
      { concurrency: usersAtOnce }
    ),
    Stream.runFold((): Counts => ({ users: 0, users_failed: 0 }), added)
  )

const added = (one: Counts, other: Counts): Counts => {
  const sum: Record<string, number> = { ...one }
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count
  return sum
}
