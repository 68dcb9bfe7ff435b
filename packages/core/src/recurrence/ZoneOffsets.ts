/**
 * How far a zone's clocks stand from UTC, as the runtime's own time zone data has it.
 *
 * Decides where a zone's transitions lie, by asking `Intl` on a grid and halving between unequal neighbours, and keeps
 * them in spans of about thirteen months that are filled when first asked for. Never turns a local time into an instant:
 * that is `WallClock`'s.
 */

/** The transitions around one span of time. Entry `i` of the three lists belongs together. */
export interface Transitions {
  /** The offset before the first transition, milliseconds to be added to UTC. */
  readonly before: number
  /** Instants at which the offset changes. */
  readonly at: ReadonlyArray<number>
  /** The local reading, by the later-standing of the two clocks, from which only the new offset is possible. */
  readonly wallAt: ReadonlyArray<number>
  /** The offset from that transition on. */
  readonly after: ReadonlyArray<number>
}

export interface ZoneOffsets {
  /** The span to consult for a local reading or an instant: its margins cover every offset either way. */
  readonly spanAround: (millis: number) => Transitions
}

/** The offsets of an IANA zone, or null when the runtime knows none of that name. */
export const zoneOffsets = (zone: string): ZoneOffsets | null => {
  const known = zones.get(zone)
  if (known !== undefined) return known
  const offsetAt = probe(zone)
  if (offsetAt === null) return null
  if (zones.size >= zonesMax) zones.clear()
  const offsets = cached(offsetAt)
  zones.set(zone, offsets)
  return offsets
}

/** Whether the runtime knows a zone of this name. */
export const isZone = (zone: string): boolean => zoneOffsets(zone) !== null

/** About 397 days: a whole year and its neighbours' edges; a power of two, though nothing depends on that. */
const spanMillis = 2 ** 35

/** No offset differs from UTC by more than 26 hours, counting a day skipped at the date line; two days cover both. */
const marginMillis = 172_800_000

/**
 * Steps of the grid. Since 1970 no zone has changed twice within 6.9 days (Asia/Gaza's coming Ramadans are the
 * tightest), so six days see each transition. A change and its reversal closer than this would be missed.
 */
const gridMillis = 6 * 86_400_000

/** What is kept of one zone, and of how many zones: far more than calendars use, yet a bound. */
const spansMax = 512
const zonesMax = 1024

/** The instants that `Intl` can format. */
const instantMax = 8_640_000_000_000_000

type OffsetAt = (instant: number) => number

/** What is answered for a time that is none, so that arithmetic with it stays arithmetic: NaN and infinities stay such. */
const utc: Transitions = { before: 0, at: [], wallAt: [], after: [] }

const zones = new Map<string, ZoneOffsets>()

const cached = (offsetAt: OffsetAt): ZoneOffsets => {
  const spans = new Map<number, Transitions>()
  let lastIndex = Number.NaN
  let last: Transitions | undefined
  return {
    spanAround: (millis) => {
      const index = Math.floor(millis / spanMillis)
      if (index === lastIndex && last !== undefined) return last
      if (!Number.isFinite(index)) return utc
      let span = spans.get(index)
      if (span === undefined) {
        span = search(offsetAt, index * spanMillis - marginMillis, (index + 1) * spanMillis + marginMillis)
        if (spans.size >= spansMax) spans.clear()
        spans.set(index, span)
      }
      lastIndex = index
      last = span
      return span
    }
  }
}

const search = (offsetAt: OffsetAt, from: number, to: number): Transitions => {
  const at: Array<number> = []
  const wallAt: Array<number> = []
  const after: Array<number> = []
  const before = offsetAt(from)
  let offset = before
  for (let left = from; left < to; left += gridMillis) {
    const right = Math.min(left + gridMillis, to)
    const found = offsetAt(right)
    if (found === offset) continue
    const transition = firstInstantWith(offsetAt, found, left, right)
    at.push(transition)
    wallAt.push(transition + Math.max(offset, found))
    after.push(found)
    offset = found
  }
  return { before, at, wallAt, after }
}

/** The first instant in `(left, right]` at which the offset is `wanted`, to the second: finer there is none. */
const firstInstantWith = (offsetAt: OffsetAt, wanted: number, left: number, right: number): number => {
  let low = Math.floor(left / 1000)
  let high = Math.ceil(right / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * 1000) === wanted) high = middle
    else low = middle
  }
  return high * 1000
}

const probe = (zone: string): OffsetAt | null => {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  } catch {
    // RangeError is Intl's way to say that it knows no such zone; there is no way to ask without it.
    return null
  }
  return (instant) => parseOffset(format.format(Math.min(Math.max(instant, -instantMax), instantMax)))
}

/** Reads `…, GMT`, `…, GMT+05:30` or `…, GMT-00:44:30` into milliseconds. */
const parseOffset = (text: string): number => {
  const start = text.lastIndexOf("GMT") + 3
  if (start >= text.length) return 0
  const [hours = "0", minutes = "0", seconds = "0"] = text.slice(start + 1).split(":")
  const millis = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return text.charAt(start) === "-" ? -millis : millis
}
