/**
 * How the daily jobs stand: for each its latest run, and whose shares are still to be made up.
 * Decides nothing; the store alone is asked, so that any process tells the same.
 */
import { Clock, Effect, Option } from "effect"
import { Store, type StoreError } from "../../ports/Store.ts"
import type { JobReport } from "../contract/Contract.ts"
import { auditJob, autoScheduleJob, pruneJob, renewJob } from "./DailyJobs.ts"

/** Shares counted of each job at most. */
const sharesMax = 500

export const jobReports: Effect.Effect<ReadonlyArray<JobReport>, StoreError, Store> = Effect.gen(function* () {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  return yield* Effect.forEach([autoScheduleJob, renewJob, auditJob, pruneJob], ({ name, runs }) =>
    Effect.gen(function* () {
      const { at: dueAt, date } = runs.latest(now)
      const run = Option.getOrNull(yield* store.jobRun(name, date))
      const left = yield* store.sharesLeft(name, null, sharesMax)
      const status = run === null ? ("waiting" as const) : run.isFinished ? ("done" as const) : ("running" as const)
      return { name, date, dueAt, status, notedAt: run?.at ?? null, sharesLeft: left.length } satisfies JobReport
    })
  )
}).pipe(Effect.withSpan("Punctual.jobReports"))
