/**
 * Something that a user may ask for, at random, as use cases plan it: by the production planners. What they refuse is
 * something that nothing comes of.
 */
import type { Request } from "../../src/decide/requests/Change.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { CalendarId, SeriesKey } from "../../src/domain/Ids.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Subject } from "./Arbitraries.ts"
import type { Deciding } from "./Code.ts"
import { isRefused } from "./Decided.ts"
import { type Luck, luckOf } from "./Luck.ts"
import { seriesIntent } from "./Rows.ts"

export const someRequest = (code: Deciding, { luck, slice }: Pick<Subject, "luck" | "slice">): Request<unknown> => {
  const request = drawn(code, slice, luckOf(luck + 1))
  return (state, at) => {
    const plan = request(state, at)
    return isRefused(plan) ? { change: {}, answer: plan.code } : plan
  }
}

const drawn = (code: Deciding, slice: Slice, chance: Luck): Request<unknown> => {
  const event = chance.oneOf(slice.events) ?? null
  const series = (event === null ? chance.oneOf(slice.series)?.key : event.seriesKey) ?? null
  const bot = chance.oneOf(slice.bots) ?? null
  const yes = chance.below(2) === 0
  const config = { bot_name: "Asked" }
  switch (chance.below(10)) {
    case 0:
      return (state, at) => code.scheduleEvent(state, at, { event, series, moment: null, config, recurring: yes })
    case 1:
      return (state, at) => code.planned(code.excludeEvent(state, at, event, series))
    case 2:
      return (state, at) => code.enableAutoSchedule(state, at, yes ? {} : { config })
    case 3:
      return (state) => code.disableAutoSchedule(state, yes)
    case 4:
      return code.changing((state, at) => code.runAutoSchedule(state, at, yes ? null : at.now))
    case 5:
      return (state) => (bot === null ? nothing : code.planned(code.excludeBot(state, bot)))
    case 6:
      return (state) => (bot === null ? nothing : code.planned(code.overrideBot(state, bot, { botName: "Named" })))
    case 7:
    case 8:
      return series === null ? code.nothing : ofSeries(code, { event, series, slice, yes }, chance)
    default:
      return code.nothing
  }
}

const nothing = { change: {}, answer: null }

interface Asked {
  readonly event: CalendarEvent | null
  readonly series: SeriesKey
  readonly slice: Slice
  readonly yes: boolean
}

const ofSeries = (code: Deciding, { event, series, slice, yes }: Asked, chance: Luck): Request<unknown> => {
  const config = { bot_name: "Asked for all" }
  const occurrenceLimit = chance.oneOf([1, 40, 366, 366]) ?? 1
  const calendarId = event?.calendarId ?? slice.calendars[0]?.id ?? ("nobody's" as CalendarId)
  const moment = yes && event !== null ? ({ kind: "instant", at: event.start } as const) : null
  switch (chance.below(6)) {
    case 4:
    case 5:
      // What was asked for long ago and still stands: as far as an intent may reach.
      return code.changing((state) => ({
        putIntents: [seriesIntent(series, { seq: code.nextSeq(state), fromDate: "2025-01-01", dateCount: 400 })]
      }))
    case 0:
      return (state, at) => code.scheduleSeries(state, at, { series, config, occurrenceLimit })
    case 1:
      return code.changing((state, at) => code.excludeSeries(state, at, series, moment))
    case 2:
      return (state, at) => code.toggleRecurring(state, at, { series, calendarId, event, enabled: yes })
    default:
      return (state, at) =>
        code.scheduleNextOccurrence(state, at, { series, event, config, after: null, rule: null, link: null })
  }
}
