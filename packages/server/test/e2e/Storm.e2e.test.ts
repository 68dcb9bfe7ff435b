/**
 * Notifications at the real server: a storm of them is answered whole and costs few syncs, and when every one is lost
 * the safety poll finds what they would have told.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { defaultPolicy } from "@punctual/core"
import { type Deployment, connectUser, demand, deploy, meetingAt, until } from "./Deployment.ts"
import { connectCalendars, storm } from "./Storm.ts"

const hour = 3_600_000
const safetyPollMillis = 3_000
const waitMillisMax = 90_000

let deployment: Deployment
beforeAll(async () => {
  deployment = await deploy({ PUNCTUAL_SAFETY_POLL_INTERVAL: `${safetyPollMillis} millis` })
})
afterAll(() => deployment.close())

describe("notifications", () => {
  it("that are all lost: the bot moves with its meeting within the safety poll", async () => {
    const { simulator, url } = deployment
    const { key, mailbox } = await connectUser(deployment, "lost@contoso.example")
    const start = Math.floor(Date.now() / 1_000) * 1_000 + 3 * hour
    const { eventId } = simulator.edit(meetingAt(mailbox, "Review", start))
    await demand("GET", `${url}/api/v1/calendar/events?sync=true`, { key })
    await demand("POST", `${url}/api/v1/calendar/auto-schedule/enable`, { key, body: {} })
    const joins = async (): Promise<ReadonlyArray<number>> =>
      (await demand("GET", `${url}/api/v1/calendar/scheduled_bots`, { key })).scheduled_bots.map(
        (bot: { readonly scheduled_join_time: string }) => Date.parse(bot.scheduled_join_time)
      )
    assert.deepStrictEqual(await joins(), [start - 60_000])
    simulator.configure({ notifications: { lost: 1 } })
    const sent = simulator.traffic().notificationsSent
    simulator.edit({ type: "moveEvent", mailbox, event: eventId ?? "", start: new Date(start + hour).toISOString() })
    await until("the bot to move", waitMillisMax, async () =>
      (await joins())[0] === start + hour - 60_000 ? true : null
    )
    assert.strictEqual(simulator.traffic().notificationsSent, sent)
    simulator.configure({ notifications: { lost: 0 } })
  })

  it("in a storm: each is answered 202, and a burst is one sync", async () => {
    await connectCalendars(deployment, 2)
    const { statuses, syncs, tookMillis, watchedMillis } = await storm(deployment, {
      calendars: 3,
      perSecond: 400,
      seconds: 1,
      burst: 100
    })
    assert.deepStrictEqual(statuses, { "202": 400 })
    assert.isAtLeast(syncs, 3)
    // Four bursts of three calendars. A busy machine draws the storm out, and what is drawn out settles more often.
    const polls = watchedMillis / safetyPollMillis
    assert.isAtMost(syncs, 3 * (4 + tookMillis / defaultPolicy.settleMillis + polls))
  })
})
