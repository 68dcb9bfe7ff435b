/**
 * EventBridge Scheduler: schedules in groups, each fired into its queue within its minute.
 *
 * Decides what create, update, delete and list do to them, what conflicts, what is missing, and which token repeats what
 * was done before. An update replaces everything. Firing is told to `onDue`.
 */
import { Refusal, invalid } from "../service/Exchange.ts"
import { demand } from "../service/Model.ts"
import type { Options } from "../service/Options.ts"
import type { Timer } from "../service/Timer.ts"
import { type Kept, type ScheduleBody, instantOf, kept, scheduleBody } from "./Shapes.ts"

export interface Held extends Kept {
  readonly Name: string
  readonly GroupName: string
  readonly Arn: string
  readonly CreationDate: number
  readonly LastModificationDate: number
  /** Of the request that made it. */
  readonly token: string | null
  /** One for each write: what is armed for an older one fires no more. */
  readonly serial: number
}

export interface Schedules {
  readonly create: (name: string, body: ScheduleBody) => { readonly ScheduleArn: string }
  readonly update: (name: string, body: ScheduleBody) => { readonly ScheduleArn: string }
  readonly get: (name: string, group: string | undefined) => Held
  readonly remove: (name: string, group: string | undefined) => void
  readonly all: () => ReadonlyArray<Held>
}

export interface Around {
  readonly timer: Timer
  readonly options: () => Options
  /** Refuses where the group is not there or on its way out. */
  readonly demandGroup: (group: string) => void
  readonly onDue: (schedule: Held) => void
}

const idOf = (group: string, name: string): string => `${group}/${name}`

export const makeSchedules = ({ demandGroup, onDue, options, timer }: Around): Schedules => {
  const held = new Map<string, Held>()
  const arnOf = (group: string, name: string): string =>
    `arn:aws:scheduler:${options().region}:${options().accountId}:schedule/${group}/${name}`
  const changedAt = new Map<string, number>()
  let serial = 0

  const arm = (schedule: Held): void => {
    const instant = instantOf(schedule)
    if (instant === null || schedule.State !== "ENABLED") return
    const id = idOf(schedule.GroupName, schedule.Name)
    timer.at(instant + options().latenessMillis(schedule.Name), () => {
      const current = held.get(id)
      const isCurrent = current?.serial === schedule.serial
      // What is written takes a while to reach what fires.
      const isStale = !isCurrent && timer.now() - (changedAt.get(id) ?? -Infinity) < options().lagMillis
      if (!isCurrent && !isStale) return
      onDue(schedule)
      if (isCurrent && schedule.ActionAfterCompletion === "DELETE") held.delete(id)
    })
  }

  const write = (name: string, body: ScheduleBody, before: Held | undefined): { readonly ScheduleArn: string } => {
    const group = body.GroupName ?? "default"
    const now = timer.now()
    const schedule: Held = {
      ...kept(body),
      Name: name,
      GroupName: group,
      Arn: arnOf(group, name),
      CreationDate: before?.CreationDate ?? now / 1_000,
      LastModificationDate: now / 1_000,
      token: before === undefined ? (body.ClientToken ?? null) : before.token,
      serial: ++serial
    }
    held.set(idOf(group, name), schedule)
    changedAt.set(idOf(group, name), now)
    arm(schedule)
    return { ScheduleArn: schedule.Arn }
  }

  const find = (name: string, group = "default"): Held => {
    const found = held.get(idOf(group, name))
    if (found === undefined) throw new Refusal("ResourceNotFoundException", 404, `Schedule ${name} does not exist.`)
    return found
  }

  const demandRest = ({ GroupName, Name }: Held): void => {
    if (timer.now() - (changedAt.get(idOf(GroupName, Name)) ?? -Infinity) < options().conflictMillis)
      throw new Refusal("ConflictException", 409, `Schedule ${Name} is being written.`)
  }

  return {
    create: (name, body) => {
      demandSchedule(body, timer.now())
      const group = body.GroupName ?? "default"
      demandGroup(group)
      const before = held.get(idOf(group, name))
      if (before !== undefined) {
        // The repetition of what made it.
        if (before.token !== null && before.token === body.ClientToken) return { ScheduleArn: before.Arn }
        throw new Refusal("ConflictException", 409, `Schedule ${name} already exists.`)
      }
      if (held.size >= options().schedulesMax)
        throw new Refusal("ServiceQuotaExceededException", 402, "The quota of schedules is used up.")
      return write(name, body, undefined)
    },
    update: (name, body) => {
      demandSchedule(body, timer.now())
      const before = find(name, body.GroupName)
      demandRest(before)
      return write(name, body, before)
    },
    get: find,
    remove: (name, group) => {
      const before = find(name, group)
      demandRest(before)
      const { GroupName } = before
      held.delete(idOf(GroupName, name))
      changedAt.set(idOf(GroupName, name), timer.now())
    },
    all: () => [...held.values()]
  }
}

/** What AWS says of an instant that has passed is not documented: refused here, so that nobody relies on it. */
const demandSchedule = (body: ScheduleBody, now: number): void => {
  demand(scheduleBody, body)
  const schedule = kept(body)
  const isKnown = /^(at\(.+\)|rate\(.+\)|cron\(.+\))$/.test(schedule.ScheduleExpression)
  if (!isKnown) throw invalid(`Invalid Schedule Expression ${schedule.ScheduleExpression}.`)
  if (!schedule.ScheduleExpression.startsWith("at(")) return
  const instant = instantOf(schedule)
  if (instant === null) throw invalid(`Invalid Schedule Expression ${schedule.ScheduleExpression}.`)
  if (instant <= now) throw invalid(`${schedule.ScheduleExpression} has passed.`)
}
