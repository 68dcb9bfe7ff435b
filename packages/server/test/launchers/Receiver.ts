/**
 * A bot service on this machine, for tests: it writes down what it gets and answers as the test says.
 */
import { createServer, type IncomingHttpHeaders } from "node:http"
import { Effect } from "effect"

export interface Got {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  /** 0: no answer, the connection is cut. */
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The connection is cut behind the body. */
  readonly isCut?: boolean
}

/** Lives as long as the test. */
export const receiver = (answer: (got: Got) => Reply) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: URL; readonly got: ReadonlyArray<Got>; readonly close: () => Promise<void> }>(
      (resume) => {
        const got: Array<Got> = []
        const server = createServer((request, response) => {
          const chunks: Array<Buffer> = []
          request.on("data", (chunk: Buffer) => chunks.push(chunk))
          request.on("end", () => {
            const { headers, method = "", url = "" } = request
            const one = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") }
            got.push(one)
            const { body = "", headers: more, isCut = false, status } = answer(one)
            if (status === 0) return void request.socket.destroy()
            response.writeHead(status, { "content-type": "application/json", ...more })
            if (!isCut) return void response.end(body)
            response.write(body, () => request.socket.destroy())
          })
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          const close = () =>
            new Promise<void>((done) => {
              server.closeAllConnections()
              server.close(() => done())
            })
          resume(Effect.succeed({ url: new URL(`http://127.0.0.1:${port}/`), got, close }))
        })
      }
    ),
    ({ close }) => Effect.promise(close)
  )
