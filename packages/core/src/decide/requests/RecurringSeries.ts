/**
 * "And always the next one": the recurring intent of a series, switched on and off.
 * Decides where it begins, with which configuration, and that the bots it made stay when it is switched off.
 */
import { nextOccurrence } from "../occurrences/ResolveOccurrence.ts"
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { indexState } from "../state/StateIndex.ts"
import type { At, Change, Plan } from "./Change.ts"
import { isGivenUp, policyOf } from "./Joinable.ts"
import { keepBots } from "./KeepBots.ts"
import type { BotConfig } from "../../domain/Bot.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { CalendarId, SeriesKey } from "../../domain/Ids.ts"
import type { RecurringIntent } from "../../domain/Intent.ts"
import { type Refusal, eventNotFound } from "../../domain/Refusal.ts"
import { nextSeq } from "../../domain/Sequence.ts"
import type { Slice } from "../../domain/Slice.ts"

export interface RecurringRequest {
  readonly series: SeriesKey
  /** Where the series was found. */
  readonly calendarId: CalendarId
  /** The occurrence it begins with; null: the series was named. */
  readonly event: CalendarEvent | null
  readonly enabled: boolean
}

/** Switched on or off; answers with the occurrence named, or the next; null: none is left. */
export const toggleRecurring = (
  state: CurrentState,
  { now }: Pick<At, "now">,
  { calendarId, enabled, event, series }: RecurringRequest
): Plan<CalendarEvent | null> | Refusal => {
  if (enabled && isGivenUp(state, calendarId)) return eventNotFound
  const occurrence = event ?? nextOccurrence(indexState(state), series, now)
  const refusal = enabled && occurrence !== null ? policyOf(state)(occurrence) : null
  if (refusal !== null) return refusal
  const change = enabled ? start(state, event, series) : end(state, series)
  return { change, answer: occurrence, cause: "recurring" }
}

/** "The next one, always", from an occurrence on; from the beginning where none is named. */
export const recurringIntent = (
  series: SeriesKey,
  event: Pick<CalendarEvent, "originalDate"> | null,
  seq: number,
  config: BotConfig
): RecurringIntent => ({
  kind: "recurring",
  id: `recurring:${series}`,
  seq,
  series,
  fromDate: event?.originalDate ?? "0001-01-01",
  beforeDate: null,
  config
})

const start = (state: CurrentState, event: CalendarEvent | null, series: SeriesKey): Change => ({
  putIntents: [recurringIntent(series, event, nextSeq(state), configOf(state, event, series))]
})

const end = (state: CurrentState, series: SeriesKey): Change => {
  const ended = recurringOf(state, series)
  return {
    deleteIntents: ended.map(({ id }) => id),
    putIntents: keepBots(state, "recurring", ended[0]?.config ?? {})
  }
}

/** The configuration it had when it was on before, else that of the bot there is, else the default. */
const configOf = (state: Slice, event: CalendarEvent | null, series: SeriesKey): BotConfig => {
  const before = recurringOf(state, series)[0]
  if (before !== undefined) return before.config
  const bot =
    state.bots.find(({ meeting }) => meeting === event?.meeting) ?? state.bots.toSorted((a, b) => b.start - a.start)[0]
  return bot?.config ?? state.auto.config
}

const recurringOf = ({ intents }: Pick<Slice, "intents">, series: SeriesKey): ReadonlyArray<RecurringIntent> =>
  intents.filter((intent): intent is RecurringIntent => intent.kind === "recurring" && intent.series === series)
