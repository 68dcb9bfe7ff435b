/** Deciding: which bots should exist, and what to do so that they do. Pure, and without the Effect runtime. */
export type { Applied } from "./reconcile/BotTransitions.ts"
export { applyAll } from "./reconcile/BotTransitions.ts"
export { relevantBots } from "./state/RelevantBots.ts"
export { listedCalendar, patchedCalendar } from "../mirror/CalendarRow.ts"
export type { Change } from "./requests/Change.ts"
export type { DecideOptions, Decision } from "./Decide.ts"
export { decide } from "./Decide.ts"
export { splitCommit } from "./reconcile/CommitBatches.ts"
export { nextSeq } from "../domain/Sequence.ts"
export {
  dedupKey,
  occurrenceMeetingKey,
  seriesKey,
  seriesOfMeeting,
  singleMeetingKey,
  workspaceKey,
  workspaceOwner
} from "../domain/MeetingKey.ts"
export type { DesiredOptions } from "./desired/DecisionContext.ts"
export type { Reason, Verdict, Wanted } from "./desired/Verdict.ts"
export { desired } from "./desired/Desired.ts"
export { mergeMembers } from "./desired/WantedBot.ts"
export type { Explained } from "./desired/Explain.ts"
export { explain } from "./desired/Explain.ts"
export { eventRow, occurrenceRow, tombstone } from "../mirror/EventRow.ts"
export { seriesRow } from "../mirror/SeriesRow.ts"
export { botId, digest, eventId, occurrenceId, scheduleName, seriesId } from "../domain/DeterministicIds.ts"
export { isUnfinished } from "./reconcile/CommitBatches.ts"
export type { Command } from "./reconcile/Command.ts"
export { reconcile } from "./reconcile/Reconcile.ts"
export { sameJson } from "../domain/JsonEquality.ts"
export { currentSlice } from "./reschedule/SeriesChange.ts"
export type { State } from "./state/StateIndex.ts"
