/**
 * The Scheduler port on EventBridge Scheduler, with a queue of SQS as its target.
 *
 * Decides what goes where: a schedule that lies minutes ahead rests in EventBridge, where it can be changed and taken
 * back; one that is due sooner goes into the queue at once. Never checks a fire against the store: that is the launch
 * protocol's.
 */
import { SchedulerClient } from "@aws-sdk/client-scheduler"
import { SQSClient } from "@aws-sdk/client-sqs"
import {
  type Schedule,
  type ScheduleOutcome,
  Scheduler,
  SchedulerError,
  SchedulerRefused,
  SchedulerThrottled,
  SchedulerUnavailable
} from "@punctual/core"
import { Clock, Effect, Layer, Stream } from "effect"
import type { AwsFailure } from "./client/AwsFailure.ts"
import { makeAsk } from "./client/AwsRetry.ts"
import { type AwsConnection, clientConfig } from "./client/Connection.ts"
import { type Target, askedFor } from "./scheduler/Alarm.ts"
import { type Alarms, makeAlarms } from "./scheduler/Alarms.ts"
import { type Fires, makeFires, waitSecondsMax } from "./scheduler/Fires.ts"
import { type RecentSchedules, makeRecentSchedules } from "./scheduler/RecentSchedules.ts"
import { makeQueue } from "./scheduler/Queue.ts"

export interface Options {
  /** Where schedules fire to, and as whom. */
  readonly queueUrl: string
  readonly queueArn: string
  readonly roleArn: string
  readonly deadLetterArn?: string
  /** What nobody confirmed comes again after so long; 60 if absent. */
  readonly redeliverAfterSeconds?: number
  readonly scheduler?: AwsConnection
  readonly queue?: AwsConnection
}

const redeliverAfterSecondsUsual = 60
const putMax = 100
const requestsAtOnce = 10
/** Names remembered: those of an hour in which ten bots a second are put. */
const recentMax = 36_000

export const layer = (options: Options): Layer.Layer<Scheduler> =>
  Layer.effect(
    Scheduler,
    Effect.gen(function* () {
      const scheduler = yield* opened(() => new SchedulerClient(clientConfig(options.scheduler ?? {})))
      const queue = yield* opened(() => new SQSClient(clientConfig(options.queue ?? {}, waitSecondsMax * 1_000)))
      const recent = makeRecentSchedules(recentMax)
      const target: Target = { ...options, deadLetterArn: options.deadLetterArn ?? null }
      const redeliverAfterSeconds = options.redeliverAfterSeconds ?? redeliverAfterSecondsUsual
      const askQueue = makeAsk(options.queue?.callMillisMax)
      const fires = makeFires(
        makeQueue(queue, askQueue, { queueUrl: options.queueUrl, redeliverAfterSeconds }),
        recent,
        redeliverAfterSeconds
      )
      const alarms = makeAlarms({ client: scheduler, ask: makeAsk(options.scheduler?.callMillisMax) }, target)
      return make(alarms, fires, recent)
    })
  )

const opened = <Client extends { readonly destroy: () => void }>(make: () => Client) =>
  Effect.acquireRelease(Effect.sync(make), (client) => Effect.sync(() => client.destroy()))

const make = (alarms: Alarms, fires: Fires, recent: RecentSchedules): Scheduler["Service"] =>
  Scheduler.of({
    // The queue holds back to the instant what EventBridge fires within a minute.
    capabilities: { precisionMillis: 1, putMax },
    put: (schedules) =>
      schedules.length > putMax
        ? Effect.die(new Error(`a put takes ${putMax} schedules at most`))
        : forEach("put", schedules, (schedule) => put(alarms, fires, recent, schedule)),
    cancel: (keys) =>
      forEach("cancel", keys, (key) => {
        recent.cancel(key)
        return alarms.remove(key)
      }),
    list: Stream.mapError(alarms.list, errorOf("list")),
    fires: (aheadMillis) =>
      fires.stream(aheadMillis).pipe(
        Stream.mapError(errorOf("fires")),
        Stream.map((batch) =>
          batch.map(({ done, schedule }) => ({ ...schedule, done: Effect.mapError(done, errorOf("done")) }))
        )
      )
  })

const put = Effect.fnUntraced(function* (
  alarms: Alarms,
  fires: Fires,
  recent: RecentSchedules,
  schedule: Schedule
): Effect.fn.Return<void, AwsFailure> {
  if (!recent.put(schedule)) return
  const instant = askedFor(schedule.at, yield* Clock.currentTimeMillis)
  if (instant !== null) return yield* alarms.put(schedule, instant)
  // Moved so close that EventBridge is of no use any more: what it holds of an older revision goes.
  if (schedule.revision > 1 && !(yield* alarms.remove(schedule))) return
  if (recent.isSent(schedule)) return
  yield* fires.send(schedule)
  recent.sent(schedule)
})

/** Each by itself: whatever becomes of one, the others are seen to. */
const forEach = <A>(
  operation: SchedulerError["operation"],
  items: ReadonlyArray<A>,
  run: (item: A) => Effect.Effect<unknown, AwsFailure>
): Effect.Effect<ReadonlyArray<ScheduleOutcome>> =>
  Effect.forEach(items, (item) => Effect.result(Effect.asVoid(Effect.mapError(run(item), errorOf(operation)))), {
    concurrency: requestsAtOnce
  })

const errorOf =
  (operation: SchedulerError["operation"]) =>
  (cause: AwsFailure): SchedulerError => {
    const { kind, message } = cause
    if (kind === "throttled") return new SchedulerError({ operation, reason: new SchedulerThrottled() })
    const Reason = kind === "refused" ? SchedulerRefused : SchedulerUnavailable
    return new SchedulerError({ operation, reason: new Reason({ message, cause }) })
  }
