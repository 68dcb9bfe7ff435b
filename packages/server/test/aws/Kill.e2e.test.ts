/**
 * The server on AWS, killed with SIGKILL at random moments while meetings come due, move and go, with schedules that fire
 * twice and late within their minute. No bot is lost, doubled or early; what stands is what the calendar says; who followed
 * the logs by cursor knows every bot as it is; and EventBridge, the queue and Parameter Store hold that and nothing else.
 */
import { createServer } from "node:http"
import { type Simulator, startSimulator } from "@punctual/adapter-graph/simulator"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { chanceOfRun } from "../e2e/Chance.ts"
import { type Client, clientOf } from "../e2e/Client.ts"
import { type LogWatch, watchLogs } from "../e2e/LogWatch.ts"
import { freePort, until } from "../e2e/Processes.ts"
import { type Cloud, skipped, startCloud } from "./Cloud.ts"
import { type Mortal, makeMortal } from "./Mortal.ts"

const proving = process.env["PROVE"] === "1"
const kills = proving ? 100 : 3
/** A life after the server is ready: anything from at once to well into its work. */
const lifeMillisMax = 2_000
const lead = 2_000
const minute = 60_000
const hour = 60 * minute
const calendar = "/api/v1/calendar"
const mail = "kill@contoso.example"
const adminKey = "admin-key-of-a-test"

const random = chanceOfRun()

interface Arrival {
  readonly id: string
  readonly at: number
  readonly subject: string
}

let cloud: Cloud
let simulator: Simulator
let server: Mortal
let user: Client
let logs: LogWatch
const arrivals: Array<Arrival> = []
const sink = createServer((request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8"))
    arrivals.push({ id: String(request.headers["webhook-id"]), at: Date.now(), subject: body.event.summary })
    response.writeHead(201, { "content-type": "application/json" }).end('{"bot_id":"theirs"}')
  })
})

const add = (subject: string, start: number): string =>
  simulator.edit({
    type: "createEvent",
    mailbox: mail,
    start: new Date(start).toISOString(),
    end: new Date(start + hour).toISOString(),
    details: { subject, link: `https://zoom.us/j/${5_550_000_000 + Math.floor(random() * 1e6)}` }
  }).eventId ?? ""

const scheduled = async (): Promise<ReadonlyArray<{ readonly bot_id: string; readonly scheduled_join_time: string }>> =>
  (await user.ok("GET", `${calendar}/scheduled_bots?limit=100`)).scheduled_bots

/** Subjects of the meetings that have a bot. */
const booked = async (): Promise<ReadonlyArray<string>> => {
  const subjects: Array<string> = []
  for (let query = "limit=100"; ;) {
    const page = await user.ok("GET", `${calendar}/get_events?${query}`)
    for (const { bots, subject } of page.results) if (bots.length > 0) subjects.push(subject)
    if (page.next === null) return subjects
    query = `cursor=${page.next}`
  }
}

const sorted = (instants: Iterable<number>) => [...instants].toSorted((a, b) => a - b)

describe.skipIf(skipped !== null)(`SIGKILL on AWS${skipped === null ? "" : ` (skipped: ${skipped})`}`, () => {
  beforeAll(async () => {
    cloud = await startCloud({
      deliveries: () => 2,
      lagMillis: 30_000,
      latenessMillis: (name) => ([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 0) % 60_000
    })
    simulator = await startSimulator({ mailboxes: [{ userPrincipalName: mail }] })
    const sinkPort = await freePort()
    await new Promise<void>((resolve) => sink.listen(sinkPort, "127.0.0.1", resolve))
    server = await makeMortal({
      ...cloud.env,
      PUNCTUAL_ADMIN_KEY: adminKey,
      PUNCTUAL_JOIN_LEAD: `${lead} millis`,
      PUNCTUAL_SWEEP_INTERVAL: "2 seconds",
      // What the dead held is waited for: the ordinary run has less time for it.
      ...(!proving && { PUNCTUAL_LEASE: "8 seconds" }),
      PUNCTUAL_RATE_LIMIT: "0",
      PUNCTUAL_LAUNCHER: "webhook",
      PUNCTUAL_LAUNCHER_URL: `http://127.0.0.1:${sinkPort}/bots`,
      PUNCTUAL_LAUNCHER_SECRET: `whsec_${Buffer.from("the key of a bot service").toString("base64")}`,
      MICROSOFT_GRAPH_URL: simulator.url,
      MICROSOFT_LOGIN_URL: simulator.url
    })
    await server.start()
    logs = watchLogs(server.url, adminKey)
  })
  afterAll(async () => {
    await logs.stop()
    await server.kill()
    await simulator.close()
    sink.closeAllConnections()
    sink.close()
    await cloud.close()
  })

  it(
    `loses and doubles nothing over ${kills} kills`,
    async () => {
      const { api_key: key, user_id: userId } = await clientOf(server.url, adminKey).ok("POST", "/api/v1/admin/users", {
        name: "Kim"
      })
      user = clientOf(server.url, key)
      logs.add({ key, userId })
      const grant = simulator.grant(mail)
      await user.ok("POST", `${calendar}/create_calendar`, {
        microsoft_client_id: grant.clientId,
        microsoft_client_secret: grant.clientSecret,
        microsoft_refresh_token: grant.refreshToken
      })
      await user.ok("POST", `${calendar}/auto-schedule/enable`, {})
      const began = Date.now()
      // Every few seconds one comes due, all through the kills: some by way of EventBridge, most by the queue alone.
      const spacing = proving ? 4_000 : 1_500
      const due = new Map<string, number>()
      for (let at = 0; at < kills + 3; at++) due.set(`Due ${at}`, began + 9_000 + at * spacing)
      const far = new Map<string, { readonly id: string; readonly start: number }>()
      for (const [subject, start] of due) add(subject, start)
      for (let at = 0; at < 6; at++)
        far.set(`Far ${at}`, { id: add(`Far ${at}`, began + (3 + at) * hour), start: began + (3 + at) * hour })
      await user.ok("GET", `${calendar}/events?sync=true`)
      // On a slow day some have begun before they are known; such a meeting gets no bot by itself.
      const wanted = (await booked()).filter((subject) => due.has(subject))
      assert.isNotEmpty(wanted)

      for (let round = 0; round < kills; round++) {
        const life = Math.floor(random() * lifeMillisMax)
        const over = new Promise<void>((resolve, reject) => {
          setTimeout(() => void server.kill().then(resolve, reject), life)
        })
        const [subject, meeting] = [...far][Math.floor(random() * far.size)] ?? ["", { id: "", start: 0 }]
        if (random() < 0.8 || far.size < 4) {
          const start = began + (4 + Math.floor(random() * 12)) * hour + Math.floor(random() * 30) * minute
          simulator.edit({ type: "moveEvent", mailbox: mail, event: meeting.id, start: new Date(start).toISOString() })
          far.set(subject, { ...meeting, start })
        } else {
          simulator.edit({ type: "deleteEvent", mailbox: mail, event: meeting.id })
          far.delete(subject)
        }
        await over
        await server.start()
      }

      // Everything due has been launched once, never early.
      const missing = () => wanted.filter((subject) => !arrivals.some((arrival) => arrival.subject === subject))
      await until(2 * minute, async () => (missing().length === 0 ? true : null))
      assert.deepStrictEqual(missing(), [])
      for (const [subject, start] of due) {
        const arrived = arrivals.filter((arrival) => arrival.subject === subject)
        assert.isAtMost(new Set(arrived.map(({ id }) => id)).size, 1, `${subject} was given more than one bot`)
        for (const { at } of arrived) assert.isAtLeast(at, start - lead, `${subject} came early`)
      }
      assert.lengthOf(
        arrivals.filter(({ subject }) => subject.startsWith("Far")),
        0
      )

      // What lies ahead stands where the calendar says, in the answers and in EventBridge alike.
      const joins = sorted([...far.values()].map(({ start }) => start - lead))
      const answered = async () => sorted((await scheduled()).map((bot) => Date.parse(bot.scheduled_join_time)))
      const held = () => sorted(cloud.aws.schedules().map(({ Target }) => Number(JSON.parse(Target.Input ?? "{}").at)))
      const isRight = (found: ReadonlyArray<number>) => JSON.stringify(found) === JSON.stringify(joins)
      await until(2 * minute, async () => (isRight(await answered()) && isRight(held()) ? true : null))
      assert.deepStrictEqual(await answered(), joins)
      assert.deepStrictEqual(held(), joins)

      // S23, S24: who followed the logs all the while has heard all of it, and knows every bot as it is.
      assert.deepStrictEqual(await logs.faults(), [])
      process.stdout.write(`AWS, ${kills} kills; ${logs.summary()}\n`)

      // And when the user goes, nothing is left anywhere.
      await user.ok("DELETE", `${calendar}/disconnect`)
      await until(minute, async () => (cloud.aws.schedules().length === 0 ? true : null))
      assert.lengthOf(cloud.aws.schedules(), 0)
      assert.strictEqual(cloud.aws.parameters.values().size, 0)
      assert.deepStrictEqual(cloud.aws.queues.bodies("punctual-dead"), [])
      assert.notInclude(server.output(), "level=ERROR")
    },
    proving ? 60 * minute : 5 * minute
  )
})
