/**
 * A process that posts notifications as Microsoft would on its worst day: so many a second, each in a request of its own
 * or several together, whether or not those before were answered. Reads its orders as JSON from its arguments and prints
 * what came back.
 * Decides nothing; a latency counts from when the request was to be sent, so that a server that stalls can't hide it.
 */
import { Agent, request } from "node:http"

export interface Orders {
  readonly url: string
  /** Notifications a second, and in all. */
  readonly perSecond: number
  readonly count: number
  /** Notifications in one request. */
  readonly perRequest: number
  /** Notifications in a row for the same calendar. */
  readonly burst: number
  readonly targets: ReadonlyArray<{ readonly id: string; readonly clientState: string; readonly resource: string }>
}

export interface Report {
  /** Requests by how they were answered. */
  readonly statuses: Readonly<Record<string, number>>
  readonly tookMillis: number
  /** Processor's time of this process: close to the time it took, it measures itself. */
  readonly cpuMillis: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Microsoft opens many connections; more than this would measure the sockets of one machine. */
const socketsMax = 128

const orders = JSON.parse(process.argv[2] ?? "") as Orders
const agent = new Agent({ keepAlive: true, maxSockets: socketsMax })
const statuses: Record<string, number> = {}
const latencies: Array<number> = []
const items = orders.targets.map(({ clientState, id, resource }) =>
  JSON.stringify({
    subscriptionId: id,
    subscriptionExpirationDateTime: "2099-01-01T00:00:00Z",
    changeType: "updated",
    resource,
    resourceData: {
      "@odata.type": "#microsoft.graph.event",
      "@odata.id": resource,
      "@odata.etag": 'W/"x"',
      id: "x".repeat(120)
    },
    clientState,
    tenantId: "84bd8158-6d4d-4958-8b9f-9d6445542f95"
  })
)
const { burst, count, perRequest, perSecond } = orders
const requests = Math.ceil(count / perRequest)

/** The notifications of one request, by the number of the first. */
const bodyFrom = (first: number): string => {
  const told = Array.from(
    { length: Math.min(perRequest, count - first) },
    (_, index) => items[Math.floor((first + index) / burst) % items.length]
  )
  return `{"value":[${told.join(",")}]}`
}

const began = performance.now()
let sent = 0
let answered = 0

const post = (body: string, dueAt: number): void => {
  const note = (outcome: string): void => {
    statuses[outcome] = (statuses[outcome] ?? 0) + 1
    latencies.push(performance.now() - dueAt)
    if (++answered === requests) finish()
  }
  const outgoing = request(
    orders.url,
    {
      agent,
      method: "POST",
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) }
    },
    (response) => {
      response.resume()
      response.once("end", () => note(String(response.statusCode)))
    }
  )
  outgoing.once("error", (error) => note(error.message))
  outgoing.end(body)
}

const finish = (): void => {
  const sorted = latencies.toSorted((one, other) => one - other)
  const at = (share: number): number => Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10
  const report: Report = {
    statuses,
    tookMillis: Math.round(performance.now() - began),
    cpuMillis: Math.round(Object.values(process.cpuUsage()).reduce((sum, micros) => sum + micros, 0) / 1_000),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1)
  }
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))
}

const tickMillis = 5
const tick = setInterval(() => {
  const due = Math.min(count, Math.floor(((performance.now() - began) / 1_000) * perSecond))
  for (; sent < due; sent += perRequest) post(bodyFrom(sent), began + (sent / perSecond) * 1_000)
  if (sent >= count) clearInterval(tick)
}, tickMillis)
