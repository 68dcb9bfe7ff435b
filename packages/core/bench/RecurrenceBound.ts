/**
 * The least that any recurrence code can do for the benchmark's five rules: each written out by hand in whole numbers, on a
 * table of one zone's transitions that is ready before anybody asks. Returns bare instants: no objects, no dates, no
 * choice of rule, nothing checked. Decides nothing that is of use elsewhere.
 */

export interface ZoneTable {
  readonly instantOf: (reading: number) => number
  readonly readingOf: (instant: number) => number
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
  const last = (list: ReadonlyArray<number>, value: number): number => {
    let [low, high] = [0, list.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((list[middle] as number) <= value) low = middle
      else high = middle
    }
    return offsets[low] as number
  }
  return {
    instantOf: (reading) => reading - last(walls, reading),
    readingOf: (instant) => instant + last(at, instant),
    walls,
    offsets
  }
}

/** The rule of that name, begun at a reading. */
export const boundFor = (rule: string, start: number, { instantOf, readingOf, walls, offsets }: ZoneTable): Bound => {
  const startDay = Math.floor(start / dayMillis)
  const time = start - startDay * dayMillis
  const onDays = (following: (day: number) => number): Bound => {
    const firstDay = (after: number): number => {
      // The first day whose reading is past the one at `after`; a transition between may take one more step.
      let day = following(Math.max(Math.floor((readingOf(after) - time) / dayMillis) + 1, startDay))
      while (instantOf(day * dayMillis + time) <= after) day = following(day + 1)
      return day
    }
    const many = (after: number, count: number): ReadonlyArray<number> => {
      const found: Array<number> = []
      let day = firstDay(after)
      let at = 0
      while (at + 1 < walls.length && (walls[at + 1] as number) <= day * dayMillis + time) at++
      for (let i = 0; i < count; i++) {
        const reading = day * dayMillis + time
        while (at + 1 < walls.length && (walls[at + 1] as number) <= reading) at++
        found.push(reading - (offsets[at] as number))
        day = following(day + 1)
      }
      return found
    }
    return { first: (after) => instantOf(firstDay(after) * dayMillis + time), many }
  }
  switch (rule) {
    case "daily":
      return onDays((day) => day)
    case "weekly MO,WE,FR":
      // Days since Monday: 1, 3, 5 and 6 wait one day, 5 two.
      return onDays((day) => day + ((0b01_10_00_01_00_01_00 >> (((day + 3) % 7) * 2)) & 3))
    case "every 2nd TU":
      return onDays((day) => startDay + Math.ceil((day - startDay) / 14) * 14)
    case "monthly 1MO":
      return onDays((day) => firstMonday(day))
    default:
      return onDays((day) => fifteenthOfMarch(day))
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

const firstMonday = (day: number): number => {
  const month = yearMonth(day)
  const monday = mondayOf(month)
  return monday >= day ? monday : mondayOf(month + 1)
}

const fifteenthOfMarch = (day: number): number => {
  const year = (yearMonth(day) / 12) | 0
  const found = daysFrom(year, 3) + 14
  return found >= day ? found : daysFrom(year + 1, 3) + 14
}
