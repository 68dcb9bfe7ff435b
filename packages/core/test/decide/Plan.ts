/**
 * A random plan written out as the rows of a user.
 * Decides how the rows hang together: occurrences lie on their series' pattern where the plan names no exception, copies
 * of one meeting agree unless it says otherwise, an intent or bot is about a meeting there is (or one far ahead). Never
 * decides what is right.
 */
import { occurrenceMeetingKey, singleMeetingKey } from "../../src/domain/MeetingKey.ts"
import { botId } from "../../src/domain/DeterministicIds.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, MeetingKey } from "../../src/domain/Ids.ts"
import type { Intent } from "../../src/domain/Intent.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import { datesFrom, expand } from "../../src/recurrence/Expand.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { toLocal } from "../../src/recurrence/WallClock.ts"
import { launch } from "../../testing/rows/Bot.ts"
import { facts } from "../../testing/rows/Facts.ts"
import { distinct, oneLiveEach } from "../../testing/rows/Stored.ts"
import { timingOf } from "./Patterns.ts"
import {
  autoSchedule,
  bot,
  day,
  event,
  eventIntent,
  exclusion,
  hour,
  listed,
  minute,
  override,
  policy,
  recurringIntent,
  series,
  seriesExclusion,
  seriesIntent,
  slice,
  teams,
  user
} from "./Rows.ts"
import type { StatePlan } from "./StatePlan.ts"
import { calendarRow, connectionRows, otherId } from "./PlanAccounts.ts"

type SeriesPlan = StatePlan["series"][number]

export const stateOf = (plan: StatePlan, calendarIds: ReadonlyArray<CalendarId>, account: Connection): Slice => {
  const { now } = plan
  const calendars = calendarIds.map((id, place) => calendarRow(id, plan.calendars[place], now))
  const firstPrimary = calendars.find(({ isPrimary }) => isPrimary)
  const masters = plan.series.flatMap((each, place) => masterRows(each, place, calendarIds, now))
  const singles = plan.singles.map((each, place) => singleRow(each, place, calendarIds, now))
  const occurrences = masters.flatMap(({ plan: own, row }) =>
    occurrenceRows(
      own,
      row,
      calendars.find(({ id }) => id === row.calendarId),
      now
    )
  )
  const meetings = meetingsOf(
    [...singles, ...occurrences],
    masters.map(({ plan: own, row }) => (own.isUnreadable ? { ...row, timing: timingOf(own.timing, now) } : row)),
    now
  )
  const rows = [...singles, ...occurrences]
  const meeting = (place: number): MeetingKey =>
    meetings[place % Math.max(1, meetings.length)] ?? ("uid:nobody's" as MeetingKey)
  return slice({
    connections: connectionRows(plan, account),
    calendars: calendars.map((each, place) => ({
      ...each,
      isPrimary: each === firstPrimary,
      connectionId: place > 0 && plan.connection !== null && plan.other !== null ? otherId(account) : account.id
    })),
    auto: autoSchedule({
      enabled: plan.auto.enabled,
      seq: plan.auto.seq,
      config: plan.auto.config,
      rules: plan.auto.rules,
      otherwise: plan.auto.otherwise,
      coveredUntil: plan.auto.coveredFor === null ? null : now + plan.auto.coveredFor
    }),
    workspace: plan.workspace,
    events: distinct(rows, ({ id }) => id),
    series: distinct(
      masters.map(({ row }) => row),
      ({ id }) => id
    ),
    intents: distinct(
      plan.intents.flatMap((each) => intentRows(each, meeting(each.about), masters, now)),
      ({ id }) => id
    ),
    overrides: distinct(
      plan.overrides.map(({ about, ...members }) => override(meeting(about), members)),
      (each) => each.meeting
    ),
    bots: oneLiveEach(plan.bots.map((each, place) => botRow(each, place, meeting(each.about), rows, calendarIds, now)))
  })
}

const singleRow = (
  { calendar: place, isApart, length, offset, uid, ...members }: StatePlan["singles"][number],
  nth: number,
  calendarIds: ReadonlyArray<CalendarId>,
  now: Instant
): CalendarEvent => {
  const row = event(`e${nth}`, {
    ...members,
    calendarId: calendarIds[place] ?? ("a" as CalendarId),
    iCalUid: uid,
    start: now + offset,
    end: now + offset + length
  })
  return isApart ? { ...row, meeting: singleMeetingKey(row.id, null) } : row
}

const masterRows = (
  plan: SeriesPlan,
  nth: number,
  calendarIds: ReadonlyArray<CalendarId>,
  now: Instant
): ReadonlyArray<{ readonly plan: SeriesPlan; readonly row: Series }> => {
  const timing = timingOf(plan.timing, now)
  const decided = plan.decided === "never" ? null : plan.decided === "same" ? timing : timingOf(plan.decided, now)
  return plan.calendars.map((place) => {
    const row = series(plan.uid ?? `x${nth}`, {
      calendarId: calendarIds[place] ?? ("a" as CalendarId),
      iCalUid: plan.uid,
      timing: plan.isUnreadable ? null : timing,
      decidedTiming: decided,
      link: plan.link,
      isCancelled: plan.isCancelled,
      isDeleted: plan.isDeleted
    })
    return { plan, row: plan.areExceptionsTold ? { ...row, exceptions: exceptionsOf(plan, timing, now) } : row }
  })
}

/** The exceptions of a series among its first dates ahead. */
const changed = (plan: SeriesPlan, timing: RecurringSeries, now: Instant) => {
  const ahead = expand(timing, now - timing.durationMillis, Infinity, 6)
  return plan.exceptions.flatMap(({ place, ...what }) => {
    const occurrence = ahead[place]
    return occurrence === undefined ? [] : [{ ...what, occurrence }]
  })
}

const exceptionsOf = (plan: SeriesPlan, timing: RecurringSeries, now: Instant): Series["exceptions"] => {
  const all = changed(plan, timing, now)
  return {
    cancelled: all.filter(({ what }) => what === "cancelled").map(({ occurrence }) => occurrence.date),
    moved: all
      .filter(({ what }) => what === "moved")
      .map(({ by, occurrence }) => ({ ...occurrence, start: occurrence.start + by, end: occurrence.end + by }))
  }
}

/** What the provider lists inside the window. */
const occurrenceRows = (
  plan: SeriesPlan,
  row: Series,
  own: Calendar | undefined,
  now: Instant
): ReadonlyArray<CalendarEvent> => {
  const window = own?.window ?? null
  if (row.timing === null || window === null) return []
  const all = changed(plan, row.timing, now)
  return expand(row.timing, now - 2 * day, window.to, 40).flatMap((occurrence) => {
    const found = all.find((each) => each.occurrence.date === occurrence.date)
    const plain = listed(row, occurrence, { isCancelled: row.isCancelled, isDeleted: row.isDeleted })
    switch (found?.what) {
      case "cancelled":
        return [{ ...plain, isCancelled: true }]
      case "deleted":
        return [{ ...plain, isDeleted: true }]
      case "missing":
        return []
      case "declined":
        return [{ ...plain, facts: facts({ response: "declined" }) }]
      case "unlinked":
        return [{ ...plain, kind: "exception" as const, link: null }]
      case "relinked":
        return [{ ...plain, kind: "exception" as const, link: { ...teams, url: `${teams.url}2` } }]
      case "moved":
        return [{ ...plain, kind: "exception" as const, start: plain.start + found.by, end: plain.end + found.by }]
      default:
        return [plain]
    }
  })
}

/** Every meeting there is, and some far ahead on each pattern, now and as it was decided. */
const meetingsOf = (
  rows: ReadonlyArray<CalendarEvent>,
  masters: ReadonlyArray<Series>,
  now: Instant
): ReadonlyArray<MeetingKey> => [
  ...new Set([
    ...rows.map(({ meeting }) => meeting),
    ...masters.flatMap(({ decidedTiming, key, timing }) =>
      [timing, decidedTiming].flatMap((each) =>
        each === null ? [] : expand(each, now - day, Infinity, 4).map(({ date }) => occurrenceMeetingKey(key, date))
      )
    ),
    ...masters.flatMap(({ key, timing }) =>
      timing === null
        ? []
        : expand(timing, now + 45 * day, Infinity, 2).map(({ date }) => occurrenceMeetingKey(key, date))
    )
  ])
]

const intentRows = (
  plan: StatePlan["intents"][number],
  meeting: MeetingKey,
  masters: ReadonlyArray<{ readonly row: Series }>,
  now: Instant
): ReadonlyArray<Intent> =>
  intentRow(plan, meeting, masters, now).map((intent) =>
    plan.isSecond ? { ...intent, id: `second ${intent.id}` } : intent
  )

const intentRow = (
  plan: StatePlan["intents"][number],
  meeting: MeetingKey,
  masters: ReadonlyArray<{ readonly row: Series }>,
  now: Instant
): ReadonlyArray<Intent> => {
  const { config, kind, origin, seq, dateCount } = plan
  if (kind === "event") {
    const hints = plan.hints === null ? {} : { hints: hintsOf(plan.hints, now) }
    return [eventIntent(meeting, { seq, origin, config, ...hints })]
  }
  if (kind === "exclusion") return [exclusion(meeting, { seq })]
  const row = masters[plan.about % Math.max(1, masters.length)]?.row
  const timing = row?.decidedTiming ?? row?.timing ?? null
  if (row === undefined) return []
  const dates = timing === null ? [] : datesFrom(timing, dateOf(now - 3 * day), 9)
  const fromDate = plan.from < 0 ? dateOf(now + plan.from * 10 * day) : (dates[plan.from] ?? dateOf(now))
  const beforeDate = plan.before === null ? null : (dates[plan.before] ?? null)
  if (kind === "series-exclusion") return [seriesExclusion(row.key, { seq, fromDate })]
  if (kind === "recurring") return [recurringIntent(row.key, { seq, fromDate, beforeDate, config })]
  return [seriesIntent(row.key, { seq, fromDate, beforeDate, dateCount, config })]
}

const hintsOf = (
  { link, startHours }: NonNullable<StatePlan["intents"][number]["hints"]>,
  now: Instant
): NonNullable<Extract<Intent, { kind: "event" }>["hints"]> => {
  const from = startHours === null ? null : now + startHours * hour
  return { link, span: from === null ? null : { from, to: from + hour } }
}

const botRow = (
  plan: StatePlan["bots"][number],
  nth: number,
  meeting: MeetingKey,
  rows: ReadonlyArray<CalendarEvent>,
  calendarIds: ReadonlyArray<CalendarId>,
  now: Instant
): Bot => {
  const of = rows.find((row) => row.meeting === meeting) ?? event("nobody's", { meeting, start: now + hour })
  const isNobodys = !rows.includes(of)
  const start = of.start + plan.shift
  const last = calendarIds.at(-1) ?? ("a" as CalendarId)
  return bot(of, {
    id: botId(user, meeting, now - day, nth),
    calendarId: plan.isElsewhere || isNobodys ? last : of.calendarId,
    status: plan.status,
    statusReason: plan.status === "Launched" ? plan.withdrawn : null,
    origin: plan.origin,
    seq: plan.seq,
    joinAt: start - policy.leadMillis,
    start,
    end: start + (of.end - of.start || hour),
    botName: "A",
    customAttributes: {},
    config: plan.config,
    launch: plan.status === "Launching" ? launch({ leaseUntil: now + minute }) : null,
    createdAt: now - day,
    updatedAt: now - day
  })
}

const dateOf = (instant: Instant): LocalDate => toLocal("UTC", instant)?.date ?? "2025-01-01"
