/**
 * One decision: what the user asked for is laid over the state, compared with what is, and written down as one commit.
 * Decides everything that is written; whoever asks (HTTP, sync, auto-schedule, sweep) comes through here. Never loads
 * and never writes.
 */
import type { Bot } from "../domain/Bot.ts"
import type { CalendarEvent } from "../domain/Event.ts"
import type { MeetingKey, SeriesKey } from "../domain/Ids.ts"
import type { AutoSchedule, Intent, Override } from "../domain/Intent.ts"
import type { Series } from "../domain/Series.ts"
import type { Policy } from "../domain/Policy.ts"
import type { Commit, Slice } from "../domain/Slice.ts"
import type { Instant } from "../domain/Time.ts"
import { applyAll } from "./Apply.ts"
import { contextOf, judge, type JudgeContext, type Verdict } from "./Desired.ts"
import { seriesOfMeeting } from "./DedupKey.ts"
import { reconcile, sameJson, type Command } from "./Reconcile.ts"
import { arrange } from "./Slice.ts"

/** What a request changes of a user's wishes. */
export interface Change {
  readonly auto?: AutoSchedule
  readonly putIntents?: ReadonlyArray<Intent>
  readonly deleteIntents?: ReadonlyArray<string>
  readonly putOverrides?: ReadonlyArray<Override>
  readonly deleteOverrides?: ReadonlyArray<MeetingKey>
  /** Cancelled and moved occurrences of series, just asked for. */
  readonly details?: ReadonlyArray<Pick<Series, "id" | "exceptions">>
  /** For an auto-schedule run: starts from here on count although they have passed. */
  readonly graceFrom?: Instant | null
}

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
}

/** The number that intents made now carry: greater than every earlier one of this user. */
export const nextSeq = (slice: Pick<Slice, "version">): number => slice.version + 1

export const decide = (slice: Slice, change: Change, options: DecideOptions): Decision => {
  const changed = withChange(slice, change)
  const context = contextOf(arrange(changed), {
    policy: options.policy,
    now: options.now,
    graceFrom: change.graceFrom ?? null
  })
  const verdicts = new Map<MeetingKey, Verdict>()
  for (const meeting of context.meetings) verdicts.set(meeting, judge(context, meeting))
  const commands = reconcile(verdicts, slice.bots)
  const rows = applyAll(commands, { userId: slice.userId, now: options.now })
  const after = new Map(slice.bots.map((bot) => [bot.id, bot]))
  for (const { bot } of rows) after.set(bot.id, bot)
  const projected = projectedRows(slice, context, [...after.values()])
  const decided = options.isWhole && slice.mirrorNumber > slice.decided ? slice.mirrorNumber : null
  const decideAt = nextDecision(context, slice, options)
  const commit: Commit = {
    userId: slice.userId,
    version: slice.version,
    generation: slice.connection?.generation ?? null,
    decided,
    decideAt,
    ...wishesOf(change),
    putProjected: projected.put,
    deleteProjected: projected.remove,
    decidedSeries: undecidedSeries(changed, change),
    bots: rows
  }
  return { commit, commands, verdicts, bots: [...after.values()], isEmpty: isEmpty(commit, slice, change) }
}

/**
 * The same commit in parts that a store takes at once. Wishes go first, then bots in order; only the last part notes
 * the mirror number, so that a crash in between leaves a user who lags, whom the sweep finishes.
 */
export const inParts = (commit: Commit, operationsMax: number): ReadonlyArray<Commit> => {
  const bots = commit.bots ?? []
  if (bots.length <= operationsMax) return [commit]
  const parts: Array<Commit> = []
  for (let from = 0; from < bots.length; from += operationsMax) {
    const isFirst = from === 0
    const isLast = from + operationsMax >= bots.length
    const part: Commit = {
      userId: commit.userId,
      version: commit.version + parts.length,
      generation: commit.generation,
      decided: isLast ? commit.decided : null,
      decideAt: isLast ? commit.decideAt : Number.NEGATIVE_INFINITY,
      bots: bots.slice(from, from + operationsMax)
    }
    parts.push(isFirst ? { ...commit, ...part } : part)
  }
  return parts
}

const withChange = (slice: Slice, change: Change): Slice => {
  const gone = new Set(change.deleteIntents)
  const put = new Map((change.putIntents ?? []).map((intent) => [intent.id, intent]))
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
    overrides: [
      ...slice.overrides.filter((override) => !overridden.has(override.meeting)),
      ...(change.putOverrides ?? [])
    ]
  }
}

const wishesOf = ({ details: _details, graceFrom: _graceFrom, ...wishes }: Change): Partial<Commit> => wishes

/** Projected rows are shown for as long as a bot speaks of them and the provider has not listed them. */
const projectedRows = (
  slice: Slice,
  context: JudgeContext,
  bots: ReadonlyArray<Bot>
): { readonly put: ReadonlyArray<CalendarEvent>; readonly remove: ReadonlyArray<CalendarEvent["id"]> } => {
  const spoken = new Set(bots.filter((bot) => bot.status !== "Cancelled").map((bot) => bot.meeting))
  const wanted = new Map(
    [...context.far.values()]
      .flat()
      .filter((event) => spoken.has(event.meeting))
      .map((event) => [event.id, event])
  )
  const stored = new Map(slice.events.filter((event) => event.isProjected).map((event) => [event.id, event]))
  return {
    put: [...wanted.values()].filter((event) => {
      const held = stored.get(event.id)
      return (
        held === undefined ||
        held.start !== event.start ||
        held.end !== event.end ||
        held.link?.url !== event.link?.url ||
        held.subject !== event.subject
      )
    }),
    remove: [...stored.keys()].filter((id) => !wanted.has(id))
  }
}

/** A chain is looked at again when its present occurrence ends. */
const nextDecision = (context: JudgeContext, slice: Slice, options: DecideOptions): Instant | null => {
  const ends = context.reach.nextEvents.map((event) => event.end).filter((end) => end > options.now)
  const next = ends.length === 0 ? null : Math.min(...ends)
  if (options.isWhole || slice.decideAt === null) return next
  return next === null ? slice.decideAt : Math.min(next, slice.decideAt)
}

/** Series that wishes speak of are remembered as they were decided by, so that a later change of dates can be told. */
const undecidedSeries = (slice: Slice, change: Change): NonNullable<Commit["decidedSeries"]> => {
  const asked = new Set((change.details ?? []).map((detail) => detail.id))
  return slice.series
    .filter(
      (series) =>
        asked.has(series.id) || (hasIntent(slice, series.key) && !sameJson(series.timing, series.decidedTiming))
    )
    .map((series) => ({ id: series.id, decidedTiming: series.timing, exceptions: series.exceptions }))
}

const hasIntent = (slice: Slice, key: SeriesKey): boolean =>
  slice.intents.some((intent) => ("series" in intent ? intent.series : seriesOfMeeting(intent.meeting)) === key)

const isEmpty = (commit: Commit, slice: Slice, change: Change): boolean =>
  Object.keys(change).length === 0 &&
  commit.decided === null &&
  commit.decideAt === slice.decideAt &&
  (commit.bots?.length ?? 0) === 0 &&
  (commit.putProjected?.length ?? 0) === 0 &&
  (commit.deleteProjected?.length ?? 0) === 0 &&
  (commit.decidedSeries?.length ?? 0) === 0
