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
import * as Desired from "../../src/decide/desired/Desired.ts"
import * as Explain from "../../src/decide/desired/Explain.ts"
import * as WantedBot from "../../src/decide/desired/WantedBot.ts"
import * as BotTransitions from "../../src/decide/reconcile/BotTransitions.ts"
import * as CommitBatches from "../../src/decide/reconcile/CommitBatches.ts"
import * as Reconcile from "../../src/decide/reconcile/Reconcile.ts"
import * as SeriesChange from "../../src/decide/reschedule/SeriesChange.ts"
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
  "decide/desired/Desired.ts",
  "decide/desired/Explain.ts",
  "decide/desired/WantedBot.ts",
  "decide/reconcile/BotTransitions.ts",
  "decide/reconcile/CommitBatches.ts",
  "decide/reconcile/Reconcile.ts",
  "decide/reschedule/SeriesChange.ts",
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
  ...Desired,
  ...Explain,
  ...WantedBot,
  ...BotTransitions,
  ...CommitBatches,
  ...Reconcile,
  ...SeriesChange,
  ...Decide
}

export type Deciding = typeof code
