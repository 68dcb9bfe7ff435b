/**
 * From a change in the calendar to the bot's new join time, through the real server: notification, sync, decision,
 * schedule. The simulated Microsoft notifies at once, where the real one takes seconds.
 * Measures what a client sees, looking every 25 ms.
 */
import type { Table } from "../../../bench/Table.ts"
import { connectUser, demand, deploy, meetingAt, until } from "../test/e2e/Deployment.ts"

const moves = Number(process.env["MOVES"] ?? 100)
const hour = 3_600_000
const waitMillisMax = 60_000

export const run = async (): Promise<Table> => {
  const deployment = await deploy()
  try {
    const { simulator, url } = deployment
    const { key, mailbox } = await connectUser(deployment, "moves@contoso.example")
    const start = Math.floor(Date.now() / 1_000) * 1_000 + 3 * hour
    const event = simulator.edit(meetingAt(mailbox, "Review", start)).eventId ?? ""
    await demand("GET", `${url}/api/v1/calendar/events?sync=true`, { key })
    await demand("POST", `${url}/api/v1/calendar/auto-schedule/enable`, { key, body: {} })
    const took: Array<number> = []
    for (let move = 1; move <= moves; move++) {
      const moved = start + (move % 10) * 60_000 + 60_000
      simulator.edit({ type: "moveEvent", mailbox, event, start: new Date(moved).toISOString() })
      const { millis } = await until("the bot to move", waitMillisMax, async () => {
        const { scheduled_bots: bots } = await demand("GET", `${url}/api/v1/calendar/scheduled_bots`, { key })
        return Date.parse(bots[0]?.scheduled_join_time) === moved - 60_000 ? true : null
      })
      took.push(millis)
    }
    const sorted = took.toSorted((one, other) => one - other)
    const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0
    return {
      title: "Notification to bot moved",
      note: `${moves} moves, one after the other.`,
      rows: [{ "median ms": at(0.5), "p99 ms": at(0.99), "max ms": at(1) }]
    }
  } finally {
    await deployment.close()
  }
}
