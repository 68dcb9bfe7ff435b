/**
 * How much is asked of Google, beside the least that would do: for a first sync, for one edit of a series without an end, and
 * on a day when nothing happens. With `PROVE=1` the first sync is one of 10,000 meetings.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Punctual } from "@punctual/core"
import { defaultLimits } from "../../src/index.ts"
import { ada, day, hour, meeting, minute, openHome } from "./Home.ts"

const events = process.env["PROVE"] === "1" ? 10_000 : 1_000

/** Google's largest page. */
const pageMax = 2_500

/** `GET /calendar/v3/calendars/…/events` → `GET events`. */
const counted = (asked: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const each of asked) {
    const [method, path = ""] = each.split(" ")
    const kind = `${method} ${path.split("/").findLast((part) => words.has(part)) ?? path}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const words: ReadonlySet<string> = new Set(["events", "instances", "watch", "calendarList", "userinfo", "token"])

const standing = ({ run }: Punctual["Service"]) => run

describe("requests", () => {
  it.each([true, false])(
    "of a first sync: each meeting once for what it is and once for when it is (tokens with bounds: %s)",
    async (tokensWithBounds) => {
      const home = await openHome({
        options: { tokensWithBounds },
        prepare: (cloud) => {
          for (let index = 0; index < events; index++) {
            cloud.edit(meeting(`meeting ${index}`, 1 + (index % (14 * 24))))
          }
        }
      })
      await home.read()
      assert.lengthOf(home.subjects(), events)
      const asked = counted(home.asked())
      const forToken = tokensWithBounds ? 0 : Math.ceil(events / pageMax)
      assert.deepStrictEqual(asked, {
        "POST token": 2,
        "GET calendarList": 2,
        "GET userinfo": 1,
        "POST watch": 1,
        "GET events": 2 * Math.ceil(events / defaultLimits.pageSize) + forToken
      })
    }
  )

  it("of one edit of a daily series without an end: what changed, and its instances in the window", async () => {
    const home = await openHome()
    const id = home.cloud.edit(meeting("Standup", 1, { recurrence: ["RRULE:FREQ=DAILY"] }))
    await home.read()
    assert.isAbove(home.subjects().length, 10)
    home.asked()
    home.cloud.edit({ type: "patchEvent", calendar: ada, id, members: { summary: "Daily" } })
    await home.read()
    assert.deepStrictEqual(new Set(home.subjects()), new Set(["Daily"]))
    assert.deepStrictEqual(counted(home.asked()), { "GET events": 1, "GET instances": 1 })
    home.cloud.edit({
      type: "patchEvent",
      calendar: ada,
      id: instanceAt(id, home.loop.now()),
      members: { summary: "One" }
    })
    await home.read()
    assert.include(home.subjects(), "One")
    // Of an instance alone its master is not told.
    assert.deepStrictEqual(counted(home.asked()), { "GET events": 2, "GET instances": 1 })
  })

  it("of a quiet day: four looks an hour, one of them at everything, and an access token an hour", async () => {
    const home = await openHome()
    home.cloud.edit(meeting("Review", 30))
    home.company.begin(standing)
    await home.company.receive()
    await home.loop.advance(2 * hour)
    home.asked()
    await home.loop.advance(day)
    const {
      "GET calendarList": listed,
      "GET events": looks = 0,
      "POST token": tokens = 0,
      ...others
    } = counted(home.asked())
    assert.isAtMost(looks, 24 * 4 + 2)
    assert.isAtLeast(looks, 24 * 4 - 2)
    assert.isAtMost(tokens, Math.ceil(day / (55 * minute)))
    assert.strictEqual(listed, 1)
    assert.deepStrictEqual(others, {})
  })
})

/** The instance of tomorrow, an hour after noon. */
const instanceAt = (id: string, now: number): string =>
  `${id}_${new Date(now + day + hour).toISOString().slice(0, 13).replaceAll("-", "")}0000Z`
