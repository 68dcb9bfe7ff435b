/**
 * The schedules that EventBridge holds: put, cancelled, listed.
 *
 * Decides between create and update, which may take turns when another process writes the same name, and makes a group
 * when it is missing. What a name holds is told by the text of its target, so that an older revision changes nothing.
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
import { Effect, Option, Stream } from "effect"
import { randomUUID } from "node:crypto"
import { AwsFailure, absentAsNull } from "../client/AwsFailure.ts"
import { retryAws } from "../client/AwsRetry.ts"
import { type Target, nameOf, requestOf, scheduleIn } from "./Alarm.ts"

export interface Alarms {
  /** An older revision than the one held changes nothing. */
  readonly put: (schedule: Schedule, instant: number) => Result<void>
  /** Tolerates absence; a newer revision than the one given stays. True: nothing of the name is held any more. */
  readonly remove: (key: Key) => Result<boolean>
  readonly list: Stream.Stream<Schedule, AwsFailure>
}

type Result<A> = Effect.Effect<A, AwsFailure>
type Key = Pick<Schedule, "name" | "group" | "revision">

/** Create finds one and update finds none this often before somebody else is at fault. */
const turnsMax = 3
const pageSize = 100
const readsAtOnce = 10

export const makeAlarms = (client: SchedulerClient, target: Target): Alarms => ({
  put: (schedule, instant) => put(client, target, schedule, instant),
  remove: (key) => remove(client, key),
  list: Stream.paginate<string | null, Schedule, AwsFailure>(null, (token) => page(client, target, token))
})

const put = Effect.fnUntraced(function* (
  client: SchedulerClient,
  target: Target,
  schedule: Schedule,
  instant: number
): Effect.fn.Return<void, AwsFailure> {
  const request = requestOf(schedule, instant, target)
  for (let turn = 0; turn < turnsMax; turn++) {
    // A first revision is seldom there already.
    const held = turn === 0 && schedule.revision <= 1 ? null : yield* read(client, schedule)
    if (held === null) {
      if (yield* create(client, request)) return
      continue
    }
    if ((scheduleIn(held.Target?.Input)?.revision ?? 0) > schedule.revision) return
    const command = new UpdateScheduleCommand({ ...request, ClientToken: randomUUID() })
    if ((yield* absentAsNull(retryAws((abortSignal) => client.send(command, { abortSignal })))) !== null) return
  }
  return yield* new AwsFailure({
    kind: "unavailable",
    error: "TurnTaking",
    message: `${request.GroupName}/${request.Name} comes and goes`
  })
})

/** False: there is one of that name. Makes the group where it is missing. */
const create = Effect.fnUntraced(function* (
  client: SchedulerClient,
  request: ReturnType<typeof requestOf>
): Effect.fn.Return<boolean, AwsFailure> {
  // One token for all repetitions of this one request: a lost answer is told again. Never for another request.
  const command = new CreateScheduleCommand({ ...request, ClientToken: randomUUID() })
  const created = retryAws((abortSignal) => client.send(command, { abortSignal })).pipe(Effect.as(true))
  return yield* created.pipe(
    Effect.catchIf(
      ({ kind }) => kind === "absent",
      () => Effect.andThen(makeGroup(client, request.GroupName), created)
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

const makeGroup = (client: SchedulerClient, Name: string): Result<void> => {
  const command = new CreateScheduleGroupCommand({ Name, ClientToken: randomUUID() })
  return retryAws((abortSignal) => client.send(command, { abortSignal })).pipe(
    Effect.asVoid,
    Effect.catchIf(
      ({ kind }) => kind === "present",
      () => Effect.void
    )
  )
}

const read = (
  client: SchedulerClient,
  { group, name }: Pick<Schedule, "name" | "group">
): Result<GetScheduleCommandOutput | null> => readNamed(client, { Name: nameOf(name), GroupName: nameOf(group) })

const readNamed = (
  client: SchedulerClient,
  names: { readonly Name: string | undefined; readonly GroupName: string | undefined }
): Result<GetScheduleCommandOutput | null> =>
  absentAsNull(retryAws((abortSignal) => client.send(new GetScheduleCommand({ ...names }), { abortSignal })))

const remove = Effect.fnUntraced(function* (client: SchedulerClient, key: Key): Effect.fn.Return<boolean, AwsFailure> {
  const held = yield* read(client, key)
  if (held === null) return true
  if ((scheduleIn(held.Target?.Input)?.revision ?? 0) > key.revision) return false
  const command = new DeleteScheduleCommand({
    Name: nameOf(key.name),
    GroupName: nameOf(key.group),
    ClientToken: randomUUID()
  })
  yield* absentAsNull(retryAws((abortSignal) => client.send(command, { abortSignal })))
  return true
})

/** A summary carries no instant and no text, so each of ours is read: names of other deployments are passed over. */
const page = Effect.fnUntraced(function* (
  client: SchedulerClient,
  { queueArn }: Target,
  token: string | null
): Effect.fn.Return<readonly [ReadonlyArray<Schedule>, Option.Option<string>], AwsFailure> {
  const command = new ListSchedulesCommand({ MaxResults: pageSize, ...(token !== null && { NextToken: token }) })
  const { NextToken, Schedules = [] } = yield* retryAws((abortSignal) => client.send(command, { abortSignal }))
  const ours = Schedules.filter((summary) => summary.Target?.Arn === queueArn)
  const read = yield* Effect.forEach(ours, ({ GroupName, Name }) => readNamed(client, { GroupName, Name }), {
    concurrency: readsAtOnce
  })
  const schedules = read.map((each) => scheduleIn(each?.Target?.Input)).filter((each) => each !== null)
  return [schedules, Option.fromUndefinedOr(NextToken)]
})
