/**
 * A storm at the webhook endpoint: 2,000 notifications a second for half a minute from a second process to the real
 * server, each in a request of its own and twenty together, on the embedded database and on PostgreSQL.
 * Measures the answers and what they cost in syncs and processor's time; the simulated Microsoft shares the machine with
 * server and sender.
 */
import type { Row, Table } from "../../../bench/Table.ts"
import { deploy } from "../test/e2e/Deployment.ts"
import { type PlaceKind, onPGlite, onPostgres } from "../test/e2e/Place.ts"
import { type Weather, connectCalendars, storm } from "../test/e2e/Storm.ts"

const weather: Weather = {
  calendars: 20,
  perSecond: Number(process.env["PER_SECOND"] ?? 2_000),
  seconds: Number(process.env["SECONDS_MAX"] ?? 30),
  burst: 500
}
/** The first seconds of a process are spent on compiling what it runs. */
const warming: Weather = { ...weather, seconds: 5 }

const places: ReadonlyArray<PlaceKind> = [onPGlite, onPostgres(1)]

export const run = async (): Promise<Table> => {
  const rows: Array<Row> = []
  for (const place of places) rows.push(...(await rowsOn(place)))
  return {
    title: "Notifications in a storm",
    note: `${weather.perSecond} a second for ${weather.seconds} s, ${weather.calendars} calendars in turn, ${weather.burst} in a row for one; after ${warming.seconds} s of the same.`,
    rows
  }
}

const rowsOn = async (place: PlaceKind): Promise<ReadonlyArray<Row>> => {
  const deployment = await deploy({}, place)
  try {
    await connectCalendars(deployment, weather.calendars)
    await storm(deployment, warming)
    const rows: Array<Row> = []
    for (const perRequest of [1, 20]) {
      const seen = await storm(deployment, { ...weather, perRequest })
      const share = (millis: number | null) => (millis === null ? "?" : Math.round((millis / seen.tookMillis) * 100))
      rows.push({
        store: place.store,
        "a request": perRequest,
        answers: Object.entries(seen.statuses)
          .map(([status, count]) => `${count} × ${status}`)
          .join(", "),
        "p50 ms": seen.p50,
        "p99 ms": seen.p99,
        "max ms": seen.max,
        "took s": seen.tookMillis / 1_000,
        bursts: seen.bursts,
        syncs: seen.syncs,
        "server's core %": share(seen.serverCpuMillis),
        "sender's %": share(seen.cpuMillis)
      })
    }
    return rows
  } finally {
    await deployment.close()
  }
}
