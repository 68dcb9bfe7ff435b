/**
 * The server killed with SIGKILL at random moments, and started again on the same data directory: it goes on. No bot that
 * was acknowledged is lost, none is doubled, and what changed in the calendar meanwhile is followed.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { connectUser, type Deployment, demand, deploy, meetingAt, until } from "./Deployment.ts"

const rounds = process.env["PROVE"] === "1" ? 200 : 6
/** A round's life after it is ready: anything from at once to well into its work. */
const lifeMillisMax = 2_500
const minute = 60_000
const hour = 60 * minute

/** Repeatable from the seed that the run prints. */
const chance = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
const random = chance(Number(process.env["SEED"] ?? 1))

let deployment: Deployment
beforeAll(async () => {
  deployment = await deploy()
  await deployment.start()
})
afterAll(() => deployment.close())

describe("SIGKILL at random moments", () => {
  it(
    `loses and doubles nothing over ${rounds} kills`,
    async () => {
      const { simulator, sink, url } = deployment
      const { key, mailbox } = await connectUser(deployment, "kill@contoso.example")
      const began = Date.now()
      const expected = new Map<string, number>()
      const meetings: Array<{ readonly subject: string; readonly id: string }> = []
      const add = (subject: string, start: number): void => {
        const { eventId } = simulator.edit(meetingAt(mailbox, subject, start))
        expected.set(subject, start)
        meetings.push({ subject, id: eventId ?? "" })
      }
      // Bots due all through the kills, and far ones that are moved and deleted on the way.
      for (let index = 0; index < rounds + 4; index++) add(`Due ${index}`, began + minute + 4_000 + index * 1_500)
      for (let index = 0; index < 6; index++) add(`Far ${index}`, began + (3 + index) * hour)
      await demand("GET", `${url}/api/v1/calendar/events?sync=true`, { key })
      await demand("POST", `${url}/api/v1/calendar/auto-schedule/enable`, { key, body: {} })

      for (let round = 0; round < rounds; round++) {
        const life = Math.floor(random() * lifeMillisMax)
        const far = meetings.filter(({ subject }) => subject.startsWith("Far") && expected.has(subject))
        const victim = far[Math.floor(random() * far.length)]
        const killed = new Promise<void>((resolve) => setTimeout(() => void deployment.kill().then(resolve), life))
        if (victim !== undefined && random() < 0.7) {
          const start = began + (4 + Math.floor(random() * 12)) * hour + Math.floor(random() * 30) * minute
          simulator.edit({ type: "moveEvent", mailbox, event: victim.id, start: new Date(start).toISOString() })
          expected.set(victim.subject, start)
        } else if (victim !== undefined && far.length > 3) {
          simulator.edit({ type: "deleteEvent", mailbox, event: victim.id })
          expected.delete(victim.subject)
        }
        await killed
        await deployment.start()
      }

      // Everything due has been launched, once, signed, and never early.
      const due = [...expected].filter(([subject]) => subject.startsWith("Due"))
      await until("every due bot", 2 * minute, async () =>
        due.every(([subject]) => sink.arrivals.some((arrival) => arrival.subject === subject)) ? true : null
      )
      for (const [subject, start] of due) {
        const arrived = sink.arrivals.filter((arrival) => arrival.subject === subject)
        assert.strictEqual(new Set(arrived.map(({ id }) => id)).size, 1, `${subject} was given more than one bot`)
        for (const { at, signed } of arrived) {
          assert.isTrue(signed)
          assert.isAtLeast(at, start - minute, `${subject} came early`)
        }
      }

      // What lies ahead stands where the calendar says, once, and nothing else does.
      const far = [...expected].filter(([subject]) => subject.startsWith("Far"))
      const wanted = far.map(([, start]) => start - minute).toSorted()
      const stands = await until("the far bots to stand right", 2 * minute, async () => {
        await demand("GET", `${url}/api/v1/calendar/events?sync=true`, { key })
        const bots: ReadonlyArray<{ readonly scheduled_join_time: string }> = (
          await demand("GET", `${url}/api/v1/calendar/scheduled_bots`, { key })
        ).scheduled_bots
        const found = bots.map((bot) => Date.parse(bot.scheduled_join_time)).toSorted()
        return JSON.stringify(found) === JSON.stringify(wanted) ? found : null
      })
      assert.deepStrictEqual(stands.value, wanted)
    },
    20 * minute
  )
})
