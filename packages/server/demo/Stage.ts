/**
 * What the demo plays on: a simulated Microsoft 365, a simulated Google, a bot sink and the real server, each a process.
 * Decides in which order they come up, and that each is told of as it does: nobody should look at a silent screen and
 * wonder.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { ask, until } from "./Client.ts"
import { type Running, freePort, type start } from "./Processes.ts"
import { tell } from "./Tell.ts"

const here = import.meta.dirname
export const adminKey = "demo-admin-key-of-nobody"
const signingSecret = `whsec_${Buffer.from("a signing secret for the demo only").toString("base64")}`
/** A machine with other work makes an embedded database slowly. */
const startMillisMax = 240_000
/** After so long without a line one says what is being waited for. */
const silentMillisMax = 5_000

export interface Stage {
  readonly api: string
  readonly microsoft: string
  readonly google: string
  readonly arrivals: Array<Arrival>
}

export interface Arrival {
  readonly arrivedAt: number
  readonly signed: boolean
  readonly bot: {
    readonly bot_id: string
    readonly join_at: string
    readonly event: { readonly start_time: string; readonly summary: string }
  }
}

/** `begin` starts a part and remembers it, so that whatever happens it can be stopped. */
export const setStage = async (begin: typeof start, dataDir: string): Promise<Stage> => {
  tell(
    "starting four parts: a simulated Microsoft 365, a simulated Google, a bot sink, and the real server on the embedded database"
  )
  const simulator = begin("simulator", join(here, "../../adapter-graph/simulator/main.ts"), [
    "--port",
    "0",
    "--scenario",
    "empty"
  ])
  const google = begin("google", join(here, "../../adapter-google/simulator/main.ts"), ["--port", "0"])
  const sink = begin("sink", join(here, "Sink.ts"), [], { PUNCTUAL_LAUNCHER_SECRET: signingSecret })
  const arrivals: Array<Arrival> = []
  // The sink is a part of the demo: a line with this member is an arrival (`Sink.ts`).
  sink.onLine((line) => "arrivedAt" in line && arrivals.push(line as unknown as Arrival))
  const [sinkUrl, simulatorUrl, googleUrl] = await Promise.all([
    addressOf(sink, "a bot sink, which takes bots and verifies their signatures"),
    addressOf(simulator, "a simulated Microsoft 365"),
    addressOf(google, "a simulated Google")
  ])
  const port = await freePort()
  const api = `http://127.0.0.1:${port}`
  const server = begin("server", join(here, "../src/main.ts"), [], {
    PUNCTUAL_PORT: String(port),
    PUNCTUAL_PUBLIC_URL: api,
    PUNCTUAL_DATA_DIR: dataDir,
    PUNCTUAL_ADMIN_KEY: adminKey,
    PUNCTUAL_LAUNCHER: "webhook",
    PUNCTUAL_LAUNCHER_URL: sinkUrl,
    PUNCTUAL_LAUNCHER_SECRET: signingSecret,
    MICROSOFT_GRAPH_URL: simulatorUrl,
    MICROSOFT_LOGIN_URL: simulatorUrl,
    GOOGLE_API_URL: googleUrl,
    GOOGLE_OAUTH_URL: googleUrl,
    // A published calendar of this machine's may be read.
    PUNCTUAL_WEBHOOK_ALLOW: "127.0.0.0/8"
  })
  await untilServing(server, api, dataDir)
  return { api, microsoft: simulatorUrl, google: googleUrl, arrivals }
}

const addressOf = async ({ ready }: Running, what: string): Promise<string> => {
  const url = String((await ready)["url"])
  tell(`up: ${what}, at ${url}`)
  return url
}

/** The server's own steps, by what it leaves in its folder: its code is loaded, its database is made, it answers. */
const untilServing = async ({ ready }: Running, api: string, dataDir: string): Promise<void> => {
  let isDown: Error | null = null
  ready.catch((error: Error) => (isDown = error))
  const steps = [
    {
      file: "master.key",
      doing: "the server is being loaded",
      done: "up: the server's process, with a key of its own"
    },
    {
      file: "db/PG_VERSION",
      doing: "the embedded database is being made",
      done: "up: the embedded database, made anew"
    },
    { file: null, doing: "the server is making its tables", done: `up: the server, at ${api}` }
  ]
  for (const { doing, done, file } of steps) {
    let saidAt = performance.now()
    const { millis } = await until(`the server: ${doing}`, startMillisMax, async () => {
      if (isDown !== null) throw isDown
      if (performance.now() - saidAt > silentMillisMax) {
        tell(`        ${doing} …`)
        saidAt = performance.now()
      }
      return (await (file === null ? answers(api) : existsSync(join(dataDir, file)))) ? true : null
    })
    tell(`${done} (${(millis / 1000).toFixed(1)} s)`)
  }
}

const answers = (api: string): Promise<boolean> =>
  ask("GET", `${api}/readyz`).then(
    ({ status }) => status === 200,
    () => false
  )
