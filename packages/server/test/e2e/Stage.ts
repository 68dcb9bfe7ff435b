/**
 * Everything around a server under test: a simulated Microsoft 365 and a simulated Google with two people each, a bot service that verifies
 * signatures, a data directory or a database, and the server itself, once or several times over, which may be killed and
 * started again.
 */
import { type Server, createServer } from "node:http"
import { type Simulator as Google, startSimulator as startGoogle } from "@punctual/adapter-google/simulator"
import { type Simulator, startSimulator } from "@punctual/adapter-graph/simulator"
import { Webhook } from "standardwebhooks"
import { type Client, clientOf } from "./Client.ts"
import { type PlaceKind, onPGlite, startFront } from "./Place.ts"
import { type Running, freePort, startServer, stop } from "./Processes.ts"

export const secret = `whsec_${Buffer.from("the signing key of an e2e test").toString("base64")}`
export const adminKey = "an-admin-key-of-a-stage"

export interface Arrival {
  readonly id: string
  readonly at: number
  readonly body: Readonly<Record<string, unknown>>
}

export interface Stage {
  readonly simulator: Simulator
  readonly google: Google
  /** What reached the bot service, each with a valid signature. */
  readonly arrivals: ReadonlyArray<Arrival>
  /** Where clients find it, however many there are. */
  readonly url: () => string
  /** The first, where there are several. */
  readonly server: () => Running
  /** What all of them wrote. */
  readonly output: () => string
  readonly env: Readonly<Record<string, string>>
  readonly admin: () => Client
  readonly makeUser: (name: string) => Promise<Client>
  /** The body of `create_calendar` for a person. */
  readonly credentialsOf: (mail: string) => Record<string, string>
  /** Starts the server again, over the same data. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

export const makeStage = async (
  more: Readonly<Record<string, string>> = {},
  kind: PlaceKind = onPGlite
): Promise<Stage> => {
  const simulator = await startSimulator({
    mailboxes: [
      {
        userPrincipalName: "adele@contoso.example",
        displayName: "Adele Vance",
        timeZone: "Pacific Standard Time",
        calendars: ["Side"]
      },
      { userPrincipalName: "miriam@contoso.example", displayName: "Miriam Graham" }
    ]
  })
  const google = await peopledGoogle()
  const arrivals: Array<Arrival> = []
  const sink = await startSink(arrivals)
  const place = await kind.make()
  const ports = await Promise.all(Array.from({ length: kind.replicas }, freePort))
  const front = kind.replicas > 1 ? await startFront(ports) : null
  const env = {
    ...place.env,
    ...(front !== null && { PUNCTUAL_PUBLIC_URL: front.url }),
    PUNCTUAL_ADMIN_KEY: adminKey,
    PUNCTUAL_LAUNCHER: "webhook",
    PUNCTUAL_LAUNCHER_URL: sink.url,
    PUNCTUAL_LAUNCHER_SECRET: secret,
    MICROSOFT_GRAPH_URL: simulator.url,
    MICROSOFT_LOGIN_URL: simulator.url,
    GOOGLE_API_URL: google.url,
    GOOGLE_OAUTH_URL: google.url,
    ...more
  }
  const others = ports.slice(1).map((port) => startServer(env, port))
  let server = await (front === null ? startServer(env) : startServer(env, ports[0]))
  const rest = await Promise.all(others)
  const url = () => front?.url ?? server.url
  const admin = () => clientOf(url(), adminKey)
  return {
    simulator,
    google,
    arrivals,
    env,
    url,
    server: () => server,
    output: () => [server, ...rest].map(({ output }) => output()).join("\n"),
    admin,
    makeUser: async (name) => {
      const { api_key: key } = await admin().ok("POST", "/api/v1/admin/users", { name })
      return keyed(url, key)
    },
    credentialsOf: (mail) => {
      const { clientId, clientSecret, refreshToken } = simulator.grant(mail)
      return {
        microsoft_client_id: clientId,
        microsoft_client_secret: clientSecret,
        microsoft_refresh_token: refreshToken
      }
    },
    restart: async () => {
      server = await startServer(env)
    },
    close: async () => {
      await Promise.all([server, ...rest].map((running) => stop(running)))
      front?.close()
      await simulator.close()
      await google.close()
      sink.server.closeAllConnections()
      sink.server.close()
      await place.close()
    }
  }
}

/** An app that people at Google have signed in to. */
export const googleClient = { clientId: "an-app.apps.googleusercontent.com", clientSecret: "GOCSPX-of-a-test" }

const peopledGoogle = async (): Promise<Google> => {
  const google = await startGoogle()
  google.edit({ type: "addClient", ...googleClient })
  google.edit({ type: "addPerson", email: "adele@fabrikam.example", name: "Adele Vance", timeZone: "Europe/Berlin" })
  google.edit({ type: "addCalendar", email: "adele@fabrikam.example", summary: "Side" })
  google.edit({ type: "addPerson", email: "miriam@fabrikam.example", name: "Miriam Graham" })
  return google
}

/** Follows the server to its new address after a restart. */
const keyed = (url: () => string, key: string): Client => ({
  any: (...request) => clientOf(url(), key).any(...request),
  ok: (...request) => clientOf(url(), key).ok(...request)
})

const startSink = (arrivals: Array<Arrival>): Promise<{ readonly server: Server; readonly url: string }> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8")
        const body = verified(text, request.headers as Record<string, string>)
        if (body === null) return void response.writeHead(401).end()
        arrivals.push({ id: String(request.headers["webhook-id"]), at: Date.now(), body })
        response.writeHead(201, { "content-type": "application/json" }).end('{"bot_id":"theirs"}')
      })
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      resolve({ server, url: `http://127.0.0.1:${port}/bots` })
    })
  })

/** Null: not signed by the server. */
const verified = (text: string, headers: Record<string, string>): Arrival["body"] | null => {
  try {
    return new Webhook(secret).verify(text, headers) as Arrival["body"]
  } catch {
    return null
  }
}
