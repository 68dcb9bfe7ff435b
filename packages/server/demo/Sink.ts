/**
 * The demo's bot service, as a process: it takes bots by webhook, checks each signature, and writes down each arrival as
 * a line of JSON. Decides only whether a signature is valid, by the Standard Webhooks library.
 */
import { createServer } from "node:http"
import { Webhook } from "standardwebhooks"

const secret = process.env["PUNCTUAL_LAUNCHER_SECRET"] ?? ""
const webhook = new Webhook(secret)
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const isSigned = (body: string, headers: Record<string, string>): boolean => {
  try {
    webhook.verify(body, headers)
    return true
  } catch {
    return false
  }
}

const server = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const arrivedAt = Date.now()
    const body = Buffer.concat(chunks).toString("utf8")
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const signed = isSigned(body, headers)
    response.writeHead(signed ? 201 : 401, { "content-type": "application/json" })
    response.end(JSON.stringify(signed ? { bot_id: `sink-${headers["webhook-id"]}` } : { error: "bad signature" }))
    say({ arrivedAt, signed, id: headers["webhook-id"], bot: signed ? JSON.parse(body) : null })
  })
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  say({ url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/bots` })
})
process.on("SIGTERM", () => server.close(() => process.exit(0)))
process.on("SIGINT", () => server.close(() => process.exit(0)))
