/**
 * The one idea: say what should be, compare it with what is, do the difference.
 *
 *   slice --> series that moved: intents and bots move with them --> request: a change of intents
 *         --> desired: a verdict for each meeting --> reconcile: the least commands --> one commit
 *
 * Decides everything that is written; whoever asks (HTTP, sync, auto-schedule, sweep) comes through here. Never loads and
 * never writes.
 */
import { type DecisionContext, contextOf } from "./desired/DecisionContext.ts"
import { judge } from "./desired/Judge.ts"
import type { Verdict } from "./desired/Verdict.ts"
import { withChanges } from "./reconcile/BotChanges.ts"
import { type Applied, applyAll, touch } from "./reconcile/BotTransitions.ts"
import type { Command } from "./reconcile/Command.ts"
import { isUnfinished } from "./reconcile/CommitBatches.ts"
import { virtualRows } from "./reconcile/VirtualRows.ts"
import { awaitsLaunch, reconcile } from "./reconcile/Reconcile.ts"
import type { Change, Plan, Request } from "./requests/Change.ts"
import { pausedUntil } from "./requests/Pause.ts"
import { decidedSeries } from "./reschedule/DecidedSeries.ts"
import type { Split } from "./reschedule/Heirs.ts"
import { type SeriesChanges, applySeriesChanges } from "./reschedule/SeriesChange.ts"
import { indexState } from "./state/StateIndex.ts"
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey, WorkspaceId } from "../domain/Ids.ts"
import type { ChangeCause } from "../domain/LoggedChange.ts"
import type { Policy } from "../domain/Policy.ts"
import { Refusal } from "../domain/Refusal.ts"
import type { SeriesExceptions } from "../domain/Series.ts"
import type { Commit, Slice } from "../domain/Slice.ts"
import type { Instant } from "../domain/Time.ts"

/** What is to be written, and what led to it. */
export interface Decision {
  readonly commit: Commit
  readonly commands: ReadonlyArray<Command>
  readonly verdicts: ReadonlyMap<MeetingKey, Verdict>
  /** Series that were split, whose intents went over. */
  readonly splits: ReadonlyArray<Split>
  /** Bots whose meeting is called otherwise now. */
  readonly renamed: ReadonlyArray<Bot>
  /** Nothing of the user is launched until then; null: not paused. */
  readonly pausedUntil: Instant | null
  /** Of the user; null: of none. */
  readonly workspaceId: WorkspaceId | null
  /** The bots of the slice as they will be. */
  readonly bots: ReadonlyArray<Bot>
  /** The events of the slice. */
  readonly events: ReadonlyArray<CalendarEvent>
  /** Whether there is anything to write. */
  readonly isEmpty: boolean
}

export interface DecideOptions {
  readonly policy: Policy
  readonly now: Instant
  /**
   * True: the slice holds everything that changed since the last decision, so the commit marks the mirror number as
   * decided.
   */
  readonly isWhole: boolean
  /**
   * True: the slice holds the user's whole state, which finishing a decision that was cut short needs. Default:
   * `isWhole`.
   */
  readonly isAll?: boolean
  /** Cancelled and moved occurrences of series, just asked of the provider. */
  readonly exceptions?: ReadonlyArray<SeriesExceptions>
}

/** A decision, and the answer of the request's plan. */
export interface Decided<A> {
  readonly decision: Decision
  readonly answer: A
}

/**
 * Decides a request over a slice. Total: each slice has a decision, and deciding again over what it wrote is empty. The
 * request is planned against the state as it is now, in which intents and bots of a series that moved have moved with it.
 */
export const decide = <A>(slice: Slice, request: Request<A>, options: DecideOptions): Decided<A> | Refusal => {
  const told = withExceptions(slice, options.exceptions ?? [])
  const moved = applySeriesChanges(told, options.now)
  const plan = request(moved.state, options)
  if (plan instanceof Refusal) return plan
  const wanted = judgeAll(withChange(moved.state, plan.change), plan.change, options)
  return { decision: decisionOf(slice, moved, plan, wanted, options), answer: plan.answer }
}

interface Wanted {
  readonly state: Slice
  readonly context: DecisionContext
  readonly verdicts: ReadonlyMap<MeetingKey, Verdict>
}

const judgeAll = (state: Slice, change: Change, { now, policy }: DecideOptions): Wanted => {
  const context = contextOf(indexState(state), { policy, now, graceFrom: change.graceFrom ?? null })
  const verdicts = new Map<MeetingKey, Verdict>()
  for (const meeting of context.meetings) verdicts.set(meeting, judge(context, meeting))
  return { state, context, verdicts }
}

const decisionOf = (
  slice: Slice,
  moved: SeriesChanges,
  { cause, change }: Pick<Plan<unknown>, "cause" | "change">,
  { context, state, verdicts }: Wanted,
  options: DecideOptions
): Decision => {
  const commands: ReadonlyArray<Command> = [
    ...moved.ended.map((bot): Command => ({ kind: "cancel", bot, reason: "meeting_deleted" })),
    ...reconcile(verdicts, state.bots)
  ]
  const noted = (change.noted ?? []).map((bot): Applied => ({ bot, expected: bot.revision - 1 }))
  const rows = botRows(slice, moved, noted, commands, options.now)
  const after = new Map(slice.bots.map((bot) => [bot.id, bot]))
  for (const { bot } of rows) after.set(bot.id, bot)
  const bots = [...after.values()]
  // Of a postponed series, or a launch that is waited for, not all is decided: the mirror number neither, and the sweep goes on.
  const isOpen = moved.postponed.size > 0 || awaitsLaunch(verdicts, bots)
  const isDecided = options.isWhole && !isOpen && slice.mirrorNumber > slice.decided
  const commit: Commit = {
    userId: slice.userId,
    version: slice.version,
    decided: isDecided ? slice.mirrorNumber : null,
    decideAt: nextDecision(context, slice, options),
    ...intentWrites(moved, change),
    ...(moved.putMeetings.length === 0 ? {} : { putMeetings: moved.putMeetings }),
    ...virtualRows(state.events, context.far, bots),
    decidedSeries: decidedSeries(slice, context.index, moved, options.exceptions ?? [], bots),
    bots: withChanges(rows, { slice, commands, cause: cause ?? causeOf(change), now: options.now })
  }
  const { moved: renamed, splits } = moved
  const pause = pausedUntil(
    change.pausedUntil === undefined ? slice.pausedUntil : change.pausedUntil,
    slice.workspace?.policy.pausedUntil ?? null
  )
  return {
    commit,
    commands,
    verdicts,
    bots,
    events: slice.events,
    splits,
    renamed,
    pausedUntil: pause,
    workspaceId: slice.workspace?.id ?? null,
    isEmpty: isEmpty(commit, slice, change)
  }
}

/** Whoever asks for something is the user; a request for nothing only looks. */
const causeOf = (change: Change): ChangeCause | null => (Object.keys(change).length === 0 ? null : "user")

const withExceptions = (slice: Slice, exceptions: ReadonlyArray<SeriesExceptions>): Slice =>
  exceptions.length === 0
    ? slice
    : { ...slice, series: slice.series.map((row) => ({ ...row, ...exceptions.find(({ id }) => id === row.id) })) }

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
    intents: [...slice.intents.filter((intent) => !gone.has(intent.id) && !put.has(intent.id)), ...put.values()],
    bots: [...slice.bots.filter(({ id }) => !noted.has(id)), ...(change.noted ?? [])],
    overrides: [
      ...slice.overrides.filter((override) => !overridden.has(override.meeting)),
      ...(change.putOverrides ?? [])
    ]
  }
}

/** The intents and overrides to write: those that moved with their series, then those that the request changes. */
const intentWrites = (moved: SeriesChanges, change: Change): Partial<Commit> => {
  const { graceFrom: _graceFrom, noted: _noted, ...writes } = change
  if (moved.moved.length === 0 && moved.ended.length === 0 && !hasMovedIntents(moved)) return writes
  const { deleteIntents = [], deleteOverrides = [], putIntents = [], putOverrides = [] } = change
  const intents = merged(moved.putIntents, moved.deleteIntents, putIntents, deleteIntents, ({ id }) => id)
  const overrides = merged(
    moved.putOverrides,
    moved.deleteOverrides,
    putOverrides,
    deleteOverrides,
    ({ meeting }) => meeting
  )
  return {
    ...writes,
    putIntents: intents.put,
    deleteIntents: intents.remove,
    putOverrides: overrides.put,
    deleteOverrides: overrides.remove
  }
}

const hasMovedIntents = (moved: SeriesChanges): boolean =>
  moved.putIntents.length + moved.deleteIntents.length > 0 ||
  moved.putOverrides.length + moved.deleteOverrides.length > 0

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
  moved: SeriesChanges,
  noted: ReadonlyArray<Applied>,
  commands: ReadonlyArray<Command>,
  now: Instant
): ReadonlyArray<Applied> => {
  const known = new Set(slice.bots.map(({ id }) => id))
  const rows = [...noted, ...applyAll(commands, { userId: slice.userId, now, known })]
  if (moved.moved.length + moved.ended.length === 0) return rows
  const left = new Map(rows.map((row) => [row.bot.id, row]))
  const first = [...moved.ended, ...moved.moved].map((bot) => {
    const row = left.get(bot.id) ?? { bot: touch(bot, now), expected: bot.revision }
    left.delete(bot.id)
    return row
  })
  return [...first, ...left.values()]
}

/**
 * When time alone changes the decision: at the end of a recurring intent's present occurrence. While a split commit is
 * unfinished its mark stays, until the whole state is decided.
 */
const nextDecision = (context: DecisionContext, slice: Slice, options: DecideOptions): Instant | null => {
  if (isUnfinished(slice) && !(options.isAll ?? options.isWhole)) return slice.decideAt
  const ends = context.reach.nextEvents.map((event) => event.end).filter((end) => end > options.now)
  const next = ends.length === 0 ? null : Math.min(...ends)
  if (options.isWhole || slice.decideAt === null) return next
  return next === null ? slice.decideAt : Math.min(next, slice.decideAt)
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
    commit.putVirtual,
    commit.deleteVirtual,
    commit.putMeetings,
    commit.decidedSeries
  ].every((writes) => (writes?.length ?? 0) === 0)
