/**
 * What people do to their calendars in a simulated world.
 * Decides, by chance, which meetings there are and how they change: moves above all, starts where clocks are watched
 * (full and half hours, midnight, a lead from now). Never asks Punctual for anything.
 */
import { Context } from "effect"
import type { ProviderCalendarId } from "../../src/domain/Ids.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import { CalendarControl } from "../memory/CalendarMemory.ts"
import {
  type Gathering,
  type Person,
  type SeriesLevelIntent,
  intentOf,
  keyOfOccurrence,
  seriesLevelIntent,
  uidOf
} from "./Model.ts"
import { type Office, freeStart, holdersOf, make, nameAt, organizerOf, startOf, urlOf } from "./Office.ts"
import { doubtAnew, doubtUntold } from "./Renaming.ts"
import { turn } from "./Turning.ts"
import type { Ports } from "./Site.ts"
import { type Stage, timeText } from "./Stage.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const lead = minute

export interface Organizer {
  readonly edit: (person: Person) => void
  /** Makes a meeting there that is some hours away; answers its key. */
  readonly add: (person: Person, place: ProviderCalendarId) => string
}

export const makeOrganizer = (stage: Stage, ports: Ports, everybody: ReadonlyArray<Person>): Organizer => {
  const control = Context.get(ports, CalendarControl)
  const office: Office = { stage, control, ports, everybody, starts: new Map() }
  return {
    edit: (person) => {
      const { chance, loop, swarm } = stage
      if (chance.hits(swarm.turns)) return turn(office, person)
      const now = loop.now()
      const live = person.gatherings.filter(({ end, isGone }) => !isGone && end > now - hour)
      const isWanting = live.length === 0 || (live.length < swarm.meetings && chance.hits(0.5))
      if (isWanting || chance.hits(0.1)) return create(office, person)
      if (chance.hits(0.12)) return editSeries(office, person)
      // Changes at the last moment are the hardest: often it is what is about to begin.
      const soon = live.filter(({ start }) => start - lead - 2 * minute < now && now < start + 5 * minute)
      change(office, chance.pick(soon.length > 0 && chance.hits(0.5) ? soon : live))
    },
    add: (person, place) => {
      const start = stage.loop.now() + stage.chance.int(4, 8) * hour
      return make(office, nameAt(person, place), { place, start, end: start + hour, url: urlOf(stage) }).key
    }
  }
}

const placesOf = ({ providerIds }: Person): ReadonlyArray<ProviderCalendarId> => [...new Set(providerIds.values())]

const create = (office: Office, person: Person): void => {
  const { chance, marks } = office.stage
  if (chance.hits(0.12) && [...person.series.values()].filter(({ isGone }) => !isGone).length < 2) {
    return createSeries(office, person)
  }
  const places = placesOf(person)
  const place = chance.pick(places)
  const start = startOf(office.stage)
  const end = start + chance.pick([15, 30, 60, 120]) * minute
  const meeting = { place, start, end, url: urlOf(office.stage) }
  const made = make(office, nameAt(person, place), meeting)
  const others = places.filter((id) => id !== place)
  if (others.length === 0 || !chance.hits(0.15 + 0.15 * (person.links.length - 1))) return
  const other = chance.pick(others)
  marks.copyMade += 1
  if (nameAt(person, other) !== nameAt(person, place)) marks.copyAcross += 1
  // Providers hand a UID on in letters of their own case.
  const uid = uidOf(made.providerId)
  make(office, nameAt(person, other), { ...meeting, place: other }, chance.hits(0.5) ? uid : uid.toUpperCase())
}

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] as const

const createSeries = (office: Office, person: Person): void => {
  const { control, stage } = office
  const { chance, loop, marks } = stage
  const place = chance.pick(placesOf(person))
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
  const name = nameAt(person, place)
  const url = urlOf(stage)
  const subject = `${name} repeats ${marks.seriesMade}`
  const organizer = organizerOf(name)
  const providerId = loop.sync(control.createSeries(place, { timing, joinUrl: url, subject, organizer }))
  marks.seriesMade += 1
  stage.note(`${name} makes series ${providerId} in ${zone}`)
  for (const holder of holdersOf(office, place)) {
    holder.series.set(providerId, seriesLevelIntent({ providerId, place, zone, subject, url, timing }))
  }
}

const change = (office: Office, gathering: Gathering): void => {
  const { control, everybody, stage } = office
  const { chance, loop, marks } = stage
  const { providerId } = gathering
  const touch = (): void => {
    for (const person of everybody) {
      if (!person.gatherings.includes(gathering)) continue
      doubtUntold(office, person, gathering)
      intentOf(person, gathering.key).touchedAt = loop.now()
    }
  }
  const edit = (members: Partial<Pick<Gathering, "start" | "end" | "isCancelled" | "url">>, what: string): void => {
    const { url, ...rest } = members
    loop.sync(control.change(providerId, { ...rest, ...(url === undefined ? {} : { joinUrl: url }) }))
    Object.assign(gathering, members)
    touch()
    stage.note(`somebody ${what} ${providerId} ${JSON.stringify(members)}`)
  }
  const roll = chance.next()
  if (roll < 0.5) {
    const isPast = chance.hits(0.08)
    const start = isPast ? loop.now() - 3 * hour : startOf(stage)
    marks[isPast ? "meetingMovedToPast" : "meetingMoved"] += 1
    const free = freeStart(office, gathering.uid, start)
    return edit({ start: free, end: free + (gathering.end - gathering.start) }, "moves")
  }
  if (roll < 0.72) {
    marks[gathering.isCancelled ? "meetingUncancelled" : "meetingCancelled"] += 1
    return edit({ isCancelled: !gathering.isCancelled }, "cancels")
  }
  if (roll < 0.86) {
    const url = chance.hits(0.3) ? null : urlOf(stage)
    marks[url === null ? "linkRemoved" : "linkChanged"] += 1
    return edit({ url }, "links")
  }
  marks.meetingDeleted += 1
  gathering.isGone = true
  touch()
  doubtAnew(office, gathering)
  loop.sync(control.remove(providerId))
  stage.note(`somebody deletes ${providerId}`)
}

/** Another time of day or another rhythm for all of it; or it ends soon, and another goes on in its place. */
const changePattern = (office: Office, person: Person, series: SeriesLevelIntent): void => {
  const { control, stage } = office
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
  for (const one of seriesOf(office, series)) Object.assign(one, { timing, wasShifted: true })
  loop.sync(control.changeSeries(series.providerId, { timing }))
  stage.note(`${person.userId} changes the pattern of ${series.providerId} ${JSON.stringify(timing)}`)
  if (isCut) createSeries(office, person)
}

/** The same series, as each who has it knows it. */
const seriesOf = ({ everybody }: Office, { providerId }: SeriesLevelIntent): ReadonlyArray<SeriesLevelIntent> =>
  everybody.flatMap(({ series }) => series.get(providerId) ?? [])

const editSeries = (office: Office, person: Person): void => {
  const { control, everybody, stage } = office
  const { chance, loop, marks, swarm } = stage
  const live = [...person.series.values()].filter(({ isGone }) => !isGone)
  if (live.length === 0) return
  const series = chance.pick(live)
  const now = loop.now()
  const next = loop
    .sync(control.taking(series.place, { from: now, to: now + 3 * day }))
    .filter(({ seriesProviderId }) => seriesProviderId === series.providerId)
  const holders = everybody.filter((each) => each.series.has(series.providerId))
  if (next.length === 0 || chance.hits(0.1)) {
    for (const one of seriesOf(office, series)) one.isGone = true
    loop.sync(control.remove(series.providerId))
    for (const holder of holders) for (const intent of holder.intents.values()) intent.touchedAt = now
    stage.note(`${person.userId} deletes series ${series.providerId}`)
    return
  }
  if (chance.hits(swarm.patterns)) return changePattern(office, person, series)
  const { providerId, start } = chance.pick(next)
  const date = providerId.slice(series.providerId.length + 1)
  for (const holder of holders) intentOf(holder, keyOfOccurrence(series.providerId, date)).touchedAt = now
  marks.occurrenceChanged += 1
  stage.note(`${person.userId} changes ${providerId}`)
  const roll = chance.next()
  if (roll < 0.5) {
    loop.sync(control.changeOccurrence(series.providerId, date, { start: start + chance.int(-90, 300) * minute }))
  } else if (roll < 0.7) loop.sync(control.changeOccurrence(series.providerId, date, { isCancelled: true }))
  else if (roll < 0.85) loop.sync(control.changeOccurrence(series.providerId, date, { joinUrl: urlOf(stage) }))
  else loop.sync(control.deleteOccurrence(series.providerId, date))
}
