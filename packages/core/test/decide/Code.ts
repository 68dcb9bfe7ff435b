/**
 * The code under test, gathered: what the laws are held against. Decides nothing.
 */
import * as DeterministicIds from "../../src/domain/DeterministicIds.ts"
import * as JsonEquality from "../../src/domain/JsonEquality.ts"
import * as KeptItem from "../../src/domain/KeptItem.ts"
import * as MeetingKey from "../../src/domain/MeetingKey.ts"
import * as Sequence from "../../src/domain/Sequence.ts"
import * as EventRow from "../../src/mirror/EventRow.ts"
import * as SeriesRow from "../../src/mirror/SeriesRow.ts"
import * as MergeConfig from "../../src/rules/MergeConfig.ts"
import * as Desired from "../../src/decide/desired/Desired.ts"
import * as Explain from "../../src/decide/desired/Explain.ts"
import * as WantedBot from "../../src/decide/desired/WantedBot.ts"
import * as BotTransitions from "../../src/decide/reconcile/BotTransitions.ts"
import * as CommitBatches from "../../src/decide/reconcile/CommitBatches.ts"
import * as Reconcile from "../../src/decide/reconcile/Reconcile.ts"
import * as SeriesChange from "../../src/decide/reschedule/SeriesChange.ts"
import * as AutoSchedule from "../../src/decide/requests/AutoSchedule.ts"
import * as Change from "../../src/decide/requests/Change.ts"
import * as Exclude from "../../src/decide/requests/Exclude.ts"
import * as Override from "../../src/decide/requests/Override.ts"
import * as RecurringSeries from "../../src/decide/requests/RecurringSeries.ts"
import * as ScheduleEvent from "../../src/decide/requests/ScheduleEvent.ts"
import * as ScheduleNext from "../../src/decide/requests/ScheduleNext.ts"
import * as ScheduleSeries from "../../src/decide/requests/ScheduleSeries.ts"
import * as Withdraw from "../../src/decide/requests/Withdraw.ts"
import * as Preview from "../../src/decide/Preview.ts"
import * as PolicyPreview from "../../src/decide/PolicyPreview.ts"
import * as Decide from "../../src/decide/Decide.ts"

/** Where each module stands under `src`, for whoever loads copies of them. */
export const doors = [
  "domain/DeterministicIds.ts",
  "domain/JsonEquality.ts",
  "domain/KeptItem.ts",
  "domain/MeetingKey.ts",
  "domain/Sequence.ts",
  "mirror/EventRow.ts",
  "mirror/SeriesRow.ts",
  "rules/MergeConfig.ts",
  "decide/desired/Desired.ts",
  "decide/desired/Explain.ts",
  "decide/desired/WantedBot.ts",
  "decide/reconcile/BotTransitions.ts",
  "decide/reconcile/CommitBatches.ts",
  "decide/reconcile/Reconcile.ts",
  "decide/reschedule/SeriesChange.ts",
  "decide/requests/AutoSchedule.ts",
  "decide/requests/Change.ts",
  "decide/requests/Exclude.ts",
  "decide/requests/Override.ts",
  "decide/requests/RecurringSeries.ts",
  "decide/requests/ScheduleEvent.ts",
  "decide/requests/ScheduleNext.ts",
  "decide/requests/ScheduleSeries.ts",
  "decide/requests/Withdraw.ts",
  "decide/Preview.ts",
  "decide/PolicyPreview.ts",
  "decide/Decide.ts"
] as const

export const code = {
  ...DeterministicIds,
  ...JsonEquality,
  ...KeptItem,
  ...MeetingKey,
  ...Sequence,
  ...EventRow,
  ...SeriesRow,
  ...MergeConfig,
  ...Desired,
  ...Explain,
  ...WantedBot,
  ...BotTransitions,
  ...CommitBatches,
  ...Reconcile,
  ...SeriesChange,
  ...AutoSchedule,
  ...Change,
  ...Exclude,
  ...Override,
  ...RecurringSeries,
  ...ScheduleEvent,
  ...ScheduleNext,
  ...ScheduleSeries,
  ...Withdraw,
  ...Preview,
  ...PolicyPreview,
  ...Decide
}

export type Deciding = typeof code
