/**
 * A meter before a DynamoDB engine: what each request consumed, as the engine counts it, indexes included.
 * Decides nothing; requests pass as they came, but ask to be told what they cost.
 */
import { createServer, request } from "node:http"
import type { AddressInfo } from "node:net"

export interface Reading {
  readonly requests: number
  /** Of a kilobyte each; a transaction takes two for one. */
  readonly writeUnits: number
  /** Of four kilobytes each, halved where a read need not be consistent. */
  readonly readUnits: number
}

export interface Meter {
  readonly url: string
  readonly read: () => Reading
  readonly close: () => void
}

const writes = /PutItem|UpdateItem|DeleteItem|BatchWriteItem|TransactWriteItems/

export const startMeter = async (engine: string): Promise<Meter> => {
  const target = new URL(engine)
  let [requests, writeUnits, readUnits] = [0, 0, 0]
  const server = createServer((incoming, outgoing) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      const asked = { ...JSON.parse(Buffer.concat(chunks).toString("utf8")), ReturnConsumedCapacity: "TOTAL" }
      const body = JSON.stringify(asked)
      const headers = { ...incoming.headers, "content-length": String(Buffer.byteLength(body)) }
      const onward = request(target, { method: "POST", headers }, (answer) => {
        const parts: Array<Buffer> = []
        answer.on("data", (part: Buffer) => parts.push(part))
        answer.on("end", () => {
          const text = Buffer.concat(parts)
          const units = consumed(text.toString("utf8"))
          requests += 1
          if (writes.test(String(incoming.headers["x-amz-target"]))) writeUnits += units
          else readUnits += units
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(text)
        })
      })
      onward.once("error", () => outgoing.destroy()).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo // listening on TCP, so the address is one
  return {
    url: `http://127.0.0.1:${port}`,
    read: () => ({ requests, writeUnits, readUnits }),
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

const consumed = (text: string): number => {
  const { ConsumedCapacity = [] } = JSON.parse(text) as {
    readonly ConsumedCapacity?: { readonly CapacityUnits: number } | ReadonlyArray<{ readonly CapacityUnits: number }>
  }
  return [ConsumedCapacity].flat().reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0)
}
