/**
 * The jobs that run once a day, whatever happens: at midnight and at three, in UTC.
 *
 * Decides which run is due, by the clock alone; who does it is decided by a marker in storage, so that each run happens
 * once, is taken over where its process died, goes on behind the last user done, and is caught up after an outage (the
 * latest one: an older run's work is part of it).
 */
import { Clock, Effect, Option, Stream } from "effect"
import {
  type Instant,
  type Punctual,
  type SchedulerError,
  type StoreError,
  type UserId,
  userShare
} from "@punctual/core"
import { Accounts, type AccountsUnavailable } from "@punctual/core/accounts"
import { usersAtOnce } from "./Jobs.ts"

type Facade = Punctual["Service"]

export interface DailyJob {
  readonly name: string
  /** Of the day in UTC, 0–23. */
  readonly hour: number
  readonly users: Stream.Stream<UserId, SchedulerError | StoreError>
  readonly share: (userId: UserId, at: Instant) => Effect.Effect<void, StoreError>
}

const dayMillis = 86_400_000
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

/** The latest run that is due at `now`. */
export const latestRun = (hour: number, now: Instant): Due => {
  const at = Math.floor((now - hour * hourMillis) / dayMillis) * dayMillis + hour * hourMillis
  return { date: new Date(at).toISOString().slice(0, "yyyy-mm-dd".length), at }
}

/** Until the next run of any of these hours, or the next look. */
export const pauseMillis = (hours: ReadonlyArray<number>, now: Instant): number =>
  Math.min(lookMillis, ...hours.map((hour) => latestRun(hour, now).at + dayMillis - now))

/** Never ends. */
export const daily = Effect.fnUntraced(function* (
  jobs: ReadonlyArray<DailyJob>
): Effect.fn.Return<never, never, Accounts> {
  for (;;) {
    for (const job of jobs) yield* runIfDue(job)
    yield* Effect.sleep(
      pauseMillis(
        jobs.map(({ hour }) => hour),
        yield* Clock.currentTimeMillis
      )
    )
  }
})

/** Runs the latest due run of a job unless someone has done it or is at it. Tells whether it ran. */
export const runIfDue = Effect.fnUntraced(
  function* (job: DailyJob): Effect.fn.Return<boolean, AccountsUnavailable | SchedulerError | StoreError, Accounts> {
    const accounts = yield* Accounts
    const now = yield* Clock.currentTimeMillis
    const { at, date } = latestRun(job.hour, now)
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
  yield* Effect.forEach(users, (userId) => userShare("job", userId)(job.share(userId, at)), {
    concurrency: usersAtOnce,
    discard: true
  })
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
    hour: 0,
    users: punctual.autoUsers,
    share: (userId, at) => cover(punctual, left, userId, at)
  },
  {
    name: "renew-subscriptions",
    hour: 3,
    users: punctual.connectedUsers,
    share: (userId) => renew(punctual, left, userId)
  },
  {
    name: "audit-schedules",
    hour: 4,
    // One whole, and nobody's share: repeated from the start where its process died.
    users: Stream.drain(Stream.fromEffect(Effect.suspend(() => punctual.auditSchedules))),
    share: () => Effect.void
  }
]

const cover = (punctual: Facade, { coverage }: LeftOver, userId: UserId, at: Instant): Effect.Effect<void> =>
  Effect.map(
    userShare("auto_schedule", userId)(punctual.autoScheduleUser(userId, at)),
    (made) => void (Option.isSome(made) ? coverage.delete(userId) : coverage.set(userId, at))
  )

const renew = (punctual: Facade, { renewals }: LeftOver, userId: UserId): Effect.Effect<void> =>
  Effect.map(
    userShare("renew", userId)(punctual.renewUser(userId)),
    (counts) =>
      void (Option.isSome(counts) && counts.value.failed === 0 ? renewals.delete(userId) : renewals.add(userId))
  )

/** Never ends: what of auto-scheduling could not be done. */
export const makingUp = Effect.fnUntraced(function* (punctual: Facade, left: LeftOver): Effect.fn.Return<never> {
  for (;;) {
    yield* Effect.sleep(lookMillis)
    yield* Effect.forEach([...left.coverage], ([userId, at]) => cover(punctual, left, userId, at), {
      concurrency: usersAtOnce,
      discard: true
    })
  }
})

/** Never ends: each hour, what could not be renewed, and what has expired in storage. */
export const hourly = Effect.fnUntraced(function* (
  punctual: Facade,
  left: LeftOver
): Effect.fn.Return<never, never, Accounts> {
  const accounts = yield* Accounts
  for (;;) {
    yield* Effect.sleep(hourMillis)
    yield* Effect.forEach([...left.renewals], (userId) => renew(punctual, left, userId), {
      concurrency: usersAtOnce,
      discard: true
    })
    yield* accounts
      .purge(yield* Clock.currentTimeMillis)
      .pipe(Effect.catch((error) => Effect.logWarning("what has expired was not removed", error.message)))
  }
})
