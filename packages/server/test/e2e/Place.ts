/**
 * Where a server under test keeps what it knows, and how many of it there are: one on the embedded database, or several
 * replicas on one PostgreSQL behind one address. Decides nothing about what is asked of them.
 */
import { randomBytes } from "node:crypto"
import { type IncomingMessage, type ServerResponse, createServer, request } from "node:http"
import { makeDatabase, stopEngine } from "../../../adapter-postgres/test/PostgresEngine.ts"
import { dataDir, filledDataDir, freePort } from "./Processes.ts"

export interface PlaceKind {
  readonly name: string
  readonly store: "pglite" | "postgres"
  readonly replicas: number
  readonly make: () => Promise<Place>
}

export interface Place {
  readonly env: Readonly<Record<string, string>>
  readonly databaseUrl: string | null
  readonly close: () => Promise<void>
}

export const onPGlite: PlaceKind = {
  name: "one server on PGlite",
  store: "pglite",
  replicas: 1,
  make: async () => {
    const data = await filledDataDir()
    return { env: { PUNCTUAL_DATA_DIR: data.path }, databaseUrl: null, close: data.remove }
  }
}

export const onPostgres = (replicas: number): PlaceKind => ({
  name: `${replicas} servers on PostgreSQL`,
  store: "postgres",
  replicas,
  make: makeOnPostgres
})

const makeOnPostgres = async (): Promise<Place> => {
  const data = await dataDir()
  const { drop, url } = await makeDatabase()
  return {
    databaseUrl: url,
    // Replicas share their master key, as they would on machines of their own.
    env: {
      PUNCTUAL_DATA_DIR: data.path,
      DATABASE_URL: url,
      PUNCTUAL_MASTER_KEY: randomBytes(32).toString("base64")
    },
    close: async () => {
      await drop()
      await stopEngine()
      await data.remove()
    }
  }
}

/** One address for several servers. */
export interface Front {
  readonly url: string
  readonly close: () => void
}

/**
 * Requests in turn to those that are up. One that could not even be connected to has not had the request: the next gets
 * it. Whatever breaks later is the client's to know: 502.
 */
export const startFront = async (ports: ReadonlyArray<number>): Promise<Front> => {
  let turn = 0
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer, tries: number): void => {
    const port = ports[turn++ % ports.length]
    const { headers, method, url: path } = incoming
    const onward = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.once("error", () => outgoing.destroy())
    })
    onward.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" && tries > 1) pass(incoming, outgoing, body, tries - 1)
      else if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502).end()
    })
    onward.end(body)
  }
  const server = createServer((incoming, outgoing) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.once("end", () => pass(incoming, outgoing, Buffer.concat(chunks), ports.length))
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
