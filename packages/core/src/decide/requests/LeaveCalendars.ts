/**
 * Calendars that are deselected, or disconnected.
 * Decides which intents end with them: those for meetings and series that stand in no other calendar. Exclusions outlive
 * their calendar.
 */
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { standingOf } from "../state/StateIndex.ts"
import type { Change } from "./Change.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { CalendarId } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"

export const leaveCalendars = (state: CurrentState, isLeft: (calendar: Calendar) => boolean): Change => {
  const standing = standingOf(state)
  const elsewhere = new Set(
    state.calendars.filter((calendar) => standing.has(calendar.id) && !isLeft(calendar)).map(({ id }) => id)
  )
  const isElsewhere = (
    rows: ReadonlyArray<{ readonly calendarId: CalendarId; readonly isDeleted: boolean }>
  ): boolean => rows.some((row) => !row.isDeleted && elsewhere.has(row.calendarId))
  const isEnded = (intent: Intent): boolean => {
    switch (intent.kind) {
      case "event":
        return !isElsewhere(state.events.filter(({ meeting }) => meeting === intent.meeting))
      case "series":
      case "recurring":
        return !isElsewhere(state.series.filter(({ key }) => key === intent.series))
      case "exclusion":
      case "series-exclusion":
        return false
    }
  }
  return { deleteIntents: state.intents.filter(isEnded).map(({ id }) => id) }
}
