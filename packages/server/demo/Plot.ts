/**
 * The people of the demo and what stands in their calendars: Adele's at Microsoft, Miriam's at Google and in a published one.
 * Decides subjects, times and links; all times are given from now on, so that the story always lies ahead.
 */
export interface Person {
  readonly id: "adele" | "miriam"
  readonly name: string
  readonly mail: string
  readonly provider: "microsoft" | "google"
  readonly meetings: ReadonlyArray<Meeting>
}

export interface Meeting {
  readonly subject: string
  readonly start: number
  readonly minutes: number
  readonly link: string | null
  readonly isWeekly?: boolean
}

/** What happens to whom, by subject. */
export const plot = {
  adele: "adele@contoso.example",
  miriam: "miriam@fabrikam.example",
  moved: "Design review",
  movedAtGoogle: "Customer interview",
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
    provider: "microsoft",
    meetings: [
      { subject: plot.launched, start: now + soonMillis, minutes: 15, link: teams },
      { subject: plot.moved, start: wholeHour(now, 3), minutes: 60, link: zoom },
      { subject: plot.cancelled, start: wholeHour(now, 4), minutes: 30, link: meet },
      { subject: "Lunch with Megan", start: wholeHour(now, 5), minutes: 60, link: null },
      { subject: "Weekly planning", start: wholeHour(now, 6), minutes: 45, link: teams, isWeekly: true }
    ]
  },
  {
    id: "miriam",
    name: "Miriam Graham",
    mail: plot.miriam,
    provider: "google",
    meetings: [
      { subject: plot.movedAtGoogle, start: wholeHour(now, 2), minutes: 45, link: zoom },
      { subject: "Dentist", start: wholeHour(now, 7), minutes: 60, link: null },
      { subject: "Team sync", start: wholeHour(now, 8), minutes: 30, link: meet, isWeekly: true }
    ]
  }
]

/** What Miriam's club publishes. */
export const clubNight = (now: number): Meeting => ({
  subject: "Club night",
  start: wholeHour(now, 10),
  minutes: 90,
  link: "https://zoom.us/j/5559876543"
})

export const wholeHour = (now: number, hours: number): number =>
  Math.ceil(now / (60 * minute)) * 60 * minute + hours * 60 * minute
