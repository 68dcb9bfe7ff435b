/**
 * The real thing for tests: the server as a process of its own on a data directory or a database, the simulated
 * Microsoft 365, and a bot service that checks signatures and keeps what it was sent.
 * Decides nothing about outcomes. Every kill is proven: the next start waits until the port answers no more.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Webhook } from "standardwebhooks"
import { type Simulator, startSimulator } from "@punctual/adapter-graph/simulator"
import { type Answer, ask, until } from "../../demo/Client.ts"
import { freePort } from "../../demo/Processes.ts"

export { type Answer, demand, until } from "../../demo/Client.ts"

export const adminKey = "e2e-admin-key"
const secret = `whsec_${Buffer.from("end to end signing secret").toString("base64")}`
const main = join(import.meta.dirname, "../../src/main.ts")
const readyMillisMax = 90_000

/** One call of the launcher as it arrived. */
export interface Arrival {
  readonly at: number
  readonly signed: boolean
  /** The idempotency key. */
  readonly id: string
  readonly subject: string
  readonly joinAt: number
}

export interface Sink {
  readonly url: string
  readonly arrivals: Array<Arrival>
  readonly close: () => Promise<void>
}

export interface Deployment {
  readonly url: string
  readonly simulator: Simulator
  readonly sink: Sink
  readonly start: () => Promise<void>
  /** SIGKILL, and proof that nothing answers any more. */
  readonly kill: () => Promise<void>
  readonly call: (
    method: string,
    path: string,
    options?: { readonly key?: string; readonly body?: unknown }
  ) => Promise<Answer>
  /** What the server wrote, for failures and for marker scans. */
  readonly output: () => string
  readonly close: () => Promise<void>
}

export const deploy = async (env: Readonly<Record<string, string>> = {}): Promise<Deployment> => {
  const simulator = await startSimulator({ seed: 1 })
  const sink = await startSink()
  const dataDir = await mkdtemp(join(tmpdir(), "punctual-e2e-"))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const written: Array<string> = []
  let child: ChildProcess | null = null

  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        PUNCTUAL_PORT: String(port),
        PUNCTUAL_PUBLIC_URL: url,
        PUNCTUAL_DATA_DIR: dataDir,
        PUNCTUAL_ADMIN_KEY: adminKey,
        PUNCTUAL_LAUNCHER: "webhook",
        PUNCTUAL_LAUNCHER_URL: sink.url,
        PUNCTUAL_LAUNCHER_SECRET: secret,
        PUNCTUAL_RATE_LIMIT: "0",
        MICROSOFT_GRAPH_URL: simulator.url,
        MICROSOFT_LOGIN_URL: simulator.url,
        ...env
      },
      stdio: ["ignore", "pipe", "pipe"]
    })
    child = started
    for (const stream of [started.stdout, started.stderr])
      stream.on("data", (chunk: Buffer) => written.push(chunk.toString()))
    await until("the server to be ready", readyMillisMax, async () => {
      if (started.exitCode !== null)
        throw new Error(`the server ended with code ${started.exitCode}:\n${written.join("").slice(-2_000)}`)
      return answers(url)
    })
  }
  const kill = async (): Promise<void> => {
    const victim = child
    if (victim === null || victim.exitCode !== null || victim.signalCode !== null) return
    const gone = new Promise((resolve) => victim.once("exit", resolve))
    victim.kill("SIGKILL")
    await gone
    await until("the port to be silent", 5_000, async () => ((await answers(url)) === null ? true : null))
  }
  return {
    url,
    simulator,
    sink,
    start,
    kill,
    call: (method, path, options) => ask(method, `${url}${path}`, options),
    output: () => written.join(""),
    close: async () => {
      await kill()
      await simulator.close()
      await sink.close()
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

const answers = (url: string): Promise<true | null> =>
  ask("GET", `${url}/readyz`).then(
    ({ status }) => (status === 200 ? true : null),
    () => null
  )

/** Accepts every signed bot; the same key again is the same bot. */
const startSink = (): Promise<Sink> =>
  new Promise((resolve) => {
    const webhook = new Webhook(secret)
    const arrivals: Array<Arrival> = []
    const server: Server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8")
        const id = String(request.headers["webhook-id"])
        const body = JSON.parse(text) as { readonly join_at: string; readonly event: { readonly summary: string } }
        arrivals.push({
          at: Date.now(),
          signed: isSigned(webhook, text, request.headers),
          id,
          subject: body.event.summary,
          joinAt: Date.parse(body.join_at)
        })
        response.writeHead(201, { "content-type": "application/json" })
        response.end(JSON.stringify({ bot_id: `external-${id}` }))
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      resolve({
        url: `http://127.0.0.1:${port}/bots`,
        arrivals,
        close: () => new Promise((closed) => server.close(() => closed()))
      })
    })
  })

const isSigned = (webhook: Webhook, body: string, headers: NodeJS.Dict<string | Array<string>>): boolean => {
  try {
    webhook.verify(body, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])))
    return true
  } catch {
    return false
  }
}

/** A user with a connected mailbox. */
export const connectUser = async (
  { call, simulator }: Deployment,
  mail: string
): Promise<{ readonly key: string; readonly userId: string; readonly mailbox: string }> => {
  simulator.addMailbox({ userPrincipalName: mail })
  const grant = simulator.grant(mail)
  const user = await call("POST", "/api/v1/admin/users", { key: adminKey, body: { name: mail } })
  const key = String(user.body.api_key)
  const connected = await call("POST", "/api/v1/calendar/create_calendar", {
    key,
    body: {
      microsoft_client_id: grant.clientId,
      microsoft_client_secret: grant.clientSecret,
      microsoft_refresh_token: grant.refreshToken
    }
  })
  if (connected.status >= 300)
    throw new Error(`connecting answered ${connected.status}: ${JSON.stringify(connected.body)}`)
  return { key, userId: String(user.body.user_id), mailbox: mail }
}

export const meetingAt = (mailbox: string, subject: string, start: number, minutes = 30) =>
  ({
    type: "createEvent",
    mailbox,
    start: new Date(start).toISOString(),
    end: new Date(start + minutes * 60_000).toISOString(),
    details: {
      subject,
      link: `https://zoom.us/j/${5_550_000_000 + ([...subject].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 9_000_000)}`
    }
  }) as const
