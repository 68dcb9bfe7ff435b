/**
 * What rules say of a meeting: whether the workspace forbids it, and whether auto-scheduling joins it.
 * Decides which rules are asked, in which order: locked ones of the workspace by themselves; else all-day, declined, the
 * user's rules, the workspace's, and what is set for the rest. Never decides whether anybody asked for a bot.
 */
import type { BotConfig } from "../../domain/Bot.ts"
import { zoneOfCalendar } from "../../domain/Calendar.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import { isDeclined } from "../../domain/Facts.ts"
import type { CalendarId } from "../../domain/Ids.ts"
import type { JoinRule, PolicyRule } from "../../domain/JoinRule.ts"
import { lookedAt, matches } from "../../rules/Matches.ts"
import { userAddressesOf } from "../../rules/People.ts"
import { mergeMembers } from "../../rules/MergeConfig.ts"
import { type KnownOfUser, type RuleFacts, factsOf } from "../../rules/RuleFacts.ts"
import type { State } from "../state/StateIndex.ts"
import type { Reason, RuleName, SkipCode } from "./Verdict.ts"

type Ruled = Pick<State, "auto" | "calendars" | "connections" | "workspace">

/** A state's rules with what they are asked about: made once for each decision. */
export interface Rulebook {
  readonly locks: ReadonlyArray<PolicyRule>
  /** The user's, then the workspace's that are not locked. */
  readonly rules: ReadonlyArray<JoinRule>
  readonly auto: State["auto"]
  readonly factsOf: (event: CalendarEvent) => RuleFacts
}

export const rulebookOf = ({ auto, calendars, connections, workspace }: Ruled): Rulebook => {
  const own = workspace?.policy.rules ?? []
  const insiders = {
    userAddresses: userAddressesOf(connections),
    internalDomains: workspace?.policy.internalDomains ?? []
  }
  const rows = new Map(calendars.map((calendar) => [calendar.id, calendar]))
  const known = new Map<CalendarId, KnownOfUser>()
  const knownOf = (id: CalendarId): KnownOfUser => {
    const found = known.get(id)
    if (found !== undefined) return found
    const calendar = rows.get(id)
    const made: KnownOfUser = {
      ...insiders,
      calendarZone: calendar === undefined ? null : zoneOfCalendar(calendar),
      ...(calendar !== undefined && { calendarProviderId: calendar.providerId })
    }
    known.set(id, made)
    return made
  }
  return {
    locks: own.filter(({ enabled, locked }) => enabled && locked),
    rules: [...auto.rules, ...own.filter(({ locked }) => !locked)].filter(({ enabled }) => enabled),
    auto,
    factsOf: (event) => factsOf(event, knownOf(event.calendarId))
  }
}

/** Whether any rule that judges now reads hours by the clock of a meeting's calendar. */
export const readsCalendarZone = (state: Ruled): boolean => {
  const { auto, locks, rules } = rulebookOf(state)
  return [...locks, ...(auto.enabled ? rules : [])].some(({ when }) =>
    [when.hours, when.not?.hours].some((hours) => hours !== undefined && hours.time_zone === undefined)
  )
}

/** The locked rule that forbids a meeting; null: none does. What such a rule asks for and nobody knows yet, forbids too. */
export const lockOn = ({ factsOf: read, locks }: Rulebook, event: CalendarEvent): PolicyRule | null => {
  if (locks.length === 0) return null
  const facts = read(event)
  return locks.find((rule) => matches(rule, facts) !== false) ?? null
}

/** What auto-scheduling says of a meeting that it looks at. */
export type Ruling =
  | { readonly kind: "join"; readonly rule: RuleName | null; readonly config: BotConfig }
  | {
      readonly kind: "skip"
      readonly code: Extract<SkipCode, "all_day" | "declined_by_user" | "skipped_by_rule" | "skipped_by_default">
      readonly rule: RuleName | null
    }
  /** A rule asks for what is not known yet: no bot is made by it, and none ended. */
  | { readonly kind: "undecided"; readonly rule: RuleName }

/** Who is told of each rule asked, in order, and of all-day and declined. */
export interface RulingNotes {
  readonly note: (reason: Reason) => void
  /** It gets through a rule that is undecided. */
  readonly hasBot: boolean
}

export const autoRuling = (book: Rulebook, event: CalendarEvent, notes?: RulingNotes): Ruling => {
  const note = notes?.note
  const isOut = isDeclined(event)
  note?.(asked("all-day", !event.isAllDay, "all_day", event.isAllDay))
  if (event.isAllDay) return { kind: "skip", code: "all_day", rule: null }
  note?.(asked("declined", !isOut, "my_response", event.facts?.response ?? null))
  if (isOut) return { kind: "skip", code: "declined_by_user", rule: null }
  const { auto, rules } = book
  if (rules.length > 0) {
    const facts = book.factsOf(event)
    for (const rule of rules) {
      const isMatch = matches(rule, facts)
      note?.({
        rule: "rule",
        ...askedOf(rule, facts),
        passed: isMatch === null ? notes?.hasBot === true : !isMatch || rule.then === "join"
      })
      if (isMatch === false) continue
      const named = { id: rule.id, name: rule.name }
      if (isMatch === null) return { kind: "undecided", rule: named }
      if (rule.then === "skip") return { kind: "skip", code: "skipped_by_rule", rule: named }
      return { kind: "join", rule: named, config: mergeMembers(auto.config, rule.bot_config ?? {}) }
    }
  }
  note?.(asked("otherwise", auto.otherwise === "join", "otherwise", auto.otherwise))
  return auto.otherwise === "join"
    ? { kind: "join", rule: null, config: auto.config }
    : { kind: "skip", code: "skipped_by_default", rule: null }
}

/** What a rule looked at. */
export const askedOf = (rule: JoinRule, facts: RuleFacts): Pick<Reason, "field" | "value" | "intent" | "asked"> => ({
  ...lookedAt(rule, facts),
  intent: null,
  asked: { id: rule.id, name: rule.name }
})

const asked = (rule: Reason["rule"], passed: boolean, field: string, value: unknown): Reason => ({
  rule,
  passed,
  field,
  value,
  intent: null
})
