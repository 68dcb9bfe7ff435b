/**
 * Calendars that are deselected, or disconnected.
 * Decides which intents end with them: those for meetings and series of theirs that stand in no other calendar. What was
 * deleted in another one may come back there, and its intents wait for it. Exclusions outlive their calendar.
 */
import type { CurrentState } from "../reschedule/CurrentState.ts"
import { standingOf } from "../state/StateIndex.ts"
import type { Change } from "./Change.ts"
import type { Calendar } from "../../domain/Calendar.ts"
import type { CalendarEvent } from "../../domain/Event.ts"
import type { MeetingKey } from "../../domain/Ids.ts"
import type { Intent } from "../../domain/Intent.ts"
import { seriesOfMeeting } from "../../domain/MeetingKey.ts"
import type { Series } from "../../domain/Series.ts"

type Held = Pick<CalendarEvent | Series, "calendarId" | "isDeleted">

export const leaveCalendars = (state: CurrentState, isLeft: (calendar: Calendar) => boolean): Change => {
  const standing = standingOf(state)
  const elsewhere = new Set(
    state.calendars.filter((calendar) => standing.has(calendar.id) && !isLeft(calendar)).map(({ id }) => id)
  )
  const left = new Set(state.calendars.filter(isLeft).map(({ id }) => id))
  const areLeft = (rows: ReadonlyArray<Held>): boolean =>
    rows.some((row) => left.has(row.calendarId)) && !rows.some((row) => !row.isDeleted && elsewhere.has(row.calendarId))
  const isEnded = (intent: Intent): boolean => {
    switch (intent.kind) {
      case "event":
        return areLeft(rowsOf(state, intent.meeting))
      case "series":
      case "recurring":
        return areLeft(state.series.filter(({ key }) => key === intent.series))
      case "exclusion":
      case "series-exclusion":
        return false
    }
  }
  return { deleteIntents: state.intents.filter(isEnded).map(({ id }) => id) }
}

/** Of a date that is no row yet its series. */
const rowsOf = ({ events, series }: CurrentState, meeting: MeetingKey): ReadonlyArray<Held> => {
  const copies = events.filter((row) => row.meeting === meeting)
  const key = seriesOfMeeting(meeting)
  return copies.length > 0 ? copies : series.filter((row) => row.key === key)
}
