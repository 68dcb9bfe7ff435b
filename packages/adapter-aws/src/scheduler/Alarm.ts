/**
 * A schedule as EventBridge Scheduler and SQS carry it: its name, the minute it is asked for, its text.
 *
 * Decides names, instants and every field of a request, in one place for create and update, since an update that leaves
 * a field out resets it. Pure: never asks AWS for anything.
 *
 * EventBridge fires within the minute that begins at the instant. So it is asked to fire in the minute before the one of
 * the join time: whatever it makes of that minute, the message lies in the queue before the join time, and waits there
 * until it has come. Never early, and never late for want of precision.
 */
import type { BotId, Schedule, ScheduleName, UserId } from "@punctual/core"
import { createHash } from "node:crypto"

export interface Target {
  readonly queueArn: string
  readonly roleArn: string
  /** Where EventBridge leaves what it could not put into the queue. */
  readonly deadLetterArn: string | null
}

const minuteMillis = 60_000

/** An instant so close is not asked of EventBridge: what it does with one that has passed is not documented. */
const closeMillis = 5_000

/** EventBridge tries so often and so long to reach the queue; later, the sweep has long launched the bot. */
const retryAttempts = 10
const retrySeconds = 600

/** When EventBridge is asked to fire; null: so soon that the queue itself holds the message back. */
export const askedFor = (at: number, now: number): number | null => {
  const instant = Math.floor(at / minuteMillis) * minuteMillis - minuteMillis
  return instant > now + closeMillis ? instant : null
}

/** The same request in all fields for create and update. */
export const requestOf = (schedule: Schedule, instant: number, { deadLetterArn, queueArn, roleArn }: Target) => ({
  Name: nameOf(schedule.name),
  GroupName: nameOf(schedule.group),
  ScheduleExpression: `at(${new Date(instant).toISOString().slice(0, "yyyy-mm-ddThh:mm:ss".length)})`,
  ScheduleExpressionTimezone: "UTC",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  State: "ENABLED" as const,
  // Otherwise what has fired stays and counts against the quota.
  ActionAfterCompletion: "DELETE" as const,
  Description: "A meeting bot of Punctual",
  Target: {
    Arn: queueArn,
    RoleArn: roleArn,
    Input: textOf(schedule),
    RetryPolicy: { MaximumRetryAttempts: retryAttempts, MaximumEventAgeInSeconds: retrySeconds },
    ...(deadLetterArn !== null && { DeadLetterConfig: { Arn: deadLetterArn } })
  }
})

/** Letters that AWS takes stay as they are; any other text is told by its digest, under a prefix that no plain name has. */
export const nameOf = (text: string): string =>
  plain.test(text) && !text.startsWith(digestPrefix)
    ? text
    : digestPrefix + createHash("sha256").update(text).digest("base64url")

const plain = /^[0-9a-zA-Z-_.]{1,64}$/
const digestPrefix = "x."

export const textOf = ({ at, botId, group, name, revision, userId }: Schedule): string =>
  JSON.stringify({ v: 1, name, group, at, revision, userId, botId })

/** Null: not one of ours. */
export const scheduleIn = (text: string | undefined): Schedule | null => {
  let value: unknown
  try {
    value = JSON.parse(text ?? "")
  } catch {
    return null
  }
  const { at, botId, group, name, revision, userId, v } = (value ?? {}) as Readonly<Record<string, unknown>>
  const texts = [name, group, userId, botId]
  if (v !== 1 || !texts.every((each) => typeof each === "string") || !Number.isInteger(revision)) return null
  if (typeof at !== "number" || !Number.isFinite(at)) return null
  return {
    name: name as ScheduleName,
    group: String(group),
    at,
    revision: Number(revision),
    userId: userId as UserId,
    botId: botId as BotId
  }
}
