/**
 * A small OpenTelemetry collector on this machine: it keeps what it is sent, by signal, and answers as one would.
 */
import { once } from "node:events"
import { createServer } from "node:http"

export interface Collector {
  readonly url: string
  /** Everything sent to `/v1/traces`, `/v1/metrics` or `/v1/logs`. */
  readonly got: (signal: "traces" | "metrics" | "logs") => string
  readonly close: () => void
}

export const startCollector = async (): Promise<Collector> => {
  const bodies = new Map<string, Array<string>>()
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const path = request.url ?? ""
      // Headers too: what is sent along is sent away.
      const whole = `${JSON.stringify(request.headers)}\n${Buffer.concat(chunks).toString("utf8")}`
      bodies.set(path, [...(bodies.get(path) ?? []), whole])
      response.writeHead(200, { "content-type": "application/json" }).end("{}")
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    got: (signal) => (bodies.get(`/v1/${signal}`) ?? []).join("\n"),
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
