/**
 * A server that is killed and started again at one and the same address, so that Microsoft still finds it.
 * Decides nothing about outcomes. Each kill is proven: it is over when nothing answers at the port any more.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bare, freePort, until } from "../e2e/Processes.ts"

const main = join(import.meta.dirname, "../../src/main.ts")
const readyMillisMax = 90_000
const silentMillisMax = 60_000

export interface Mortal {
  readonly url: string
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
  readonly output: () => string
}

export const makeMortal = async (env: Readonly<Record<string, string>>): Promise<Mortal> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let output = ""
  let child: ChildProcess | null = null
  const isReady = (): Promise<boolean | null> =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => (ok ? true : null),
      () => null
    )
  return {
    url,
    output: () => output,
    start: async () => {
      const started = spawn(process.execPath, [main], {
        env: bare({ PUNCTUAL_PORT: String(port), PUNCTUAL_PUBLIC_URL: url, ...env }),
        cwd: tmpdir(),
        stdio: ["ignore", "pipe", "pipe"]
      })
      child = started
      for (const stream of [started.stdout, started.stderr])
        stream.on("data", (chunk: Buffer) => void (output += chunk.toString("utf8")))
      const isUp = await until(readyMillisMax, async () => (started.exitCode === null ? isReady() : false))
      if (isUp !== true) throw new Error(`the server did not come up:\n${output.slice(-2_000)}`)
    },
    kill: async () => {
      const victim = child
      if (victim === null || victim.exitCode !== null || victim.signalCode !== null) return
      const gone = new Promise((resolve) => victim.once("exit", resolve))
      victim.kill("SIGKILL")
      await gone
      const isSilent = await until(silentMillisMax, async () =>
        fetch(`${url}/healthz`).then(
          () => null,
          () => true
        )
      )
      if (isSilent !== true) throw new Error("something still answers at the port of a server that was killed")
    }
  }
}
