/**
 * The forms of EventBridge Scheduler's requests, as its model has them (API 2021-06-30).
 * Decides what is well-formed and what an absent member means. Knows no schedule.
 */
import { type Rule, integer, oneOf, optional, required, structure, text } from "../service/Model.ts"

export const name: Rule = text(1, 64, /^[0-9a-zA-Z-_.]+$/)
const clientToken: Rule = text(1, 64, /^[a-zA-Z0-9-_]+$/)
const arn: Rule = text(1, 1_600)
const inputBytesMax = 262_144

const target = structure({
  Arn: required(arn),
  RoleArn: required(text(1, 1_600, /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/)),
  Input: optional(text(1, inputBytesMax)),
  DeadLetterConfig: optional(
    structure({ Arn: optional(text(1, 1_600, /^arn:aws(-[a-z]+)?:sqs:[\w-]+:\d{12}:[\w-]+$/)) })
  ),
  RetryPolicy: optional(
    structure({
      MaximumRetryAttempts: optional(integer(0, 185)),
      MaximumEventAgeInSeconds: optional(integer(60, 86_400))
    })
  ),
  SqsParameters: optional(structure({ MessageGroupId: optional(text(1, 128)) }))
})

/** In the body of both CreateSchedule and UpdateSchedule; the name is in the path. */
export const scheduleBody = structure({
  ScheduleExpression: required(text(1, 256)),
  FlexibleTimeWindow: required(
    structure({ Mode: required(oneOf("OFF", "FLEXIBLE")), MaximumWindowInMinutes: optional(integer(1, 1_440)) })
  ),
  Target: required(target),
  GroupName: optional(name),
  ScheduleExpressionTimezone: optional(text(1, 50)),
  State: optional(oneOf("ENABLED", "DISABLED")),
  ActionAfterCompletion: optional(oneOf("NONE", "DELETE")),
  Description: optional(text(0, 512)),
  StartDate: optional((value) => (typeof value === "number" ? null : "epoch seconds are expected")),
  EndDate: optional((value) => (typeof value === "number" ? null : "epoch seconds are expected")),
  KmsKeyArn: optional(text(1, 2_048)),
  ClientToken: optional(clientToken)
})

export const groupBody = structure({ ClientToken: optional(clientToken), Tags: optional(() => null) })

/** Mind the case: `groupName` and `clientToken` here, `ScheduleGroup` and the like in lists. */
export const ofOneQuery = structure({ groupName: optional(name) })
export const deletionQuery = structure({ groupName: optional(name), clientToken: optional(clientToken) })
export const groupDeletionQuery = structure({ clientToken: optional(clientToken) })
export const noQuery = structure({})
export const listQuery = structure({
  ScheduleGroup: optional(name),
  NamePrefix: optional(name),
  State: optional(oneOf("ENABLED", "DISABLED")),
  MaxResults: optional(text(1, 3, /^([1-9]\d?|100)$/)),
  NextToken: optional(text(1, 2_048))
})

export interface ScheduleBody {
  readonly ScheduleExpression: string
  readonly FlexibleTimeWindow: { readonly Mode: string }
  readonly Target: {
    readonly Arn: string
    readonly RoleArn: string
    readonly Input?: string
    readonly DeadLetterConfig?: { readonly Arn?: string }
    readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number }
  }
  readonly GroupName?: string
  readonly ScheduleExpressionTimezone?: string
  readonly State?: string
  readonly ActionAfterCompletion?: string
  readonly Description?: string
  readonly ClientToken?: string
}

const retriesUsual = 185
const ageSecondsUsual = 86_400

/** What is kept: nothing of what was there before, and the system's default for whatever is left out. */
export const kept = (body: ScheduleBody) => ({
  ScheduleExpression: body.ScheduleExpression,
  ScheduleExpressionTimezone: body.ScheduleExpressionTimezone ?? "UTC",
  FlexibleTimeWindow: body.FlexibleTimeWindow,
  State: body.State ?? "ENABLED",
  ActionAfterCompletion: body.ActionAfterCompletion ?? "NONE",
  Description: body.Description,
  Target: {
    ...body.Target,
    RetryPolicy: {
      MaximumRetryAttempts: body.Target.RetryPolicy?.MaximumRetryAttempts ?? retriesUsual,
      MaximumEventAgeInSeconds: body.Target.RetryPolicy?.MaximumEventAgeInSeconds ?? ageSecondsUsual
    }
  }
})

export type Kept = ReturnType<typeof kept>

/** Of a one-time schedule; null for any other form. */
export const instantOf = ({ ScheduleExpression, ScheduleExpressionTimezone }: Kept): number | null => {
  const [, local] = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/.exec(ScheduleExpression) ?? []
  if (local === undefined || ScheduleExpressionTimezone !== "UTC") return null
  const instant = Date.parse(`${local}Z`)
  return Number.isNaN(instant) ? null : instant
}
