/**
 * A storm of notifications at a running server, from a process of its own, and what the server made of it.
 * Decides what is counted: answers, latencies, and rounds at the simulated Microsoft, each of which is one sync.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import type { Orders, Report } from "../process/Hammer.ts"
import { type Deployment, connectUser, demand, until } from "./Deployment.ts"
import { cpuMillisOf } from "./Usage.ts"

const hammer = join(import.meta.dirname, "../process/Hammer.ts")

export interface Weather {
  readonly calendars: number
  readonly perSecond: number
  readonly seconds: number
  readonly burst: number
  /** Notifications in one request; one, unless said otherwise. */
  readonly perRequest?: number
}

export interface Storm extends Report {
  readonly bursts: number
  readonly syncs: number
  /** How long syncs were counted: until the server had been at rest for a while. */
  readonly watchedMillis: number
  /** Processor's time of the server until it was done with all of it, syncs too; null where the system does not tell. */
  readonly serverCpuMillis: number | null
}

/** Calendars that are connected, and were read once. */
export const connectCalendars = async (deployment: Deployment, calendars: number): Promise<void> => {
  for (let index = 0; index < calendars; index++) {
    const { key } = await connectUser(deployment, `storm-${index}@contoso.example`)
    await demand("GET", `${deployment.url}/api/v1/calendar/events?sync=true`, { key })
  }
}

export const storm = async (deployment: Deployment, weather: Weather): Promise<Storm> => {
  const { simulator, url } = deployment
  const count = Math.round(weather.perSecond * weather.seconds)
  const targets = Object.values(simulator.world().subscriptions).slice(0, weather.calendars)
  const orders: Orders = {
    url: `${url}/webhooks/microsoft`,
    perSecond: weather.perSecond,
    count,
    perRequest: weather.perRequest ?? 1,
    burst: weather.burst,
    targets: targets.map(({ clientState, id, resource }) => ({ id, clientState: clientState ?? "", resource }))
  }
  await calm(deployment)
  const began = performance.now()
  const [before, cpuBefore] = [rounds(deployment), cpuMillisOf(deployment)]
  const report = await posted(orders)
  await calm(deployment)
  const cpuAfter = cpuMillisOf(deployment)
  return {
    ...report,
    bursts: Math.ceil(count / weather.burst),
    syncs: rounds(deployment) - before,
    watchedMillis: performance.now() - began,
    serverCpuMillis: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
  }
}

const posted = (orders: Orders): Promise<Report> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [hammer, JSON.stringify(orders)], { stdio: ["ignore", "pipe", "inherit"] })
    let text = ""
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")))
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(text) as Report)
      else reject(new Error(`the hammer ended with code ${code}`))
    })
  })

const rounds = ({ simulator }: Deployment): number =>
  simulator.traffic().recent.filter(({ path }) => path.endsWith("/calendarView/delta")).length

const calmLooks = 40

/** Nobody has asked the simulated Microsoft anything for a while. */
const calm = async ({ simulator }: Deployment): Promise<void> => {
  let last = -1
  let still = 0
  await until("the server to be done", 60_000, async () => {
    const { requests } = simulator.traffic()
    still = requests === last ? still + 1 : 0
    last = requests
    return still >= calmLooks ? true : null
  })
}
