/**
 * Generators of small values, aimed at where things go wrong: instants a second apart, the nights when clocks change,
 * midnight UTC, texts that sort otherwise than they look.
 *
 * Decides which values are tried. Few of each kind, so that equal, before and after all happen often.
 */
import { Arbitrary, DateTime, Schema } from "effect"
import type { Instant, LocalDate } from "../../src/domain/Time.ts"
import type { MeetingLink } from "../../src/links/Link.ts"
import { day, hour, minute } from "../rows/Present.ts"

export const second = 1_000
export { day, hour, minute } from "../rows/Present.ts"

/** One of these, the first the simplest. */
export const oneOf = <const A extends string | number | boolean>(values: ReadonlyArray<A>): Arbitrary.Arbitrary<A> =>
  Arbitrary.schema(Schema.Literals(values))

export const boolean = oneOf([false, true])

/** True once in so many times. */
export const seldom = (outOf: number): Arbitrary.Arbitrary<boolean> =>
  Arbitrary.map(oneOf(Array.from({ length: outOf }, (_, n) => n)), (n) => n === outOf - 1)

/** Null once in so many times. */
export const nullable = <A>(arbitrary: Arbitrary.Arbitrary<A>, outOf = 3): Arbitrary.Arbitrary<A | null> =>
  Arbitrary.map(Arbitrary.all([seldom(outOf), arbitrary]), ([isNull, value]) => (isNull ? null : value))

/** One of several generators, all as likely. */
export const anyOf = <A>(arbitraries: ReadonlyArray<Arbitrary.Arbitrary<A>>): Arbitrary.Arbitrary<A> =>
  Arbitrary.flatMap(oneOf(arbitraries.map((_, n) => n)), (n) => arbitraries[n] ?? never())

/** Parts of ids: by code unit `10 < 2 < A < Z < _ < a < a_1 < aa < z~ < é`, in most languages otherwise. */
export const badlySorting = ["a", "aa", "a_1", "A", "Z", "_", "2", "10", "z~", "é"] as const

export const label = oneOf(badlySorting)

/** When "now" is, and how long before its start a meeting is joined. */
export interface Frame {
  readonly now: Instant
  readonly leadMillis: number
}

const at = (text: string): Instant => DateTime.toEpochMillis(DateTime.makeUnsafe(text))

/** An ordinary noon, midnight UTC, both nights of both changes of clocks, a leap day, the last second of a year. */
export const moments: ReadonlyArray<Instant> = [
  at("2026-06-17T12:00:00Z"),
  at("2026-06-17T00:00:00Z"),
  at("2026-03-29T00:30:00Z"),
  at("2026-03-29T01:00:00Z"),
  at("2026-10-25T00:59:59.999Z"),
  at("2026-03-08T06:59:00Z"),
  at("2026-11-01T06:00:00Z"),
  at("2028-02-29T12:00:00Z"),
  at("2026-12-31T23:59:59Z")
]

export const frame: Arbitrary.Arbitrary<Frame> = Arbitrary.all({
  now: oneOf(moments),
  leadMillis: oneOf([minute, 0, 5 * minute, hour])
})

/** Distances that decide something: none, a tick, a second, a lead, a meeting, a day. */
const distances = [
  0,
  1,
  -1,
  second,
  -second,
  minute,
  -minute,
  30 * minute,
  -30 * minute,
  hour,
  -hour,
  day,
  -day
] as const

/** An instant near now, near now + lead (where joining turns into being late), or near the next midnight UTC. */
export const instantNear = ({ leadMillis, now }: Frame): Arbitrary.Arbitrary<Instant> => {
  const midnight = Math.ceil((now + 1) / day) * day
  return Arbitrary.map(
    Arbitrary.all([oneOf([now + leadMillis, now, midnight, midnight + leadMillis]), oneOf(distances)]),
    ([instant, distance]) => instant + distance
  )
}

/** How long meetings last: half an hour, no time, over midnight, for days. */
export const length = oneOf([30 * minute, 0, minute, 8 * hour, 25 * hour, 3 * day])

/** Zones with a change of clocks on another night, by half an hour, and at midnight; and one without. */
export const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Asia/Kathmandu"
] as const

export const zone = oneOf(zones)

/** `yyyy-mm-dd` in UTC. */
export const dateOf = (instant: Instant): LocalDate => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(instant))

/** A date within a few days of now. */
export const dateNear = ({ now }: Frame): Arbitrary.Arbitrary<LocalDate> =>
  Arbitrary.map(oneOf([0, 1, 2, 7, -1, -2]), (days) => dateOf(now + days * day))

const links: ReadonlyArray<MeetingLink> = [
  { platform: "zoom", url: "https://zoom.us/j/9990000001?pwd=abc" },
  { platform: "zoom", url: "https://zoom.us/j/9990000001" },
  { platform: "google-meet", url: "https://meet.google.com/abc-defg-hij" },
  { platform: "teams", url: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0" }
]

export const link: Arbitrary.Arbitrary<MeetingLink> = anyOf(links.map((each) => Arbitrary.Constant(each)))

/** Texts that stores and wires trip over. */
export const text = oneOf([
  "",
  "Weekly",
  "Zoë – “plan” 🚀",
  "a\nb\t\\ \"'",
  "<b>&amp;</b>",
  "\u2028\u200f",
  "x".repeat(300)
])

/** Any JSON, a few levels deep. */
export const json: Arbitrary.Arbitrary<unknown> = anyOf<unknown>([
  Arbitrary.Constant(null),
  boolean,
  text,
  oneOf([0, -1.5, 1e21]),
  Arbitrary.array(anyOf<unknown>([text, Arbitrary.Constant(null)]), { maxLength: 3 }),
  Arbitrary.map(Arbitrary.all([text, text]), ([key, value]) => ({ [key]: { deep: [value, {}, []] } }))
])

/** An open object, such as a bot's configuration. */
export const members: Arbitrary.Arbitrary<Readonly<Record<string, unknown>>> = Arbitrary.map(
  Arbitrary.array(Arbitrary.all([oneOf(["bot_name", "custom_attributes", "record", "é "]), json]), { maxLength: 3 }),
  (entries) => Object.fromEntries(entries)
)

const never = (): never => {
  throw new Error("one of no generators was asked for")
}
