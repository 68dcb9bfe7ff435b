/**
 * The least that any recurrence code can do for the benchmark's five rules: each written out by hand in whole numbers, on a
 * table of one zone's transitions that is ready before anybody asks. Returns bare instants: no objects, no dates, no
 * choice of rule, nothing checked. Decides nothing that is of use elsewhere.
 */

export interface ZoneTable {
  readonly instantOf: (reading: number) => number
  readonly readingOf: (instant: number) => number
  /** Which of the offsets below a reading has. */
  readonly indexAt: (reading: number) => number
  /** Readings from which an offset holds, and the offsets. */
  readonly walls: ReadonlyArray<number>
  readonly offsets: ReadonlyArray<number>
}

export interface Bound {
  /** The first start after an instant. */
  readonly first: (after: number) => number
  /** The next `count` starts, walked from day to day with one finger on the table. */
  readonly many: (after: number, count: number) => ReadonlyArray<number>
}

const dayMillis = 86_400_000

/** A zone's transitions of a century, found with `Intl` by asking every five days and halving. */
export const zoneTable = (zone: string): ZoneTable => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  const offsetAt = (instant: number): number => {
    const [, sign = "+", hours = "0", minutes = "0"] = /GMT(?:([+-])(\d+):(\d+))?/.exec(format.format(instant)) ?? []
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  }
  const at = [Number.NEGATIVE_INFINITY]
  const walls = [Number.NEGATIVE_INFINITY]
  const offsets = [offsetAt(Date.UTC(2015, 0, 1))]
  for (let left = Date.UTC(2015, 0, 1); left < Date.UTC(2115, 0, 1); left += 5 * dayMillis) {
    const before = offsets.at(-1) ?? 0
    const after = offsetAt(left + 5 * dayMillis)
    if (after === before) continue
    let [low, high] = [left, left + 5 * dayMillis]
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (offsetAt(middle) === after) high = middle
      else low = middle
    }
    at.push(high)
    walls.push(high + Math.max(before, after))
    offsets.push(after)
  }
  const indexIn = (list: ReadonlyArray<number>, value: number): number => {
    let [low, high] = [0, list.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((list[middle] as number) <= value) low = middle
      else high = middle
    }
    return low
  }
  // An end that no reading reaches, so that walking needs no look at the length.
  walls.push(Number.POSITIVE_INFINITY)
  at.push(Number.POSITIVE_INFINITY)
  return {
    instantOf: (reading) => reading - (offsets[indexIn(walls, reading)] as number),
    readingOf: (instant) => instant + (offsets[indexIn(at, instant)] as number),
    indexAt: (reading) => indexIn(walls, reading),
    walls,
    offsets
  }
}

/**
 * The rule of that name, begun at a reading. Each has loops of its own, though they look alike: shared ones would call
 * the rule's step through a variable, which costs as much as the step.
 */
export const boundFor = (rule: string, start: number, table: ZoneTable): Bound => {
  const startDay = Math.floor(start / dayMillis)
  const time = start - startDay * dayMillis
  switch (rule) {
    case "daily":
      return daily(startDay, time, table)
    case "weekly MO,WE,FR":
      return threeAWeek(startDay, time, table)
    case "every 2nd TU":
      return fortnightly(startDay, time, table)
    case "monthly 1MO":
      return firstMondays(startDay, time, table)
    default:
      return midMarch(startDay, time, table)
  }
}

/** The first day whose reading is past the one at `after`; a transition between may take one more step. */
const dayAfter = (after: number, startDay: number, time: number, { readingOf }: ZoneTable): number =>
  Math.max(Math.floor((readingOf(after) - time) / dayMillis) + 1, startDay)

const daily = (startDay: number, time: number, table: ZoneTable): Bound => {
  const { indexAt, instantOf, offsets, walls } = table
  const firstDay = (after: number): number => {
    let day = dayAfter(after, startDay, time, table)
    while (instantOf(day * dayMillis + time) <= after) day++
    return day
  }
  return {
    first: (after) => {
      let reading = dayAfter(after, startDay, time, table) * dayMillis + time
      let instant = instantOf(reading)
      while (instant <= after) instant = instantOf((reading += dayMillis))
      return instant
    },
    many: (after, count) => {
      const found: Array<number> = []
      let reading = firstDay(after) * dayMillis + time
      let at = indexAt(reading)
      for (let i = 0; i < count; i++, reading += dayMillis) {
        while ((walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
      }
      return found
    }
  }
}

/** By days since Monday: how far on the next Monday, Wednesday or Friday is. */
const waits = [0, 1, 0, 1, 0, 2, 1]

const threeAWeek = (startDay: number, time: number, table: ZoneTable): Bound => {
  const { indexAt, instantOf, offsets, walls } = table
  const onOrAfter = (day: number): number => day + (waits[(day + 3) % 7] as number)
  const firstDay = (after: number): number => {
    let day = onOrAfter(dayAfter(after, startDay, time, table))
    while (instantOf(day * dayMillis + time) <= after) day = onOrAfter(day + 1)
    return day
  }
  return {
    first: (after) => {
      let day = onOrAfter(dayAfter(after, startDay, time, table))
      let instant = instantOf(day * dayMillis + time)
      while (instant <= after) instant = instantOf((day = onOrAfter(day + 1)) * dayMillis + time)
      return instant
    },
    many: (after, count) => {
      const found: Array<number> = []
      let day = firstDay(after)
      let at = indexAt(day * dayMillis + time)
      for (let i = 0; i < count; i++, day = onOrAfter(day + 1)) {
        const reading = day * dayMillis + time
        while ((walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
      }
      return found
    }
  }
}

const fortnightly = (startDay: number, time: number, table: ZoneTable): Bound => {
  const { indexAt, instantOf, offsets, walls } = table
  const firstDay = (after: number): number => {
    let day = startDay + Math.ceil((dayAfter(after, startDay, time, table) - startDay) / 14) * 14
    while (instantOf(day * dayMillis + time) <= after) day += 14
    return day
  }
  return {
    first: (after) => {
      const day = startDay + Math.ceil((dayAfter(after, startDay, time, table) - startDay) / 14) * 14
      let reading = day * dayMillis + time
      let instant = instantOf(reading)
      while (instant <= after) instant = instantOf((reading += 14 * dayMillis))
      return instant
    },
    many: (after, count) => {
      const found: Array<number> = []
      let reading = firstDay(after) * dayMillis + time
      let at = indexAt(reading)
      for (let i = 0; i < count; i++, reading += 14 * dayMillis) {
        while ((walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
      }
      return found
    }
  }
}

const firstMondays = (startDay: number, time: number, table: ZoneTable): Bound => {
  const { indexAt, instantOf, offsets, walls } = table
  const firstMonth = (after: number): number => {
    const day = dayAfter(after, startDay, time, table)
    let month = yearMonth(day)
    while (mondayOf(month) < day || instantOf(mondayOf(month) * dayMillis + time) <= after) month++
    return month
  }
  return {
    first: (after) => {
      const day = dayAfter(after, startDay, time, table)
      let month = yearMonth(day)
      let monday = mondayOf(month)
      if (monday < day) monday = mondayOf(++month)
      let instant = instantOf(monday * dayMillis + time)
      while (instant <= after) instant = instantOf(mondayOf(++month) * dayMillis + time)
      return instant
    },
    many: (after, count) => {
      const found: Array<number> = []
      let month = firstMonth(after)
      let at = indexAt(mondayOf(month) * dayMillis + time)
      for (let i = 0; i < count; i++, month++) {
        const reading = mondayOf(month) * dayMillis + time
        while ((walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
      }
      return found
    }
  }
}

const midMarch = (startDay: number, time: number, table: ZoneTable): Bound => {
  const { indexAt, instantOf, offsets, walls } = table
  const firstYear = (after: number): number => {
    const day = dayAfter(after, startDay, time, table)
    let year = (yearMonth(day) / 12) | 0
    while (daysFrom(year, 3) + 14 < day || instantOf((daysFrom(year, 3) + 14) * dayMillis + time) <= after) year++
    return year
  }
  return {
    first: (after) => {
      const day = dayAfter(after, startDay, time, table)
      let year = (yearMonth(day) / 12) | 0
      let date = daysFrom(year, 3) + 14
      if (date < day) date = daysFrom(++year, 3) + 14
      let instant = instantOf(date * dayMillis + time)
      while (instant <= after) instant = instantOf((daysFrom(++year, 3) + 14) * dayMillis + time)
      return instant
    },
    many: (after, count) => {
      const found: Array<number> = []
      let year = firstYear(after)
      let at = indexAt((daysFrom(year, 3) + 14) * dayMillis + time)
      for (let i = 0; i < count; i++, year++) {
        const reading = (daysFrom(year, 3) + 14) * dayMillis + time
        while ((walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
      }
      return found
    }
  }
}

const daysFrom = (year: number, month: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = (y / 400) | 0
  const yearOfEra = y - era * 400
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0
  return era * 146_097 + yearOfEra * 365 + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0) + dayOfYear - 719_468
}

const yearMonth = (day: number): number => {
  const z = day + 719_468
  const era = (z / 146_097) | 0
  const doe = z - era * 146_097
  const yoe = ((doe - ((doe / 1460) | 0) + ((doe / 36_524) | 0) - ((doe / 146_096) | 0)) / 365) | 0
  const doy = doe - (365 * yoe + ((yoe / 4) | 0) - ((yoe / 100) | 0))
  const shifted = ((5 * doy + 2) / 153) | 0
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return (yoe + era * 400 + (month <= 2 ? 1 : 0)) * 12 + month - 1
}

const mondayOf = (month: number): number => {
  const first = daysFrom((month / 12) | 0, (month % 12) + 1)
  return first + ((7 - ((first + 3) % 7)) % 7)
}
