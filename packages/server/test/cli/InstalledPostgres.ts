/**
 * A private PostgreSQL of those that are installed on this machine, with its own `pg_dump`, `pg_restore` and `psql`.
 * Decides which: the newest that has them all, where an operating system's packages put them or `pg_config` says; and
 * why there is none. What the other tests share comes without those tools.
 */
import { execFileSync, spawn } from "node:child_process"
import { accessSync, chownSync, constants, globSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { freePort, until } from "../e2e/Processes.ts"

export interface InstalledPostgres {
  /** As it says itself. */
  readonly version: string
  /** A search path on which its tools come first. */
  readonly path: string
  /** The address of a new and empty database. */
  readonly makeDatabase: (name: string) => string
  readonly stop: () => Promise<void>
}

const programs = ["initdb", "postgres", "pg_isready", "pg_dump", "pg_restore", "psql"]

/** Debian's, Red Hat's, and Homebrew's packages. */
const places = ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/{opt/homebrew,usr/local}/opt/postgresql@*/bin"]

/** It refuses to run as root. */
const usersInstead = ["postgres", "nobody"]

const startMillisMax = 90_000

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const said = (command: string, args: ReadonlyArray<string>): string | null => {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim()
  } catch {
    return null
  }
}

const numberOf = (folder: string): number =>
  Number(/(\d+)(\.\d+)?\s*(\(|$)/.exec(said(join(folder, "postgres"), ["--version"]) ?? "")?.[1] ?? 0)

const newest = (): string | null => {
  const configured = said("pg_config", ["--bindir"])
  const folders = [...places.flatMap((place) => globSync(place)), ...(configured === null ? [] : [configured])]
  const whole = folders.filter((folder) => programs.every((program) => isProgram(join(folder, program))))
  return whole.toSorted((a, b) => numberOf(b) - numberOf(a))[0] ?? null
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** As whom it runs; null: nobody that it would run as. */
const owner = (): Owner | null => {
  if (process.getuid?.() !== 0) return {}
  for (const user of usersInstead) {
    const [uid, gid] = [said("id", ["-u", user]), said("id", ["-g", user])]
    if (uid !== null && gid !== null) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}

const bin = newest()
const runsAs = owner()

/** Why there is none; null: there is one. */
export const whyNone: string | null =
  bin === null
    ? `no installed PostgreSQL has ${programs.join(", ")} beside each other`
    : runsAs === null
      ? `PostgreSQL does not run as root, and there is no user ${usersInstead.join(" or ")}`
      : null

export const startInstalled = async (): Promise<InstalledPostgres> => {
  if (bin === null || runsAs === null) throw new Error(whyNone ?? "?")
  const folder = await mkdtemp(join(tmpdir(), "punctual-installed-"))
  if (runsAs.uid !== undefined && runsAs.gid !== undefined) chownSync(folder, runsAs.uid, runsAs.gid)
  const data = join(folder, "data")
  const port = String(await freePort())
  const initial = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
  execFileSync(join(bin, "initdb"), [`--pgdata=${data}`, ...initial], { cwd: folder, stdio: "pipe", ...runsAs })
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="]
  const server = spawn(join(bin, "postgres"), ["-D", data, "-p", port, ...settings.flatMap((each) => ["-c", each])], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    ...runsAs
  })
  let output = ""
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (chunk: Buffer) => void (output += chunk.toString()))
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()))
  const stop = async (): Promise<void> => {
    // Connections are closed; those who still had one are no matter here.
    server.kill("SIGINT")
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  const isUp = await until(startMillisMax, async () => {
    if (server.exitCode !== null) return false
    return said(join(bin, "pg_isready"), ["--host=127.0.0.1", `--port=${port}`]) === null ? null : true
  })
  if (isUp !== true) {
    await stop()
    throw new Error(`PostgreSQL did not start:\n${output}`)
  }
  const addressOf = (name: string): string => `postgres://postgres@127.0.0.1:${port}/${name}`
  return {
    version: said(join(bin, "postgres"), ["--version"]) ?? "?",
    path: [bin, process.env["PATH"]].join(delimiter),
    makeDatabase: (name) => {
      execFileSync(join(bin, "psql"), [`--command=create database ${name}`, addressOf("postgres")], { stdio: "pipe" })
      return addressOf(name)
    },
    stop
  }
}
