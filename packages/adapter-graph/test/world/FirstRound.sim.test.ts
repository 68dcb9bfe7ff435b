/**
 * What reading calendars for the first time costs in requests: the pages there are, and nothing for a single event.
 */
import { assert, describe, it } from "@effect/vitest"
import { adele } from "./History.ts"
import { meeting, openHome } from "./Home.ts"

/** What the adapter asks for at once. */
const pageSize = 50

describe("a first round", () => {
  it("asks for each calendar's pages once, for profile and list once, and for nothing else", async () => {
    const calendars = { Calendar: 230, Full: pageSize, Quiet: 0 }
    const home = await openHome({
      mailbox: { calendars: ["Full", "Quiet"] },
      prepare: (cloud) => {
        for (const [calendar, events] of Object.entries(calendars)) {
          for (let index = 0; index < events; index++) {
            cloud.edit({ ...meeting(`Meeting ${index}`, 1 + index / 2), mailbox: adele, calendar })
          }
        }
        // Its occurrences stand beside it on the page, and are told by their times alone.
        const standup = { ...meeting("Standup", 3), type: "createSeries" as const, pattern: { type: "daily" as const } }
        cloud.edit({ ...standup, mailbox: adele, calendar: "Quiet" })
      }
    })
    const asked = new Map<string, number>()
    for (const { method, path, status } of home.cloud.traffic().recent) {
      const what = `${method} ${status} ${path.replace(/^.*\//, "")}`
      asked.set(what, (asked.get(what) ?? 0) + 1)
    }
    assert.lengthOf(
      home.rows().filter(({ kind }) => kind === "single"),
      280
    )
    assert.isAtLeast(home.rows().filter(({ kind }) => kind === "occurrence").length, 25)
    assert.deepStrictEqual(
      asked,
      new Map([
        ["POST 200 token", 2],
        ["GET 200 me", 1],
        ["GET 200 calendars", 1],
        ["POST 201 subscriptions", 3],
        ["GET 200 delta", 5 + 1 + 1]
      ])
    )
  })
})
