/**
 * A storm at the webhook endpoint: 2,000 notifications a second for half a minute, each in a request of its own, from a
 * second process to the real server on its embedded database.
 * Measures the answers and what they cost in syncs; the simulated Microsoft shares the machine with both.
 */
import type { Table } from "../../../bench/Table.ts"
import { deploy } from "../test/e2e/Deployment.ts"
import { connectCalendars, storm } from "../test/e2e/Storm.ts"

const weather = { calendars: 20, perSecond: 2_000, seconds: Number(process.env["SECONDS_MAX"] ?? 30), burst: 500 }

export const run = async (): Promise<Table> => {
  const deployment = await deploy()
  try {
    await connectCalendars(deployment, weather.calendars)
    const { bursts, max, p50, p99, statuses, syncs, tookMillis } = await storm(deployment, weather)
    return {
      title: "Notifications in a storm",
      note: `${weather.perSecond} a second for ${weather.seconds} s, one a request, ${weather.calendars} calendars in turn, ${weather.burst} in a row for one.`,
      rows: [
        {
          answers: Object.entries(statuses)
            .map(([status, count]) => `${count} × ${status}`)
            .join(", "),
          "p50 ms": p50,
          "p99 ms": p99,
          "max ms": max,
          "took s": tookMillis / 1_000,
          bursts,
          syncs
        }
      ]
    }
  } finally {
    await deployment.close()
  }
}
