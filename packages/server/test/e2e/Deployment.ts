/**
 * The real thing for tests that kill: the server as one process on the embedded database or as several on PostgreSQL,
 * the simulated Microsoft 365, and a bot service that checks signatures and keeps what it was sent.
 * Decides nothing about outcomes. Every kill is proven: it ends when the kernel has said that the process died of the
 * signal and nothing takes a connection at its port any more.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { type Server, createServer } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { Webhook } from "standardwebhooks"
import { type Simulator, startSimulator } from "@punctual/adapter-graph/simulator"
import { type Answer, ask, until } from "../../demo/Client.ts"
import { untilRead } from "./Client.ts"
import { type PlaceKind, onPGlite, startFront } from "./Place.ts"
import { bare, freePort } from "./Processes.ts"

export { type Answer, demand, until } from "../../demo/Client.ts"

export const adminKey = "e2e-admin-key-of-two"
const secret = `whsec_${Buffer.from("end to end signing secret").toString("base64")}`
const main = join(import.meta.dirname, "../../src/main.ts")
/** One that ended is told at once; one on a crowded machine is waited for. */
const readyMillisMax = 600_000

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

export interface Replica {
  readonly url: string
  readonly start: () => Promise<void>
  /** SIGKILL, and proof that nothing answers any more. */
  readonly kill: () => Promise<void>
  /** SIGTERM, and proof that it ended by itself, in order. */
  readonly stop: () => Promise<void>
  /** What the process wrote, all its lives. */
  readonly output: () => string
  readonly pid: () => number | null
}

export interface Deployment {
  /** Where clients find it, however many replicas there are. */
  readonly url: string
  readonly databaseUrl: string | null
  readonly simulator: Simulator
  readonly sink: Sink
  readonly replicas: ReadonlyArray<Replica>
  /** All replicas. */
  readonly start: () => Promise<void>
  readonly call: (
    method: string,
    path: string,
    options?: { readonly key?: string; readonly body?: unknown }
  ) => Promise<Answer>
  /** What all servers wrote, for failures and for marker scans. */
  readonly output: () => string
  readonly close: () => Promise<void>
}

export const deploy = async (
  env: Readonly<Record<string, string>> = {},
  kind: PlaceKind = onPGlite
): Promise<Deployment> => {
  const simulator = await startSimulator({ seed: 1 })
  const sink = await startSink()
  const place = await kind.make()
  const ports = await Promise.all(Array.from({ length: kind.replicas }, freePort))
  const front = ports.length > 1 ? await startFront(ports) : null
  const url = front?.url ?? `http://127.0.0.1:${ports[0]}`
  const replicas = ports.map((port) =>
    replicaAt(port, {
      ...place.env,
      PUNCTUAL_PUBLIC_URL: url,
      PUNCTUAL_ADMIN_KEY: adminKey,
      PUNCTUAL_LAUNCHER: "webhook",
      PUNCTUAL_LAUNCHER_URL: sink.url,
      PUNCTUAL_LAUNCHER_SECRET: secret,
      PUNCTUAL_RATE_LIMIT: "0",
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_LOGIN_URL: simulator.url,
      ...env
    })
  )
  const start = async (): Promise<void> => void (await Promise.all(replicas.map((replica) => replica.start())))
  await start()
  return {
    url,
    databaseUrl: place.databaseUrl,
    simulator,
    sink,
    replicas,
    start,
    call: (method, path, options) => untilRead(() => ask(method, `${url}${path}`, options)),
    output: () => replicas.map(({ output }) => output()).join("\n"),
    close: async () => {
      await Promise.all(replicas.map(({ kill }) => kill()))
      front?.close()
      await simulator.close()
      await sink.close()
      await place.close()
    }
  }
}

const replicaAt = (port: number, env: Readonly<Record<string, string>>): Replica => {
  const url = `http://127.0.0.1:${port}`
  const written: Array<string> = []
  let child: ChildProcess | null = null
  const start = async (): Promise<void> => {
    // A second one would end by itself, at the held port, and leave the first to nobody.
    if (child !== null && child.exitCode === null && child.signalCode === null) throw new Error("it runs already")
    const started = spawn(process.execPath, [main], {
      env: bare({ PUNCTUAL_PORT: String(port), ...env }),
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
  const end = async (sent: "SIGKILL" | "SIGTERM"): Promise<void> => {
    const victim = child
    if (victim === null || victim.exitCode !== null || victim.signalCode !== null) return
    const gone = new Promise<string>((resolve) =>
      victim.once("exit", (code, signal) => resolve(signal ?? `code ${code}`))
    )
    victim.kill(sent)
    const how = await gone
    if (how !== (sent === "SIGKILL" ? sent : "code 0"))
      throw new Error(`process ${victim.pid}, sent ${sent}, ended by ${how}`)
    // An orphan that went on answering would make every later observation worthless; what is closing has a while for it.
    await until(`port ${port} to take no connection`, silentMillisMax, async () => (await isRefused(port)) || null)
  }
  return {
    url,
    start,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    output: () => written.join(""),
    pid: () => child?.pid ?? null
  }
}

const silentMillisMax = 60_000

const isRefused = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(false)
    })
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"))
  })

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
  if (user.status >= 300) throw new Error(`making a user answered ${user.status}: ${JSON.stringify(user.body)}`)
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
