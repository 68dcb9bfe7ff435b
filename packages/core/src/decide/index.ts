/** Deciding: which bots should exist, and what to do so that they do. Pure, and without the Effect runtime. */
export type { Applied } from "./Apply.ts"
export { applyAll } from "./Apply.ts"
export { botsOfSlice } from "./BotsOfSlice.ts"
export { listedCalendar, patchedCalendar } from "./CalendarRow.ts"
export type { Change, DecideOptions, Decision } from "./Decision.ts"
export { decide, inParts, nextSeq } from "./Decision.ts"
export {
  dedupKey,
  occurrenceMeetingKey,
  seriesKey,
  seriesOfMeeting,
  singleMeetingKey,
  workspaceKey,
  workspaceOwner
} from "./DedupKey.ts"
export type { DesiredOptions, Reason, Verdict, Wanted } from "./Desired.ts"
export { desired, mergeMembers } from "./Desired.ts"
export type { Explained } from "./Explain.ts"
export { explain } from "./Explain.ts"
export {
  eventRow,
  occurrenceRow,
  rawAttendeesMax,
  rawBodyCharactersMax,
  seriesRow,
  tombstone,
  trimRaw
} from "./Mirror.ts"
export { botId, digest, eventId, occurrenceId, scheduleName, seriesId } from "./Naming.ts"
export { isUnfinished } from "./Parts.ts"
export type { Command } from "./Reconcile.ts"
export { reconcile, sameJson } from "./Reconcile.ts"
export { settledSlice } from "./Settle.ts"
export type { State } from "./Slice.ts"
