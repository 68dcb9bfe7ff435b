/**
 * Bringing the scheduler in line with the bots.
 * Decides what the scheduler should hold for a bot: an alarm while it is `Scheduled`, otherwise none. Never decides
 * whether a bot should exist; what fails here is left to the sweep, and the store notes how far it came. Of many
 * schedules each fares by itself: only what failed comes again, and what was refused waits behind the rest.
 */
import { Clock, Effect, Result } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import { type Schedule, type ScheduleOutcome, Scheduler, type SchedulerError } from "../../ports/Scheduler.ts"
import { type OwnedBot, Store, type StoreError } from "../../ports/Store.ts"
import { refusedBy } from "../../ports/RefusedSchedules.ts"

/** A bot as the alarm it calls for, at the revision that is wanted now. */
export const scheduleOf = (userId: UserId, bot: Bot): Schedule => ({
  name: bot.schedule.name,
  group: bot.schedule.group,
  at: bot.joinAt,
  revision: bot.schedule.wanted,
  userId,
  botId: bot.id
})

/** Bots that lag, as far as nobody waits for them to be worth another try. Counts those brought up to date. */
export const applyBehind = (limit: number): Effect.Effect<number, StoreError, Scheduler | Store> =>
  Effect.gen(function* () {
    // What was refused before stands at the head of the list: as many more are asked for.
    const { size } = refusedBy(yield* Scheduler)
    const store = yield* Store
    return yield* applySchedules(yield* store.unapplied(limit + size))
  })

/** Succeeds always; counts bots brought up to date. What failed is left behind by itself, whatever went with it. */
export const applySchedules = Effect.fn("Punctual.applySchedules")(function* (
  owned: ReadonlyArray<OwnedBot>
): Effect.fn.Return<number, never, Scheduler | Store> {
  const scheduler = yield* Scheduler
  const store = yield* Store
  const refused = refusedBy(scheduler)
  const now = yield* Clock.currentTimeMillis
  const behind = owned
    .filter(({ bot }) => bot.schedule.applied < bot.schedule.wanted)
    .map(({ bot, userId }) => ({ isWanted: bot.status === "Scheduled", schedule: scheduleOf(userId, bot) }))
    .filter(({ schedule }) => !refused.waits(schedule, now))
  if (behind.length === 0) return 0
  const { putMax } = scheduler.capabilities
  const schedulesOf = (isPut: boolean) => behind.filter((each) => each.isWanted === isPut).map((each) => each.schedule)
  const told = yield* Effect.forEach(
    [
      ...batches(schedulesOf(true), putMax).map((batch) => answered(batch, scheduler.put(batch))),
      ...batches(schedulesOf(false), putMax).map((batch) => answered(batch, scheduler.cancel(batch)))
    ],
    (each) => each,
    { concurrency: batchesAtOnce }
  )
  const answers = told.flat()
  const failures = answers.flatMap(({ outcome, schedule }) =>
    Result.isFailure(outcome) ? [{ schedule, error: outcome.failure }] : []
  )
  for (const { error, schedule } of failures) if (!error.isRetryable) refused.note(schedule, now)
  if (failures.length > 0) yield* warn(failures.map(({ error }) => error))
  const applied = answers
    .filter(({ outcome }) => Result.isSuccess(outcome))
    .map(({ schedule: { botId, revision, userId } }) => ({ userId, botId, revision }))
  if (applied.length === 0) return 0
  yield* store
    .markApplied(applied)
    .pipe(Effect.catch((error) => Effect.logWarning("applied schedules not noted", error.reason._tag)))
  return applied.length
})

const batchesAtOnce = 4

interface Answered {
  readonly schedule: Schedule
  readonly outcome: ScheduleOutcome
}

const answered = (
  batch: ReadonlyArray<Schedule>,
  answer: Effect.Effect<ReadonlyArray<ScheduleOutcome>>
): Effect.Effect<ReadonlyArray<Answered>> =>
  Effect.map(answer, (outcomes) =>
    batch.flatMap((schedule, at) => {
      const outcome = outcomes[at]
      return outcome === undefined ? [] : [{ schedule, outcome }]
    })
  )

/** One line, however many: how many failed in which way. */
const warn = (errors: ReadonlyArray<SchedulerError>): Effect.Effect<void> => {
  const counts: Record<string, number> = {}
  for (const { reason } of errors) counts[reason._tag] = (counts[reason._tag] ?? 0) + 1
  return Effect.annotateLogs(Effect.logWarning("scheduler not brought up to date"), counts)
}

const batches = <A>(items: ReadonlyArray<A>, sizeMax: number): ReadonlyArray<ReadonlyArray<A>> => {
  const all: Array<ReadonlyArray<A>> = []
  for (let from = 0; from < items.length; from += sizeMax) all.push(items.slice(from, from + sizeMax))
  return all
}
