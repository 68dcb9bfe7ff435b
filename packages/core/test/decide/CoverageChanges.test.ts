/** When the forecast of a meeting is told: once for each time it is another. */
import { assert, describe, it } from "@effect/vitest"
import { coverageChanges, isTellingDanger, mayEndanger, mayRestore } from "../../src/decide/CoverageChanges.ts"
import type { ForecastMeeting } from "../../src/decide/Forecast.ts"
import type { UserId } from "../../src/domain/Ids.ts"
import { type LoggedChange, changeTypes, loggedChange } from "../../src/domain/LoggedChange.ts"
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

  it("is told of as in danger until it is told otherwise", () => {
    const log: Array<LoggedChange> = []
    const tell = (...meetings: ReadonlyArray<ForecastMeeting>) => {
      for (const change of coverageChanges({ meetings }, log, now))
        log.push(loggedChange(change, { ...place, sequence: log.length + 1 }))
      return isTellingDanger(log)
    }
    const other = { ...atRisk, event: event("other") }
    assert.deepStrictEqual(
      [tell(covered), tell(atRisk), tell(covered, other), tell(covered)],
      [false, true, true, true]
    )
    assert.isFalse(tell({ ...other, status: "covered", causes: [] }))
  })

  it("may be worse by whatever happens but a launch, and by what is told of it neither worse nor better", () => {
    const told = ["coverage.at_risk", "coverage.restored"]
    const launched = ["bot.launching", "bot.launched"]
    assert.deepStrictEqual(
      changeTypes.filter((type) => !mayEndanger(type)),
      [...launched, ...told]
    )
    assert.deepStrictEqual(
      changeTypes.filter((type) => !mayRestore(type)),
      told
    )
  })

  it("is found by its meeting, its event and its calendar", () => {
    const [change] = coverageChanges({ meetings: [atRisk] }, [], now)
    if (change === undefined) return assert.fail("nothing is told")
    const { botId, calendarId, eventId, meeting: key } = loggedChange(change, { ...place, sequence: 1 })
    assert.deepStrictEqual([botId, eventId, key, calendarId], [null, meeting.id, meeting.meeting, meeting.calendarId])
  })
})
