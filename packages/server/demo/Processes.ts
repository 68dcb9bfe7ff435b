/**
 * The demo's processes: started as a person would start them, stopped together.
 * Decides nothing about what they do. A process that dies before its time fails the demo with its last words.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { createServer } from "node:net"
import { createInterface } from "node:readline"

export interface Running {
  readonly name: string
  readonly child: ChildProcess
  /** Resolves with the first line of output that is a JSON object. */
  readonly ready: Promise<Readonly<Record<string, unknown>>>
  /** Each further JSON line. */
  readonly onLine: (listen: (line: Readonly<Record<string, unknown>>) => void) => void
}

const stopMillisMax = 10_000
const wordsMax = 20

/** Starts `file` with the Node.js that runs this. */
export const start = (
  name: string,
  file: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Running => {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const words: Array<string> = []
  const remember = (line: string): void => {
    words.push(line)
    if (words.length > wordsMax) words.shift()
  }
  const listeners: Array<(line: Readonly<Record<string, unknown>>) => void> = []
  const ready = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      remember(line)
      const value = jsonOf(line)
      if (value === null) return
      resolve(value)
      for (const listen of listeners) listen(value)
    })
    createInterface({ input: child.stderr }).on("line", remember)
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`${name} ended with code ${code}:\n${words.join("\n")}`)))
  })
  // Waited for by whoever needs it; a process that ends on purpose is no news.
  ready.catch(() => undefined)
  return { name, child, ready, onLine: (listen) => void listeners.push(listen) }
}

/** Asks each to stop, and makes it. */
export const stopAll = (all: ReadonlyArray<Running>): Promise<unknown> =>
  Promise.all(all.map(({ child }) => stop(child)))

const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMillisMax)
    child.once("exit", () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill("SIGTERM")
  })

/** A port that is free on loopback now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

const jsonOf = (line: string): Readonly<Record<string, unknown>> | null => {
  if (!line.startsWith("{")) return null
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
}
