/**
 * A notification address that keeps the headers of what is posted to it. Decides nothing about what is right.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface Receiver {
  readonly url: string
  readonly received: () => ReadonlyArray<Record<string, string | undefined>>
  readonly close: () => Promise<void>
}

export const startReceiver = async (): Promise<Receiver> => {
  const received: Array<Record<string, string | undefined>> = []
  const server = createServer((incoming, outgoing) => {
    const { headers } = incoming
    received.push(
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value])
      )
    )
    outgoing.writeHead(200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // Listening on a host and a port, it has an address of that kind.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks/google`,
    received: () => received,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
