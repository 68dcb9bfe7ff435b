/**
 * A notification endpoint for tests: answers validation requests, collects what comes, and can be told to misbehave.
 */
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import type { Json } from "./Client.ts"

export interface Receiver {
  readonly url: string
  readonly received: Array<Json>
  /** Requests that carried a validation token, as they came. */
  readonly validations: Array<{ readonly url: string; readonly contentType: string }>
  /** What notifications are answered with. */
  status: number
  /** How a validation request is answered. */
  validation: "echo" | "raw" | "silent" | "error"
  readonly close: () => Promise<void>
}

export const startReceiver = async (): Promise<Receiver> => {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://receiver")
    const token = url.searchParams.get("validationToken")
    const answer = async (): Promise<void> => {
      const text = await textOf(request)
      if (token === null) {
        const { value } = JSON.parse(text) as { readonly value: ReadonlyArray<Json> }
        if (receiver.status < 300) receiver.received.push(...value)
        response.writeHead(receiver.status).end()
        return
      }
      receiver.validations.push({ url: request.url ?? "", contentType: request.headers["content-type"] ?? "" })
      if (receiver.validation === "silent") return
      const raw = /validationToken=([^&]*)/.exec(request.url ?? "")?.[1] ?? ""
      response.writeHead(receiver.validation === "error" ? 500 : 200, { "content-type": "text/plain" })
      response.end(receiver.validation === "raw" ? raw : token)
    }
    answer().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    validations: [],
    status: 202,
    validation: "echo",
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
  return receiver
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString("utf8")
}
