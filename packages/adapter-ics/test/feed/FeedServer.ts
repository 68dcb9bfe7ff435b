/**
 * A server of published calendars for the tests: one process, an address for each calendar, and answers that go wrong on demand.
 */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http"
import { type AddressInfo, BlockList } from "node:net"
import { createHash } from "node:crypto"
import { Effect } from "effect"

/** What a server does instead of answering as it should. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "body"; readonly body: string }
  /** The connection ends so many bytes into the answer. */
  | { readonly kind: "broken"; readonly bytes: number }
  /** An answer that is complete as HTTP goes, and cut off. */
  | { readonly kind: "cut"; readonly bytes: number }
  | { readonly kind: "silent" }

export interface Published {
  text: string
  /** Whether the server gives and knows an ETag. */
  hasEtag: boolean
  /** What it becomes before each answer to somebody who has it. */
  edits: Array<string>
  /** Until it is taken back. */
  fault: Fault | null
  readonly requests: Array<number>
}

export interface FeedServer {
  readonly origin: string
  readonly at: (path: string) => Published
}

export const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8, "ipv4")

export const emptyCalendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\nEND:VCALENDAR\r\n"

/** Ends with the scope. */
export const feedServer = Effect.acquireRelease(
  Effect.promise(async () => {
    const published = new Map<string, Published>()
    const at = (path: string): Published => {
      const found = published.get(path) ?? { text: emptyCalendar, hasEtag: true, edits: [], fault: null, requests: [] }
      published.set(path, found)
      return found
    }
    const server = createServer((request, response) => answer(at(request.url ?? ""), request, response))
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { origin, at, server }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
)

const answer = (calendar: Published, request: IncomingMessage, response: ServerResponse): void => {
  if (request.headers["if-none-match"] !== undefined) calendar.text = calendar.edits.shift() ?? calendar.text
  const { fault, hasEtag, text } = calendar
  const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`
  const isKnown = hasEtag && request.headers["if-none-match"] === etag
  const status = fault?.kind === "status" ? fault.status : isKnown && fault === null ? 304 : 200
  calendar.requests.push(status)
  if (fault?.kind === "silent") return
  if (fault?.kind === "status") {
    response.writeHead(status, fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter }).end()
    return
  }
  if (status === 304) {
    response.writeHead(304).end()
    return
  }
  const whole = Buffer.from(fault?.kind === "body" ? fault.body : text)
  const body = fault?.kind === "cut" ? whole.subarray(0, fault.bytes) : whole
  response.writeHead(200, {
    "content-type": "text/calendar",
    "content-length": body.length,
    ...(hasEtag && fault === null ? { etag } : {})
  })
  if (fault?.kind !== "broken") {
    response.end(body)
    return
  }
  response.write(body.subarray(0, fault.bytes), () => response.destroy())
}
