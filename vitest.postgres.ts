/**
 * One PostgreSQL server for a whole run: started when the first test asks for one, so that runs without such tests have
 * none, and stopped when the run is over, however it went. Workers ask by HTTP at an address in their environment.
 * Never decides where the server comes from, nor what is in it: each test file has databases of its own.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Engine } from "./packages/adapter-postgres/test/PostgresEngine.ts"

/** Said once more in the file that asks; loading that here would cost every run its drivers. */
const serverOfRun = "TEST_DATABASE_OF_RUN"

export default async (): Promise<() => Promise<void>> => {
  let engine: Promise<Engine> | undefined
  const started = async (): Promise<Engine> =>
    (await import("./packages/adapter-postgres/test/PostgresEngine.ts")).startEngine()
  const server = createServer((_, response) => {
    engine ??= started()
    engine.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : "?")
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  process.env[serverOfRun] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return async () => {
    server.closeAllConnections()
    server.close()
    await engine?.then(
      ({ stop }) => stop(),
      () => {}
    )
  }
}
