/**
 * Node's HTTP server with a bound on everything that a client can hold: connections, time to send, time to take.
 * Decides which sockets are cut off. Knows nothing of what is asked or answered on them.
 */
import { type Server, createServer } from "node:http"
import type { BlockList, Socket } from "node:net"
import { isIn, plainAddress } from "./ClientAddress.ts"
import { socketLimits } from "./Limits.ts"
import { lower, raise } from "./Tally.ts"

export interface SocketOptions {
  /** A connection with nothing going on is kept so long: longer than the proxies before it keep theirs. */
  readonly keepAliveMillis: number
  readonly trustedProxies: BlockList
}

/** Not listening yet. */
export const boundedServer = (
  { keepAliveMillis, trustedProxies }: SocketOptions,
  limits: { readonly [Name in keyof typeof socketLimits]: number } = socketLimits
): Server => {
  const server = createServer({
    connectionsCheckingInterval: limits.lookMillis,
    headersTimeout: limits.headersMillisMax,
    keepAliveTimeout: keepAliveMillis,
    requestTimeout: limits.requestMillisMax,
    // Two keys are no key, not the first of them.
    joinDuplicateHeaders: true
  })
  server.maxHeadersCount = limits.headersMax
  server.maxConnections = limits.connectionsMax
  const open = new Map<Socket, Draining>()
  const ofAddress = new Map<string, number>()
  server.on("connection", (socket) => {
    const address = plainAddress(socket.remoteAddress ?? "unknown")
    const held = ofAddress.get(address) ?? 0
    // A proxy's connections are many people's.
    if (held >= limits.connectionsOfOneAddressMax && !isIn(trustedProxies, address)) return void socket.destroy()
    raise(ofAddress, address)
    open.set(socket, { sinceMillis: null })
    socket.once("close", () => {
      open.delete(socket)
      lower(ofAddress, address)
    })
  })
  const looking = setInterval(() => {
    const now = performance.now()
    for (const [socket, state] of open) if (isStuck(socket, state, now, limits.drainMillisMax)) socket.destroy()
  }, limits.lookMillis)
  // The process may end while it is looked at nothing.
  looking.unref()
  server.on("close", () => clearInterval(looking))
  return server
}

/** Since when something waits to be taken by the client; null: nothing does. */
interface Draining {
  sinceMillis: number | null
}

/** A client that takes little by little is bounded too: all that was written must be taken in that time. */
const isStuck = ({ writableLength }: Socket, state: Draining, now: number, drainMillisMax: number): boolean => {
  if (writableLength === 0) state.sinceMillis = null
  else state.sinceMillis ??= now
  return state.sinceMillis !== null && now - state.sinceMillis > drainMillisMax
}
