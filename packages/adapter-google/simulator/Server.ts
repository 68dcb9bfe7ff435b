/**
 * The simulated Google on a socket of this machine: Calendar, the token endpoint and userinfo at one address.
 *
 * Decides nothing that the rules decide: it reads requests, keeps the world, and posts what they say is to be posted, again
 * where it is answered 500, 502, 503 or 504.
 */
import { type IncomingMessage, type ServerResponse, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { applyEdit } from "./edits/Edit.ts"
import { type Handle, control } from "./Control.ts"
import { toldOf } from "./rules/Channels.ts"
import { step } from "./rules/Rules.ts"
import type { Parcel, Reply, Request } from "./wire/Exchange.ts"
import { type Options, type World, emptyWorld } from "./world/World.ts"

export interface SimulatorOptions {
  /** 0: any free one. */
  readonly port?: number
  readonly host?: string
  readonly options?: Partial<Options>
  readonly world?: World
  readonly now?: () => number
}

export interface Simulator extends Handle {
  readonly url: string
  /** When everything that was to be posted is posted, or given up. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

export const startSimulator = async ({
  host = "127.0.0.1",
  now = Date.now,
  options = {},
  port = 0,
  world: first = emptyWorld(options)
}: SimulatorOptions = {}): Promise<Simulator> => {
  let world = first
  const requests: Array<string> = []
  const underWay = new Set<Promise<void>>()
  const post = (parcels: ReadonlyArray<Parcel>): void => {
    for (const parcel of parcels) {
      const sent = deliver(parcel).finally(() => underWay.delete(sent))
      underWay.add(sent)
    }
  }
  const handle: Handle = {
    edit: (edit) => {
      const edited = applyEdit(world, edit, now())
      const next = toldOf(edited, now())
      world = next.world
      post(next.parcels)
      return edited.id
    },
    world: () => world,
    requests: () => requests
  }
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await read(incoming)
    if (request.path[0] === "_sim") return write(outgoing, control(handle, request))
    requests.push(`${request.method} /${request.path.join("/")}`)
    const outcome = step(world, request, now())
    world = outcome.world
    post(outcome.parcels)
    write(outgoing, outcome.reply)
  }
  const server = createServer((incoming, outgoing) => {
    // Whoever breaks off in the middle of a request gets no answer.
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, host, resolve)
  })
  // Listening on a host and a port, it has an address of that kind.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host}:${taken}`,
    ...handle,
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all(underWay)
    }
  }
}

const bodyMaxBytes = 1_048_576

const read = async (incoming: IncomingMessage): Promise<Request> => {
  const chunks: Array<Buffer> = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= bodyMaxBytes) chunks.push(chunk)
  }
  const url = new URL(incoming.url ?? "/", "http://simulator")
  return {
    method: incoming.method ?? "GET",
    path: url.pathname.split("/").slice(1).map(unescaped),
    query: url.searchParams,
    headers: { authorization: incoming.headers.authorization },
    body: Buffer.concat(chunks).toString("utf8")
  }
}

const unescaped = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A percent sign that encodes nothing names nothing.
    return segment
  }
}

const write = (outgoing: ServerResponse, { body, headers = {}, status }: Reply): void => {
  outgoing.writeHead(
    status,
    body === undefined ? headers : { "content-type": "application/json; charset=UTF-8", ...headers }
  )
  outgoing.end(typeof body === "string" || body === undefined ? body : JSON.stringify(body))
}

const triesMax = 3
const pauseMillis = 50

/** Any other answer is either taken or given up. */
const retried: ReadonlySet<number> = new Set([500, 502, 503, 504])

const deliver = async ({ address, headers }: Parcel): Promise<void> => {
  for (let attempt = 1; attempt <= triesMax; attempt++) {
    const status = await fetch(address, { method: "POST", headers: { ...headers, "user-agent": "APIs-Google" } }).then(
      (response) => response.status,
      () => 503
    )
    if (!retried.has(status)) return
    await new Promise((resolve) => setTimeout(resolve, pauseMillis * 2 ** attempt))
  }
}
