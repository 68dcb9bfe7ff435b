/**
 * Judges one meeting: whether it should have a bot, and which rule decided.
 * The judgement is a list of named steps, and for what auto-scheduling looks at its rules after them (`Ruling.ts`). Each is
 * asked in turn; the first with an answer decides. Deciding and explaining run the same list: the one asks for the verdict
 * alone, the other for the reason as well.
 */
import { type Absence, absence, canonicalCopy } from "./CanonicalCopy.ts"
import type { DecisionContext } from "./DecisionContext.ts"
import { type WinningIntent, autoIntentId, noIntent, winningIntent } from "./Precedence.ts"
import type { Reason, Verdict } from "./Verdict.ts"
import { type Ruling, askedOf, autoRuling, lockOn } from "./Ruling.ts"
import { type Granted, answersFor, wantedBot } from "./WantedBot.ts"
import { excludedAt, exclusionOf } from "../intents/Exclusions.ts"
import type { Bot, CancelReason } from "../../domain/Bot.ts"
import { liveBot } from "../../domain/BotStatus.ts"
import { isStanding } from "../../domain/ConnectionStatus.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { MeetingLink } from "../../links/Link.ts"

/** One rule: whether the meeting passes it, and what it looked at. */
export interface Step {
  readonly rule: Reason["rule"]
  /** Null: it passes, and the next one is asked. */
  readonly verdict: (subject: Subject) => Verdict | null
  readonly looksAt: (subject: Subject) => Pick<Reason, "field" | "value" | "intent" | "asked">
  /** True: it is told of only where it decides. */
  readonly isQuiet?: boolean
}

/** A meeting, and what is worked out once for all steps. */
export interface Subject {
  readonly context: DecisionContext
  readonly meeting: MeetingKey
  /** The bot that is scheduled or on its way. */
  readonly live: Bot | null
  /** The copy that carries the bot; null: none stands, and no step after `calendar` is asked. */
  readonly event: CalendarEvent | null
  readonly winning: WinningIntent
  /** The event's own link, else one that a caller gave. */
  readonly link: MeetingLink | null
  readonly isExcluded: boolean
}

/** Judges one meeting. `note` is told each rule asked, in order, up to the one that decided. */
export const judge = (context: DecisionContext, meeting: MeetingKey, note?: (reason: Reason) => void): Verdict => {
  const subject = subjectOf(context, meeting)
  for (const step of steps) {
    const verdict = step.verdict(subject)
    if (verdict !== null || step.isQuiet !== true) {
      note?.({ rule: step.rule, passed: verdict === null, ...step.looksAt(subject) })
    }
    if (verdict !== null) return verdict
  }
  const { event, link, winning } = subject
  // The steps `calendar`, `link` and `intent` have passed, so none of the three is null.
  if (event === null || link === null || winning.intent === null) return over
  const granted = { event, link, winning, intent: winning.intent }
  return winning.intent.isRuled
    ? ruled(subject, granted, note)
    : { kind: "wanted", bot: wantedBot(context, granted, note) }
}

/**
 * A meeting that auto-scheduling looks at, by its rules. They are asked last, so that the one that decides is the last that
 * is told of; only where another bot has served is that told after them.
 */
const ruled = (subject: Subject, granted: Granted, note?: (reason: Reason) => void): Verdict => {
  const { rulebook } = subject.context
  if (note === undefined) return ruledBy(subject, granted, autoRuling(rulebook, granted.event))
  const before: Array<Reason> = []
  wantedBot(subject.context, granted, (reason) => before.push(reason))
  const isServed = before.some(({ passed }) => !passed)
  if (!isServed) before.forEach(note)
  const verdict = ruledBy(
    subject,
    granted,
    autoRuling(rulebook, granted.event, { note, hasBot: subject.live !== null })
  )
  if (isServed && verdict.kind === "wanted") before.forEach(note)
  return verdict
}

const ruledBy = ({ context, live }: Subject, granted: Granted, ruling: Ruling): Verdict => {
  const { intent } = granted
  switch (ruling.kind) {
    case "skip":
      return { ...unwanted(ruling.code), ...(ruling.rule === null ? {} : { rule: ruling.rule }) }
    case "undecided": {
      const config = intent.id === autoIntentId ? (live?.config ?? intent.config) : intent.config
      const asItIs = { ...intent, config, isCreatable: false }
      // A bot that stays was joined by another rule, or by none: this one is told of only where it keeps one from being made.
      const rule = live === null ? ruling.rule : null
      return { kind: "wanted", bot: { ...wantedBot(context, { ...granted, intent: asItIs }), rule } }
    }
    case "join": {
      // One that was changed by hand keeps the configuration that it has.
      const config = intent.id === autoIntentId ? ruling.config : intent.config
      const bot = wantedBot(context, { ...granted, intent: { ...intent, config } })
      return { kind: "wanted", bot: { ...bot, rule: ruling.rule } }
    }
  }
}

const subjectOf = (context: DecisionContext, meeting: MeetingKey): Subject => {
  const { index } = context
  const live = liveBot(index.bots.get(meeting))
  const event = canonicalCopy(context, meeting)
  if (event === null) {
    return { context, meeting, live, event, winning: noIntent, link: null, isExcluded: false }
  }
  const winning = winningIntent(context, event, live)
  const excluded = excludedAt(index, event)
  return {
    context,
    meeting,
    live,
    event,
    winning,
    link: event.link ?? winning.callerLink?.link ?? null,
    isExcluded: excluded.meeting > winning.requested || excluded.series > winning.liftsSeries
  }
}

const over: Verdict = { kind: "over" }
const unwanted = (reason: CancelReason): Extract<Verdict, { readonly kind: "unwanted" }> => ({
  kind: "unwanted",
  reason
})

const connection: Step = {
  rule: "connection",
  verdict: ({ context }) => (isConnected(context) ? null : unwanted("calendar_disconnected")),
  looksAt: ({ context }) => ({
    field: "connection.status",
    value: context.index.state.connections.find(isStanding)?.status ?? null,
    intent: null
  })
}

const isConnected = ({ index }: DecisionContext): boolean => index.state.connections.some(isStanding)

const calendar: Step = {
  rule: "calendar",
  verdict: (subject) => (subject.event === null ? unwanted(absenceOf(subject).reason) : null),
  looksAt: (subject) => ({
    field: "event",
    value: subject.event?.id ?? null,
    intent: subject.event === null ? absenceOf(subject).removal : null
  })
}

const absenceOf = ({ context, meeting }: Subject): Absence => absence(context, meeting)

const cancelled: Step = {
  rule: "cancelled",
  verdict: ({ event }) => (event?.isCancelled === true ? unwanted("meeting_cancelled") : null),
  looksAt: ({ event }) => ({ field: "is_cancelled", value: event?.isCancelled, intent: null })
}

const exclusion: Step = {
  rule: "exclusion",
  verdict: ({ isExcluded }) => (isExcluded ? unwanted("removed_by_user") : null),
  looksAt: ({ context, event, isExcluded, winning }) => ({
    field: "removed_by_user",
    value: isExcluded,
    intent: (isExcluded && event !== null ? exclusionOf(context.index, event) : winning.intent)?.id ?? null
  })
}

const link: Step = {
  rule: "link",
  // A caller's link goes with the request that gave it: what ended that is the reason.
  verdict: ({ isExcluded, link: found, live }) =>
    found === null && !(isExcluded && live !== null) ? unwanted("link_removed") : null,
  looksAt: ({ event, link: found, winning }) => {
    const given = event?.link === null ? winning.callerLink : null
    return {
      field: given === null ? "meeting_url" : "given_meeting_url",
      value: found?.platform ?? null,
      intent: given?.intent ?? null
    }
  }
}

const time: Step = {
  rule: "time",
  verdict: ({ context, event, live }) => {
    if (event === null || event.end > context.now) return null
    return live !== null && live.end !== event.end ? unwanted("meeting_moved_to_past") : over
  },
  looksAt: ({ event }) => ({ field: "end_time", value: event?.end, intent: null })
}

const lock: Step = {
  rule: "lock",
  verdict: ({ context, event }) => {
    const rule = event === null ? null : lockOn(context.rulebook, event)
    return rule === null ? null : { ...unwanted("blocked_by_policy"), rule: { id: rule.id, name: rule.name } }
  },
  looksAt: ({ context, event }) => {
    const rule = event === null ? null : lockOn(context.rulebook, event)
    return rule === null || event === null
      ? { field: "policy", value: null, intent: null }
      : askedOf(rule, context.rulebook.factsOf(event))
  }
}

/** Nobody asks for another bot where one has been launched, or has failed: what asked for that one may reach no further. */
const served: Step = {
  rule: "earlier-bot",
  isQuiet: true,
  verdict: (subject) => (subject.winning.intent === null && servingBot(subject) !== null ? over : null),
  looksAt: (subject) => ({ field: "bot", value: servingBot(subject)?.id ?? null, intent: null })
}

const servingBot = ({ context, event, live, meeting }: Subject): Bot | null =>
  event === null || live !== null
    ? null
    : ((context.index.bots.get(meeting) ?? []).findLast((bot) => answersFor(bot, event, 0)) ?? null)

const intent: Step = {
  rule: "intent",
  verdict: ({ live, winning }) => {
    if (winning.intent !== null) return null
    return unwanted(live?.origin === "auto" ? "auto_schedule_disabled" : "no_longer_wanted")
  },
  looksAt: ({ winning }) => ({
    field: "origin",
    value: winning.intent?.origin ?? null,
    intent: winning.intent?.id ?? null
  })
}

/** In the order in which they are asked. */
export const steps: ReadonlyArray<Step> = [connection, calendar, cancelled, link, time, lock, exclusion, served, intent]
