/**
 * What rules say of a meeting, said a second time: by reading them one by one, each by the naive reading of rules.
 * Decides which intents are auto-scheduling's own. Whether anything stands before the rules (a link, a removal, a request) is
 * not asked here.
 */
import type { BotConfig } from "../../src/domain/Bot.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { JoinRule, PolicyRule } from "../../src/domain/JoinRule.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { KnownOfUser } from "../../src/rules/RuleFacts.ts"
import { naiveMatches } from "../rules/NaiveReading.ts"
import type { Deciding } from "./Code.ts"

const zoneIn = (calendar: Slice["calendars"][number] | undefined): string | null =>
  calendar?.timeZone ?? calendar?.eventsZone ?? null

const knownOf = ({ calendars, connections, workspace }: Slice, event: CalendarEvent): KnownOfUser => ({
  userAddresses: new Set(
    connections.flatMap(({ email, otherEmails = [] }) =>
      [email ?? [], otherEmails].flat().map((each) => each.toLowerCase())
    )
  ),
  internalDomains: workspace?.policy.internalDomains ?? [],
  calendarZone: zoneIn(calendars.find(({ id }) => id === event.calendarId))
})

/** The first lock that a meeting does not surely pass. */
export const naiveLock = (slice: Slice, event: CalendarEvent): PolicyRule | null =>
  (slice.workspace?.policy.rules ?? []).find(
    (rule) => rule.enabled && rule.locked && naiveMatches(rule, event, knownOf(slice, event)) !== false
  ) ?? null

export interface NaiveRuling {
  readonly code: "all_day" | "declined_by_user" | "skipped_by_rule" | "skipped_by_default" | "join" | "undecided"
  readonly rule: JoinRule | null
  /** Of a meeting that is joined. */
  readonly config: BotConfig
}

export const naiveRuling = (code: Deciding, slice: Slice, event: CalendarEvent): NaiveRuling => {
  const { auto } = slice
  const said = (answer: NaiveRuling["code"], rule: JoinRule | null = null): NaiveRuling => ({
    code: answer,
    rule,
    config: code.mergeMembers(auto.config, rule?.bot_config ?? {})
  })
  if (event.isAllDay) return said("all_day")
  if (event.facts?.response === "declined") return said("declined_by_user")
  const ofWorkspace = (slice.workspace?.policy.rules ?? []).filter(({ locked }) => !locked)
  for (const rule of [...auto.rules, ...ofWorkspace]) {
    const isMatch = rule.enabled ? naiveMatches(rule, event, knownOf(slice, event)) : false
    if (isMatch === null) return said("undecided", rule)
    if (isMatch) return said(rule.then === "join" ? "join" : "skipped_by_rule", rule)
  }
  return said(auto.otherwise === "join" ? "join" : "skipped_by_default")
}
