/**
 * How a meeting becomes another thing in a simulated world: a single one a series in place and back, one series two by "this
 * and following", one of several events of its calendar with one UID.
 * Decides which, and under what name each person knows it from then on; what was asked goes with the name. Where a person's
 * mirror does not yet show what was turned, nobody knows what goes over.
 */
import type { ProviderEvent } from "../../src/domain/Provider.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { formatDay, parseDate } from "../../src/recurrence/CivilDate.ts"
import { datesFrom } from "../../src/recurrence/Expand.ts"
import type { RecurringSeries } from "../../src/recurrence/Rule.ts"
import {
  type Gathering,
  type Person,
  type SeriesLevelIntent,
  dateOfKey,
  intentOf,
  keyNow,
  keyOfOccurrence,
  keyOfSingle,
  seriesLevelIntent,
  seriesOfKey
} from "./Model.ts"
import { type Office, freeStart, holdersOf, make, nameAt, organizerOf, startOf, urlOf } from "./Office.ts"
import {
  doubt,
  isAsked,
  isMirrored,
  isMirroredSeries,
  isSeriesAsked,
  isShown,
  noteCarried,
  rename
} from "./Renaming.ts"
import { timeText } from "./Stage.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Something turns, where nobody's request is under way that may be about it. */
export const turn = (office: Office, person: Person): void => {
  const roll = office.stage.chance.next()
  if (roll < 0.3) return becomeSeries(office, person)
  if (roll < 0.5) return becomeSingle(office, person)
  if (roll < 0.75) return split(office, person)
  makeTwin(office, person)
}

const isQuiet = (office: Office, { place }: Pick<Gathering, "place">): boolean =>
  holdersOf(office, place).every(({ busy }) => busy.size === 0)

/** Of its own, alone under its UID, also in other calendars of whoever has it. */
const isPlain = (office: Office, { isCancelled, isGone, place, providerId, uid }: Gathering): boolean =>
  !isGone &&
  !isCancelled &&
  uid === `${providerId}@example.com` &&
  !holdersOf(office, place).some(({ gatherings }) =>
    gatherings.some((other) => other.uid === uid && other.providerId !== providerId)
  )

const becomeSeries = (office: Office, person: Person): void => {
  const { chance, loop, marks, note } = office.stage
  const now = loop.now()
  const plain = person.gatherings.filter(
    (one) => isPlain(office, one) && one.start > now + 10 * minute && one.start < now + 3 * day && isQuiet(office, one)
  )
  if (plain.length === 0) return
  const gathering = chance.pick(plain)
  const { place, providerId, start, subject, url } = gathering
  const date = timeText(start).slice(0, 10)
  const midnight = Math.floor(start / day) * day
  const timing: RecurringSeries = {
    rule: {
      kind: "pattern",
      pattern: { kind: "daily", interval: chance.pick([1, 2]) },
      range: chance.hits(0.5) ? { kind: "noEnd" } : { kind: "numbered", count: chance.int(2, 5) }
    },
    startDate: date,
    startTime: chance.hits(0.7) ? start - midnight : chance.int(0, 47) * 30 * minute,
    durationMillis: gathering.end - start,
    zone: "UTC"
  }
  const held = holdersOf(office, place).map((holder) => ({
    holder,
    isKnown: isMirrored(office, holder, gathering, (row) => row.kind === "single" && row.start === start),
    isShownElsewhen: isShown(office, holder, gathering, (row) => row.kind === "single" && row.start !== start)
  }))
  loop.sync(office.control.makeRecurring(providerId, timing))
  gathering.isGone = true
  marks.becameSeries += 1
  note(`${providerId} becomes a series ${JSON.stringify(timing)}`)
  for (const { holder, isKnown, isShownElsewhen } of held) {
    const known = { providerId, place, zone: "UTC", subject, url, timing }
    // What was said of all of it the last time it was one may be said of it again.
    const wasAsked = isSeriesAsked(holder, providerId)
    // Made anew it goes on once more with the series that it was split from, and may have dates that it lacked then.
    const isContinued = [...holder.series.values()].some(({ continued }) => continued?.providerId === providerId)
    // Who still sees the series that it was sees another pattern of it.
    const wasShifted = wasAsked || isContinued || (!isKnown && holder.series.has(providerId))
    holder.series.set(providerId, { ...seriesLevelIntent(known), wasShifted })
    const intent = rename(office, holder, gathering.key, keyOfOccurrence(providerId, date))
    // Its dates are meetings of their own again, whatever one of them was called meanwhile.
    for (const key of holder.heirs.keys()) if (seriesOfKey(key) === providerId) holder.heirs.delete(key)
    if (isKnown && !wasAsked) noteCarried(office, intent, "becameWithIntent")
    // By an old time it may become another occurrence, or none: also what is yet to be asked, as long as it is shown.
    else if (isAsked(intent) || isShownElsewhen)
      Object.assign(holder.series.get(providerId) ?? {}, { wasShifted: true })
  }
}

const becomeSingle = (office: Office, person: Person): void => {
  const { control, stage } = office
  const { chance, loop, marks, note } = stage
  const now = loop.now()
  const found = pickOccurrence(office, person, (start) => start > now + 10 * minute)
  if (found === null) return
  const { event, series } = found
  const { place, providerId, subject } = series
  const date = event.providerId.slice(providerId.length + 1)
  const moved = chance.hits(0.7) ? event.start : Math.floor(event.start / day) * day + chance.int(0, 47) * 30 * minute
  const times = { start: moved, end: moved + (event.end - event.start) }
  const held = holdersOf(office, place).map((holder) => ({
    holder,
    isKnown:
      isMirrored(office, holder, { place, providerId: event.providerId }, (row) => row.start === event.start) &&
      timeText(event.start).slice(0, 10) === date &&
      series.zone === "UTC"
  }))
  loop.sync(control.makeSingle(providerId, times))
  const single = loop
    .sync(control.taking(place, { from: moved, to: moved + 1 }))
    .find((one) => one.providerId === providerId)
  const uid = `${providerId}@example.com`
  const key = keyOfSingle(uid)
  const gathering: Gathering = {
    providerId,
    place,
    subject,
    uid,
    key,
    ...times,
    isCancelled: single?.isCancelled ?? false,
    url: single?.linkFields?.[0]?.text ?? null,
    isGone: false
  }
  marks.becameSingle += 1
  note(`series ${providerId} becomes one meeting ${JSON.stringify(times)} of ${date}`)
  for (const { holder, isKnown } of held) {
    const left = holder.series.get(providerId)
    const wasAsked = isSeriesAsked(holder, providerId)
    const intent = rename(office, holder, keyOfOccurrence(providerId, date), key)
    holder.gatherings.push(gathering)
    if (left === undefined) continue
    left.isGone = true
    if ((!isKnown && wasAsked) || left.wasShifted) doubt(intent)
    // A bot that stood on the whole series is kept; without one nothing of it goes over.
    if ((left.chain !== "no" || left.explicit !== "no") && intent.explicit === "no") intent.explicit = "unknown"
    if (left.excluded !== "no" || left.wasExcluded) intent.excluded = "unknown"
    if (isKnown) noteCarried(office, intent, "becameWithIntent")
  }
}

const split = (office: Office, person: Person): void => {
  const { control, stage } = office
  const { chance, loop, marks, note } = stage
  const now = loop.now()
  const found = pickOccurrence(office, person, (start) => start > now)
  if (found === null) return
  const { event, series } = found
  const { place, providerId, subject } = series
  const from = event.providerId.slice(providerId.length + 1)
  const { pattern, range } = patternOf(series.timing)
  if (from <= series.timing.startDate || pattern.kind !== "daily") return
  const endDate = formatDay(parseDate(from) - 1)
  const { interval } = pattern
  const former: RecurringSeries = {
    ...series.timing,
    rule: { kind: "pattern", pattern, range: { kind: "endDate", endDate } }
  }
  const isOther = chance.hits(0.15)
  const timing: RecurringSeries = {
    ...series.timing,
    rule: {
      kind: "pattern",
      pattern: { kind: "daily", interval: isOther ? interval + 1 : interval },
      range: range.kind === "noEnd" ? range : { kind: "numbered", count: chance.int(1, 5) }
    },
    startDate: from,
    startTime: chance.hits(0.3) ? chance.int(0, 47) * 30 * minute : series.timing.startTime
  }
  const holders = holdersOf(office, place)
  const known = new Set(holders.filter((holder) => isMirroredSeries(office, holder, series)))
  loop.sync(control.changeSeries(providerId, { timing: former }))
  const url = chance.hits(0.3) ? urlOf(stage) : series.url
  const organizer = organizerOf(nameAt(person, place))
  const next = loop.sync(control.createSeries(place, { timing, joinUrl: url, subject, organizer }))
  marks.seriesSplit += 1
  note(`${providerId} is split on ${from}: ${next} goes on ${JSON.stringify(timing)}`)
  for (const holder of holders) {
    const old = holder.series.get(providerId)
    if (old === undefined) continue
    const { chain, excluded, explicit, wasExcluded } = old
    const wasAsked = isSeriesAsked(holder, providerId)
    const goesOn = {
      ...seriesLevelIntent({ ...series, providerId: next, url, timing }),
      chain,
      excluded,
      explicit,
      wasExcluded
    }
    Object.assign(goesOn, {
      chainFrom: old.chainFrom < from ? from : old.chainFrom,
      wasShifted: old.wasShifted || isOther
    })
    holder.series.set(next, goesOn)
    const left = [...holder.intents.values()].filter(
      ({ key }) => seriesOfKey(key) === providerId && dateOfKey(key) >= from
    )
    Object.assign(old, { timing: former, isGone: true, continued: { providerId: next, from } })
    for (const intent of left) {
      const date = dateOfKey(intent.key)
      holder.intents.delete(intent.key)
      // Of a date that it does not have nothing is left, also where it has one again after another split.
      if (!isOther && datesFrom(timing, date, 1)[0] !== date) continue
      intent.key = keyNow(holder, intent.key)
      intent.touchedAt = now
      holder.intents.set(intent.key, intent)
      if (known.has(holder)) noteCarried(office, intent, "splitWithIntent")
    }
    for (const intent of holder.intents.values()) if (seriesOfKey(intent.key) === providerId) intent.touchedAt = now
    if (!known.has(holder)) goesOn.wasShifted ||= wasAsked
  }
}

const makeTwin = (office: Office, person: Person): void => {
  const { chance, loop, marks, note } = office.stage
  const now = loop.now()
  const found = person.gatherings.filter(
    (one) =>
      isQuiet(office, one) &&
      !one.isGone &&
      (one.end > now || chance.hits(0.1)) &&
      (person.twins.has(one.providerId) || isPlain(office, one))
  )
  if (found.length === 0) return
  const first = chance.pick(found)
  const { place, providerId, uid } = first
  office.starts.set(uid, (office.starts.get(uid) ?? new Set<number>()).add(first.start))
  const start = freeStart(office, uid, startOf(office.stage))
  const second = make(office, nameAt(person, place), { place, start, end: start + hour, url: urlOf(office.stage) }, uid)
  marks.twinMade += 1
  note(`${second.providerId} has the UID of ${providerId}`)
  for (const holder of holdersOf(office, place)) {
    if (!holder.twins.has(providerId)) {
      const isKnown = isMirrored(office, holder, first, (row) => row.kind === "single")
      holder.twins.set(providerId, `ev:${providerId}`)
      const intent = rename(office, holder, keyOfSingle(uid), `ev:${providerId}`)
      if (!isKnown && isAsked(intent)) {
        doubt(intent)
        // What was said of the one may be the other's.
        doubt(intentOf(holder, `ev:${second.providerId}`))
      }
    }
    holder.twins.set(second.providerId, `ev:${second.providerId}`)
    // One that is gone may have been made anew in this one, with what was asked of it.
    const isRemembered = holder.gatherings.some(
      (one) => one.isGone && one.uid === uid && isAsked(intentOf(holder, one.key))
    )
    if (isRemembered) doubt(intentOf(holder, `ev:${second.providerId}`))
  }
  first.key = `ev:${providerId}`
  second.key = `ev:${second.providerId}`
}

/** An occurrence of the next days, of a series that stands, at a time that will do. */
const pickOccurrence = (
  office: Office,
  person: Person,
  isFit: (start: Instant) => boolean
): { readonly series: SeriesLevelIntent; readonly event: ProviderEvent } | null => {
  const { chance, loop } = office.stage
  const live = [...person.series.values()].filter((one) => !one.isGone && isQuiet(office, one))
  if (live.length === 0) return null
  const series = chance.pick(live)
  const events = loop
    .sync(office.control.taking(series.place, { from: loop.now(), to: loop.now() + 3 * day }))
    .filter(({ seriesProviderId, start }) => seriesProviderId === series.providerId && isFit(start))
  return events.length === 0 ? null : { series, event: chance.pick(events) }
}

const patternOf = ({ rule }: RecurringSeries) => {
  if (rule.kind !== "pattern") throw new Error("people here repeat things by patterns")
  return rule
}
