/**
 * Generators of a user's whole state, and of dense edits to it: what deciding is tried on.
 *
 * Decides states that a store can hold: ids are distinct, a meeting has one live bot at most, a projected row stands in
 * for none that was listed. Within that, anything: copies that disagree, intents that contradict each other, bots of
 * meetings that moved, went or never were.
 */
import { Arbitrary } from "effect"
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { CalendarEvent } from "../../src/domain/Event.ts"
import type { EventFacts, Response } from "../../src/domain/Facts.ts"
import type { MeetingKey } from "../../src/domain/Ids.ts"
import type { Slice } from "../../src/domain/Slice.ts"
import type { Instant } from "../../src/domain/Time.ts"
import type { MeetingLink } from "../../src/links/Link.ts"
import { facts as plainFacts } from "../rows/Facts.ts"
import { slice as sliceOf } from "../rows/Slice.ts"
import { distinct, oneLiveEach } from "../rows/Stored.ts"
import { facts } from "./Facts.ts"
import { auto } from "./AutoSchedules.ts"
import { bot, calendar, connection, event, intent, override, series } from "./Rows.ts"
import { type Frame, anyOf, frame, instantNear, length, link, nullable, oneOf } from "./Values.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"

/** A state, and the present it is looked at from. */
export interface State {
  readonly frame: Frame
  readonly slice: Slice
}

/** Few of everything: a bug that needs more than this needs luck as well. */
const rowsMax = 5

/** A state around some present. */
export const state: Arbitrary.Arbitrary<State> = Arbitrary.flatMap(frame, (present) => statesIn(present))

/** A user's whole state as `slice(userId, all, now)` would answer it. */
export const sliceIn = (present: Frame): Arbitrary.Arbitrary<Slice> =>
  Arbitrary.map(
    Arbitrary.all({
      events: Arbitrary.array(event(present), { maxLength: rowsMax }),
      series: Arbitrary.array(series(present), { maxLength: 2 }),
      calendars: Arbitrary.array(calendar(present), { minLength: 1, maxLength: 2 }),
      accounts: Arbitrary.array(connection(present), { maxLength: platforms.length }),
      auto: auto(present),
      intents: Arbitrary.array(intent(present, slot), { maxLength: rowsMax }),
      overrides: Arbitrary.array(override(slot), { maxLength: 2 }),
      bots: Arbitrary.array(bot(present, slot), { maxLength: rowsMax }),
      version: oneOf([0, 1, 7]),
      mirrorNumber: oneOf([1, 2, 9]),
      decideAt: nullable(instantNear(present)),
      judgeMark: nullable(oneOf([1, 7]))
    }),
    ({ accounts, bots, calendars, events, intents, overrides, series: masters, ...rest }): Slice => {
      const fill = <Row extends object>(row: Row): Row =>
        "meeting" in row ? { ...row, meeting: inSlot(row.meeting, events) } : row
      return sliceOf({
        ...rest,
        userId: accounts[0]?.userId ?? ("usr_a" as Slice["userId"]),
        decided: 1,
        ...connected(accounts, onePrimary(distinct(calendars, ({ id }) => id))),
        events: distinct(events, ({ id }) => id),
        series: distinct(masters, ({ id }) => id),
        intents: distinct(intents.map(fill), ({ id }) => id),
        overrides: distinct(overrides.map(fill), (each) => each.meeting),
        bots: oneLiveEach(distinct(bots.map(fill), ({ id }) => id))
      })
    }
  )

/** Kinds of provider that a user may be connected to, one each. */
const platforms = ["memory_calendar", "other_calendar"]

/** Connections of one user, in the order in which they were connected, with the calendars dealt out to them. */
const connected = (
  accounts: ReadonlyArray<Connection>,
  calendars: ReadonlyArray<Calendar>
): Pick<Slice, "connections" | "calendars"> => {
  const userId = accounts[0]?.userId ?? ("usr_a" as Slice["userId"])
  const connections = accounts
    .map((row, place) => {
      const platform = platforms[place] ?? ""
      return { ...row, userId, platform, id: connectionId(platform, userId) }
    })
    .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  return {
    connections,
    calendars: calendars.map((row, place) => {
      const { id } = connections[place % connections.length] ?? { id: row.connectionId }
      return { ...row, connectionId: id, namespace: id }
    })
  }
}

/**
 * Which of the state's events an intent or a bot is about; the last is nobody's. Chosen before there are any, so that the
 * generators need not be built anew for each state.
 */
const slots = Array.from({ length: rowsMax + 1 }, (_, n) => `${n}` as MeetingKey)
const slot: Arbitrary.Arbitrary<MeetingKey> = oneOf(slots)

const inSlot = (meeting: unknown, events: ReadonlyArray<CalendarEvent>): MeetingKey => {
  const place = slots.findIndex((each) => each === meeting)
  return events[place % (events.length + 1)]?.meeting ?? ("uid:nobody's" as MeetingKey)
}

/** Building generators costs more than using them, and there are few presents. */
const built = new Map<string, Arbitrary.Arbitrary<State>>()

const statesIn = (present: Frame): Arbitrary.Arbitrary<State> => {
  const id = `${present.now} ${present.leadMillis}`
  const known = built.get(id)
  if (known !== undefined) return known
  const made = Arbitrary.map(sliceIn(present), (slice) => ({ frame: present, slice }))
  built.set(id, made)
  return made
}

/** What may happen to an event between two looks at it. */
export type Edit =
  | { readonly kind: "move"; readonly start: Instant; readonly length: number }
  | { readonly kind: "cancel" | "restore" | "delete" | "decline" }
  | { readonly kind: "link"; readonly link: MeetingLink | null }
  | { readonly kind: "facts"; readonly facts: EventFacts | null }

export const edit = (present: Frame): Arbitrary.Arbitrary<Edit> =>
  anyOf<Edit>([
    Arbitrary.map(Arbitrary.all([instantNear(present), length]), ([start, millis]) => ({
      kind: "move",
      start,
      length: millis
    })),
    Arbitrary.map(oneOf(["cancel", "restore", "delete", "decline"]), (kind) => ({ kind })),
    Arbitrary.map(nullable(link), (found) => ({ kind: "link", link: found })),
    Arbitrary.map(nullable(facts), (found) => ({ kind: "facts", facts: found }))
  ])

/** Many edits to few events: which one, and what becomes of it. */
export const edits = (
  present: Frame,
  maxLength = 12
): Arbitrary.Arbitrary<ReadonlyArray<{ readonly which: number; readonly edit: Edit }>> =>
  Arbitrary.array(Arbitrary.all({ which: oneOf([0, 1, 2, 3, 4]), edit: edit(present) }), { maxLength })

/** The event once the edit is done. */
export const applyEdit = (row: CalendarEvent, change: Edit): CalendarEvent => {
  switch (change.kind) {
    case "move":
      return { ...row, start: change.start, end: change.start + change.length }
    case "link":
      return { ...row, link: change.link }
    case "cancel":
      return { ...row, isCancelled: true }
    case "restore":
      return { ...row, isCancelled: false, isDeleted: false, facts: answered(row, "none") }
    case "delete":
      return { ...row, isDeleted: true }
    case "decline":
      return { ...row, facts: answered(row, "declined") }
    case "facts":
      return { ...row, facts: change.facts }
  }
}

const answered = (row: CalendarEvent, response: Response): EventFacts => ({ ...(row.facts ?? plainFacts()), response })

const onePrimary = (calendars: ReadonlyArray<Calendar>): ReadonlyArray<Calendar> =>
  calendars.map((row, n) => ({ ...row, isPrimary: row.isPrimary && calendars.findIndex((c) => c.isPrimary) === n }))
