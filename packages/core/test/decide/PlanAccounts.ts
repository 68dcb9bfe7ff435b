/**
 * A user's connections and calendars, written out from a plan.
 * Decides that all calendars but the first are of the other connection, where there is one.
 */
import type { Calendar } from "../../src/domain/Calendar.ts"
import type { Connection } from "../../src/domain/Connection.ts"
import { connectionId } from "../../src/domain/DeterministicIds.ts"
import type { CalendarId, ConnectionId } from "../../src/domain/Ids.ts"
import type { Instant } from "../../src/domain/Time.ts"
import { calendar, day, minute } from "./Rows.ts"
import type { StatePlan } from "./StatePlan.ts"

export const otherId = ({ userId }: Connection): ConnectionId => connectionId("other_calendar", userId)

export const connectionRows = ({ connection, other }: StatePlan, account: Connection): ReadonlyArray<Connection> => {
  if (connection === null) return []
  const first = { ...account, status: connection }
  return other === null
    ? [first]
    : [first, { ...account, id: otherId(account), platform: "other_calendar", status: other }]
}

export const calendarRow = (
  id: CalendarId,
  plan: StatePlan["calendars"][number] | undefined,
  now: Instant
): Calendar => {
  const { isLeased = false, windowDays = 30, ...members } = plan ?? {}
  return calendar(id, {
    ...members,
    leaseUntil: isLeased ? now + minute : null,
    window: windowDays === null ? null : { from: now - 2 * day, to: now + windowDays * day }
  })
}
