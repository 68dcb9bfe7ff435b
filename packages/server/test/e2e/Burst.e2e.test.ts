/**
 * Everybody's meetings begin in the same minute: servers on one PostgreSQL launch all bots, each once and never
 * early, the latest not by much, and each told by the log; also when one of the servers is killed in that minute. With
 * `PROVE=1` 10,000 bots; the lateness is printed, for how late the latest is depends on the machine.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Arrival, type Deployment, adminKey, connectUser, demand, deploy, meetingAt } from "./Deployment.ts"
import { type Meeting, launchFaults, scheduledBots } from "./Audit.ts"
import { watchLogs } from "./LogWatch.ts"
import { onPostgres } from "./Place.ts"

const proving = process.env["PROVE"] === "1"
const people = proving ? 50 : 2
const meetingsEach = proving ? 200 : 50
const minuteMillis = proving ? 60_000 : 3_000
/** To connect and sync everybody before the first bot is due. */
const setupMillis = proving ? 240_000 : 10_000
const lead = 2_000
const calendar = "/api/v1/calendar"
/** A launch that died with its server is repeated when its lease has run out and a sweep has seen it. */
const leaseMillis = 60_000
const waitMillisMax = leaseMillis * 3

interface Due {
  readonly users: ReadonlyArray<{ readonly key: string; readonly userId: string }>
  /** By subject. */
  readonly meetings: ReadonlyMap<string, Meeting>
  readonly from: number
}

/** Everybody connected, with bots for meetings that lie in one minute, evenly. */
const setUp = async (deployment: Deployment, label: string): Promise<Due> => {
  const { simulator, url } = deployment
  const from = Date.now() + setupMillis
  const meetings = new Map<string, Meeting>()
  const users: Array<Due["users"][number]> = []
  const count = people * meetingsEach
  for (let person = 0; person < people; person++) {
    const mail = `${label}${person}@contoso.example`
    const user = await connectUser(deployment, mail)
    const { key } = user
    users.push(user)
    await demand("POST", `${url}${calendar}/auto-schedule/enable`, { key, body: {} })
    const mine = new Map<string, number>()
    for (let at = 0; at < meetingsEach; at++) {
      const start = from + lead + Math.floor(((at * people + person) * minuteMillis) / count)
      const subject = `${label} ${person} ${at}`
      simulator.edit(meetingAt(mail, subject, start, 60))
      mine.set(subject, start)
    }
    // A sync that is asked for joins one that runs, which may have read too early; so it is asked for until all are in,
    // or some have begun: on a slow day such a meeting gets no bot by itself.
    const joins = new Set<number>()
    for (;;) {
      await demand("GET", `${url}${calendar}/events?sync=true&limit=1`, { key })
      for (const bot of await scheduledBots(url, key)) joins.add(Date.parse(bot.scheduled_join_time))
      if (joins.size >= mine.size || Date.now() > from) break
    }
    for (const [subject, start] of mine)
      if (joins.has(start - lead)) meetings.set(subject, { subject, start, isCancelled: false })
  }
  if (proving) assert.strictEqual(meetings.size, count, "the machine was too slow to set everybody up in time")
  assert.isNotEmpty([...meetings])
  return { users, meetings, from }
}

/** Of what each server said, when bots are missing. */
const outputCharactersMax = 4_000

const later = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** Resolves with the first call for each meeting, once all have one. */
const allLaunched = async (
  { replicas, sink }: Deployment,
  { meetings }: Due
): Promise<ReadonlyMap<string, Arrival>> => {
  const first = new Map<string, Arrival>()
  let seen = 0
  for (const began = Date.now(); ; await later(100)) {
    for (; seen < sink.arrivals.length; seen++) {
      const arrival = sink.arrivals[seen]
      if (arrival !== undefined && meetings.has(arrival.subject) && !first.has(arrival.subject))
        first.set(arrival.subject, arrival)
    }
    if (first.size === meetings.size) return first
    if (Date.now() - began > minuteMillis + setupMillis + waitMillisMax)
      throw new Error(
        `${meetings.size - first.size} of ${meetings.size} were not launched; the servers said last:\n` +
          replicas.map(({ output }) => output().slice(-outputCharactersMax)).join("\n\n")
      )
  }
}

/** What the logs told of it; read afterwards, so that reading makes nobody late. */
const loggedFaults = async ({ url }: Deployment, { users }: Due): Promise<ReadonlyArray<string>> => {
  const logs = watchLogs(url, adminKey)
  for (const user of users) logs.add(user)
  return logs.faults().finally(logs.stop)
}

const sayLateness = (what: string, first: ReadonlyMap<string, Arrival>): ReadonlyArray<number> => {
  const late = [...first.values()].map(({ at, joinAt }) => at - joinAt).toSorted((a, b) => a - b)
  const share = (part: number) => late[Math.min(late.length - 1, Math.floor(part * late.length))]
  process.stdout.write(
    `${what}, ${late.length} bots, ms late: p50 ${share(0.5)}, p99 ${share(0.99)}, latest ${late.at(-1)}\n`
  )
  return late
}

const kind = onPostgres(proving ? 3 : 2)

describe(`bots due in one minute, with ${kind.name}`, () => {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await deploy({ PUNCTUAL_JOIN_LEAD: `${lead} millis`, PUNCTUAL_SWEEP_INTERVAL: "10 seconds" }, kind)
  })
  afterAll(() => deployment.close())

  it(`are all launched, once and never early (${people * meetingsEach})`, async () => {
    const due = await setUp(deployment, "burst")
    const first = await allLaunched(deployment, due)
    sayLateness("all up", first)
    const arrivals = deployment.sink.arrivals.filter(({ subject }) => due.meetings.has(subject))
    assert.deepStrictEqual(launchFaults(arrivals, due.meetings, lead).slice(0, 10), [])
    assert.deepStrictEqual(await loggedFaults(deployment, due), [])
  })

  // In the ordinary run `Stores.e2e.test.ts` kills servers while bots are due.
  it.runIf(proving)("are all launched where one of three is killed in that minute", async () => {
    const due = await setUp(deployment, "killed")
    await later(due.from + minuteMillis / 2 - Date.now())
    await deployment.replicas[1]?.kill()
    const first = await allLaunched(deployment, due)
    sayLateness("one of three killed", first)
    const arrivals = deployment.sink.arrivals.filter(({ subject }) => due.meetings.has(subject))
    assert.deepStrictEqual(launchFaults(arrivals, due.meetings, lead).slice(0, 10), [])
    assert.deepStrictEqual(await loggedFaults(deployment, due), [])
  })
})
