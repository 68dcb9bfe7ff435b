/**
 * The name of this server among all that share its storage, the same after a restart.
 * Decides it from where the server stands. An embedded database has one server at a time, whatever it is called. Two that
 * should ever share a name let go of each other's launches, which costs a question to the bot service and no second bot.
 */
import { hostname } from "node:os"
import { Option } from "effect"
import type { ServerConfig } from "./config/Config.ts"

/** Null: it has no name that outlives it, so that what it held ends with its leases. */
export const instanceOf = (
  { databaseUrl, host, port, storage }: Pick<ServerConfig, "databaseUrl" | "host" | "port" | "storage">,
  machine: string = hostname()
): string | null => {
  if (storage.store.kind === "postgres" && Option.isNone(databaseUrl)) return "embedded"
  // Any free port is another one next time.
  return port === 0 ? null : `${machine} ${host} ${port}`
}
