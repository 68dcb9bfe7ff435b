/**
 * Mistakes that the laws of deciding must notice, each as a change of one place in the code: those of writing a decision
 * down, of a series that moves, and of keys and rows.
 * Decides what counts as a mistake, and which law is about it. Names say what was forgotten.
 */
import { mirrorFirst } from "./GivenLaws.ts"
import * as Laws from "./Laws.ts"
import type { Mutant } from "./Mutants.ts"
import * as RekeyLaws from "./RekeyLaws.ts"
import * as KeyLaws from "./KeyLaws.ts"
import * as RowLaws from "./RowLaws.ts"
import * as WritingLaws from "./WritingLaws.ts"

const hints: ReadonlyArray<Mutant> = [
  {
    name: "the link that a caller gave goes before the meeting's own",
    file: "decide/desired/Judge.ts",
    search: "link: event.link ?? winning.callerLink?.link ?? null",
    replace: "link: winning.callerLink?.link ?? event.link",
    law: mirrorFirst
  },
  {
    name: "the time that a caller gave counts where the window reaches",
    file: "decide/occurrences/CallerHints.ts",
    search: "from >= virtualFrom(index, series) &&",
    replace: "",
    law: mirrorFirst,
    seed: 36
  },
  {
    name: "the time that a caller gave is that of the intent a store happens to hand over last",
    file: "decide/intents/IntentOrder.ts",
    search:
      "last === null || intent.seq > last.seq || (intent.seq === last.seq && intent.id > last.id) ? intent : last",
    replace: "intent",
    law: Laws.orderFree,
    seed: 45
  }
]

const writing: ReadonlyArray<Mutant> = [
  {
    name: "nobody looks at a chain again when its occurrence ends",
    file: "decide/Decide.ts",
    search: "const next = ends.length === 0 ? null : Math.min(...ends)",
    replace: "const next = null as number | null",
    law: WritingLaws.timeless,
    seed: 6
  },
  {
    name: "a part of the state that was decided counts as all of it",
    file: "decide/Decide.ts",
    search: "const isDecided = options.isWhole && ",
    replace: "const isDecided = ",
    law: WritingLaws.upToDate
  },
  {
    name: "what was left for later counts as decided",
    file: "decide/Decide.ts",
    search: "moved.postponed.size > 0 || ",
    replace: "",
    law: WritingLaws.upToDate
  },
  {
    name: "a projected occurrence is written again and again",
    file: "decide/reconcile/VirtualRows.ts",
    search: "return held === undefined || !isSame(held, event)",
    replace: "return true",
    law: WritingLaws.settles
  },
  {
    name: "copies in other calendars are not looked at where one is",
    file: "decide/intents/IntentReach.ts",
    search: "if (rows.length === 1) add(event)",
    replace: "if (rows.length > 0) add(event)",
    law: WritingLaws.settles
  },
  {
    name: "a decision cut short leaves no mark",
    file: "decide/reconcile/CommitBatches.ts",
    search: "decideAt: isLast ? commit.decideAt : unfinishedAt,",
    replace: "decideAt: commit.decideAt,",
    law: WritingLaws.marked
  },
  {
    name: "the intents of a decision in parts are written last",
    file: "decide/reconcile/CommitBatches.ts",
    search: "parts.push(from === 0 ?",
    replace: "parts.push(isLast ?",
    law: WritingLaws.resumable
  }
]

const rekeying: ReadonlyArray<Mutant> = [
  {
    name: "a request is planned against what was loaded, not against what is current",
    file: "decide/Decide.ts",
    search: "const plan = request(moved.state, options)",
    replace: "const plan = request(told as typeof moved.state, options)",
    law: RekeyLaws.meansWhereItIs
  },
  {
    name: "the k-th occurrence stands for the one after it",
    file: "decide/reschedule/DateMapping.ts",
    search: "if (place !== undefined) return young[place] ?? null",
    replace: "if (place !== undefined) return young[place + 1] ?? null",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "dates that moved are not noticed",
    file: "decide/reschedule/DateMapping.ts",
    search: "if (isUnmoved(then,",
    replace: "if (now > 0 || isUnmoved(then,",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "a series moved within its day is moved by a week",
    file: "decide/reschedule/DateMapping.ts",
    search: "firstThen < firstSince ? firstThen : firstSince",
    replace: "firstThen",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "what lies behind is not counted off where only that moved",
    file: "decide/reschedule/DateMapping.ts",
    search: "countedFrom === null || isUnmoved(then, since, countedFrom, first) ? null : countedOff(then, first)",
    replace: "null",
    law: RekeyLaws.makesNoOther,
    seed: 39
  },
  {
    name: "what lies behind is not counted off",
    file: "decide/reschedule/Rekey.ts",
    search: "const dateCount = intent.dateCount - mapping.behind(intent.fromDate, intent.dateCount)",
    replace: "const dateCount = intent.dateCount",
    law: RekeyLaws.makesNoOther
  },
  {
    name: "changes by hand stay on the old date",
    file: "decide/reschedule/Rekey.ts",
    search: ": { ...override, meeting }",
    replace: ": override",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "an intent that moved is left behind as well",
    file: "decide/reschedule/Rekey.ts",
    search: "remove: items.map(idOf).filter((id) => !all.has(id))",
    replace: "remove: []",
    law: RekeyLaws.thereAndBack
  },
  {
    name: "ids of intents keep the old date",
    file: "decide/reschedule/Rekey.ts",
    search: "const moved = { ...intent, meeting, id: intent.id.replace(intent.meeting, meeting) }",
    replace: "const moved = { ...intent, meeting }",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "a bot that moved keeps its old event",
    file: "decide/reschedule/Rekey.ts",
    search: "list.push({ ...bot, meeting, eventId })",
    replace: "list.push({ ...bot, meeting })",
    law: RekeyLaws.moveOnly
  },
  {
    name: "bots that moved are written in the order of their dates",
    file: "decide/reschedule/Rekey.ts",
    search: "forwards.toSorted(byMeeting).toReversed()",
    replace: "forwards.toSorted(byMeeting)",
    law: WritingLaws.oneEach,
    seed: 170
  },
  {
    name: "a bot that only has another key is not written",
    file: "decide/Decide.ts",
    search: "if (moved.moved.length + moved.ended.length === 0) return rows",
    replace: "if (moved.moved.length >= 0) return rows",
    law: RekeyLaws.followsItsOccurrence,
    seed: 44
  },
  {
    name: "nobody remembers what a series was decided by",
    file: "decide/reschedule/DecidedSeries.ts",
    search: "const decidedTiming = isKnown ? leading.timing : lastTiming",
    replace: "const decidedTiming = lastTiming",
    law: RekeyLaws.followsItsOccurrence
  },
  {
    name: "intents that moved are not written",
    file: "decide/Decide.ts",
    search: "    ...intentWrites(moved, change),",
    replace: "    ...change,",
    law: RekeyLaws.makesNoOther
  }
]

const naming: ReadonlyArray<Mutant> = [
  {
    name: "meetings without a UID are all one",
    file: "domain/MeetingKey.ts",
    search: 'iCalUid === null || iCalUid === "" ? null :',
    replace: "iCalUid === null ? null :",
    law: KeyLaws.keysApart
  },
  {
    name: "users and meetings run into each other",
    file: "domain/MeetingKey.ts",
    search: "`${user.length}:${user}${meeting}`",
    replace: "`${user}${meeting}`",
    law: KeyLaws.keysApart
  },
  {
    name: "of a workspace, meetings are told apart by ids that only one mailbox knows",
    file: "domain/MeetingKey.ts",
    search: 'return identity.startsWith("uid:") && workspace',
    replace: "return workspace",
    law: KeyLaws.workspaceKeys
  },
  {
    name: "workspaces and meetings run into each other",
    file: "domain/MeetingKey.ts",
    search: "`${workspace.length}:${workspace}${meeting}`",
    replace: "`${workspace}${meeting}`",
    law: KeyLaws.workspaceKeys
  },
  {
    name: "all occurrences of a series are one meeting of the workspace",
    file: "domain/MeetingKey.ts",
    search: "${workspace}${meeting}`",
    replace: "${workspace}${identity}`",
    law: KeyLaws.workspaceKeys
  },
  {
    name: "the bot is whose intent is read last",
    file: "domain/MeetingKey.ts",
    search: "least === null || user < least ? user : least",
    replace: "user",
    law: KeyLaws.workspaceKeys
  },
  {
    name: "an occurrence has the date that UTC has",
    file: "mirror/OriginalDate.ts",
    search: "toLocal(zoneOfDates(timing, start), start)",
    replace: 'toLocal("UTC", start)',
    law: RowLaws.stableUnderMoves
  },
  {
    name: "an occurrence that moved has the date it moved to",
    file: "mirror/EventRow.ts",
    search: "originalStartIn(series, event.originalStart ?? event.start)",
    replace: "originalStartIn(series, event.start)",
    law: RowLaws.stableUnderMoves
  },
  {
    name: "a body is cut in the middle of a character",
    file: "domain/KeptItem.ts",
    search: "const isSplit = /[\\uD800-\\uDBFF]/.test(text.charAt(rawBodyCharactersMax - 1))",
    replace: "const isSplit = false",
    law: RowLaws.total
  },
  {
    name: "an exception that tells nothing of links has none",
    file: "mirror/EventRow.ts",
    search: 'event.kind === "occurrence" || event.linkFields === null',
    replace: 'event.kind === "occurrence"',
    law: RowLaws.total
  }
]

export const writingMutants: ReadonlyArray<Mutant> = [...hints, ...writing, ...rekeying, ...naming]
