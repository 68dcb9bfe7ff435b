/**
 * V1: sockets of clients that hold on to them, on a real server.
 */
import { once } from "node:events"
import { type Server, get } from "node:http"
import { type AddressInfo, BlockList, type Socket, connect } from "node:net"
import { setTimeout as passed } from "node:timers/promises"
import { afterEach, assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parse } from "../../src/config/Config.ts"
import { socketLimits } from "../../src/http/Limits.ts"
import { boundedServer } from "../../src/http/Sockets.ts"

const open: Array<Socket> = []
let server: Server | undefined

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
  server?.closeAllConnections()
  server?.close()
})

/** Answers each request with so many bytes. */
const listening = async (
  bytes: number,
  limits: Partial<Record<keyof typeof socketLimits, number>> = {},
  trusted = new BlockList()
): Promise<number> => {
  server = boundedServer(
    { keepAliveMillis: 75_000, trustedProxies: trusted },
    { ...socketLimits, lookMillis: 50, ...limits }
  )
  const body = Buffer.alloc(bytes, "x")
  server.on("request", (_, response) => response.end(body))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return (server.address() as AddressInfo).port
}

const socketTo = async (port: number): Promise<Socket> => {
  const socket = connect(port, "127.0.0.1")
  // Cut off is what is waited for.
  socket.on("error", () => {})
  open.push(socket)
  await once(socket, "connect")
  return socket
}

/** Whether the server answers a request on it, rather than cut it off. */
const isServed = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    if (socket.closed) return resolve(false)
    socket.once("data", () => resolve(true))
    socket.once("close", () => resolve(false))
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
  })

const isClosed = (socket: Socket, millis: number): Promise<boolean> =>
  Promise.race([once(socket, "close").then(() => true), passed(millis, false)])

describe("C: a connection with nothing going on", () => {
  it("is kept for 75 seconds, longer than a proxy keeps its own, and the client is told", async () => {
    const port = await listening(2)
    const response = await fetch(`http://127.0.0.1:${port}/`)
    assert.strictEqual(response.headers.get("keep-alive"), "timeout=75")
    assert.strictEqual((server as Server).keepAliveTimeout, 75_000)
    const usual = await Effect.runPromise(parse({}))
    assert.strictEqual(usual.keepAliveMillis, 75_000)
    const set = await Effect.runPromise(parse({ PUNCTUAL_KEEP_ALIVE: "2 minutes" }))
    assert.strictEqual(set.keepAliveMillis, 120_000)
  })
})

describe("V1: a client's sockets", () => {
  it("are cut off when what was written is not taken in time, and nobody else's are", async () => {
    const port = await listening(32 * 1_048_576, { drainMillisMax: 2_000 })
    const slow = await socketTo(port)
    slow.pause()
    slow.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    const cut = once(server as Server, "request").then(([request]) => once(request.socket, "close"))
    const bytes = await new Promise<number>((resolve) =>
      get({ port, host: "127.0.0.1" }, (response) => {
        let taken = 0
        response.on("data", (chunk: Buffer) => void (taken += chunk.length))
        response.on("end", () => resolve(taken))
      })
    )
    assert.strictEqual(bytes, 32 * 1_048_576)
    assert.isDefined(await Promise.race([cut, passed(10_000)]), "the slow one is gone")
  })

  it("are bounded in number for one address, unless it is a trusted proxy's", async () => {
    const max = 8
    const port = await listening(1, { connectionsOfOneAddressMax: max })
    const first = await Promise.all(Array.from({ length: max }, () => socketTo(port)))
    const more = await Promise.all(Array.from({ length: 4 }, () => socketTo(port)))
    for (const socket of more) assert.isFalse(await isServed(socket))
    const [leaving, ...others] = first
    const gone = once(leaving ?? assert.fail("none"), "close")
    leaving?.destroy()
    await gone
    // The server hears of it a moment later.
    let isTaken = false
    while (!isTaken) isTaken = await isServed(await socketTo(port))
    for (const socket of others) assert.isTrue(await isServed(socket))

    server?.closeAllConnections()
    server?.close()
    const loopback = new BlockList()
    loopback.addAddress("127.0.0.1")
    const behind = await listening(1, { connectionsOfOneAddressMax: max }, loopback)
    const all = await Promise.all(Array.from({ length: 2 * max }, () => socketTo(behind)))
    for (const socket of all) assert.isTrue(await isServed(socket))
  })

  it("are kept while they rest, longer than a proxy keeps its own: no 502 after five seconds", async () => {
    const port = await listening(1)
    const resting = await socketTo(port)
    resting.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    resting.resume()
    assert.isFalse(await isClosed(resting, 7_000))
  })
})
