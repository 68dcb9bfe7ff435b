/**
 * A random plan of when a series takes place, written out as its timing. Decides nothing about what is right.
 */
import type { Instant } from "../../src/domain/Time.ts"
import type { RecurringSeries, Rule } from "../../src/recurrence/Rule.ts"
import { toLocal } from "../../src/recurrence/WallClock.ts"
import { hour, minute } from "./Rows.ts"
import type { StatePlan } from "./StatePlan.ts"

type TimingPlan = StatePlan["series"][number]["timing"]

export const timingOf = (plan: TimingPlan, now: Instant): RecurringSeries => {
  const local = toLocal(plan.zone, now + plan.startHours * hour)
  return {
    rule: ruleOf(plan),
    startDate: local?.date ?? "2025-01-01",
    startTime: Math.floor((local?.time ?? 0) / minute) * minute,
    durationMillis: plan.lengthMinutes * minute,
    zone: plan.zone
  }
}

const ruleOf = ({ count, days, interval }: TimingPlan): Rule => {
  const range = count === null ? ({ kind: "noEnd" } as const) : ({ kind: "numbered", count } as const)
  if (days === "text")
    return { kind: "text", rrule: `FREQ=DAILY;BYDAY=MO,WE,SU${count === null ? "" : `;COUNT=${count}`}` }
  if (days === "daily") return { kind: "pattern", pattern: { kind: "daily", interval }, range }
  if (days === "monthly") {
    return { kind: "pattern", pattern: { kind: "absoluteMonthly", interval: 1, dayOfMonth: 31 }, range }
  }
  const weekdays = days as ReadonlyArray<"MO">
  return { kind: "pattern", pattern: { kind: "weekly", interval, days: weekdays, weekStart: "MO" }, range }
}
