/**
 * The names of things. Each id is a branded string, so that one kind cannot stand in for another.
 * How ids are made is decided in `domain/DeterministicIds.ts`; here, which texts may be a user's or a workspace's, since hosts
 * make those.
 */
import type { Brand } from "effect"
import { InvalidArgument, kindOf } from "./InvalidArgument.ts"

/** The owner of connections, of the events in them and of bots: `usr_…`. */
export type UserId = string & Brand.Brand<"UserId">

/** Users who belong together: `wsp_…`. */
export type WorkspaceId = string & Brand.Brand<"WorkspaceId">

/** A user's account at one kind of provider: `<platform>_<user id>`, so at most one of each kind. */
export type ConnectionId = string & Brand.Brand<"ConnectionId">

/** A calendar's id as its provider gives it: opaque, case-sensitive, as long as it likes. */
export type ProviderCalendarId = string & Brand.Brand<"ProviderCalendarId">

/** One calendar of one connection: `cal_…`. The provider's own id stands beside it, in the row. */
export type CalendarId = string & Brand.Brand<"CalendarId">

/** One meeting that takes place at one time: `evt_…`; for an occurrence it ends in the original local date. */
export type EventId = string & Brand.Brand<"EventId">

/** The master of a recurring meeting: `srs_…`. */
export type SeriesId = string & Brand.Brand<"SeriesId">

/** One attendance: `bot_…`, sorts by the time of its making. */
export type BotId = string & Brand.Brand<"BotId">

/** One entry of a user's log: `chg_…`, sorts by the time of its making. */
export type ChangeId = string & Brand.Brand<"ChangeId">

/**
 * What tells meetings apart within one user: the copies of one event on several calendars share it,
 * the occurrences of one series do not. Never built from a start time or a link.
 */
export type MeetingKey = string & Brand.Brand<"MeetingKey">

/** What tells series apart within one user: the copies of one series on several calendars share it. */
export type SeriesKey = string & Brand.Brand<"SeriesKey">

/** What the scheduler knows a bot by: at most 64 characters of `[0-9a-zA-Z-_.]`. */
export type ScheduleName = string & Brand.Brand<"ScheduleName">

// ---- ids that a host makes

export const userIdLengthMax = 128

const allowed = /^[A-Za-z0-9._~@|:+=-]+$/

const expected = `1 to ${userIdLengthMax} characters of A-Z a-z 0-9 . _ ~ @ | : + = -, such as a UUID or an address`

/** A host makes ids of its own: what a store, a secret's path or a log line would have to escape is left out. */
const madeByHosts = <Id extends string>(name: string) => {
  const is = (id: unknown): id is Id => typeof id === "string" && id.length <= userIdLengthMax && allowed.test(id)
  return {
    /** The id, or a sentence of what is wrong with it, thrown as `InvalidArgument`. */
    make: (id: string): Id => {
      if (is(id)) return id
      throw new InvalidArgument({ operation: `${name}.make`, member: "the id", expected, found: faultOf(id) })
    },
    is
  } as const
}

const faultOf = (id: unknown): string => {
  if (typeof id !== "string" || id === "") return kindOf(id)
  return id.length > userIdLengthMax ? `${id.length} characters long` : "a text with a character that may not be in it"
}

export const UserId = madeByHosts<UserId>("UserId")
export const WorkspaceId = madeByHosts<WorkspaceId>("WorkspaceId")
