/**
 * What people do to their calendars in a simulated world.
 * Decides, by chance, which meetings there are and how they change: moves above all, starts where clocks are watched
 * (full and half hours, midnight, a lead from now). Never asks Punctual for anything.
 */
import { Context } from "effect"
import type { CalendarId } from "../../src/domain/Ids.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import {
  type Gathering,
  type Person,
  type SeriesLevelIntent,
  intentOf,
  keyOfOccurrence,
  keyOfSingle,
  providerIdOf,
  uidOf
} from "./Model.ts"
import type { Ports } from "./Site.ts"
import { type Stage, timeText } from "./Stage.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const lead = minute

export interface Organizer {
  readonly edit: (person: Person) => void
  /** Makes a meeting there that is some hours away; answers its key. */
  readonly add: (person: Person, calendarId: CalendarId) => string
}

export const makeOrganizer = (stage: Stage, ports: Ports): Organizer => {
  const control = Context.get(ports, CalendarControl)
  return {
    edit: (person) => {
      const { chance, loop, swarm } = stage
      const now = loop.now()
      const live = person.gatherings.filter(({ end, isGone }) => !isGone && end > now - hour)
      const isWanting = live.length === 0 || (live.length < swarm.meetings && chance.hits(0.5))
      if (isWanting || chance.hits(0.1)) return create(stage, control, person)
      if (chance.hits(0.12)) return editSeries(stage, control, person)
      // Changes at the last moment are the hardest: often it is what is about to begin.
      const soon = live.filter(({ start }) => start - lead - 2 * minute < now && now < start + 5 * minute)
      change(stage, control, person, chance.pick(soon.length > 0 && chance.hits(0.5) ? soon : live))
    },
    add: (person, calendarId) => {
      const start = stage.loop.now() + stage.chance.int(4, 8) * hour
      return make(stage, control, person, { calendarId, start, end: start + hour, url: linkOf(stage) }).key
    }
  }
}

type Control = CalendarControl["Service"]

/** Where starts cluster. */
const startOf = ({ chance, loop }: Stage): number => {
  const now = loop.now()
  const roll = chance.next()
  if (roll < 0.1) return now + lead + chance.int(-1_000, 1_000)
  if (roll < 0.2) return (Math.floor(now / day) + 1) * day + chance.int(-3, 3) * minute
  if (roll < 0.3) return now + chance.int(1, 4 * day)
  if (roll < 0.4) return now + chance.int(1, 30) * minute
  return (Math.floor(now / (30 * minute)) + chance.int(1, roll < 0.8 ? 10 : 60)) * 30 * minute
}

const linkOf = ({ chance }: Stage): string | null =>
  chance.hits(0.9) ? `https://zoom.us/j/${chance.int(1_000_000_000, 9_999_999_999)}` : null

const create = (stage: Stage, control: Control, person: Person): void => {
  const { chance, marks } = stage
  if (chance.hits(0.12) && [...person.series.values()].filter(({ isGone }) => !isGone).length < 2) {
    return createSeries(stage, control, person)
  }
  const calendarId = chance.pick(person.calendars)
  const start = startOf(stage)
  const end = start + chance.pick([15, 30, 60, 120]) * minute
  const meeting = { calendarId, start, end, url: linkOf(stage) }
  const made = make(stage, control, person, meeting)
  const others = person.calendars.filter((id) => id !== calendarId)
  if (others.length === 0 || !chance.hits(0.15)) return
  marks.copyMade += 1
  make(stage, control, person, { ...meeting, calendarId: chance.pick(others) }, uidOf(made.providerId))
}

const make = (
  stage: Stage,
  control: Control,
  person: Person,
  meeting: Pick<Gathering, "calendarId" | "start" | "end" | "url">,
  copied: string | null = null
): Gathering => {
  const { calendarId, end, start, url } = meeting
  const members = { start, end, joinUrl: url, subject: `${person.userId} meets` }
  const copy = copied === null ? {} : { iCalUid: copied }
  const providerId = stage.loop.sync(control.create(providerIdOf(person, calendarId), { ...members, ...copy }))
  const made = {
    ...meeting,
    providerId,
    key: keyOfSingle(copied ?? uidOf(providerId)),
    isCancelled: false,
    isGone: false
  }
  person.gatherings.push(made)
  stage.note(`${person.userId} makes ${providerId} at ${start}`)
  return made
}

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] as const

const createSeries = (stage: Stage, control: Control, person: Person): void => {
  const { chance, loop, marks } = stage
  const calendarId: CalendarId = chance.pick(person.calendars)
  const zone = chance.pick(zones)
  const timing: RecurringSeries = {
    rule: {
      kind: "pattern",
      pattern: { kind: "daily", interval: chance.pick([1, 1, 2]) },
      range: chance.hits(0.5) ? { kind: "noEnd" } : { kind: "numbered", count: chance.int(2, 6) }
    },
    startDate: timeText(loop.now()).slice(0, 10),
    startTime: chance.int(0, 47) * 30 * minute,
    durationMillis: chance.pick([30, 60]) * minute,
    zone
  }
  const providerId = loop.sync(
    control.createSeries(providerIdOf(person, calendarId), {
      timing,
      joinUrl: linkOf(stage),
      subject: `${person.userId} repeats`
    })
  )
  marks.seriesMade += 1
  stage.note(`${person.userId} makes series ${providerId} in ${zone}`)
  person.series.set(providerId, {
    providerId,
    calendarId,
    zone,
    chain: "no",
    chainFrom: "0001-01-01",
    explicit: "no",
    excluded: "no",
    wasExcluded: false,
    wasShifted: false,
    timing,
    isGone: false
  })
}

const change = (stage: Stage, control: Control, person: Person, groupCommits: Gathering): void => {
  const { chance, loop, marks } = stage
  const { providerId } = groupCommits
  const edit = (members: Partial<Pick<Gathering, "start" | "end" | "isCancelled" | "url">>, what: string): void => {
    const { url, ...rest } = members
    loop.sync(control.change(providerId, { ...rest, ...(url === undefined ? {} : { joinUrl: url }) }))
    Object.assign(groupCommits, members)
    intentOf(person, groupCommits.key).touchedAt = loop.now()
    stage.note(`${person.userId} ${what} ${providerId} ${JSON.stringify(members)}`)
  }
  const roll = chance.next()
  if (roll < 0.5) {
    const isPast = chance.hits(0.08)
    const start = isPast ? loop.now() - 3 * hour : startOf(stage)
    marks[isPast ? "meetingMovedToPast" : "meetingMoved"] += 1
    return edit({ start, end: start + (groupCommits.end - groupCommits.start) }, "moves")
  }
  if (roll < 0.72) {
    marks[groupCommits.isCancelled ? "meetingUncancelled" : "meetingCancelled"] += 1
    return edit({ isCancelled: !groupCommits.isCancelled }, "cancels")
  }
  if (roll < 0.86) {
    const url = chance.hits(0.3) ? null : linkOf(stage)
    marks[url === null ? "linkRemoved" : "linkChanged"] += 1
    return edit({ url }, "links")
  }
  marks.meetingDeleted += 1
  groupCommits.isGone = true
  intentOf(person, groupCommits.key).touchedAt = loop.now()
  loop.sync(control.remove(providerId))
  stage.note(`${person.userId} deletes ${providerId}`)
}

/** Another time of day or another rhythm for all of it; or it ends soon, and another goes on in its place. */
const changePattern = (stage: Stage, control: Control, person: Person, series: SeriesLevelIntent): void => {
  const { chance, loop, marks } = stage
  const isCut = chance.hits(0.4)
  const interval = chance.pick([1, 2, 3])
  const range = isCut ? ({ kind: "numbered", count: chance.int(1, 4) } as const) : ({ kind: "noEnd" } as const)
  const timing: RecurringSeries = {
    ...series.timing,
    rule: { kind: "pattern", pattern: { kind: "daily", interval }, range },
    startTime: chance.hits(0.5) ? chance.int(0, 47) * 30 * minute : series.timing.startTime
  }
  marks[isCut ? "seriesCutShort" : "patternChanged"] += 1
  Object.assign(series, { timing, wasShifted: true })
  loop.sync(control.changeSeries(series.providerId, { timing }))
  stage.note(`${person.userId} changes the pattern of ${series.providerId} ${JSON.stringify(timing)}`)
  if (isCut) createSeries(stage, control, person)
}

const editSeries = (stage: Stage, control: Control, person: Person): void => {
  const { chance, loop, marks, swarm } = stage
  const live = [...person.series.values()].filter(({ isGone }) => !isGone)
  if (live.length === 0) return
  const series = chance.pick(live)
  const now = loop.now()
  const next = loop
    .sync(control.taking(providerIdOf(person, series.calendarId), { from: now, to: now + 3 * day }))
    .filter(({ seriesProviderId }) => seriesProviderId === series.providerId)
  const touch = (key: string): void => {
    intentOf(person, key).touchedAt = now
  }
  if (next.length === 0 || chance.hits(0.1)) {
    series.isGone = true
    loop.sync(control.remove(series.providerId))
    for (const intent of person.intents.values()) touch(intent.key)
    stage.note(`${person.userId} deletes series ${series.providerId}`)
    return
  }
  if (chance.hits(swarm.patterns)) return changePattern(stage, control, person, series)
  const { providerId, start } = chance.pick(next)
  const date = providerId.slice(series.providerId.length + 1)
  touch(keyOfOccurrence(series.providerId, date))
  marks.occurrenceChanged += 1
  stage.note(`${person.userId} changes ${providerId}`)
  const roll = chance.next()
  if (roll < 0.5) {
    loop.sync(control.changeOccurrence(series.providerId, date, { start: start + chance.int(-90, 300) * minute }))
  } else if (roll < 0.7) loop.sync(control.changeOccurrence(series.providerId, date, { isCancelled: true }))
  else if (roll < 0.85) loop.sync(control.changeOccurrence(series.providerId, date, { joinUrl: linkOf(stage) }))
  else loop.sync(control.deleteOccurrence(series.providerId, date))
}
