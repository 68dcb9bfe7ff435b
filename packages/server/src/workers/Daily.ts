/**
 * The jobs that run once a day, whatever happens: at midnight and at three, in UTC.
 *
 * Decides which run is due, by the clock alone; who does it is decided by a marker in storage, so that each run happens
 * once, is taken over where its process died, goes on behind the last user done, and is caught up after an outage (the
 * latest one: an older run's work is part of it).
 */
import { Clock, Cron, Effect, Option, Schedule, Stream } from "effect"
import type { Instant, Punctual, SchedulerError, StoreError, UserId } from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { usersAtOnce, wordFor } from "./Jobs.ts"

type Facade = Punctual["Service"]

export interface DailyJob {
  readonly name: string
  /** Once a day, in UTC. */
  readonly cron: Cron.Cron
  readonly users: Stream.Stream<UserId, SchedulerError | StoreError>
  readonly share: (userId: UserId, at: Instant) => Effect.Effect<void, StoreError>
}

const hourMillis = 3_600_000

/** A claim without progress for so long belongs to a process that died: 10 minutes. */
const staleMillis = 600_000

/** Looked at this often in between, for runs to take over: 5 minutes. */
const lookMillis = 300_000

/** Users done before progress is noted. */
const usersPerNote = 32

export interface Due {
  /** `yyyy-mm-dd`, the day the run belongs to. */
  readonly date: string
  /** When it was due. */
  readonly at: Instant
}

/** On the hour of each day, in UTC. */
export const dailyAt = (hour: number): Cron.Cron => Cron.parseUnsafe(`0 ${hour} * * *`, "UTC")

/** The latest run that is due at `now`. */
export const latestRun = (cron: Cron.Cron, now: Instant): Due => {
  // What is due at this very instant counts, and `prev` looks strictly before.
  const run = Cron.prev(cron, now + 1)
  return { date: run.toISOString().slice(0, "yyyy-mm-dd".length), at: run.getTime() }
}

/** Never ends: looks at each run, and in between. */
export const daily = (jobs: ReadonlyArray<DailyJob>): Effect.Effect<unknown, never, Accounts> =>
  Effect.forEach(jobs, runIfDue, { discard: true }).pipe(
    Effect.repeat(Schedule.min([Schedule.spaced(lookMillis), ...jobs.map(({ cron }) => Schedule.cron(cron))])),
    // A cron that is parsed does not fail to parse, though its schedule's type says it may.
    Effect.orDie
  )

/** Runs the latest due run of a job unless someone has done it or is at it. Tells whether it ran. */
export const runIfDue = Effect.fnUntraced(
  function* (job: DailyJob): Effect.fn.Return<boolean, AccountsUnavailable | SchedulerError | StoreError, Accounts> {
    const accounts = yield* Accounts
    const now = yield* Clock.currentTimeMillis
    const { at, date } = latestRun(job.cron, now)
    if (!(yield* accounts.claimJob(job.name, date, { now, staleBefore: now - staleMillis }))) return false
    const last = Option.getOrNull(yield* accounts.jobProgress(job.name, date))
    yield* Effect.logInfo("a daily job runs").pipe(Effect.annotateLogs({ job: job.name, date, after: last }))
    yield* job.users.pipe(
      Stream.filter((userId) => last === null || userId > last),
      Stream.grouped(usersPerNote),
      Stream.runForEach((users) => runBatch(accounts, job, date, at, users))
    )
    yield* accounts.finishJob(job.name, date, yield* Clock.currentTimeMillis)
    return true
  },
  // Storage is out of reach: the claim goes stale and the run is taken up again.
  (effect, job) =>
    effect.pipe(
      Effect.catch((error) => Effect.as(Effect.logWarning("a daily job broke off", job.name, wordOf(error)), false))
    )
)

const runBatch = Effect.fnUntraced(function* (
  accounts: Accounts["Service"],
  job: DailyJob,
  date: string,
  at: Instant,
  users: ReadonlyArray<UserId>
) {
  yield* Effect.forEach(
    users,
    (userId) =>
      job
        .share(userId, at)
        .pipe(Effect.catch((error) => Effect.logWarning("a user's share of a job failed", job.name, wordFor(error)))),
    { concurrency: usersAtOnce, discard: true }
  )
  const last = users.at(-1)
  if (last !== undefined) yield* accounts.saveJobProgress(job.name, date, last, yield* Clock.currentTimeMillis)
})

const wordOf = (error: AccountsUnavailable | SchedulerError | StoreError): string =>
  error._tag === "AccountsUnavailable" ? error.message : `${error.operation}: ${error.reason._tag}`

/** Users whose share of a run failed: it is tried again until it succeeds. */
export interface LeftOver {
  /** Subscriptions, each hour. */
  readonly renewals: Set<UserId>
  /** Auto-scheduling, every few minutes, for the midnight that it was due at: a meeting may be close. */
  readonly coverage: Map<UserId, Instant>
}

export const nothingLeft = (): LeftOver => ({ renewals: new Set(), coverage: new Map() })

/** Midnight: everybody's auto-scheduling. Three: subscriptions that end within two days. Four: the scheduler's audit. */
export const dailyJobs = (punctual: Facade, left: LeftOver): ReadonlyArray<DailyJob> => [
  {
    name: "auto-schedule",
    cron: dailyAt(0),
    users: punctual.autoUsers,
    share: (userId, at) => cover(punctual, left, userId, at)
  },
  {
    name: "renew-subscriptions",
    cron: dailyAt(3),
    users: punctual.connectedUsers,
    share: (userId) => renew(punctual, left, userId)
  },
  {
    name: "audit-schedules",
    cron: dailyAt(4),
    // One whole, and nobody's share: repeated from the start where its process died.
    users: Stream.drain(Stream.fromEffect(Effect.suspend(() => punctual.auditSchedules))),
    share: () => Effect.void
  }
]

const cover = (punctual: Facade, { coverage }: LeftOver, userId: UserId, at: Instant): Effect.Effect<void> =>
  punctual.autoScheduleUser(userId, at).pipe(
    Effect.as(true),
    Effect.catch((error) => Effect.as(Effect.logWarning("auto-scheduling failed", wordFor(error)), false)),
    Effect.map((isDone) => void (isDone ? coverage.delete(userId) : coverage.set(userId, at)))
  )

const renew = (punctual: Facade, { renewals }: LeftOver, userId: UserId): Effect.Effect<void> =>
  punctual.renewUser(userId).pipe(
    Effect.map(({ failed }) => failed === 0),
    Effect.catch((error) => Effect.as(Effect.logWarning("renewing failed", wordFor(error)), false)),
    Effect.map((isDone) => void (isDone ? renewals.delete(userId) : renewals.add(userId)))
  )

/** Never ends: what of auto-scheduling could not be done. */
export const makingUp = (punctual: Facade, left: LeftOver): Effect.Effect<unknown> =>
  Effect.suspend(() =>
    Effect.forEach([...left.coverage], ([userId, at]) => cover(punctual, left, userId, at), {
      concurrency: usersAtOnce,
      discard: true
    })
  ).pipe(Effect.schedule(Schedule.spaced(lookMillis)))

/** Never ends: each hour, what could not be renewed, and what has expired in storage. */
export const hourly = (punctual: Facade, left: LeftOver): Effect.Effect<unknown, never, Accounts> =>
  Effect.gen(function* () {
    const accounts = yield* Accounts
    yield* Effect.forEach([...left.renewals], (userId) => renew(punctual, left, userId), {
      concurrency: usersAtOnce,
      discard: true
    })
    yield* accounts
      .purge(yield* Clock.currentTimeMillis)
      .pipe(Effect.catch((error) => Effect.logWarning("what has expired was not removed", error.message)))
  }).pipe(Effect.schedule(Schedule.spaced(hourMillis)))
