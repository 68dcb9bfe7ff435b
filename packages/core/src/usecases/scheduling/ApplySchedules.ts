/**
 * Brings the scheduler in line with the bots.
 * Decides what the scheduler should hold for a bot: an alarm while it is `Scheduled`, otherwise none. The store notes
 * what was applied; what fails is left to the sweep.
 */
import { Effect } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import { type Schedule, Scheduler } from "../../ports/Scheduler.ts"
import { type OwnedBot, Store } from "../../ports/Store.ts"

/** A bot as the alarm it calls for, at the revision that is wanted now. */
export const scheduleOf = (userId: UserId, bot: Bot): Schedule => ({
  name: bot.schedule.name,
  group: bot.schedule.group,
  at: bot.joinAt,
  revision: bot.schedule.wanted,
  userId,
  botId: bot.id
})

/** Succeeds always; counts bots brought up to date. */
export const applySchedules = Effect.fn("Punctual.applySchedules")(function* (
  owned: ReadonlyArray<OwnedBot>
): Effect.fn.Return<number, never, Scheduler | Store> {
  const scheduler = yield* Scheduler
  const store = yield* Store
  const behind = owned.filter(({ bot }) => bot.schedule.applied < bot.schedule.wanted)
  if (behind.length === 0) return 0
  const schedules = behind.map(({ bot, userId }) => ({
    isWanted: bot.status === "Scheduled",
    schedule: scheduleOf(userId, bot)
  }))
  const { putMax } = scheduler.capabilities
  const done = yield* Effect.forEach(
    [
      ...batches(
        schedules.filter(({ isWanted }) => isWanted),
        putMax
      ).map((batch) => ({ batch, put: true })),
      ...batches(
        schedules.filter(({ isWanted }) => !isWanted),
        putMax
      ).map((batch) => ({ batch, put: false }))
    ],
    ({ batch, put }) => {
      const all = batch.map(({ schedule }) => schedule)
      return (put ? scheduler.put(all) : scheduler.cancel(all)).pipe(
        Effect.as(all),
        Effect.catch((error) => Effect.as(Effect.logWarning("scheduler not brought up to date", error.reason._tag), []))
      )
    },
    { concurrency: 4 }
  )
  const applied = done.flat().map(({ botId, revision, userId }) => ({ userId, botId, revision }))
  if (applied.length === 0) return 0
  yield* store
    .markApplied(applied)
    .pipe(Effect.catch((error) => Effect.logWarning("applied schedules not noted", error.reason._tag)))
  return applied.length
})

const batches = <A>(items: ReadonlyArray<A>, sizeMax: number): ReadonlyArray<ReadonlyArray<A>> => {
  const all: Array<ReadonlyArray<A>> = []
  for (let from = 0; from < items.length; from += sizeMax) all.push(items.slice(from, from + sizeMax))
  return all
}
