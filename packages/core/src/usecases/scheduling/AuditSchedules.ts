/**
 * The daily comparison of what the scheduler holds with what the bots call for, both ways.
 *
 * Decides nothing about bots: what the scheduler holds without reason goes, what it holds wrongly is put right, what it
 * does not hold is put, each by itself: one that is refused is counted and stops no other. It finds what a sweep can't
 * see: schedules that somebody else deleted, changed or left behind, since a bot notes what was applied and not what is
 * there. Harmless at any time and as often as one likes.
 */
import { Clock, Effect, Option, Result, Stream } from "effect"
import type { Bot } from "../../domain/Bot.ts"
import type { UserId } from "../../domain/Ids.ts"
import { type Schedule, type ScheduleOutcome, Scheduler, type SchedulerError } from "../../ports/Scheduler.ts"
import { type Place, Store, type StoreError } from "../../ports/Store.ts"
import { connectedUsers } from "../account/UserLists.ts"
import { scheduleOf } from "./ApplySchedules.ts"
import type { AuditCounts } from "../contract/Contract.ts"

/** A bot that joins this soon may be launching already: it is left to the sweep. */
const soonMillis = 900_000
const botsAtOnce = 16
const botsPageSize = 100

/** Once over everything the scheduler holds and every bot that is due. Succeeds with what was found, as counts. */
export const auditSchedules = Effect.fn("Punctual.auditSchedules")(function* (): Effect.fn.Return<
  AuditCounts,
  SchedulerError | StoreError,
  Scheduler | Store
> {
  const scheduler = yield* Scheduler
  const { precisionMillis, putMax } = scheduler.capabilities
  const found = new Set<string>()
  const counts = { held: 0, removed: 0, corrected: 0, restored: 0, failed: 0 }
  const mend = (answer: Effect.Effect<ReadonlyArray<ScheduleOutcome>>, kind: "removed" | "corrected" | "restored") =>
    Effect.map(answer, (outcomes) => {
      const failed = outcomes.filter(Result.isFailure).length
      counts[kind] += outcomes.length - failed
      counts.failed += failed
    })

  // What is held: is it wanted, and so?
  yield* scheduler.list.pipe(
    Stream.grouped(putMax),
    Stream.runForEach(
      Effect.fnUntraced(function* (held) {
        const judged = yield* Effect.forEach(held, judge, { concurrency: botsAtOnce })
        const strays = judged.flatMap(({ schedule, wanted }) => (wanted === null ? [schedule] : []))
        const wrong = judged.flatMap(({ schedule, wanted }) =>
          wanted !== null && !isSame(schedule, wanted, precisionMillis) ? [wanted] : []
        )
        if (strays.length > 0) yield* mend(scheduler.cancel(strays), "removed")
        if (wrong.length > 0) yield* mend(scheduler.put(wrong), "corrected")
        for (const { schedule, wanted } of judged) if (wanted !== null) found.add(keyOf(schedule))
        counts.held += held.length
      })
    )
  )

  // What is wanted: is it held?
  yield* wantedSchedules(yield* Clock.currentTimeMillis).pipe(
    Stream.filter((wanted) => !found.has(keyOf(wanted))),
    Stream.grouped(putMax),
    Stream.runForEach((missing) => mend(scheduler.put(missing), "restored"))
  )
  if (counts.removed + counts.corrected + counts.restored + counts.failed > 0) {
    yield* Effect.logWarning("the scheduler held something else than was wanted").pipe(Effect.annotateLogs(counts))
  }
  return counts
})

interface Judged {
  readonly schedule: Schedule
  /** Null: nothing is wanted under this name. */
  readonly wanted: Schedule | null
}

const judge = (schedule: Schedule): Effect.Effect<Judged, StoreError, Store> =>
  Store.use((store) =>
    Effect.map(store.bot(schedule.userId, schedule.botId), (found) => {
      const bot = Option.getOrNull(found)
      const isWanted = bot?.status === "Scheduled" && keyOf(bot.schedule) === keyOf(schedule)
      return { schedule, wanted: isWanted ? scheduleOf(schedule.userId, bot) : null }
    })
  )

const wantedSchedules = (now: number): Stream.Stream<Schedule, StoreError, Store> =>
  Stream.flatMap(connectedUsers, (userId) => botsOf(userId, now))

const botsOf = (userId: UserId, now: number): Stream.Stream<Schedule, StoreError, Store> =>
  Stream.unwrap(
    Effect.map(Store, (store) =>
      Stream.paginate(null as Place | null, (place) =>
        Effect.map(
          store.bots({
            userId,
            status: "Scheduled",
            joinAfter: now + soonMillis,
            limit: botsPageSize,
            place,
            backwards: false
          }),
          ({ hasMore, items }) => [
            items.map((bot: Bot) => scheduleOf(userId, bot)),
            hasMore ? Option.map(Option.fromUndefinedOr(items.at(-1)), placeOf) : Option.none()
          ]
        )
      )
    )
  )

const placeOf = ({ id, joinAt }: Bot): Place => ({ at: joinAt, id })

const isSame = (held: Schedule, wanted: Schedule, precisionMillis: number): boolean =>
  Math.floor(held.at / precisionMillis) === Math.floor(wanted.at / precisionMillis) && held.revision === wanted.revision

const keyOf = ({ group, name }: Pick<Schedule, "name" | "group">): string => `${group}/${name}`
