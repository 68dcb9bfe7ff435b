/**
 * A slice as one row: each kind of rows in it as one value.
 * Decides nothing: which rows those are is `Slices.ts`.
 */
import {
  type AutoSchedule,
  type Connection,
  type Intent,
  type Override,
  type Slice,
  type UserId,
  autoNever,
  relevantBots,
  wholeRow
} from "@punctual/core"
import { type BotRow, toBot } from "./BotRow.ts"
import { type CalendarRow, toCalendar } from "./CalendarRow.ts"
import { type EventRow, toEvent } from "./EventRow.ts"
import { type SeriesRow, toSeries } from "./SeriesRow.ts"
import type { ConfigOf } from "./SharedConfigRows.ts"
import { type WorkspaceRow, toWorkspaceOrNull } from "./WorkspaceRow.ts"

export interface SliceRow {
  readonly state: {
    readonly version: number
    readonly mirror_number: number
    readonly decided: number
    readonly decide_at: number | null
    readonly judge_mark: number | null
    readonly auto: AutoSchedule | null
    readonly paused_until: number | null
    readonly workspace: WorkspaceRow | null
  } | null
  readonly connections: ReadonlyArray<Connection> | null
  readonly calendars: ReadonlyArray<CalendarRow> | null
  readonly events: ReadonlyArray<EventRow> | null
  readonly series: ReadonlyArray<SeriesRow> | null
  readonly intents: ReadonlyArray<Stored<Intent>> | null
  readonly overrides: ReadonlyArray<Stored<Override>> | null
  readonly bots: ReadonlyArray<BotRow> | null
}

interface Stored<Row> {
  readonly data: Row
  readonly config: string | null
}

/** What of a slice may refer to configurations. */
export const referringIn = ({
  bots,
  intents,
  overrides
}: SliceRow): ReadonlyArray<{ readonly config: string | null }> => [
  ...(bots ?? []),
  ...(intents ?? []),
  ...(overrides ?? [])
]

/** None: nothing was ever stored of the user. */
export const toSlice = (userId: UserId, row: SliceRow | undefined, configOf: ConfigOf): Slice => ({
  userId,
  version: row?.state?.version ?? 0,
  mirrorNumber: row?.state?.mirror_number ?? 0,
  decided: row?.state?.decided ?? 0,
  decideAt: row?.state?.decide_at ?? null,
  judgeMark: row?.state?.judge_mark ?? null,
  connections: row?.connections ?? [],
  calendars: (row?.calendars ?? []).map(toCalendar),
  auto: row?.state?.auto ?? autoNever,
  pausedUntil: row?.state?.paused_until ?? null,
  workspace: toWorkspaceOrNull(row?.state?.workspace),
  events: (row?.events ?? []).map(toEvent),
  series: (row?.series ?? []).map(toSeries),
  intents: (row?.intents ?? []).map(({ config, data }) => wholeRow(data, configOf(config))),
  overrides: (row?.overrides ?? []).map(({ config, data }) => wholeRow(data, configOf(config))),
  // Of those handed over all are read (each was a real bot): which one is in the meeting for longest, its data alone say.
  bots: relevantBots((row?.bots ?? []).map((each) => toBot(each, configOf)))
})
