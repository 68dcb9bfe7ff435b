/**
 * One decision: what the user asked for is laid over the state, compared with what is, and written down as one commit.
 * Decides everything that is written; whoever asks (HTTP, sync, auto-schedule, sweep) comes through here. Never loads
 * and never writes.
 */
import { type DecisionContext, contextOf } from "./desired/DecisionContext.ts"
import { judge } from "./desired/Judge.ts"
import type { Verdict } from "./desired/Verdict.ts"
import { isLive, leadingSeries } from "./occurrences/BeyondWindow.ts"
import { type Applied, applyAll, touch } from "./reconcile/BotTransitions.ts"
import type { Command } from "./reconcile/Command.ts"
import { isUnfinished } from "./reconcile/CommitBatches.ts"
import { projectedRows } from "./reconcile/ProjectedRows.ts"
import { reconcile } from "./reconcile/Reconcile.ts"
import type { Change } from "./requests/Change.ts"
import { type SeriesChanges, applySeriesChanges } from "./reschedule/SeriesChange.ts"
import { type StateIndex, indexState } from "./state/StateIndex.ts"
import type { Bot } from "../domain/Bot.ts"
import type { MeetingKey, SeriesKey } from "../domain/Ids.ts"
import { sameJson } from "../domain/JsonEquality.ts"
import { seriesOfMeeting } from "../domain/MeetingKey.ts"
import type { Policy } from "../domain/Policy.ts"
import type { Commit, Slice } from "../domain/Slice.ts"
import type { Instant } from "../domain/Time.ts"

/** What is to be written, and what led to it. */
export interface Decision {
  readonly commit: Commit
  readonly commands: ReadonlyArray<Command>
  readonly verdicts: ReadonlyMap<MeetingKey, Verdict>
  /** The bots of the slice as they will be. */
  readonly bots: ReadonlyArray<Bot>
  /** Whether there is anything to write. */
  readonly isEmpty: boolean
}

export interface DecideOptions {
  readonly policy: Policy
  readonly now: Instant
  /** True: the slice holds everything that changed, so that the mirror number is decided with it. */
  readonly isWhole: boolean
  /** True: the slice holds everything there is, which finishes a decision that was cut short. Absent: as `isWhole`. */
  readonly isAll?: boolean
}

/** The decision over a slice with a change laid over it. Total: any slice has one, and deciding again over what it wrote is empty. */
export const decide = (slice: Slice, change: Change, options: DecideOptions): Decision => {
  const seriesChanges = applySeriesChanges(slice, options.now)
  const changed = withChange(seriesChanges.slice, change)
  const context = contextOf(indexState(changed), {
    policy: options.policy,
    now: options.now,
    graceFrom: change.graceFrom ?? null
  })
  const verdicts = new Map<MeetingKey, Verdict>()
  for (const meeting of context.meetings) verdicts.set(meeting, judge(context, meeting))
  const commands: ReadonlyArray<Command> = [
    ...seriesChanges.ended.map((bot): Command => ({ kind: "cancel", bot, reason: "meeting_deleted" })),
    ...reconcile(verdicts, changed.bots)
  ]
  const noted = (change.noted ?? []).map((bot): Applied => ({ bot, expected: bot.revision - 1 }))
  const rows = [...noted, ...botRows(slice, seriesChanges, commands, options.now)]
  const after = new Map(slice.bots.map((bot) => [bot.id, bot]))
  for (const { bot } of rows) after.set(bot.id, bot)
  const bots = [...after.values()]
  // What is not decided yet stays ahead of what is.
  const isDecided = options.isWhole && seriesChanges.postponed.size === 0 && slice.mirrorNumber > slice.decided
  const commit: Commit = {
    userId: slice.userId,
    version: slice.version,
    generation: slice.connection?.generation ?? null,
    decided: isDecided ? slice.mirrorNumber : null,
    decideAt: nextDecision(context, slice, options),
    ...wishesOf(seriesChanges, change),
    ...projectedRows(changed.events, context.far, bots),
    decidedSeries: decidedSeries(slice, context.index, seriesChanges, change, bots),
    bots: rows
  }
  return { commit, commands, verdicts, bots, isEmpty: isEmpty(commit, slice, change) }
}

const withChange = (slice: Slice, change: Change): Slice => {
  const gone = new Set(change.deleteIntents)
  const put = new Map((change.putIntents ?? []).map((intent) => [intent.id, intent]))
  const noted = new Set((change.noted ?? []).map(({ id }) => id))
  const overridden = new Set([
    ...(change.putOverrides ?? []).map((override) => override.meeting),
    ...(change.deleteOverrides ?? [])
  ])
  return {
    ...slice,
    auto: change.auto ?? slice.auto,
    series: slice.series.map((series) => ({
      ...series,
      ...(change.details ?? []).find((detail) => detail.id === series.id)
    })),
    intents: [...slice.intents.filter((intent) => !gone.has(intent.id) && !put.has(intent.id)), ...put.values()],
    bots: [...slice.bots.filter(({ id }) => !noted.has(id)), ...(change.noted ?? [])],
    overrides: [
      ...slice.overrides.filter((override) => !overridden.has(override.meeting)),
      ...(change.putOverrides ?? [])
    ]
  }
}

/** What the request changes goes over what moved. */
const wishesOf = (seriesChanges: SeriesChanges, change: Change): Partial<Commit> => {
  const { details: _details, graceFrom: _graceFrom, noted: _noted, ...wishes } = change
  if (seriesChanges.moved.length === 0 && seriesChanges.ended.length === 0 && !hasMovedWishes(seriesChanges))
    return wishes
  const { deleteIntents = [], deleteOverrides = [], putIntents = [], putOverrides = [] } = change
  const intents = merged(
    seriesChanges.putIntents,
    seriesChanges.deleteIntents,
    putIntents,
    deleteIntents,
    ({ id }) => id
  )
  const overrides = merged(
    seriesChanges.putOverrides,
    seriesChanges.deleteOverrides,
    putOverrides,
    deleteOverrides,
    ({ meeting }) => meeting
  )
  return {
    ...wishes,
    putIntents: intents.put,
    deleteIntents: intents.remove,
    putOverrides: overrides.put,
    deleteOverrides: overrides.remove
  }
}

const hasMovedWishes = (seriesChanges: SeriesChanges): boolean =>
  seriesChanges.putIntents.length + seriesChanges.deleteIntents.length > 0 ||
  seriesChanges.putOverrides.length + seriesChanges.deleteOverrides.length > 0

const merged = <A, Id>(
  movedPut: ReadonlyArray<A>,
  movedRemove: ReadonlyArray<Id>,
  put: ReadonlyArray<A>,
  remove: ReadonlyArray<Id>,
  idOf: (item: A) => Id
): { readonly put: ReadonlyArray<A>; readonly remove: ReadonlyArray<Id> } => {
  const gone = new Set(remove)
  const all = new Map(
    [...movedPut.filter((item) => !gone.has(idOf(item))), ...put].map((item) => [idOf(item), item] as const)
  )
  return { put: [...all.values()], remove: [...new Set([...movedRemove, ...remove])].filter((id) => !all.has(id)) }
}

/** One row for each bot touched, in an order in which no meeting ever has two live ones. */
const botRows = (
  slice: Slice,
  seriesChanges: SeriesChanges,
  commands: ReadonlyArray<Command>,
  now: Instant
): ReadonlyArray<Applied> => {
  const known = new Set(slice.bots.map(({ id }) => id))
  const rows = applyAll(commands, { userId: slice.userId, now, known })
  if (seriesChanges.moved.length === 0) return rows
  const left = new Map(rows.map((row) => [row.bot.id, row]))
  const first = [...seriesChanges.ended, ...seriesChanges.moved].map((bot) => {
    const row = left.get(bot.id) ?? { bot: touch(bot, now), expected: bot.revision }
    left.delete(bot.id)
    return row
  })
  return [...first, ...left.values()]
}

/** A chain is looked at again when its present occurrence ends; a decision that was cut short until all is decided. */
const nextDecision = (context: DecisionContext, slice: Slice, options: DecideOptions): Instant | null => {
  if (isUnfinished(slice) && !(options.isAll ?? options.isWhole)) return slice.decideAt
  const ends = context.reach.nextEvents.map((event) => event.end).filter((end) => end > options.now)
  const next = ends.length === 0 ? null : Math.min(...ends)
  if (options.isWhole || slice.decideAt === null) return next
  return next === null ? slice.decideAt : Math.min(next, slice.decideAt)
}

/**
 * Series that wishes or bots speak of are remembered with the timing they were decided by, so that a later change of
 * their dates can be told; and what was asked of the provider is kept.
 */
const decidedSeries = (
  slice: Slice,
  index: StateIndex,
  seriesChanges: SeriesChanges,
  change: Change,
  bots: ReadonlyArray<Bot>
): NonNullable<Commit["decidedSeries"]> => {
  const spoken = spokenSeries(index, bots)
  const asked = new Set((change.details ?? []).map(({ id }) => id))
  const before = new Map(slice.series.map((row) => [row.id, row.decidedTiming]))
  return index.state.series.flatMap((row) => {
    const leading = spoken.has(row.key) && !seriesChanges.postponed.has(row.key) ? leadingSeries(index, row.key) : null
    const isKnown = leading !== null && leading.timing !== null && isLive(index, leading)
    const decidedTiming = isKnown ? leading.timing : row.decidedTiming
    const isSame = sameJson(before.get(row.id) ?? null, decidedTiming)
    return isSame && !asked.has(row.id) ? [] : [{ id: row.id, decidedTiming, exceptions: row.exceptions }]
  })
}

const spokenSeries = ({ state }: StateIndex, bots: ReadonlyArray<Bot>): ReadonlySet<SeriesKey> => {
  const keys = new Set<SeriesKey>()
  for (const intent of state.intents) if ("series" in intent) keys.add(intent.series)
  const scheduled = bots.filter(({ status }) => status === "Scheduled")
  const meetings = [...state.intents.filter((intent) => "meeting" in intent), ...state.overrides, ...scheduled]
  for (const { meeting } of meetings) {
    const key = seriesOfMeeting(meeting)
    if (key !== null) keys.add(key)
  }
  return keys
}

const isEmpty = (commit: Commit, slice: Slice, change: Change): boolean =>
  Object.keys(change).length === 0 &&
  commit.decided === null &&
  commit.decideAt === slice.decideAt &&
  [
    commit.bots,
    commit.putIntents,
    commit.deleteIntents,
    commit.putOverrides,
    commit.deleteOverrides,
    commit.putProjected,
    commit.deleteProjected,
    commit.decidedSeries
  ].every((writes) => (writes?.length ?? 0) === 0)
