/**
 * What is told of coming meetings whose bots are in danger: each time the forecast of one is another than was told last.
 * Decides that by the log itself. Of a meeting that is over, or wants no bot any more, nothing is told.
 */
import type { MeetingKey } from "../domain/Ids.ts"
import { type ChangeType, type CoverageChange, type LoggedChange, coverageChangeTypes } from "../domain/LoggedChange.ts"
import { sameJson } from "../domain/JsonEquality.ts"
import type { Instant } from "../domain/Time.ts"
import type { Forecast, ForecastMeeting } from "./Forecast.ts"

/** `told`: entries of the user's log, oldest first; those of other kinds are passed over. */
export const coverageChanges = (
  { meetings }: Pick<Forecast, "meetings">,
  told: ReadonlyArray<LoggedChange>,
  now: Instant
): ReadonlyArray<CoverageChange> => {
  const latest = latestOf(told)
  return meetings.flatMap((meeting) => {
    const type = typeOf(meeting, latest.get(meeting.event.meeting))
    return type === null ? [] : [changeOf(type, meeting, now)]
  })
}

/** Whether meetings are told of as in danger, still. */
export const isTellingDanger = (told: ReadonlyArray<LoggedChange>): boolean =>
  [...latestOf(told).values()].some(({ type }) => type === "coverage.at_risk")

/** Whether what happened may bring a meeting into danger. A launch that goes well may end one, and no more. */
export const mayEndanger = (type: ChangeType): boolean => !isTold(type) && !wellLaunched.has(type)

/** Whether what happened may end the danger of a meeting. */
export const mayRestore = (type: ChangeType): boolean => !isTold(type)

const wellLaunched: ReadonlySet<ChangeType> = new Set<ChangeType>(["bot.launching", "bot.launched"])

const isTold = (type: ChangeType): boolean => coverageChangeTypes.some((each) => each === type)

const latestOf = (told: ReadonlyArray<LoggedChange>): ReadonlyMap<MeetingKey, CoverageChange> => {
  const latest = new Map<MeetingKey, CoverageChange>()
  for (const change of told) {
    if (change.type === "coverage.at_risk" || change.type === "coverage.restored")
      latest.set(change.data.meeting, change)
  }
  return latest
}

const typeOf = (
  { causes, status }: ForecastMeeting,
  before: CoverageChange | undefined
): CoverageChange["type"] | null => {
  const wasAtRisk = before?.type === "coverage.at_risk"
  if (status === "covered") return wasAtRisk ? "coverage.restored" : null
  return wasAtRisk && before.data.status === status && sameJson(before.data.causes, causes) ? null : "coverage.at_risk"
}

const changeOf = (
  type: CoverageChange["type"],
  { causes, event, status }: ForecastMeeting,
  now: Instant
): CoverageChange => ({
  type,
  occurredAt: now,
  cause: "system",
  data: {
    eventId: event.id,
    calendarId: event.calendarId,
    meeting: event.meeting,
    start: event.start,
    status,
    causes
  }
})
