/**
 * A job that runs once a day, whatever happens.
 * Decides which run is due, by the clock alone; who does it is decided by a marker in the store, so that each run happens
 * once, is taken over where its process died, goes on behind the last user done, and is caught up after an outage (the
 * latest one: an older run's work is part of it).
 */
import { Clock, Cron, Effect, Option, Schedule, Stream } from "effect"
import type { UserId } from "../../domain/Ids.ts"
import type { Instant } from "../../domain/Time.ts"
import { Store, type StoreError } from "../../ports/Store.ts"
import { userShare } from "../account/UserShares.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { pagesFrom } from "../account/UserLists.ts"

/** A run: `yyyy-mm-dd`, the day it belongs to, when it was due, and when the next one is. */
export interface DailyRun {
  readonly date: string
  readonly at: Instant
  readonly nextAt: Instant
}

/** When a job runs. */
export interface DailyRuns {
  /** The latest run that is due at an instant. */
  readonly latest: (now: Instant) => DailyRun
}

export interface DailyJob<E, R> {
  readonly name: string
  readonly runs: DailyRuns
  readonly users: Stream.Stream<UserId, E | StoreError, R>
  /** One user's share of a run that was due at an instant. It fails where it is to be made up. */
  readonly share: (userId: UserId, at: Instant) => Effect.Effect<void, E | StoreError, R>
}

/** A claim without progress for so long belongs to a process that died: 10 minutes. */
export const staleMillis = 600_000

/** Users done before progress is noted. */
export const usersPerNote = 32

/** Users worked on at once. */
const usersAtOnce = 8

/** Shares made up that are read at once. */
const sharesPerPage = 500

/**
 * On the hour of each day, in UTC. The answer is kept, since it is the same until the next run: to find it takes longer
 * than most looks, which find nothing to do.
 */
export const dailyAt = (hour: number): DailyRuns => {
  const cron = Cron.parseUnsafe(`0 ${hour} * * *`, "UTC")
  let known: DailyRun | null = null
  return {
    latest: (now) => {
      if (known === null || now < known.at || now >= known.nextAt) known = runDueAt(cron, now)
      return known
    }
  }
}

const runDueAt = (cron: Cron.Cron, now: Instant): DailyRun => {
  // What is due at this very instant counts, and `prev` looks strictly before.
  const run = Cron.prev(cron, now + 1)
  const date = run.toISOString().slice(0, "yyyy-mm-dd".length)
  return { date, at: run.getTime(), nextAt: Cron.next(cron, now).getTime() }
}

/** Never ends: looks at each run, and in between. */
export const daily = <E extends Error, R>(job: DailyJob<E, R>): Effect.Effect<unknown, never, R | Store> =>
  Effect.flatMap(CurrentPolicy, ({ takeOverMillis }) =>
    Effect.repeat(
      runIfDue(job),
      Schedule.spaced(takeOverMillis).pipe(
        Schedule.modifyDelay(() =>
          Effect.map(Clock.currentTimeMillis, (now) => Math.min(takeOverMillis, job.runs.latest(now).nextAt - now))
        )
      )
    )
  )

/** Runs the latest due run of a job unless someone has done it or is at it. Tells whether it ran. */
export const runIfDue = <E extends Error, R>(job: DailyJob<E, R>): Effect.Effect<boolean, never, R | Store> =>
  Effect.gen(function* () {
    const store = yield* Store
    const now = yield* Clock.currentTimeMillis
    const { at, date } = job.runs.latest(now)
    if (!(yield* store.claimJob(job.name, date, { now, staleBefore: now - staleMillis }))) return false
    const last = Option.getOrNull(yield* store.jobProgress(job.name, date))
    yield* Effect.logInfo("a daily job runs").pipe(Effect.annotateLogs({ job: job.name, date, after: last }))
    yield* job.users.pipe(
      Stream.filter((userId) => last === null || userId > last),
      Stream.grouped(usersPerNote),
      Stream.runForEach((users) => runBatch(job, date, at, users))
    )
    yield* store.finishJob(job.name, date, yield* Clock.currentTimeMillis)
    return true
  }).pipe(
    // The store is out of reach: the claim goes stale and the run is taken up again.
    Effect.catch((error) => Effect.as(Effect.logWarning("a daily job broke off", job.name, error.message), false))
  )

const runBatch = Effect.fnUntraced(function* <E extends Error, R>(
  job: DailyJob<E, R>,
  date: string,
  at: Instant,
  users: ReadonlyArray<UserId>
): Effect.fn.Return<void, StoreError, R | Store> {
  const store = yield* Store
  yield* runShares(job, users, at)
  const last = users.at(-1)
  if (last !== undefined) yield* store.saveJobProgress(job.name, date, last, yield* Clock.currentTimeMillis)
})

export const runShares = <E extends Error, R>(
  job: DailyJob<E, R>,
  users: ReadonlyArray<UserId>,
  at: Instant
): Effect.Effect<void, StoreError, R | Store> =>
  Effect.forEach(users, (userId) => runShare(job, userId, at), { concurrency: usersAtOnce, discard: true })

/** One user's share. Whatever is wrong with it, a defect too, is that user's alone: it is left to be made up. */
const runShare = <E extends Error, R>(
  job: DailyJob<E, R>,
  userId: UserId,
  at: Instant
): Effect.Effect<boolean, StoreError, R | Store> =>
  userShare(
    "job",
    userId
  )(job.share(userId, at)).pipe(
    Effect.annotateLogs({ job: job.name }),
    Effect.flatMap((done) =>
      Option.isSome(done)
        ? Effect.succeed(true)
        : Effect.flatMap(Store, (store) => Effect.as(store.leaveShare(job.name, userId, at), false))
    )
  )

/** Does again what failed of earlier runs, each share for the instant that its run was due at. */
export const makeUp = <E extends Error, R>(job: DailyJob<E, R>): Effect.Effect<void, never, R | Store> =>
  Effect.gen(function* () {
    const store = yield* Store
    const load = (after: UserId | null) => store.sharesLeft(job.name, after, sharesPerPage)
    const first = yield* load(null)
    if (first.length === 0) return
    yield* pagesFrom(first, sharesPerPage, ({ userId }) => load(userId)).pipe(
      Stream.mapEffect(
        ({ at, userId }) =>
          Effect.flatMap(runShare(job, userId, at), (isDone) =>
            isDone ? store.finishShare(job.name, userId) : Effect.void
          ),
        { concurrency: usersAtOnce, unordered: true }
      ),
      Stream.runDrain
    )
  }).pipe(Effect.catch((error) => Effect.logWarning("shares of a job were not made up", job.name, error.message)))
