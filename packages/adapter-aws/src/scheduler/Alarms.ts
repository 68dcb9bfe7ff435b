/**
 * The schedules that EventBridge holds: put, cancelled, listed.
 *
 * Decides between create and update, which may take turns when another process writes the same name (a conflict is
 * another turn, never the end), and makes a group when it is missing. What a name holds is told by the text of its target, so that an older revision changes nothing.
 */
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
  type SchedulerClient,
  UpdateScheduleCommand
} from "@aws-sdk/client-scheduler"
import type { Schedule } from "@punctual/core"
import { Effect, Option, Random, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { AwsFailure, absentAsNull } from "../client/AwsFailure.ts"
import type { Ask } from "../client/AwsRetry.ts"
import { type Target, nameOf, requestOf, scheduleIn } from "./Alarm.ts"

export interface Alarms {
  /** An older revision than the one held changes nothing. */
  readonly put: (schedule: Schedule, instant: number) => Result<void>
  /** Tolerates absence; a newer revision than the one given stays. True: nothing of the name is held any more. */
  readonly remove: (key: Key) => Result<boolean>
  readonly list: Stream.Stream<Schedule, AwsFailure>
}

/** How requests are sent. */
interface Way {
  readonly client: SchedulerClient
  readonly ask: Ask
}

type Result<A> = Effect.Effect<A, AwsFailure>
type Key = Pick<Schedule, "name" | "group" | "revision">

/** Others get through this often, or one comes and goes, before it is left to whoever comes back to it. */
const turnsMax = 6
/** Before the next turn, with chance in it, so that two who collide don't do so again: from 20 ms to 0.3 s. */
const pauseMillisMin = 20
const pageSize = 100
const readsAtOnce = 10

export const makeAlarms = (way: Way, target: Target): Alarms => ({
  put: (schedule, instant) => put(way, target, schedule, instant),
  remove: (key) => remove(way, key),
  list: Stream.paginate<string | null, Schedule, AwsFailure>(null, (token) => page(way, target, token))
})

const put = Effect.fnUntraced(function* (
  way: Way,
  target: Target,
  schedule: Schedule,
  instant: number
): Effect.fn.Return<void, AwsFailure> {
  const request = requestOf(schedule, instant, target)
  for (let turn = 0; turn < turnsMax; turn++) {
    if (turn > 1) yield* pause(turn)
    // A first revision is seldom there already.
    const held = turn === 0 && schedule.revision <= 1 ? null : yield* read(way, schedule)
    if (held === null) {
      if (yield* create(way, request)) return
      continue
    }
    if ((scheduleIn(held.Target?.Input)?.revision ?? 0) > schedule.revision) return
    const command = new UpdateScheduleCommand({ ...request, ClientToken: randomUUID() })
    if (yield* isDone(way.ask((abortSignal) => way.client.send(command, { abortSignal })))) return
  }
  return yield* turnTaking(schedule)
})

/** False: it is gone meanwhile, or somebody else writes it at this very moment. What is there then is told by a read. */
const isDone = (request: Result<unknown>): Result<boolean> =>
  request.pipe(
    Effect.as(true),
    Effect.catchIf(
      ({ kind }) => kind === "absent" || kind === "present",
      () => Effect.succeed(false)
    )
  )

const pause = (turn: number): Effect.Effect<void> =>
  Effect.flatMap(Random.next, (chance) => Effect.sleep(pauseMillisMin * 2 ** (turn - 2) * (0.5 + chance)))

const turnTaking = ({ group, name }: Pick<Schedule, "name" | "group">): AwsFailure =>
  new AwsFailure({ kind: "unavailable", error: "TurnTaking", message: `${group}/${name} is written by others` })

/** False: there is one of that name. Makes the group where it is missing. */
const create = Effect.fnUntraced(function* (
  way: Way,
  request: ReturnType<typeof requestOf>
): Effect.fn.Return<boolean, AwsFailure> {
  // One token for all repetitions of this one request: a lost answer is told again. Never for another request.
  const command = new CreateScheduleCommand({ ...request, ClientToken: randomUUID() })
  const created = way.ask((abortSignal) => way.client.send(command, { abortSignal })).pipe(Effect.as(true))
  return yield* created.pipe(
    Effect.catchIf(
      ({ kind }) => kind === "absent",
      () => Effect.andThen(makeGroup(way, request.GroupName), created)
    ),
    Effect.catchIf(
      ({ kind }) => kind === "present",
      () => Effect.succeed(false)
    ),
    // A group on its way out: it can be made again once it is gone.
    Effect.mapError((failure) =>
      failure.kind === "absent"
        ? new AwsFailure({ kind: "unavailable", error: failure.error, message: failure.message })
        : failure
    )
  )
})

const makeGroup = (way: Way, Name: string): Result<void> => {
  const command = new CreateScheduleGroupCommand({ Name, ClientToken: randomUUID() })
  return way
    .ask((abortSignal) => way.client.send(command, { abortSignal }))
    .pipe(
      Effect.asVoid,
      Effect.catchIf(
        ({ kind }) => kind === "present",
        () => Effect.void
      )
    )
}

const read = (way: Way, { group, name }: Pick<Schedule, "name" | "group">): Result<GetScheduleCommandOutput | null> =>
  readNamed(way, { Name: nameOf(name), GroupName: nameOf(group) })

const readNamed = (
  way: Way,
  names: { readonly Name: string | undefined; readonly GroupName: string | undefined }
): Result<GetScheduleCommandOutput | null> =>
  absentAsNull(way.ask((abortSignal) => way.client.send(new GetScheduleCommand({ ...names }), { abortSignal })))

const remove = Effect.fnUntraced(function* (way: Way, key: Key): Effect.fn.Return<boolean, AwsFailure> {
  for (let turn = 0; turn < turnsMax; turn++) {
    if (turn > 0) yield* pause(turn + 1)
    const held = yield* read(way, key)
    if (held === null) return true
    if ((scheduleIn(held.Target?.Input)?.revision ?? 0) > key.revision) return false
    const names = { Name: nameOf(key.name), GroupName: nameOf(key.group) }
    const command = new DeleteScheduleCommand({ ...names, ClientToken: randomUUID() })
    if (yield* isDone(absentAsNull(way.ask((abortSignal) => way.client.send(command, { abortSignal }))))) return true
  }
  return yield* turnTaking(key)
})

/** A summary carries no instant and no text, so each of ours is read: names of other deployments are passed over. */
const page = Effect.fnUntraced(function* (
  way: Way,
  { queueArn }: Target,
  token: string | null
): Effect.fn.Return<readonly [ReadonlyArray<Schedule>, Option.Option<string>], AwsFailure> {
  const command = new ListSchedulesCommand({ MaxResults: pageSize, ...(token !== null && { NextToken: token }) })
  const { NextToken, Schedules = [] } = yield* way.ask((abortSignal) => way.client.send(command, { abortSignal }))
  const ours = Schedules.filter((summary) => summary.Target?.Arn === queueArn)
  const read = yield* Effect.forEach(ours, ({ GroupName, Name }) => readNamed(way, { GroupName, Name }), {
    concurrency: readsAtOnce
  })
  const schedules = read.map((each) => scheduleIn(each?.Target?.Input)).filter((each) => each !== null)
  return [schedules, Option.fromUndefinedOr(NextToken)]
})
