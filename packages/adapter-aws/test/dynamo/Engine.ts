/**
 * A real DynamoDB engine as a process, and a proxy before it that a test may tell to go wrong.
 *
 * Decides whether there is one for this platform. Each test file has its own, in memory, and each layer a table of its own.
 */
import { Effect, Redacted } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createServer, request, type Server } from "node:http"
import { createServer as createNetServer, type AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, beforeAll } from "vitest"
import { createTable } from "../../src/dynamo/table/CreateTable.ts"
import { refusalOf } from "../../fake/index.ts"
import type { TableOptions } from "../../src/dynamo/table/Table.ts"

const binary = join(
  import.meta.dirname,
  `../../../../node_modules/@dynoxide/${process.platform}-${process.arch}/dynoxide`
)

/** Why the tests on the engine are skipped, or null. */
export const skipped = existsSync(binary) ? null : `no DynamoDB engine for ${process.platform}-${process.arch}`

/** What becomes of one request: answered by the engine, or what the test would rather see. */
export type Fault =
  | { readonly kind: "pass" }
  /** The engine does it and the client never hears. */
  | { readonly kind: "lose_answer" }
  | { readonly kind: "reset" }
  /** The engine never hears of it and the client waits. */
  | { readonly kind: "silence" }
  | { readonly kind: "answer"; readonly status: number; readonly body: string }

export interface Asked {
  /** `PutItem`, `Query`, … */
  readonly operation: string
  readonly body: string
}

/** May do something of its own first, so that two things happen in an order. */
export type Decide = (asked: Asked) => Fault | Promise<Fault>

export interface Engine {
  /** Options of a table that was just made. */
  readonly freshTable: Effect.Effect<TableOptions>
  /** The same past the proxy: faster, and out of its reach. */
  readonly plainTable: Effect.Effect<TableOptions>
  /** Decides about each request from now on; `pass` is what is there at the start. */
  readonly onRequest: (decide: Decide) => void
  readonly asked: ReadonlyArray<Asked>
  readonly stop: () => Promise<void>
}

/** The engine of a test file, from its first test to its last. */
export const engineOfFile = (): (() => Engine) => {
  let engine: Engine | undefined
  beforeAll(async () => {
    if (skipped === null) engine = await startEngine()
  })
  afterAll(() => engine?.stop())
  return () => {
    if (engine === undefined) throw new Error("asked for before the first test")
    return engine
  }
}

/** An error in DynamoDB's own form. */
export const refusal = (name: string, rest: Readonly<Record<string, unknown>> = {}): Fault => ({
  kind: "answer",
  status: 400,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name, ...rest })
})

export const startEngine = async (): Promise<Engine> => {
  const port = await freePort()
  const child = spawn(binary, ["serve", "--port", String(port)], { stdio: "ignore" })
  await untilUp(port)
  const asked: Array<Asked> = []
  let decide: Decide = () => ({ kind: "pass" })
  const proxy = await startProxy(port, (one) => {
    asked.push(one)
    return decide(one)
  })
  const credentials = { accessKeyId: "local", secretAccessKey: Redacted.make("local") }
  let tables = 0
  const tableAt = (at: number) =>
    Effect.suspend(() => {
      const endpoint = `http://127.0.0.1:${at}`
      const options = { tableName: `punctual-${++tables}`, region: "us-east-1", endpoint, credentials }
      return Effect.as(Effect.orDie(createTable(options)), options)
    })
  return {
    freshTable: tableAt((proxy.address() as AddressInfo).port),
    plainTable: tableAt(port),
    onRequest: (next) => {
      decide = next
    },
    asked,
    stop: async () => {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
      await ended(child)
    }
  }
}

const startProxy = (port: number, decide: Decide): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((incoming, outgoing) => {
      const chunks: Array<Buffer> = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("end", async () => {
        const body = Buffer.concat(chunks)
        const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? ""
        const stranger = refusalOf(incoming.headers as Readonly<Record<string, string>>)
        const asked = { operation, body: body.toString("utf8") }
        const fault = stranger === null ? await decide(asked) : refusal(stranger.name, { message: stranger.message })
        if (fault.kind === "silence") return
        if (fault.kind === "reset") return void incoming.socket.destroy()
        if (fault.kind === "answer") return void outgoing.writeHead(fault.status, contentType).end(fault.body)
        const { headers, method = "POST", url = "/" } = incoming
        const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
          if (fault.kind === "pass")
            return void answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers))
          answer.on("end", () => incoming.socket.destroy()).resume()
        })
        onward.on("error", () => incoming.socket.destroy()).end(body)
      })
    })
    server.listen(0, "127.0.0.1", () => resolve(server))
  })

const contentType = { "content-type": "application/x-amz-json-1.0" }

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createNetServer()
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** Tries until the engine answers; the test's own time limit ends it. */
const untilUp = async (port: number): Promise<void> => {
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      request({ host: "127.0.0.1", port, path: "/" }, (answer) => answer.resume().on("end", () => resolve(true)))
        .on("error", () => setTimeout(() => resolve(false), pollMillis))
        .end()
    })
    if (isUp) return
  }
}

const pollMillis = 10

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve())
    if (child.exitCode !== null || !child.kill("SIGKILL")) resolve()
  })
