/**
 * The users that benchmarks of deciding are run on: single meetings of one calendar, and bots as a store hands them over.
 */
import type { Bot } from "../src/domain/Bot.ts"
import type { CalendarEvent } from "../src/domain/Event.ts"
import type { MeetingKey, ProviderCalendarId } from "../src/domain/Ids.ts"
import type { State } from "../src/decide/state/StateIndex.ts"
import { bot } from "../testing/rows/Bot.ts"
import { event } from "../testing/rows/Event.ts"
import { autoSchedule, eventIntent } from "../testing/rows/Intent.ts"
import { calendarId, connectionId, minute } from "../testing/rows/Present.ts"

export const now = Date.UTC(2026, 10, 23, 9)

export const userOf = (size: number): State => {
  const events = Array.from({ length: size }, (_, place) => eventAt(place))
  return {
    connections: [{ id: connectionId, status: "active", email: null }],
    calendars: [
      {
        id: calendarId,
        providerId: "calendar" as ProviderCalendarId,
        connectionId,
        isPrimary: true,
        position: 0,
        selected: true,
        timeZone: null,
        eventsZone: null,
        window: { from: now, to: now + 30 * 1440 * minute }
      }
    ],
    auto: autoSchedule({ enabled: true, seq: 1, coveredUntil: now + 1440 * minute }),
    workspace: null,
    events,
    series: [],
    intents: events.map(({ meeting }) => eventIntent(meeting, { config: { bot_name: "Notes" } })),
    overrides: [],
    bots: shuffled(events.filter((_, place) => place % 10 !== 0).map((event) => botOf(event, 0)))
  }
}

export const eventAt = (place: number): CalendarEvent => {
  const name = `${place}`.padStart(9, "0")
  const start = now + 60 * minute + (place % 20_000) * minute
  return event(name, {
    providerId: `AAMkAGI2TG93AAA=${name}`,
    iCalUid: `040000008200E00074C5B7101A82E008${name}`,
    start,
    end: start + 30 * minute,
    link: { platform: "teams", url: `https://teams.microsoft.com/meet/${name}` }
  })
}

export const botOf = (event: CalendarEvent, shift: number): Bot =>
  bot(event, {
    meeting: `${event.meeting} `.trimEnd() as MeetingKey,
    joinAt: event.start - minute + shift,
    start: event.start + shift,
    end: event.end + shift,
    ...looks(event)
  })

/** As a store hands them over: never the same object twice. */
export const looks = ({ providerId, subject }: CalendarEvent) => ({
  botName: "Notes",
  config: { bot_name: "Notes", recording_mode: "speaker_view", language: "de" },
  customAttributes: { source: "calendar_integration", event_id: providerId, event_summary: subject }
})

/** The same order every time, none that a cache could guess. */
export const shuffled = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const all = [...items]
  let state = 1
  for (let place = all.length - 1; place > 0; place--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (place + 1))
    const held = all[place] as A
    all[place] = all[other] as A
    all[other] = held
  }
  return all
}

/** By the processor's time, collecting garbage included: what else the machine does costs it nothing. */
export const timed = (work: () => unknown): number => {
  const before = process.cpuUsage()
  work()
  const { system, user } = process.cpuUsage(before)
  return (system + user) / 1000
}

export const round = (value: number): number => Math.round(value * 10) / 10
