/**
 * What attackers cost everybody else: how late bots are launched with and without each attack of users or a stranger
 * (V1 to V5), in turn and in one run, the attacker held to a fifth of a core. With `PROVE=1` alone; prints the rows of
 * `docs/figures.md`. `ATTACKS=V3,V4` leaves out the others.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { AttackOrders, AttackReport } from "../../process/Attacker.ts"
import { scheduledBots } from "../Audit.ts"
import { type Deployment, connectUser, demand, deploy, meetingAt } from "../Deployment.ts"
import { onPostgres } from "../Place.ts"
import { forgetPeak, memoryOf } from "../Usage.ts"
import { type Preparation, hangingMailboxes, longHistory } from "./Preparations.ts"

const proving = process.env["PROVE"] === "1"
const wanted = process.env["ATTACKS"]?.split(",") ?? ["V"]
const attacks = (["V1 docs", "V1 keys", "V2 series", "V3 history", "V4 mailboxes", "V5 syncs"] as const).filter(
  (name) => wanted.some((each) => name.startsWith(each))
)
/** Each attack in turn so often. */
const rounds = Number(process.env["ROUNDS"] ?? 3)
const meetingsEach = 50
const spanMillis = 10_000
const setupMillis = 30_000
const lead = 2_000
const laterMillisMax = 100
const memoryMiBMax = 1_024
const calendar = "/api/v1/calendar"
const attacker = join(import.meta.dirname, "../../process/Attacker.ts")

interface Measured {
  readonly p50: number
  readonly p99: number
  readonly memory: number
  readonly report: AttackReport | null
}

const later = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))

const startAttack = (orders: AttackOrders): (() => Promise<AttackReport>) => {
  const child = spawn(process.execPath, [attacker, JSON.stringify(orders)], { stdio: ["pipe", "pipe", "inherit"] })
  let text = ""
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")))
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  return async () => {
    child.stdin.end()
    await ended
    return JSON.parse(text) as AttackReport
  }
}

describe.runIf(proving)("attacks by users, or a stranger", () => {
  let deployment: Deployment
  let victim: string
  let orders: Omit<AttackOrders, "kind">
  let mailboxes: Preparation | null = null
  beforeAll(async () => {
    deployment = await deploy({ PUNCTUAL_JOIN_LEAD: `${lead} millis`, PUNCTUAL_RATE_LIMIT: "50" }, onPostgres(1))
    victim = (await connectUser(deployment, "victim@contoso.example")).key
    await demand("POST", `${deployment.url}${calendar}/auto-schedule/enable`, { key: victim, body: {} })
    const mail = "attacker@contoso.example"
    const { key } = await connectUser(deployment, mail)
    const start = Date.now() + 86_400_000
    deployment.simulator.edit({
      type: "createSeries",
      mailbox: mail,
      start: new Date(start).toISOString(),
      end: new Date(start + 3_600_000).toISOString(),
      pattern: { type: "daily" },
      range: { type: "numbered", numberOfOccurrences: 366 },
      details: { subject: "Series", link: "https://zoom.us/j/5551112222" }
    })
    let found: { readonly id: string } | undefined
    // A sync that is asked for joins one that runs, which may have read before the series was there.
    while (found === undefined)
      [found] = (await demand("GET", `${deployment.url}${calendar}/events?sync=true&limit=1`, { key })).results
    orders = { url: deployment.url, keys: [key], event: found.id }
    if (attacks.includes("V4 mailboxes")) mailboxes = await hangingMailboxes(deployment)
  })
  afterAll(() => deployment.close())

  const prepared = async (label: string, kind: AttackOrders["kind"] | null): Promise<Preparation | null> =>
    kind === "V3 history" ? longHistory(deployment, label) : kind === "V4 mailboxes" ? mailboxes : null

  /** How late fifty bots are that are due within ten seconds. */
  const measure = async (label: string, kind: AttackOrders["kind"] | null): Promise<Measured> => {
    const { simulator, sink, url } = deployment
    const preparation = await prepared(label, kind)
    const from = Date.now() + setupMillis
    for (let at = 0; at < meetingsEach; at++) {
      const start = from + lead + Math.floor((at * spanMillis) / meetingsEach)
      simulator.edit(meetingAt("victim@contoso.example", `${label} ${at}`, start, 60))
    }
    await demand("GET", `${url}${calendar}/events?sync=true&limit=1`, { key: victim })
    while ((await scheduledBots(url, victim)).length < meetingsEach && Date.now() < from)
      await demand("GET", `${url}${calendar}/events?sync=true&limit=1`, { key: victim })
    assert.isBelow(Date.now(), from, "the machine was too slow to set everybody up in time")
    forgetPeak(deployment)
    await later(from - 3_000 - Date.now())
    preparation?.begin()
    const stopAttack = kind === null ? null : startAttack({ ...orders, keys: preparation?.keys ?? orders.keys, kind })
    const arrived = () => sink.arrivals.filter(({ subject }) => subject.startsWith(`${label} `))
    while (arrived().length < meetingsEach && Date.now() < from + spanMillis + 120_000) await later(100)
    const report = stopAttack === null ? null : await stopAttack()
    const memory = memoryOf(deployment, "VmHWM") ?? 0
    await preparation?.end()
    const late = arrived()
      .map(({ at, joinAt }) => at - joinAt)
      .toSorted((a, b) => a - b)
    assert.lengthOf(late, meetingsEach, `${label}: all are launched, once`)
    const share = (part: number) => late[Math.min(late.length - 1, Math.floor(part * late.length))] ?? Infinity
    return { p50: share(0.5), p99: share(0.99), memory, report }
  }

  const median = (values: ReadonlyArray<number>): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity

  it(
    "make nobody's bots late, take bounded memory, and are answered by a code of the contract",
    { timeout: 3_600_000 },
    async () => {
      assert.isNotEmpty(attacks, "ATTACKS names none")
      const measured = new Map<string, Array<Measured>>()
      for (let round = 0; round < rounds; round++)
        for (const kind of [null, ...attacks]) {
          const name = kind ?? "none"
          const one = await measure(`${name} ${round}`, kind)
          measured.set(name, [...(measured.get(name) ?? []), one])
          process.stdout.write(`${name}, round ${round}: ${JSON.stringify(one)}\n`)
        }
      const p99Of = (name: string) => median((measured.get(name) ?? []).map(({ p99 }) => p99))
      for (const kind of attacks) {
        const all = measured.get(kind) ?? []
        const difference = p99Of(kind) - p99Of("none")
        process.stdout.write(
          `| ${kind} | ${p99Of("none")} | ${p99Of(kind)} | ${difference} | ${Math.max(...all.map(({ memory }) => memory))} |\n`
        )
        for (const { memory, report } of all) {
          assert.isBelow(memory, memoryMiBMax, kind)
          assert.isNotEmpty(Object.keys(report?.answers ?? {}), kind)
          for (const answer of Object.keys(report?.answers ?? {})) assert.notInclude(answer, "without a code", kind)
          assert.strictEqual(report?.broken, 0, `${kind}: requests without an answer`)
        }
        assert.isAtMost(difference, laterMillisMax, kind)
      }
    }
  )
})
