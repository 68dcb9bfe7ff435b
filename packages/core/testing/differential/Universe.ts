/**
 * A small universe for random histories: few users, calendars, meetings and instants, so that things meet.
 * Decides which rows there are to be written. Never what is done with them.
 */
import * as fc from "fast-check"
import { occurrenceMeetingKey } from "../../src/domain/MeetingKey.ts"
import type { Bot, BotConfig } from "../../src/domain/Bot.ts"
import type { KnownListing } from "../../src/domain/Calendar.ts"
import type { ConnectionGeneration } from "../../src/domain/Connection.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type {
  BotId,
  CalendarId,
  EventId,
  MeetingKey,
  ScheduleName,
  SeriesId,
  SeriesKey,
  UserId
} from "../../src/domain/Ids.ts"
import type { Intent } from "../../src/domain/Intent.ts"
import type { Series } from "../../src/domain/Series.ts"
import type { Scope } from "../../src/domain/Slice.ts"
import { bot as botOf, event as eventOf, hour, listing } from "../contract/store/Rows.ts"
import { eventIntent, exclusion, recurringIntent, seriesExclusion } from "../rows/Intent.ts"
import { series as seriesOf } from "../rows/Series.ts"

export const users = ["usr_00000", "usr_00001"] as unknown as ReadonlyArray<UserId>
export const user = fc.constantFrom(...users)
const firstCalendar = "cal_a" as CalendarId
export const calendarIds: ReadonlyArray<CalendarId> = [firstCalendar, "cal_b" as CalendarId]
/** The first calendar is of the first one, the second of the other. */
export const platforms = ["first_calendar", "other_calendar"] as const
export const platform = fc.constantFrom(...platforms)
export const calendarId = fc.constantFrom(...calendarIds)
export const instant = fc.integer({ min: 0, max: 12 }).map((n) => n * hour)
export const span = fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }))
export const generation = fc.constantFrom(1, 1, 1, 2)

/** A generation of one of a user's two connections. */
export const connectionOf: fc.Arbitrary<ConnectionGeneration> = fc
  .tuple(user, platform, generation)
  .map(([userId, of, number]) => ({ id: connectionId(of, userId), userId, generation: number }))

/** Both calendars as their connections list them. */
export const listingsOf = (userId: UserId): ReadonlyArray<KnownListing> =>
  calendarIds.map((id, place) => {
    const connection = connectionId(platforms[place === 0 ? 0 : 1], userId)
    return listing(connection, id, { id, isPrimary: place === 1 })
  })
const seriesKey = fc.constantFrom("uid:s", "uid:t") as unknown as fc.Arbitrary<SeriesKey>
const dates = ["2041-04-20", "2041-04-21"] as const

const meetings: ReadonlyArray<MeetingKey> = [
  "uid:m" as MeetingKey,
  "uid:\u0000n" as MeetingKey,
  ...dates.flatMap((date) => ["uid:s", "uid:t"].map((key) => occurrenceMeetingKey(key as SeriesKey, date)))
]
export const meeting = fc.constantFrom(...meetings)

const seriesKeyOf = (key: MeetingKey): string | null => (key.startsWith("on:") ? key.slice(14) : null)

export const event: fc.Arbitrary<CalendarEvent> = fc
  .record({
    meeting,
    // Told under another UID than before, now and then.
    renamed: fc.oneof({ arbitrary: fc.constant(null), weight: 7 }, { arbitrary: meeting, weight: 1 }),
    copy: calendarId,
    start: instant,
    lasts: fc.constantFrom(0, hour, 40 * hour),
    isDeleted: fc.boolean(),
    subject: fc.constantFrom("a", "b", "\u0000\ud800"),
    told: instant
  })
  .map(({ copy, isDeleted, lasts, meeting: key, renamed, start, subject, told }) => {
    const series = seriesKeyOf(key)
    return eventOf(`${key}@${copy}`, copy, {
      id: `evt_${key}@${copy}` as EventId,
      providerId: `provider ${key}@${copy}`,
      kind: series === null ? "single" : "occurrence",
      seriesId: series === null ? null : (`srs_${series}@${copy}` as SeriesId),
      seriesKey: series as SeriesKey | null,
      meeting: renamed ?? key,
      family: renamed ?? key,
      start,
      end: start + lasts,
      subject,
      isDeleted,
      createdAt: told,
      updatedAt: told
    })
  })

/** A row that a decision gives back to its family, or takes apart from it: alone, or with its copy elsewhere. */
export const taken = fc.tuple(meeting, calendarId, fc.option(calendarId)).map(([key, copy, with_]) => ({
  id: `evt_${key}@${copy}` as EventId,
  meeting: with_ === null ? key : (`id:evt_${key}@${with_}` as MeetingKey)
}))

export const series: fc.Arbitrary<Series> = fc
  .record({ key: seriesKey, copy: calendarId, subject: fc.constantFrom("a", "b"), told: instant, asked: fc.boolean() })
  .map(({ asked, copy, key, subject, told }) =>
    seriesOf(`${key}@${copy}`, {
      id: `srs_${key}@${copy}` as SeriesId,
      calendarId: copy,
      key,
      iCalUid: null,
      timing: null,
      exceptions: asked ? { cancelled: [dates[0]], moved: [] } : null,
      subject,
      createdAt: told,
      updatedAt: told
    })
  )

/** Small ones stay in their rows, large ones are shared; those of one text may come in another order of members. */
export const config: fc.Arbitrary<BotConfig> = fc.constantFrom<BotConfig>(
  { record: true },
  { prompt: "a".repeat(300), record: true },
  { record: true, prompt: "a".repeat(300) },
  { prompt: "b".repeat(300), custom_attributes: { note: "c".repeat(300) } }
)

/** One bot of a meeting may be live; another is over, since the database lets no two live ones stand. */
export const bot: fc.Arbitrary<Bot> = fc
  .record({
    meeting,
    at: instant,
    revision: fc.integer({ min: 1, max: 3 }),
    isOver: fc.boolean(),
    state: fc.nat(4),
    config
  })
  .map(({ at, config: own, isOver, meeting: key, revision, state }) =>
    botOf(`bot_${key}${isOver ? "over" : ""}` as BotId, key, firstCalendar, {
      meeting: key,
      status: isOver
        ? "Failed"
        : ((["Scheduled", "Scheduled", "Launching", "Launched", "Cancelled"] as const)[state] ?? "Failed"),
      joinAt: at,
      config: own,
      customAttributes: { source: key, ...(own["custom_attributes"] as BotConfig | undefined) },
      launch: {
        leaseUntil: at,
        attempts: 1,
        retryAt: at % 2 === 0 ? at + hour : null,
        mayHaveSucceeded: false,
        openUntil: null,
        takenBack: null,
        owner: null
      },
      schedule: { name: `bot-${key}` as ScheduleName, group: "zoom", wanted: revision, applied: revision % 2 },
      revision,
      createdAt: isOver ? at : 0,
      updatedAt: at
    })
  )

export const intent: fc.Arbitrary<Intent> = fc.oneof(
  meeting.map((key): Intent => exclusion(key, { id: `not ${key}` })),
  // Under the meeting's own name: histories delete intents by the names of meetings.
  fc.tuple(meeting, config).map(([key, own]): Intent => eventIntent(key, { id: key, config: own })),
  fc
    .tuple(fc.constantFrom(recurringIntent, seriesExclusion), seriesKey)
    .map(([make, key]): Intent => make(key, { fromDate: dates[0] }))
)

/** Rows whose order is nobody's concern. */
export const inAnyOrder = (rows: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  rows.map((row) => JSON.stringify(row)).toSorted()

export const some = <A>(item: fc.Arbitrary<A>) => fc.array(item, { maxLength: 3 })

export const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: "all" }),
  fc.constant<Scope>({ kind: "intended" }),
  span.map((given): Scope => ({ kind: "span", span: given })),
  fc.record({ kind: fc.constant("meetings" as const), meetings: some(meeting), series: some(seriesKey) })
)

const page = {
  limit: fc.integer({ min: 0, max: 4 }),
  place: fc.option(fc.tuple(instant, meeting).map(([at, key]) => ({ at, id: `evt_${key}` }))),
  backwards: fc.boolean()
}

export const eventsQuery = fc.record({
  userId: user,
  calendarIds: fc.subarray([...calendarIds]),
  span,
  includeDeleted: fc.boolean(),
  uniqueMeetings: fc.boolean(),
  ...page
})

export const botsQuery = fc.record({
  userId: user,
  status: fc.constantFrom("Scheduled", "Launched", null),
  joinAfter: fc.option(instant),
  ...page
})
