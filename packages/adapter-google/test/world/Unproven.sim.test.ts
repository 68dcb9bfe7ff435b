/**
 * What is not on a list any more and can't be asked for either is no proof of an absence: whatever Google, or something on the
 * road to it, says of a request for one event, other than that it is not there, nothing is deleted. Each kind of fault once,
 * on the one road that random histories rarely take.
 */
import { assert, describe, it } from "@effect/vitest"
import { ada, day, hour, meeting, minute, openHome, start, times } from "./Home.ts"
import { bad } from "./Roads.ts"

/** Of one event or series, and of nothing else. */
const byId = "/calendar/v3/calendars/[^/]+/events/[^/]+$"

describe("an event that a list leaves out", () => {
  it.each(bad.map((answer) => [JSON.stringify(answer).slice(0, 90), answer] as const))(
    "stays while asking for it is answered by %s",
    async (_, answer) => {
      const home = await openHome({ policy: { windowAheadMillis: 14 * day } })
      const id = home.cloud.edit(meeting("Far", 30))
      home.cloud.edit(meeting("Near", 31))
      await home.read()
      assert.sameMembers([...home.subjects()], ["Far", "Near"])
      // Out of the window: the next list of everything is without it.
      home.cloud.edit({ type: "patchEvent", calendar: ada, id, members: times(start + 40 * day) })
      home.cloud.edit({ type: "expireSyncTokens", calendar: ada })
      home.cloud.setRoad([{ path: byId, probability: 1, answer }])
      home.asked()
      await home.loop.advance(16 * minute)
      await home.read()
      assert.isAbove(home.asked().filter((each) => each.endsWith(`/events/${id}`)).length, 0, "asked for by its id")
      assert.sameMembers([...home.subjects()], ["Far", "Near"])
      home.cloud.setRoad([])
      await home.loop.advance(25 * hour)
      await home.read()
      const far = home.rows().find(({ subject }) => subject === "Far")
      assert.isDefined(far)
      assert.isFalse(far.isDeleted)
      assert.strictEqual(far.start, start + 40 * day)
    }
  )
})
