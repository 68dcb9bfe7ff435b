/** Somebody's calendar as it is published: meetings and daily series that are made, moved and taken out. */
import type { Instant } from "@punctual/core"

const day = 86_400_000
export const halfHour = 1_800_000

export interface Person {
  readonly address: string
  readonly answer: string | null
}

interface Facts {
  readonly people: ReadonlyArray<Person>
  readonly categories: ReadonlyArray<string>
}

export interface Entry extends Facts {
  readonly uid: string
  readonly subject: string
  readonly start: Instant
  readonly isDaily: boolean
  readonly isCancelled: boolean
  /** By the original start. */
  readonly moved: ReadonlyMap<Instant, Instant>
  readonly deleted: ReadonlySet<Instant>
}

export interface Diary {
  readonly entries: Map<string, Entry>
  stamp: number
  made: number
}

export const newDiary = (): Diary => ({ entries: new Map(), stamp: 0, made: 0 })

export const entryOf = (uid: string, subject: string, start: Instant, isDaily: boolean): Entry => ({
  uid,
  subject,
  start,
  isDaily,
  isCancelled: false,
  people: [],
  categories: [],
  moved: new Map(),
  deleted: new Set()
})

/** As a server writes it: with the time of the answer in every entry. */
export const written = (diary: Diary): string =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "X-WR-CALNAME:Diary",
    ...[...diary.entries.values()].flatMap((entry) => linesOf(entry, ++diary.stamp)),
    "END:VCALENDAR",
    ""
  ].join("\r\n")

const linesOf = (entry: Entry, stamp: number): ReadonlyArray<string> => {
  const { deleted, isDaily, moved, start } = entry
  const master = eventLines(entry, start, stamp, [
    ...(isDaily ? ["RRULE:FREQ=DAILY"] : []),
    ...[...deleted].map((original) => `EXDATE:${timeOf(original)}`)
  ])
  return [
    ...master,
    ...[...moved].flatMap(([original, to]) =>
      deleted.has(original) ? [] : eventLines(entry, to, stamp, [`RECURRENCE-ID:${timeOf(original)}`])
    )
  ]
}

const eventLines = (
  { categories, isCancelled, people, subject, uid }: Entry,
  start: Instant,
  stamp: number,
  more: ReadonlyArray<string>
): ReadonlyArray<string> => [
  "BEGIN:VEVENT",
  `UID:${uid}`,
  `DTSTAMP:${timeOf(stamp * 1000)}`,
  `SUMMARY:${subject}`,
  `DTSTART:${timeOf(start)}`,
  "DURATION:PT30M",
  ...(isCancelled ? ["STATUS:CANCELLED"] : []),
  ...(people.length === 0 ? [] : ["ORGANIZER:mailto:olga@fabrikam.example"]),
  ...people.map(({ address, answer }) => `ATTENDEE${answer === null ? "" : `;PARTSTAT=${answer}`}:mailto:${address}`),
  ...categories.map((category) => `CATEGORIES:${category}`),
  ...more,
  "END:VEVENT"
]

export const timeOf = (instant: Instant): string => new Date(instant).toISOString().replaceAll(/[-:]|\.\d{3}/g, "")

/** The occurrence of a daily entry on a UTC date. */
export const originalOn = ({ start }: Entry, date: string): Instant =>
  Date.parse(`${date}T00:00:00Z`) + (((start % day) + day) % day)
