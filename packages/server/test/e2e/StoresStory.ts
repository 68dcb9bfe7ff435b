/**
 * The real server on any store, under what a store has to bear: fifty clients that want the same bot at once, and
 * SIGKILL or SIGTERM, in turn, at random moments under load; of several servers one, some or all are ended.
 * Decides nothing about which store that is.
 *
 * After that: no promise is broken, no bot was sent twice or early, what stands is what the calendar calls for, and
 * who followed the logs by cursor all the while knows every bot as it is.
 */
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { type Meeting, launchFaults, scheduledBots, standingFaults, truthOf } from "./Audit.ts"
import { chanceOfRun } from "./Chance.ts"
import { type Deployment, adminKey, connectUser, demand, deploy, meetingAt, until } from "./Deployment.ts"
import { type LogWatch, watchLogs } from "./LogWatch.ts"
import type { PlaceKind } from "./Place.ts"
import { keepPromising } from "./Promises.ts"

const proving = process.env["PROVE"] === "1"
const races = proving ? 200 : 2
/** Each is a kill and an ordered stop. */
const pairs = proving ? 200 : 2
const ends = 2 * pairs
/** How far a long run has come is said after so many. */
const endsTold = 40
const racers = 50
/** Events that clients schedule and unschedule while servers die. */
const asks = 20
/** A life between a first answer and the kill: anything from at once to well into its work. */
const lifeMillisMax = 1_200
/** Bots join two seconds before the start here, so that a test need not wait for a minute. */
const lead = 2_000
const minute = 60_000
const hour = 60 * minute
const calendar = "/api/v1/calendar"

/** Ids of all events by subject. A sync that is asked for joins one that runs, which may have read too early. */
const eventIds = async (url: string, key: string, count: number): Promise<ReadonlyMap<string, string>> => {
  const { value } = await until(`${count} events`, minute, async () => {
    const ids = new Map<string, string>()
    let path = `${calendar}/events?sync=true&limit=100`
    for (;;) {
      const page = await demand("GET", `${url}${path}`, { key })
      for (const { id, subject } of page.results) ids.set(subject, id)
      if (page.next === null) return ids.size >= count ? ids : null
      path = `${calendar}/events?cursor=${page.next}`
    }
  })
  return value
}

export const storesStory = (kind: PlaceKind): void => {
  const random = chanceOfRun()
  let deployment: Deployment
  let logs: LogWatch
  beforeAll(async () => {
    deployment = await deploy(
      // What a killed process had taken up is soon anybody's again.
      { PUNCTUAL_JOIN_LEAD: `${lead} millis`, PUNCTUAL_LEASE: "8 seconds", PUNCTUAL_SWEEP_INTERVAL: "3 seconds" },
      kind
    )
    deployment.simulator.configure({ notifications: { firstRetryMillis: 500, slowStates: false } })
    logs = watchLogs(deployment.url, adminKey)
  })
  afterAll(async () => {
    await logs.stop()
    await deployment.close()
  })

  it(`grants one of ${racers} identical requests and tells the others its bot, ${races} times (A35)`, async () => {
    const { call, simulator, url } = deployment
    const user = await connectUser(deployment, "race@contoso.example")
    const { key, mailbox } = user
    logs.add(user)
    for (let race = 0; race < races; race++)
      simulator.edit(meetingAt(mailbox, `Race ${race}`, Date.now() + (2 + race) * hour))
    const events = await eventIds(url, key, races)
    for (const [subject, id] of events) {
      const answers = await Promise.all(
        Array.from({ length: racers }, () => call("POST", `${calendar}/schedule/${id}`, { key, body: {} }))
      )
      const of = (status: number) => answers.filter((answer) => answer.status === status)
      const statuses = `${subject}: ${answers.map(({ status }) => status).join(" ")}`
      assert.deepStrictEqual([of(200).length, of(409).length], [1, racers - 1], statuses)
      assert.lengthOf(new Set(answers.map(({ body }) => String(body.bot_id))), 1, subject)
      assert.isTrue(of(409).every(({ body }) => body.code === "bot_already_scheduled"))
    }
    const listed = await scheduledBots(url, key)
    assert.sameMembers(
      listed.map((bot) => bot.event_id),
      [...events.values()]
    )
    assert.deepStrictEqual(await logs.faults(), [])
  })

  it(
    `loses no promise, sends no bot twice and stands right after ${pairs} kills and ${pairs} stops under load`,
    async () => {
      const { replicas, simulator, sink, url } = deployment
      const auto = await connectUser(deployment, "auto@contoso.example")
      const manual = await connectUser(deployment, "manual@contoso.example")
      for (const user of [auto, manual]) logs.add(user)
      await demand("POST", `${url}${calendar}/auto-schedule/enable`, { key: auto.key, body: {} })
      // Of the first: bots due all through it, and far ones that move and go. Of the second: what clients ask for.
      const began = Date.now()
      const spacing = proving ? 4_000 : 1_500
      for (let at = 0; at < ends + 8; at++)
        simulator.edit(meetingAt(auto.mailbox, `Due ${at}`, began + 10_000 + at * spacing, 60))
      const far = Array.from({ length: 8 }, (_, at) => ({
        id: simulator.edit(meetingAt(auto.mailbox, `Far ${at}`, began + (3 + at) * hour)).eventId ?? ""
      }))
      for (let at = 0; at < asks; at++)
        simulator.edit(meetingAt(manual.mailbox, `Asked ${at}`, began + (3 + at) * hour))
      const ids = await eventIds(url, auto.key, ends + 8 + far.length)
      // On a slow day some have begun before they were synced; such a meeting gets no bot by itself.
      const known = new Set((await scheduledBots(url, auto.key)).map((bot) => bot.event_id))
      const due = [...ids].flatMap(([subject, id]) => (subject.startsWith("Due") && known.has(id) ? [subject] : []))
      assert.isNotEmpty(due)
      const asked = await eventIds(url, manual.key, asks)
      const client = keepPromising(deployment, manual.key, [...asked.values()], random, 6)

      const gone = new Set<string>()
      for (let round = 0; round < ends; round++) {
        const isKill = round % 2 === 0
        const must = Math.floor(round / 2) % replicas.length
        const victims = replicas.filter((_, at) => random() < 0.5 || at === must)
        const end = () => Promise.all(victims.map((victim) => (isKill ? victim.kill() : victim.stop())))
        // On a busy machine a server that is ready may not have been asked anything for a while.
        const { kept } = client.counts()
        await until("an answer between two ends", 10 * minute, async () => (client.counts().kept > kept ? true : null))
        const life = Math.floor(random() * lifeMillisMax)
        const ended = new Promise<void>((resolve, reject) =>
          setTimeout(() => void end().then(() => resolve(), reject), life)
        )
        const meeting = far[Math.floor(random() * far.length)]
        if (meeting !== undefined && !gone.has(meeting.id)) {
          const start = began + (4 + Math.floor(random() * 12)) * hour + Math.floor(random() * 30) * minute
          if (random() < 0.8 || gone.size > 4)
            simulator.edit({
              type: "moveEvent",
              mailbox: auto.mailbox,
              event: meeting.id,
              start: new Date(start).toISOString()
            })
          else {
            simulator.edit({ type: "deleteEvent", mailbox: auto.mailbox, event: meeting.id })
            gone.add(meeting.id)
          }
        }
        await ended
        await Promise.all(victims.map((victim) => victim.start()))
        assert.deepStrictEqual(logs.broken(), [])
        if ((round + 1) % endsTold === 0)
          process.stdout.write(
            `${kind.name}, ${round + 1} kills and stops; ${client.counts().kept} promises; ${logs.summary()}\n`
          )
      }
      await client.stop()

      // D1: what was promised is there, under the very id; what was let go stays away; and no answer was odd.
      assert.deepStrictEqual(client.odd, [])
      assert.isAbove(client.counts().kept, ends)
      const truth = truthOf(deployment, manual.mailbox)
      const startOf = new Map([...asked].map(([subject, id]) => [id, truth.get(subject)?.start ?? 0]))
      const promised = [...client.promised]
      const wanted = new Map(
        promised.flatMap(([id, promise]) => (promise.kind === "bot" ? [[id, startOf.get(id) ?? 0] as const] : []))
      )
      const doubt = new Map(
        promised.flatMap(([id, promise]) => (promise.kind === "doubt" ? [[id, startOf.get(id) ?? 0] as const] : []))
      )
      const bots = await scheduledBots(url, manual.key)
      assert.deepStrictEqual(standingFaults(bots, { wanted, mayStand: doubt, lead }), [])
      for (const [id, promise] of promised)
        if (promise.kind === "bot") assert.strictEqual(bots.find((bot) => bot.event_id === id)?.bot_id, promise.botId)

      // Everything due has been launched, once, signed and never early.
      const meetings = truthOf(deployment, auto.mailbox)
      await until("every due bot", 2 * minute, async () =>
        due.every((subject) => sink.arrivals.some((arrival) => arrival.subject === subject)) ? true : null
      )
      const launchable = new Map<string, Meeting>([...meetings].filter(([subject]) => subject.startsWith("Due")))
      assert.deepStrictEqual(launchFaults(sink.arrivals, launchable, lead), [])

      // D2, L1, L2: what was notified is followed, without anybody asking for a sync.
      const ahead = new Map(
        [...meetings].flatMap(([subject, { start }]) =>
          subject.startsWith("Far") ? [[ids.get(subject) ?? subject, start] as const] : []
        )
      )
      const faults = await until("the far bots to stand right", 2 * minute, async () => {
        const found = standingFaults(await scheduledBots(url, auto.key), { wanted: ahead, lead })
        return found.length === 0 ? found : null
      }).catch(async () => ({ value: standingFaults(await scheduledBots(url, auto.key), { wanted: ahead, lead }) }))
      assert.deepStrictEqual(faults.value, [])

      // S23, S24: who followed the logs all the while has heard all of it, and knows every bot as it is.
      assert.deepStrictEqual(await logs.faults(), [])
      process.stdout.write(`${kind.name}, ${pairs} kills, ${pairs} stops; ${logs.summary()}\n`)
      assert.notInclude(deployment.output(), "level=ERROR")
    },
    proving ? 120 * minute : 5 * minute
  )
}
