/**
 * What a meeting costs on AWS: counted on the real server, from its creation in Outlook, a bot by auto-scheduling, a move
 * and the launch, to what every bill is made of. The figures of docs/aws.md come from here, by
 * `npx --yes pnpm@12 prove Cost`. The bounds keep a change from making it dearer unseen.
 */
import { createServer } from "node:http"
import { type Simulator, startSimulator } from "@punctual/adapter-graph/simulator"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Client, clientOf } from "../e2e/Client.ts"
import { freePort, until } from "../e2e/Processes.ts"
import { type Cloud, skipped, startCloud } from "./Cloud.ts"
import { type Meter, startMeter } from "./Meter.ts"
import { type Mortal, makeMortal } from "./Mortal.ts"

/** It waits for EventBridge, which takes minutes. */
const reason = skipped ?? (process.env["PROVE"] === "1" ? null : "`prove` runs it")
const meetings = 40
const idleMillis = 120_000
const hour = 3_600_000
const calendar = "/api/v1/calendar"
const mail = "cost@contoso.example"

let cloud: Cloud
let meter: Meter
let simulator: Simulator
let server: Mortal
const launched = new Set<string>()
const sink = createServer((request, response) => {
  request.resume().on("end", () => {
    launched.add(String(request.headers["webhook-id"]))
    response.writeHead(201, { "content-type": "application/json" }).end('{"bot_id":"theirs"}')
  })
})

const counts = () => {
  const { aws } = cloud
  const of = (...operations: ReadonlyArray<string>) =>
    aws.asked().filter(({ operation }) => operations.includes(operation)).length
  return {
    ...meter.read(),
    invocations: aws.fired().length,
    schedulerRequests: of("CreateSchedule", "UpdateSchedule", "GetSchedule", "DeleteSchedule"),
    queueRequests: of("SendMessage", "ReceiveMessage", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"),
    parameterWrites: of("PutParameter"),
    parameterReads: of("GetParameters", "GetParameter")
  }
}
type Counts = ReturnType<typeof counts>

const since = (before: Counts, share: number): Counts => {
  const after = counts()
  const entries = Object.entries(after).map(([name, value]) => [
    name,
    Math.round(((value - before[name as keyof Counts]) / share) * 100) / 100
  ])
  return Object.fromEntries(entries) as Counts
}

const tell = (what: string, found: Counts): void => void process.stdout.write(`${what}: ${JSON.stringify(found)}\n`)

describe.skipIf(reason !== null)(`cost on AWS${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    cloud = await startCloud()
    meter = await startMeter(cloud.env["AWS_ENDPOINT_URL_DYNAMODB"] ?? "")
    simulator = await startSimulator({ mailboxes: [{ userPrincipalName: mail }] })
    const port = await freePort()
    await new Promise<void>((resolve) => sink.listen(port, "127.0.0.1", resolve))
    server = await makeMortal({
      ...cloud.env,
      AWS_ENDPOINT_URL_DYNAMODB: meter.url,
      PUNCTUAL_ADMIN_KEY: "admin-key-of-a-test",
      PUNCTUAL_RATE_LIMIT: "0",
      PUNCTUAL_LAUNCHER: "webhook",
      PUNCTUAL_LAUNCHER_URL: `http://127.0.0.1:${port}/bots`,
      PUNCTUAL_LAUNCHER_SECRET: `whsec_${Buffer.from("the key of a bot service").toString("base64")}`,
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_LOGIN_URL: simulator.url
    })
    await server.start()
  })
  afterAll(async () => {
    await server.kill()
    await simulator.close()
    sink.closeAllConnections()
    sink.close()
    meter.close()
    await cloud.close()
  })

  it(
    "of a meeting from its creation to its launch, and of a server that waits",
    async () => {
      const { api_key: key } = await clientOf(server.url, "admin-key-of-a-test").ok("POST", "/api/v1/admin/users", {
        name: "Kim"
      })
      const user: Client = clientOf(server.url, key)
      const grant = simulator.grant(mail)
      await user.ok("POST", `${calendar}/create_calendar`, {
        microsoft_client_id: grant.clientId,
        microsoft_client_secret: grant.clientSecret,
        microsoft_refresh_token: grant.refreshToken
      })
      await user.ok("POST", `${calendar}/auto-schedule/enable`, {})
      await user.ok("GET", `${calendar}/events?sync=true`)

      // Made one by one, each with a notification and a round of its own; each moved once, in the same way.
      const before = counts()
      const far = Math.ceil(Date.now() / hour) * hour + 5 * hour
      // Looked at from outside: asking the server would be counted.
      const held = async (start: number) => {
        const mark = `"at":${start - 60_000},`
        const isHeld = () =>
          cloud.aws.schedules().some(({ Target }) => Target.Input?.includes(mark)) ||
          cloud.aws.queues.bodies("punctual-fires").some((body) => body.includes(mark))
        assert.isNotNull(await until(30_000, async () => (isHeld() ? true : null)))
      }
      const ids: Array<string> = []
      for (let at = 0; at < meetings; at++) {
        const start = far + at * 60_000
        const { eventId = "" } = simulator.edit({
          type: "createEvent",
          mailbox: mail,
          start: new Date(start).toISOString(),
          end: new Date(start + hour).toISOString(),
          details: { subject: `Meeting ${at}`, link: `https://zoom.us/j/${5_550_000_000 + at}` }
        })
        ids.push(eventId ?? "")
        await held(start)
      }
      // Minutes ahead, so that EventBridge fires.
      const soon = Math.ceil(Date.now() / 1_000) * 1_000 + 5 * 60_000
      for (const [at, event] of ids.entries()) {
        const start = soon + at * 1_000
        simulator.edit({ type: "moveEvent", mailbox: mail, event, start: new Date(start).toISOString() })
        await held(start)
      }
      await until(600_000, async () => (launched.size === meetings ? true : null))
      assert.strictEqual(launched.size, meetings)
      const each = since(before, meetings)
      tell(`each of ${meetings} meetings`, each)
      assert.isAtMost(each.writeUnits, 400)
      assert.isAtMost(each.readUnits, 400)
      assert.isAtMost(each.queueRequests, 12)
      assert.isAtMost(each.schedulerRequests, 6)

      const idle = counts()
      await new Promise((resolve) => setTimeout(resolve, idleMillis))
      tell("a minute of waiting", since(idle, idleMillis / 60_000))
    },
    30 * 60_000
  )
})
