/**
 * Generators of the domain's rows, each by itself: what a store is asked to keep.
 *
 * Decides members that may stand together. What a user's whole state looks like is decided in `States.ts`.
 */
import { Arbitrary } from "effect"
import { occurrenceMeetingKey, seriesKey } from "../../src/domain/MeetingKey.ts"
import type { Bot } from "../../src/domain/Bot.ts"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { Connection, Credentials } from "../../src/domain/Connection.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, EventId, MeetingKey, ScheduleName, SeriesId, UserId } from "../../src/domain/Ids.ts"
import type { EventIntent, Intent, Override } from "../../src/domain/Intent.ts"
import type { Series } from "../../src/domain/Series.ts"
import * as rows from "../rows/index.ts"
import { facts } from "./Facts.ts"
import { timing } from "./Timings.ts"
import {
  type Frame,
  boolean,
  dateNear,
  hour,
  instantNear,
  json,
  label,
  length,
  link,
  members,
  minute,
  nullable,
  oneOf,
  seldom,
  text,
  zone
} from "./Values.ts"

export const userId = Arbitrary.map(label, (name) => `usr_${name}` as UserId)
export const calendarId = Arbitrary.map(oneOf(["A", "b"]), (name) => `AAMk=${name}` as CalendarId)
export const seriesId = Arbitrary.map(oneOf(["s", "T"]), (name) => `srs_${name}` as SeriesId)
const counter = oneOf([0, 1, 2, 7])

export const event = (frame: Frame): Arbitrary.Arbitrary<CalendarEvent> =>
  Arbitrary.map(
    Arbitrary.all({
      of: nullable(seriesId, 2),
      name: label,
      calendarId,
      date: dateNear(frame),
      start: instantNear(frame),
      length,
      isException: boolean,
      iCalUid: nullable(label),
      flags: Arbitrary.all([seldom(5), seldom(6), seldom(8), seldom(8)]),
      facts: nullable(facts, 8),
      zone,
      subject: text,
      link: nullable(link),
      createdAt: instantNear(frame),
      raw: json
    }),
    ({ createdAt, date, flags, isException, iCalUid, length: millis, name, of, raw, start, ...row }) => {
      const [isCancelled, isDeleted, isVirtual, isAllDay] = flags
      const id = `evt_${of ?? ""}${name}` as EventId
      const key = of === null ? null : seriesKey(of, null)
      const kind = of === null ? "single" : isException ? "exception" : "occurrence"
      return rows.event(name, {
        ...row,
        id,
        iCalUid,
        start,
        isCancelled,
        isDeleted,
        isVirtual,
        isAllDay,
        createdAt,
        raw,
        kind,
        providerId: isVirtual ? "" : `provider ${id}`,
        seriesId: of,
        seriesKey: key,
        originalDate: of === null ? null : date,
        originalStart: of === null ? null : start,
        ...(key !== null && { meeting: occurrenceMeetingKey(key, date) }),
        end: start + millis,
        updatedAt: createdAt
      })
    }
  )

export const series = (frame: Frame): Arbitrary.Arbitrary<Series> =>
  Arbitrary.map(
    Arbitrary.all({
      id: seriesId,
      calendarId,
      timing: nullable(timing(frame), 5),
      decidedTiming: nullable(timing(frame), 2),
      cancelled: nullable(Arbitrary.array(dateNear(frame), { maxLength: 3 }), 2),
      moved: Arbitrary.array(Arbitrary.all([dateNear(frame), instantNear(frame), length]), { maxLength: 2 }),
      subject: text,
      link: nullable(link),
      flags: Arbitrary.all([seldom(6), seldom(6)]),
      facts: nullable(facts, 8),
      createdAt: instantNear(frame),
      raw: json
    }),
    ({ cancelled, flags: [isCancelled, isDeleted], moved, ...row }) =>
      rows.series(row.id, {
        ...row,
        isCancelled,
        isDeleted,
        iCalUid: null,
        ruleText: row.timing === null ? null : "FREQ=DAILY",
        exceptions:
          cancelled === null
            ? null
            : { cancelled, moved: moved.map(([date, start, millis]) => ({ date, start, end: start + millis })) },
        updatedAt: row.createdAt
      })
  )

const origin = oneOf(["manual", "series", "recurring", "auto"])
const seq = oneOf([1, 2, 3, 4, 5, 6])

/** What a caller said of a meeting, if anything. */
const hints: Arbitrary.Arbitrary<Pick<EventIntent, "hints">> = Arbitrary.map(
  nullable(Arbitrary.all({ link: nullable(link), from: nullable(counter) })),
  (said) =>
    said === null
      ? {}
      : { hints: { link: said.link, span: said.from === null ? null : { from: said.from, to: said.from + hour } } }
)

/** An intent about one of these meetings, or about a series. */
export const intent = (frame: Frame, meeting: Arbitrary.Arbitrary<MeetingKey>): Arbitrary.Arbitrary<Intent> =>
  Arbitrary.map(
    Arbitrary.all({
      kind: oneOf(["event", "series", "recurring", "exclusion", "series-exclusion"]),
      name: label,
      seq,
      meeting,
      series: Arbitrary.map(seriesId, (id) => seriesKey(id, null)),
      origin,
      fromDate: dateNear(frame),
      beforeDate: nullable(dateNear(frame), 2),
      dateCount: oneOf([1, 2, 5, 366]),
      hints,
      config: members
    }),
    ({ hints: said, kind, meeting: of, name, origin: from, seq: number, series: key, ...others }): Intent => {
      const { beforeDate, config, fromDate, dateCount } = others
      const own = { id: `${kind} ${name}`, seq: number }
      if (kind === "event") return rows.eventIntent(of, { ...own, origin: from, config, ...said })
      if (kind === "series") return rows.seriesIntent(key, { ...own, fromDate, dateCount, beforeDate, config })
      if (kind === "recurring") return rows.recurringIntent(key, { ...own, fromDate, beforeDate, config })
      if (kind === "exclusion") return rows.exclusion(of, own)
      return rows.seriesExclusion(key, { ...own, fromDate })
    }
  )

export const override = (meeting: Arbitrary.Arbitrary<MeetingKey>): Arbitrary.Arbitrary<Override> =>
  Arbitrary.map(
    Arbitrary.all({
      meeting,
      joinOffsetMillis: nullable(oneOf([0, -minute, -10 * minute, 5 * minute])),
      botName: nullable(text),
      customAttributes: nullable(members),
      config: nullable(members)
    }),
    (row) => rows.override(row.meeting, row)
  )

/** A bot of one of these meetings; it joins as it should, or as it should have before its meeting moved. */
export const bot = (frame: Frame, meeting: Arbitrary.Arbitrary<MeetingKey>): Arbitrary.Arbitrary<Bot> =>
  Arbitrary.map(
    Arbitrary.all({
      name: label,
      meeting,
      calendarId,
      status: oneOf(["Scheduled", "Launching", "Launched", "Failed", "Cancelled"]),
      origin,
      seq,
      start: instantNear(frame),
      length,
      drift: oneOf([0, 0, 1, -minute]),
      link,
      botName: text,
      customAttributes: members,
      config: members,
      wanted: counter,
      behind: oneOf([0, 1]),
      revision: oneOf([1, 2, 9]),
      retryAt: nullable(instantNear(frame)),
      leaseUntil: instantNear(frame),
      createdAt: instantNear(frame),
      mayHaveSucceeded: boolean,
      takenBack: nullable(oneOf(["removed_by_user", "meeting_cancelled"])),
      owner: nullable(oneOf(["here", "there"]))
    }),
    ({
      behind,
      drift,
      leaseUntil,
      length: millis,
      mayHaveSucceeded,
      name,
      owner,
      retryAt,
      takenBack,
      wanted,
      ...row
    }) => {
      const { status } = row
      const end = row.start + millis
      return rows.bot(rows.event(name, { start: row.start, end }), {
        ...row,
        statusReason: status === "Failed" ? "launcher_rejected" : status === "Cancelled" ? "removed_by_user" : null,
        statusMessage: status === "Failed" ? "no" : null,
        joinAt: row.start - frame.leadMillis + drift,
        end,
        schedule: {
          name: `bot-usr-bot_${name}` as ScheduleName,
          group: row.link.platform,
          wanted,
          applied: wanted - behind
        },
        launch:
          status === "Launching"
            ? { leaseUntil, attempts: 1, retryAt, mayHaveSucceeded, openUntil: retryAt, takenBack, owner }
            : null,
        externalId: status === "Launched" ? `external bot_${name}` : null,
        updatedAt: row.createdAt
      })
    }
  )

export const connection = (frame: Frame): Arbitrary.Arbitrary<Connection> =>
  Arbitrary.map(
    Arbitrary.all({
      userId,
      generation: oneOf([1, 2, 9]),
      revision: oneOf([1, 2, 9]),
      status: oneOf(["active", "reauthorization_required", "error", "disconnected"]),
      statusReason: nullable(oneOf(["grant_revoked", "erasing"])),
      statusMessage: nullable(text),
      accountId: label,
      email: nullable(oneOf(["ada@example.com"])),
      name: nullable(text),
      credentialsVersion: counter,
      notBefore: nullable(instantNear(frame)),
      createdAt: instantNear(frame),
      updatedAt: instantNear(frame)
    }),
    rows.connection
  )

export const credentials = (frame: Frame): Arbitrary.Arbitrary<Credentials> =>
  Arbitrary.all({ clientId: label, clientSecret: text, refreshToken: text, obtainedAt: instantNear(frame) })

export const calendar = (frame: Frame): Arbitrary.Arbitrary<Calendar> =>
  Arbitrary.map(
    Arbitrary.all({
      id: calendarId,
      summary: text,
      isPrimary: boolean,
      accessRole: oneOf(["owner", "writer", "reader", "freeBusyReader"]),
      color: oneOf(["#0078d4"]),
      timeZone: nullable(zone),
      selected: Arbitrary.map(seldom(4), (isOff) => !isOff),
      isRemoved: seldom(8),
      position: counter,
      subscription: nullable(
        Arbitrary.all({ id: label, clientStateHash: oneOf(["ab".repeat(32)]), expiresAt: instantNear(frame) })
      ),
      eventsZone: nullable(zone),
      pollingReason: nullable(oneOf(["no_public_url", "subscription_removed"])),
      cursor: nullable(text),
      window: nullable(Arbitrary.all({ from: instantNear(frame), to: instantNear(frame) })),
      basedAt: nullable(instantNear(frame)),
      lastSyncedAt: nullable(instantNear(frame)),
      syncStatus: oneOf(["never", "ok", "stale", "failed"]),
      syncError: nullable(text),
      dueAt: instantNear(frame),
      changedMark: counter,
      syncGeneration: counter,
      leaseUntil: nullable(instantNear(frame))
    }),
    rows.calendar
  )
