/**
 * What is decided about a meeting, in the words of the HTTP contract: in a list, a preview, an explanation, a forecast.
 * Decides how its members are called and shown, and how long lists are.
 */
import type {
  Decision,
  ExplanationAnswer,
  ForecastAnswer,
  ForecastSummary,
  PreviewAnswer
} from "../api/DecisionSchemas.ts"
import { formatInstant } from "../api/Time.ts"
import { decisionLimits } from "../http/Limits.ts"
import type { Explained, Explanation, Forecast, Instant, Preview, PreviewedMeeting, Reason } from "@punctual/core"
import { asJson } from "./BotView.ts"

const { rowsMax } = decisionLimits

const reasonOf = ({ code, rule }: Pick<Explained, "code" | "rule">) => ({
  code,
  rule_id: rule?.id ?? null,
  rule_name: rule?.name ?? null
})

const outcomeOf = ({ willJoin }: Pick<Explained, "willJoin">) => (willJoin ? ("join" as const) : ("skip" as const))

export const decisionOf = (explained: Explained): typeof Decision.Type => ({
  outcome: outcomeOf(explained),
  ...reasonOf(explained)
})

/** One that is to join at once joins now. */
export const explanationOf = (explanation: Explanation, now: Instant): typeof ExplanationAnswer.Type => {
  const { bot, config, event, joinAt, sentence, verdict, willJoin } = explanation
  return {
    event_id: event.id,
    will_join: willJoin,
    join_time: joinAt === null ? null : Math.max(joinAt, bot?.createdAt ?? now),
    bot_id: bot?.id ?? servedBy(explanation),
    origin: willJoin && verdict.kind === "wanted" ? verdict.bot.origin : (bot?.origin ?? null),
    outcome: outcomeOf(explanation),
    ...reasonOf(explanation),
    sentence,
    effective_bot_config: config === null ? null : asJson(config),
    steps: explanation.reasons.map((reason, place) => ({
      rule: reason.rule,
      passed: reason.passed,
      field: reason.field,
      value: valueOf(reason),
      code: place === explanation.reasons.length - 1 ? explanation.code : null,
      rule_id: reason.asked?.id ?? null,
      rule_name: reason.asked?.name ?? null
    }))
  }
}

/** The bot that has been there, or has failed, where it is the reason for no other; null: none. */
const servedBy = ({ code, reasons }: Explained): string | null => {
  const value = code === "satisfied" ? reasons.find(({ rule }) => rule === "earlier-bot")?.value : null
  return typeof value === "string" ? value : null
}

/** Times are told as everywhere. */
const valueOf = ({ field, value }: Reason): (typeof ExplanationAnswer.Type)["steps"][number]["value"] =>
  typeof value === "number" && field.endsWith("_time")
    ? formatInstant(value)
    : // What was looked at came as JSON, or is a text, a number or a list of them.
      ((value ?? null) as (typeof ExplanationAnswer.Type)["steps"][number]["value"])

export const previewOf = (
  { auto, changes, joins, leaves, skipped, stays }: Preview,
  now: Instant
): typeof PreviewAnswer.Type => ({
  joins: rowsOf(joins),
  leaves: rowsOf(leaves),
  changes: rowsOf(changes),
  stays,
  skipped: rowsOf(skipped),
  until: auto.coveredUntil ?? now,
  ...([joins, leaves, changes, skipped].some(({ length }) => length > rowsMax) && { truncated: true as const })
})

const rowsOf = (meetings: ReadonlyArray<PreviewedMeeting>) => meetings.slice(0, rowsMax).map(previewRow)

export const previewRow = ({ bot, event, explained }: PreviewedMeeting) => ({
  event_id: event.id,
  subject: event.subject,
  start_time: event.start,
  bot_id: bot?.id ?? null,
  ...reasonOf(explained)
})

export const forecastOf = (forecast: Forecast, until: Instant): typeof ForecastAnswer.Type => ({
  meetings: forecast.meetings.slice(0, rowsMax).map(({ causes, event, status }) => ({
    event_id: event.id,
    subject: event.subject,
    start_time: event.start,
    status,
    causes
  })),
  summary: summaryOf(forecast),
  until,
  ...(forecast.meetings.length > rowsMax && { truncated: true as const })
})

/** Of all meetings, also of those beyond the list. */
export const summaryOf = ({ meetings, notWanted }: Forecast): typeof ForecastSummary.Type => {
  const count = (status: Forecast["meetings"][number]["status"]) =>
    meetings.filter((meeting) => meeting.status === status).length
  return {
    covered: count("covered"),
    at_risk: count("at_risk"),
    uncovered: count("uncovered"),
    not_wanted: notWanted
  }
}
