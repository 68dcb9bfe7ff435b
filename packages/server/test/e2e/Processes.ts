/**
 * The real server as a process of its own, started as a person would start it, stopped or killed by the test.
 * Decides nothing about what it does; what it said last is told when it does not come up.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fillDataDir } from "../../../adapter-postgres/test/PGliteTemplate.ts"

const server = join(import.meta.dirname, "../../src/main.ts")
const signInTool = join(import.meta.dirname, "../../src/cli/oauth/main.ts")
const commandLine = join(import.meta.dirname, "../../src/cli/main.ts")

type Env = Readonly<Record<string, string>>

export interface Ended {
  readonly code: number | null
  readonly output: string
}

export interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  /** Resolves when the process has ended. */
  readonly ended: Promise<Ended>
}

export interface Running extends Started {
  readonly url: string
}

/** A machine with other work starts an embedded database slowly. */
const startMillisMax = 90_000
const lookMillis = 50

/** Nothing of the test's own environment, so that no variable of whoever runs it gets in; but for what only saves time. */
export const bare = (env: Env): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: tmpdir(),
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  ...env
})

const run = (file: string, args: ReadonlyArray<string>, env: Env, cwd = tmpdir()): Started => {
  const child = spawn(process.execPath, [file, ...args], {
    env: bare(env),
    cwd,
    stdio: ["ignore", "pipe", "pipe"]
  })
  let output = ""
  const keep = (chunk: Buffer) => void (output += chunk.toString("utf8"))
  child.stdout.on("data", keep)
  child.stderr.on("data", keep)
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output })))
  return { child, ended, output: () => output }
}

/** Resolves when the server answers that it is ready; on any port, unless one is named. */
export const startServer = async (env: Env, given?: number): Promise<Running> => {
  const port = given ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const started = run(server, [], { PUNCTUAL_PORT: String(port), PUNCTUAL_PUBLIC_URL: url, ...env })
  const isUp = await until(startMillisMax, async () => {
    if (started.child.exitCode !== null) return false
    return fetch(`${url}/readyz`).then(
      ({ ok }) => (ok ? true : null),
      () => null
    )
  })
  if (isUp !== true) throw new Error(`the server did not come up:\n${started.output()}`)
  return { url, ...started }
}

/** The server, expected to end by itself. */
export const runServer = (env: Env): Promise<Ended> => run(server, [], env).ended

export const punctual = (args: ReadonlyArray<string>, env: Env): Promise<Ended> => run(commandLine, args, env).ended

/** The tool of `npx --yes pnpm@12 oauth`, which reads `.env` where it is started. */
export const oauthTool = (args: ReadonlyArray<string>, env: Env, cwd: string): Started =>
  run(signInTool, args, env, cwd)

/** Ends with the signal; resolves with how it ended and how long that took. */
export const stop = async (running: Running, signal: "SIGTERM" | "SIGKILL" = "SIGTERM") => {
  const began = performance.now()
  running.child.kill(signal)
  const ended = await running.ended
  return { ...ended, millis: performance.now() - began }
}

/** Looks until there is something; null when there is still nothing. */
export const until = async <A>(millisMax: number, look: () => Promise<A | null>): Promise<A | null> => {
  const began = performance.now()
  for (;;) {
    const found = await look()
    if (found !== null || performance.now() - began > millisMax) return found
    await new Promise((resolve) => setTimeout(resolve, lookMillis))
  }
}

/**
 * A port where nobody listens, and where nobody will before a server that was killed is back: below those that systems
 * give to outgoing connections, and of another range in each worker, for two files run at once.
 */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < portsEach; tries++) {
    const port = portMin + (worker % workersMax) * portsEach + (portsTaken++ % portsEach)
    if (await isFree(port)) return port
  }
  throw new Error(`none of ${portsEach} ports is free`)
}

/** Linux gives away from 32768 on, other systems from 49152. */
const portMin = 20_000
const portsEach = 1_500
const workersMax = 8
const worker = Number(process.env["VITEST_POOL_ID"] ?? 0)

/** Anywhere, so that two runs on one machine hardly ever look at the same one. */
let portsTaken = Math.floor(Math.random() * portsEach)

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once("error", () => resolve(false))
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)))
  })

/** A data directory that goes with the test. */
export const dataDir = async () => {
  const path = await mkdtemp(join(tmpdir(), "punctual-e2e-"))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** One in which a server was started before, so that the next need not make its database: the demo does that. */
export const filledDataDir = async () => {
  const data = await dataDir()
  await fillDataDir(data.path)
  return data
}
