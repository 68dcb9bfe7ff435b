/**
 * A process that posts notifications as Microsoft would on its worst day: so many a second, each in a request of its
 * own, whether or not those before were answered. Reads its orders as JSON from its arguments and prints what came back.
 * Decides nothing; a latency counts from when the request was to be sent, so that a server that stalls can't hide it.
 */
import { Agent, request } from "node:http"

export interface Orders {
  readonly url: string
  readonly perSecond: number
  readonly count: number
  /** Notifications in a row for the same calendar. */
  readonly burst: number
  readonly targets: ReadonlyArray<{ readonly id: string; readonly clientState: string; readonly resource: string }>
}

export interface Report {
  readonly statuses: Readonly<Record<string, number>>
  readonly tookMillis: number
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
const bodies = orders.targets.map(({ clientState, id, resource }) =>
  JSON.stringify({
    value: [
      {
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
      }
    ]
  })
)

const began = performance.now()
let sent = 0
let answered = 0

const post = (body: string, dueAt: number): void => {
  const note = (outcome: string): void => {
    statuses[outcome] = (statuses[outcome] ?? 0) + 1
    latencies.push(performance.now() - dueAt)
    if (++answered === orders.count) finish()
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
    p50: at(0.5),
    p99: at(0.99),
    max: at(1)
  }
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))
}

const tickMillis = 5
const tick = setInterval(() => {
  const due = Math.min(orders.count, Math.floor(((performance.now() - began) / 1_000) * orders.perSecond))
  for (; sent < due; sent++) {
    const body = bodies[Math.floor(sent / orders.burst) % bodies.length]
    if (body !== undefined) post(body, began + (sent / orders.perSecond) * 1_000)
  }
  if (sent === orders.count) clearInterval(tick)
}, tickMillis)
