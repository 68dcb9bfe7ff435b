/**
 * What is not on a list any more and can't be asked for either is no proof of an absence: whatever Graph, or something on the
 * road to it, says of a request for one event, other than that it is not there, nothing is deleted. Each kind of fault once,
 * on the one road that random histories rarely take.
 */
import { assert, describe, it } from "@effect/vitest"
import { adele, bad } from "./History.ts"
import { at, day, hour, meeting, minute, openHome } from "./Home.ts"

/** Of one event or series, and of nothing else. */
const byId = "/v1.0/me/calendars/[^/]+/events/[^/?]+(\\?|$)"

describe("an event that a list leaves out", () => {
  it.each(bad.map((answer) => [JSON.stringify(answer).slice(0, 90), answer] as const))(
    "stays while asking for it is answered by %s",
    async (_, answer) => {
      const home = await openHome({
        policy: { windowAheadMillis: 14 * day },
        cloud: { delta: { removedOutsideWindow: false } }
      })
      const id = home.edit(meeting("Far", 30))
      home.edit(meeting("Near", 31))
      await home.loop.advance(16 * minute)
      await home.read()
      const subjects = () => home.rows().flatMap((row) => (row.isDeleted ? [] : [row.subject]))
      assert.sameMembers(subjects(), ["Far", "Near"])
      // Out of the window: the next list of everything is without it.
      home.edit({ type: "moveEvent", event: id, start: at(40 * 24), end: at(40 * 24 + 1) })
      home.cloud.edit({ type: "loseSyncState", mailbox: adele })
      home.cloud.setFaults([{ path: byId, probability: 1, answer }])
      home.asked()
      await home.loop.advance(16 * minute)
      await home.read()
      assert.sameMembers(subjects(), ["Far", "Near"])
      assert.isNotEmpty(
        home.asked().filter((each) => new RegExp(byId).test(each)),
        "asked for by its id"
      )
      home.cloud.setFaults([])
      await home.loop.advance(25 * hour)
      await home.read()
      assert.strictEqual(home.row("Far").isDeleted, false)
      assert.strictEqual(home.row("Far").start, Date.parse(at(40 * 24)))
    }
  )
})
