/**
 * What the contract calls the calendars that entries of the log are about: as the providers do, like every list.
 * Decides that a name is asked for once: it never changes. A calendar that is gone goes by our own id.
 */
import { Effect } from "effect"
import type { CalendarId, Failure, LoggedChange, Punctual, Refusal, UserId } from "@punctual/core"

export type CalendarNames = (id: CalendarId) => string

/** Names that a process remembers; beyond them all are asked for afresh. */
const namesMax = 50_000

/** Users asked about at the same time. */
const usersAtOnce = 4

export const makeCalendarNames = (punctual: Pick<Punctual["Service"], "connections">) => {
  const known = new Map<CalendarId, string>()
  const ask = (userId: UserId): Effect.Effect<void, Exclude<Failure, Refusal>> =>
    punctual.connections(userId).pipe(
      Effect.map(({ calendars }) => {
        for (const { id, providerId } of calendars) known.set(id, providerId)
      }),
      // Whoever has disconnected has no calendars.
      Effect.catchTag("Refusal", () => Effect.void)
    )
  return (changes: ReadonlyArray<LoggedChange>): Effect.Effect<CalendarNames, Exclude<Failure, Refusal>> => {
    if (known.size > namesMax) known.clear()
    const users = new Set(
      changes.flatMap(({ data, userId }) => ("calendarId" in data && !known.has(data.calendarId) ? [userId] : []))
    )
    return Effect.as(
      Effect.forEach(users, ask, { concurrency: usersAtOnce, discard: true }),
      (id) => known.get(id) ?? id
    )
  }
}
