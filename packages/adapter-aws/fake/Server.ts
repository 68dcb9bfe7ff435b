/**
 * The fake AWS on a socket: what any AWS client talks to, once its endpoint says so.
 * Turns HTTP into requests and replies into HTTP. What is answered is decided in Aws.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type Aws, makeAws } from "./Aws.ts"
import type { Reply } from "./service/Exchange.ts"
import type { Options } from "./service/Options.ts"
import { type Timer, wallTimer } from "./service/Timer.ts"

export interface FakeOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Loopback by default; nothing here is meant for a network. */
  readonly host?: string
  readonly timer?: Timer
  readonly options?: Partial<Options>
  /** Names, and where their dead letters go; `punctual-fires` and `punctual-dead` if absent. */
  readonly queues?: Readonly<Record<string, string | null>>
}

export interface FakeAws extends Omit<Aws, "handle"> {
  /** The endpoint of all three services. */
  readonly url: string
  readonly close: () => Promise<void>
}

export const usualQueues = { "punctual-dead": null, "punctual-fires": "punctual-dead" } as const

export const startFakeAws = async (given: FakeOptions = {}): Promise<FakeAws> => {
  const host = given.host ?? "127.0.0.1"
  let url = ""
  const aws = makeAws({
    timer: given.timer ?? wallTimer(),
    options: given.options ?? {},
    queues: given.queues ?? usualQueues,
    origin: () => url
  })
  const server = createServer((incoming, outgoing) => {
    serve(aws, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(given.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo // listening on TCP, so the address is one
  url = `http://${host}:${port}`
  const { handle: _, ...rest } = aws
  return {
    ...rest,
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}

const serve = async (aws: Aws, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
  const closed = new AbortController()
  outgoing.once("close", () => closed.abort())
  const { pathname, search } = splitAt(incoming.url ?? "/")
  const body: Array<Buffer> = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) body.push(chunk)
  const reply = await aws.handle(
    {
      method: incoming.method ?? "GET",
      path: pathname,
      query: new URLSearchParams(search),
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(body).toString("utf8")
    },
    closed.signal
  )
  send(outgoing, reply)
}

const send = (outgoing: ServerResponse, reply: Reply): void => {
  if (reply.kind === "silence") return
  if (reply.kind === "reset") return void outgoing.destroy()
  outgoing.writeHead(reply.status, { ...reply.headers, "x-amzn-requestid": "fake" }).end(reply.body)
}

const splitAt = (url: string): { readonly pathname: string; readonly search: string } => {
  const at = url.indexOf("?")
  return at < 0 ? { pathname: url, search: "" } : { pathname: url.slice(0, at), search: url.slice(at + 1) }
}
