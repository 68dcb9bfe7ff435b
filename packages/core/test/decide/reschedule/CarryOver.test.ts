/**
 * What goes over when a meeting is called otherwise, where there is something already.
 */
import { assert, describe, it } from "@effect/vitest"
import { nothing } from "../../../src/decide/requests/Change.ts"
import { defaultPolicy } from "../../../src/domain/Policy.ts"
import * as rows from "../../../testing/rows/index.ts"
import { decided } from "../Decided.ts"

describe("a bot on its way whose meeting became a series", () => {
  it("ends the one that waits there before it comes, so that no meeting ever has two", () => {
    const start = rows.now + rows.hour
    const single = rows.event("m", { providerId: "m", start, end: start + rows.hour, isDeleted: true })
    const series = rows.series("s", { providerId: "m" })
    const there = rows.occurrence("s1", series, { date: "2041-04-20", start, end: start + rows.hour })
    const launching = rows.bot(single, {
      status: "Launching",
      launch: rows.launch()
    })
    const waiting = rows.bot(there)
    const slice = rows.slice({
      calendars: [rows.calendar()],
      events: [single, there],
      series: [series],
      bots: [launching, waiting]
    })
    const { commit } = decided(slice, nothing, { policy: defaultPolicy, now: rows.now, isWhole: true })
    assert.deepStrictEqual(
      commit.bots?.map(({ bot: { id, meeting, status } }) => [id, meeting, status]),
      [
        [waiting.id, there.meeting, "Cancelled"],
        [launching.id, there.meeting, "Launching"]
      ]
    )
  })
})
