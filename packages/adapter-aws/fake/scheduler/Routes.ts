/**
 * EventBridge Scheduler's addresses: method, path and query name the operation.
 * Decides which operation a request means, and refuses what the model has no member for: a name in the wrong case too.
 */
import { Refusal, type Request, invalid } from "../service/Exchange.ts"
import { demand } from "../service/Model.ts"
import type { Options } from "../service/Options.ts"
import type { Rate } from "../service/Rate.ts"
import type { Groups } from "./Groups.ts"
import type { Held, Schedules } from "./Schedules.ts"
import {
  type ScheduleBody,
  deletionQuery,
  groupBody,
  groupDeletionQuery,
  listQuery,
  name,
  noQuery,
  ofOneQuery
} from "./Shapes.ts"

const operations: ReadonlyArray<readonly [string, RegExp, string]> = [
  ["POST", /^\/schedules\/([^/]+)$/, "CreateSchedule"],
  ["PUT", /^\/schedules\/([^/]+)$/, "UpdateSchedule"],
  ["GET", /^\/schedules\/([^/]+)$/, "GetSchedule"],
  ["DELETE", /^\/schedules\/([^/]+)$/, "DeleteSchedule"],
  ["GET", /^\/schedules$/, "ListSchedules"],
  ["POST", /^\/schedule-groups\/([^/]+)$/, "CreateScheduleGroup"],
  ["GET", /^\/schedule-groups\/([^/]+)$/, "GetScheduleGroup"],
  ["DELETE", /^\/schedule-groups\/([^/]+)$/, "DeleteScheduleGroup"]
]

/** Null: no operation of this service. */
export const operationOf = ({
  method,
  path
}: Request): { readonly operation: string; readonly name: string } | null => {
  for (const [verb, pattern, operation] of operations) {
    const [whole, encoded = ""] = pattern.exec(path) ?? []
    if (verb === method && whole !== undefined) return { operation, name: decodeURIComponent(encoded) }
  }
  return null
}

export interface Services {
  readonly schedules: Schedules
  readonly groups: Groups
  readonly rate: Rate
  readonly options: () => Options
  /** As a test asks for it. */
  readonly isRefused: (name: string) => boolean
}

const writes = new Set(["CreateSchedule", "UpdateSchedule", "DeleteSchedule"])

export const call = (services: Services, operation: string, subject: string, { body, query }: Request): unknown => {
  const { groups, options, rate, schedules } = services
  const asked = Object.fromEntries(query)
  if (operation !== "ListSchedules") demand(name, subject)
  if (writes.has(operation) && services.isRefused(subject)) throw invalid("refused by a test")
  switch (operation) {
    case "CreateSchedule":
      demand(noQuery, asked)
      rate.spend("CreateSchedule", options().createSchedulePerSecond)
      return schedules.create(subject, parsed(body) as unknown as ScheduleBody)
    case "UpdateSchedule":
      demand(noQuery, asked)
      return schedules.update(subject, parsed(body) as unknown as ScheduleBody)
    case "GetSchedule":
      demand(ofOneQuery, asked)
      return toldInFull(schedules.get(subject, asked["groupName"]))
    case "DeleteSchedule":
      demand(deletionQuery, asked)
      schedules.remove(subject, asked["groupName"])
      return {}
    case "ListSchedules":
      demand(listQuery, asked)
      return listed(services, asked)
    case "CreateScheduleGroup": {
      demand(noQuery, asked)
      const given = body === "" ? {} : parsed(body)
      demand(groupBody, given)
      rate.spend("ScheduleGroups", options().groupsPerSecond)
      return groups.create(subject, given["ClientToken"] as string | undefined)
    }
    case "GetScheduleGroup":
      demand(noQuery, asked)
      return groups.get(subject)
    default:
      demand(groupDeletionQuery, asked)
      rate.spend("ScheduleGroups", options().groupsPerSecond)
      groups.remove(subject, () => {
        for (const { GroupName, Name } of schedules.all()) if (GroupName === subject) schedules.remove(Name, GroupName)
      })
      return {}
  }
}

const pageUsual = 100

/** In the order of names; the token is the last one told. No expression: who wants instants asks for each. */
const listed = ({ groups, schedules }: Services, asked: Readonly<Record<string, string>>): unknown => {
  const { MaxResults, NamePrefix = "", NextToken, ScheduleGroup, State } = asked
  if (ScheduleGroup !== undefined) groups.get(ScheduleGroup)
  const size = Number(MaxResults ?? pageUsual)
  const places = schedules
    .all()
    .filter(
      (schedule) =>
        schedule.Name.startsWith(NamePrefix) &&
        (ScheduleGroup === undefined || schedule.GroupName === ScheduleGroup) &&
        (State === undefined || schedule.State === State)
    )
    .map((schedule) => ({ place: `${schedule.GroupName}/${schedule.Name}`, schedule }))
    .filter(({ place }) => NextToken === undefined || place > Buffer.from(NextToken, "base64url").toString("utf8"))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1))
  const page = places.slice(0, size)
  const last = page.at(-1)
  return {
    Schedules: page.map(({ schedule }) => ({
      Arn: schedule.Arn,
      Name: schedule.Name,
      GroupName: schedule.GroupName,
      State: schedule.State,
      Target: { Arn: schedule.Target.Arn },
      CreationDate: schedule.CreationDate,
      LastModificationDate: schedule.LastModificationDate
    })),
    ...(places.length > size && last !== undefined && { NextToken: Buffer.from(last.place).toString("base64url") })
  }
}

const toldInFull = ({ serial: _, token: __, ...schedule }: Held): unknown => schedule

const parsed = (body: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new Refusal("SerializationException", 400, "The body is no JSON.")
  }
  if (typeof value !== "object" || value === null) throw invalid("A structure is expected.")
  return value as Readonly<Record<string, unknown>>
}
