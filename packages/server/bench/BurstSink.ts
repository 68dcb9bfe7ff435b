/**
 * A bot service as a process of its own, so that its processor's time is nobody else's: takes every POST, keeps when each id
 * came first and how often, and says so on GET, or only how many came on GET of `/bots/count`. Decides nothing.
 */
import { createServer } from "node:http"

const first = new Map<string, number>()
const counts = new Map<string, number>()

const server = createServer((request, response) => {
  const id = String(request.headers["webhook-id"])
  if (request.method === "DELETE") {
    first.clear()
    counts.clear()
    response.end("{}")
    return
  }
  if (request.method === "GET" && request.url === "/bots/count") {
    response.end(String(first.size))
    return
  }
  if (request.method === "GET") {
    response.end(JSON.stringify({ first: [...first], twice: [...counts].filter(([, count]) => count > 1).length }))
    return
  }
  request.resume()
  request.on("end", () => {
    if (!first.has(id)) first.set(id, Date.now())
    counts.set(id, (counts.get(id) ?? 0) + 1)
    response.writeHead(201, { "content-type": "application/json" })
    response.end(`{"bot_id":"theirs-${id}"}`)
  })
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.env["PORT"]), "127.0.0.1")
