/**
 * The processor's time that processes took, as Linux tells it: of one process, and of a whole PostgreSQL server with all its
 * backends, those that have ended too. Elsewhere everything is null. Decides nothing.
 */
import { readFileSync, readdirSync } from "node:fs"
import { Client } from "pg"

const tickMillis = 10

/** Null: not known. */
export const cpuMillisOfProcess = (pid: number | null | undefined): number | null => {
  const stat = pid == null ? null : statOf(pid)
  return stat === null ? null : (stat.user + stat.system) * tickMillis
}

/** The process that all of a server's backends are children of. */
export const postmasterOf = async (databaseUrl: string): Promise<number | null> => {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const found = await client.query<{ readonly pid: number }>("select pg_backend_pid() as pid")
    return statOf(found.rows[0]?.pid ?? 0)?.parent ?? null
  } finally {
    await client.end()
  }
}

export const cpuMillisOfServer = (postmaster: number | null): number | null => {
  const stat = postmaster === null ? null : statOf(postmaster)
  if (stat === null) return null
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((child) => child?.parent === postmaster)
  const ticks = children.reduce(
    (sum, child) => sum + (child?.user ?? 0) + (child?.system ?? 0),
    stat.user + stat.system + stat.ended
  )
  return ticks * tickMillis
}

interface Stat {
  readonly parent: number
  readonly user: number
  readonly system: number
  /** Of children that are waited for. */
  readonly ended: number
}

const statOf = (pid: number): Stat | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    // The name of the command, in brackets, may hold spaces.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number)
    const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]]
    return { parent, user, system, ended: (fields[13] ?? 0) + (fields[14] ?? 0) }
  } catch {
    return null
  }
}
