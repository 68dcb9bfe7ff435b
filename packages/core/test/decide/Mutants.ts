/**
 * Mistakes that the laws of deciding must notice, each as a change of one place in the code: those of comparing, applying
 * and judging. The others are in `WritingMutants.ts`.
 * Decides what counts as a mistake, and which law is about it. Names say what was forgotten.
 */
import type { Law } from "./Laws.ts"
import * as Laws from "./Laws.ts"
import * as WritingLaws from "./WritingLaws.ts"

export interface Mutant {
  readonly name: string
  /** In the folder of deciding. */
  readonly file: string
  /** Must stand there exactly once. */
  readonly search: string
  readonly replace: string
  readonly law: Law<never>
  /** Of random tries that come upon what it takes soon, where others rarely do. */
  readonly seed?: number
}

const reconciling: ReadonlyArray<Mutant> = [
  {
    name: "a meeting that ends later is not followed",
    file: "decide/reconcile/Reconcile.ts",
    search: "|| bot.end !== event.end) {",
    replace: ") {",
    law: Laws.convergent,
    seed: 2
  },
  {
    name: "a link that changed is not followed",
    file: "decide/reconcile/Reconcile.ts",
    search: "bot.link.url !== wanted.link.url ||",
    replace: "",
    law: Laws.convergent,
    seed: 2
  },
  {
    name: "a configuration is compared as text, in the order of its members",
    file: "domain/JsonEquality.ts",
    search: "!Array.isArray(b) && holds(a as Members, b as Members) && isCovered(b as Members, a as Members)",
    replace: "JSON.stringify(a) === JSON.stringify(b)",
    law: Laws.idempotent
  },
  {
    name: "members that only one of two configurations has are overlooked",
    file: "domain/JsonEquality.ts",
    search: " && isCovered(b as Members, a as Members)",
    replace: "",
    law: Laws.convergent,
    seed: 60
  },
  {
    name: "each bot is told again where it stands",
    file: "decide/reconcile/Reconcile.ts",
    search: "if (bot.joinAt !== wanted.joinAt ||",
    replace: 'if (bot.joinAt !== wanted.joinAt || bot.status === "Scheduled" ||',
    law: Laws.minimal
  },
  {
    name: "a meeting that moves loses its bot and gets another",
    file: "decide/reconcile/Reconcile.ts",
    search: '    commands.push({ kind: "move", bot,',
    replace:
      '    commands.push({ kind: "cancel", bot, reason: "no_longer_wanted" })\n    if (bot.id === "") commands.push({ kind: "move", bot,',
    law: Laws.movesAreMoves
  },
  {
    name: "a bot past `Scheduled` is reconciled too",
    file: "decide/reconcile/Reconcile.ts",
    search: 'if (bot.status !== "Scheduled") continue',
    replace: 'if (bot.status === "Cancelled") continue',
    law: Laws.minimal
  },
  {
    name: "a bot that is known twice is cancelled",
    file: "decide/reconcile/Reconcile.ts",
    search: "else if (other.id !== bot.id) {",
    replace: "else {",
    law: Laws.orderFree
  },
  {
    name: "a bot is made beside one that is being launched",
    file: "decide/reconcile/Reconcile.ts",
    search: "if (wanted.isCreatable && !launching.has(meeting)) {",
    replace: "if (wanted.isCreatable) {",
    law: WritingLaws.oneEach
  },
  {
    name: "a bot is kept beside one that has joined",
    file: "decide/reconcile/Reconcile.ts",
    search: "if (wanted.isAnswered || launching.has(meeting)) {",
    replace: "if (launching.has(meeting)) {",
    law: WritingLaws.oneEach
  }
]

const applying: ReadonlyArray<Mutant> = [
  {
    name: "the scheduler is not told that a bot joins at another time",
    file: "decide/reconcile/BotTransitions.ts",
    search: "...(bot.joinAt === command.joinAt ? bot : reschedule(bot)),",
    replace: "...bot,",
    law: Laws.minimal
  },
  {
    name: "a bot's revision is not raised",
    file: "decide/reconcile/BotTransitions.ts",
    search: "revision: bot.revision + 1, updatedAt: now",
    replace: "updatedAt: now",
    law: Laws.minimal
  },
  {
    name: "a new bot is called by the place of its command",
    file: "decide/reconcile/BotTransitions.ts",
    search: "newId(context, command.meeting)",
    replace: "botId(context.userId, command.meeting, context.now, rows.size)",
    law: Laws.orderFree
  },
  {
    name: "a bot that passes to another copy keeps the old one's event",
    file: "decide/reconcile/BotTransitions.ts",
    search: "        eventId: wanted.event.id,\n        calendarId: wanted.event.calendarId,",
    replace: "        calendarId: wanted.event.calendarId,",
    law: Laws.idempotent
  }
]

const judging: ReadonlyArray<Mutant> = [
  {
    name: "who is late joins at another time than who is not",
    file: "decide/desired/WantedBot.ts",
    search: "joinAt: event.start + (",
    replace: "joinAt: Math.max(context.now, event.start) + (",
    law: WritingLaws.presentless
  },
  {
    name: "a bot is made for a meeting that has ended",
    file: "decide/desired/Judge.ts",
    search: "event.end > context.now) return null",
    replace: "event.end >= context.now) return null",
    law: WritingLaws.joinable
  },
  {
    name: "a bot is made for a meeting that was cancelled",
    file: "decide/desired/Judge.ts",
    search: 'event?.isCancelled === true ? unwanted("meeting_cancelled") : null',
    replace: "null",
    law: WritingLaws.joinable,
    seed: 4
  },
  {
    name: "a bot is made for a calendar whose connection was taken down beside another",
    file: "decide/state/StateIndex.ts",
    search: "selected && connected.has(connectionId)",
    replace: "selected && connected.size > 0",
    law: WritingLaws.joinable
  },
  {
    name: "a bot that has joined answers for no start",
    file: "decide/desired/WantedBot.ts",
    search: '(bot.status === "Launched" || bot.status === "Launching"',
    replace: '(bot.status === "Launching"',
    law: WritingLaws.oneEach
  },
  {
    name: "it is said that a bot will join what it has joined already",
    file: "decide/desired/Explain.ts",
    search: "(verdict.bot.isCreatable || isThere(bots, verdict.bot.isAnswered))",
    replace: "true",
    law: WritingLaws.explained
  },
  {
    name: "a removal is said to have been the intent of who wanted the bot",
    file: "decide/desired/Judge.ts",
    search: "(isExcluded && event !== null ? exclusionOf(context.index, event) : winning.intent)?.id",
    replace: "winning.intent?.id",
    law: WritingLaws.explained
  },
  {
    name: "a removal of all of a series is looked for among those of single meetings",
    file: "decide/intents/Exclusions.ts",
    search: "meeting >= series ? ofMeeting",
    replace: "meeting >= 0 ? ofMeeting",
    law: WritingLaws.explained
  },
  {
    name: "nothing is said of an earlier bot",
    file: "decide/desired/WantedBot.ts",
    search: "    passed: earlier === null || isThere(bots, isAnswered),",
    replace: "    passed: true,",
    law: WritingLaws.explained
  },
  {
    name: "the copy that comes first in the list holds the bot",
    file: "decide/state/StateIndex.ts",
    search: "if (group.length > 1) group.sort(order)",
    replace: "if (group.length < 1) group.sort(order)",
    law: Laws.orderFree
  },
  {
    name: "what was asked for last is not what counts",
    file: "decide/intents/IntentOrder.ts",
    search: "intent.seq > last.seq ||",
    replace: "",
    law: Laws.precedence
  },
  {
    name: "all of a series goes before what was asked for by hand",
    file: "decide/desired/Precedence.ts",
    search: '    asked(latest(ofOrigin("manual")), "manual") ??\n    asked(latest(series), "series") ??',
    replace: '    asked(latest(series), "series") ??\n    asked(latest(ofOrigin("manual")), "manual") ??',
    law: Laws.precedence,
    seed: 6
  },
  {
    name: "a request made before a removal lifts it",
    file: "decide/intents/StandingRequests.ts",
    search: ".filter(({ seq }) => seq > since)",
    replace: ".filter(({ seq }) => seq > since - 100)",
    law: Laws.precedence
  },
  {
    name: "all of a series has no limit",
    file: "decide/intents/SeriesSpan.ts",
    search: "  (lastDate === null || date <= lastDate)",
    replace: "  (lastDate === null || date <= lastDate || date > lastDate)",
    law: Laws.precedence
  },
  {
    name: "the removal of a series counts for every other",
    file: "decide/intents/Exclusions.ts",
    search: "index.seriesExclusions.get(event.seriesKey) ?? []",
    replace: "[...index.seriesExclusions.values()].flat()",
    law: Laws.local
  },
  {
    name: "auto-scheduling makes bots beyond its coverage",
    file: "decide/intents/AutoCoverage.ts",
    search: "  event.start < auto.coveredUntil &&\n",
    replace: "",
    law: WritingLaws.joinable
  },
  {
    name: "auto-scheduling makes bots for what has begun",
    file: "decide/intents/AutoCoverage.ts",
    search: "(event.start > now || (graceFrom",
    replace: "(event.start <= now || event.start > now || (graceFrom",
    law: WritingLaws.joinable
  },
  {
    name: "an occurrence that is not listed is expected inside the window",
    file: "decide/occurrences/BeyondWindow.ts",
    search: "occurrence !== null && occurrence.start >= virtualFrom(index, series)",
    replace: "occurrence !== null",
    law: WritingLaws.joinable,
    seed: 11
  },
  {
    name: "a bot that the service would not take back is forgotten",
    file: "domain/BotStatus.ts",
    search: 'statusReason !== null && statusReason !== "call_back_refused"',
    replace: "statusReason !== null",
    law: WritingLaws.oneEach
  },
  {
    name: "a join time set by hand counts also where the meeting has ended by then",
    file: "decide/desired/WantedBot.ts",
    search: "return offset !== null && start + offset < end ? offset : null",
    replace: "return end < start ? null : offset",
    law: WritingLaws.joinable
  }
]

export const judgingMutants: ReadonlyArray<Mutant> = [...reconciling, ...applying, ...judging]
