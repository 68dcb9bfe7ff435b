/**
 * What a judgement comes to, in a sentence for the meeting's owner.
 * Decides the words alone.
 */
import type { AutoSchedule } from "../../domain/Intent.ts"
import type { Explained } from "./Explain.ts"
import type { JoinCode, SkipCode } from "./Verdict.ts"

export const sentenceOf = (
  { code, rule, willJoin }: Explained,
  { enabled, rules }: Pick<AutoSchedule, "enabled" | "rules">
): string => {
  if (rule === null) return enabled && code === "not_asked" ? begunBefore : sentences[code]
  const whose = rules.some(({ id }) => id === rule.id) ? "your rule" : "your workspace’s rule"
  if (code === "blocked_by_policy") return `No bot: ${whose} “${rule.name}” allows none.`
  if (code === "not_asked") return `No bot yet: ${whose} “${rule.name}” asks for what is not known of the meeting yet.`
  return willJoin ? `A bot joins: ${whose} “${rule.name}” says so.` : `No bot: ${whose} “${rule.name}” skips it.`
}

/** Auto-scheduling joins what is still to begin. */
const begunBefore = "No bot: nobody asked for one, and the meeting had begun when auto-scheduling came to it."

const sentences: Readonly<Record<JoinCode | SkipCode, string>> = {
  asked_by_hand: "A bot joins: you asked for it.",
  series: "A bot joins: you asked for one in all of the series.",
  recurring: "A bot joins: you asked for one in each next meeting of the series.",
  joined_by_rule: "A bot joins: a rule says so.",
  joined_by_default: "A bot joins: auto-scheduling is on, and no rule skips the meeting.",
  calendar_not_connected: "No bot: no selected calendar of yours has the meeting.",
  event_cancelled: "No bot: the meeting does not take place.",
  no_meeting_link: "No bot: the event has no link of a meeting platform that is supported.",
  event_ended: "No bot: the meeting has ended.",
  blocked_by_policy: "No bot: your workspace allows none.",
  removed_by_user: "No bot: you removed it.",
  all_day: "No bot: auto-scheduling skips events of whole days.",
  declined_by_user: "No bot: you declined the meeting.",
  skipped_by_rule: "No bot: a rule skips it.",
  skipped_by_default: "No bot: auto-scheduling is on, and no rule joins the meeting.",
  not_asked: "No bot: nobody asked for one.",
  beyond_coverage: "No bot yet: auto-scheduling decides about it the night before.",
  satisfied: "No other bot: the meeting’s bot has been there, or has failed."
}
