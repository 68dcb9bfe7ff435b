/**
 * The people of the demo and what stands in their calendars.
 * Decides subjects, times and links; all times are given from now on, so that the story always lies ahead.
 */
export interface Person {
  readonly id: "adele" | "miriam"
  readonly name: string
  readonly mail: string
  /** Edits of the simulator that fill the calendar. */
  readonly calendar: ReadonlyArray<unknown>
}

/** What happens to whom, by subject. */
export const plot = {
  adele: "adele@contoso.example",
  miriam: "miriam@contoso.example",
  moved: "Design review",
  cancelled: "Vendor call",
  launched: "Morning stand-up"
} as const

const minute = 60_000
const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_ZGVtbw%40thread.v2/0"
const zoom = "https://zoom.us/j/5551234567?pwd=demo"
const meet = "https://meet.google.com/abc-defg-hij"

/** A stand-up that starts this soon: its bot is due a minute before. */
const soonMillis = 80_000

export const people = (now: number): ReadonlyArray<Person> => [
  {
    id: "adele",
    name: "Adele Vance",
    mail: plot.adele,
    calendar: [
      meeting(plot.adele, plot.launched, now + soonMillis, 15, teams),
      meeting(plot.adele, plot.moved, wholeHour(now, 3), 60, zoom),
      meeting(plot.adele, plot.cancelled, wholeHour(now, 4), 30, meet),
      meeting(plot.adele, "Lunch with Megan", wholeHour(now, 5), 60, null),
      weekly(plot.adele, "Weekly planning", wholeHour(now, 6), 45, teams)
    ]
  },
  {
    id: "miriam",
    name: "Miriam Graham",
    mail: plot.miriam,
    calendar: [
      meeting(plot.miriam, "Customer interview", wholeHour(now, 2), 45, zoom),
      meeting(plot.miriam, "Dentist", wholeHour(now, 7), 60, null),
      weekly(plot.miriam, "Team sync", wholeHour(now, 8), 30, meet)
    ]
  }
]

const meeting = (mailbox: string, subject: string, start: number, minutes: number, link: string | null): unknown => ({
  type: "createEvent",
  mailbox,
  start: new Date(start).toISOString(),
  end: new Date(start + minutes * minute).toISOString(),
  details: { subject, ...(link === null ? {} : { link }) }
})

const weekly = (mailbox: string, subject: string, start: number, minutes: number, link: string): unknown => ({
  type: "createSeries",
  mailbox,
  start: new Date(start).toISOString(),
  end: new Date(start + minutes * minute).toISOString(),
  pattern: { type: "weekly", interval: 1, daysOfWeek: [dayOf(start)] },
  range: { type: "noEnd", startDate: new Date(start).toISOString().slice(0, 10) },
  details: { subject, link }
})

const wholeHour = (now: number, hours: number): number =>
  Math.ceil(now / (60 * minute)) * 60 * minute + hours * 60 * minute

const dayOf = (instant: number): string =>
  ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"][new Date(instant).getUTCDay()] ??
  "monday"
