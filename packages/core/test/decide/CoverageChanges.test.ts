/** When the forecast of a meeting is told: once for each time it is another. */
import { assert, describe, it } from "@effect/vitest"
import { coverageChanges } from "../../src/decide/CoverageChanges.ts"
import type { ForecastMeeting } from "../../src/decide/Forecast.ts"
import type { UserId } from "../../src/domain/Ids.ts"
import { type LoggedChange, loggedChange } from "../../src/domain/LoggedChange.ts"
import { event, monday as now } from "./Rows.ts"

const meeting = event("review")
const covered: ForecastMeeting = { event: meeting, status: "covered", causes: [] }
const atRisk: ForecastMeeting = { ...covered, status: "at_risk", causes: ["sync_failing"] }
const paused: ForecastMeeting = { ...covered, status: "uncovered", causes: ["paused"] }

const place = { userId: "usr_1" as UserId, workspaceId: null, occurredAt: now }

/** What is told of these forecasts, one after the other, each by the log that the ones before have left. */
const told = (...forecasts: ReadonlyArray<ReadonlyArray<ForecastMeeting>>) => {
  const log: Array<LoggedChange> = []
  return forecasts.map((meetings) => {
    const changes = coverageChanges({ meetings }, log, now)
    for (const change of changes) log.push(loggedChange(change, { ...place, sequence: log.length + 1 }))
    return changes.map(({ data, type }) => `${type} ${data.status} ${data.causes.join(" ")}`.trim())
  })
}

describe("the forecast of a meeting", () => {
  it("is told when its bot is in danger, otherwise in danger, and no longer", () => {
    assert.deepStrictEqual(told([covered], [atRisk], [atRisk], [paused], [paused], [covered], [covered], [atRisk]), [
      [],
      ["coverage.at_risk at_risk sync_failing"],
      [],
      ["coverage.at_risk uncovered paused"],
      [],
      ["coverage.restored covered"],
      [],
      ["coverage.at_risk at_risk sync_failing"]
    ])
  })

  it("is told of each meeting by itself, and not of one that wants no bot any more", () => {
    const other = { ...atRisk, event: event("other") }
    assert.deepStrictEqual(told([atRisk], [atRisk, other], [other], [covered, other]), [
      ["coverage.at_risk at_risk sync_failing"],
      ["coverage.at_risk at_risk sync_failing"],
      [],
      ["coverage.restored covered"]
    ])
  })

  it("is found by its meeting, its event and its calendar", () => {
    const [change] = coverageChanges({ meetings: [atRisk] }, [], now)
    if (change === undefined) return assert.fail("nothing is told")
    const { botId, calendarId, eventId, meeting: key } = loggedChange(change, { ...place, sequence: 1 })
    assert.deepStrictEqual([botId, eventId, key, calendarId], [null, meeting.id, meeting.meeting, meeting.calendarId])
  })
})
