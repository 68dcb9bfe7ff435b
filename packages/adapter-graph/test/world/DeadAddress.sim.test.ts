/**
 * C: a public address that is dead, or another one: noticed, said of the calendar, and mended without anybody's doing,
 * through the whole stack.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Calendar } from "@punctual/core"
import type { ValidationResult } from "@punctual/adapter-graph/simulator"
import { type Home, type HomeOptions, addresses, hour, meeting, minute, openHome, user } from "./Home.ts"

const calendarOf = (home: Home): Calendar => {
  const [first] = home.company.tenant(user).calendars.values()
  return first ?? assert.fail("no calendar")
}

const stateOf = (home: Home) => {
  const { pollingReason, subscription } = calendarOf(home)
  return [subscription !== null, pollingReason] as const
}

/** Someone edits the calendar, and what Graph has to say of it is lost on the way. */
const editUnheard = async (home: Home, subject: string): Promise<void> => {
  home.edit(meeting(subject, 30))
  await home.loop.advance(5 * minute)
  home.cloud.deliveries()
  await home.loop.advance(11 * minute)
  await home.read()
  assert.strictEqual(home.row(subject).subject, subject, "the safety poll reads it all the same")
}

describe("C: a public address that is dead", () => {
  it("is found out by the second change that nobody told of, and said; the calendar is polled until it is back", async () => {
    let answer: ValidationResult = "ok"
    const home = await openHome({ validation: () => answer })
    answer = "refused"
    await editUnheard(home, "One")
    assert.isTrue(stateOf(home)[0], "once may be chance")
    await editUnheard(home, "Two")
    assert.deepStrictEqual(stateOf(home), [false, "notification_address_unreachable"])
    assert.isAtMost(calendarOf(home).dueAt - home.loop.now(), 5 * minute)
    home.company.begin((punctual) => punctual.runParts(["renew"]))
    await home.loop.advance(hour)
    assert.deepStrictEqual(stateOf(home), [false, "notification_address_unreachable"])
    answer = "ok"
    await home.loop.advance(hour + minute)
    assert.deepStrictEqual(stateOf(home), [true, null])
  })

  it("that answers, and where nothing arrives all the same, is said too, until something does", async () => {
    const home = await openHome()
    const [first] = home.subscriptions()
    await editUnheard(home, "One")
    await editUnheard(home, "Two")
    assert.deepStrictEqual(stateOf(home), [true, "notifications_not_arriving"])
    assert.isAtMost(calendarOf(home).dueAt - home.loop.now(), 5 * minute)
    const [second, ...others] = home.subscriptions()
    assert.notStrictEqual(second?.id, first?.id, "it was made anew")
    assert.lengthOf(others, 0)
    home.edit(meeting("Three", 30))
    await home.loop.advance(minute)
    await home.read()
    assert.deepStrictEqual(stateOf(home), [true, null])
  })
})

describe("C: another public address", () => {
  const restarted = async (notificationUrl: string | null) => {
    const graph: { -readonly [K in keyof NonNullable<HomeOptions["graph"]>]: NonNullable<HomeOptions["graph"]>[K] } = {
      ...addresses
    }
    const home = await openHome({ graph, mailbox: { calendars: ["Side"] } })
    home.company.begin((punctual) => punctual.runParts(["renew"]))
    await home.loop.advance(minute)
    graph.notificationUrl = notificationUrl
    await home.company.crash()
    home.company.begin((punctual) => punctual.runParts(["renew"]))
    await home.loop.advance(minute)
    return home
  }

  it("has every subscription made for it at start, not with the next daily run", async () => {
    const home = await restarted("https://new.example/webhooks/microsoft")
    assert.deepStrictEqual(
      home.subscriptions().map(({ notificationUrl }) => notificationUrl),
      ["https://new.example/webhooks/microsoft", "https://new.example/webhooks/microsoft"]
    )
    const held = [...home.company.tenant(user).calendars.values()].map(({ subscription }) => subscription?.id)
    assert.sameMembers(
      held,
      home.subscriptions().map(({ id }) => id)
    )
  })

  it("that is none ends them, and says so", async () => {
    const home = await restarted(null)
    assert.lengthOf(home.subscriptions(), 0)
    assert.deepStrictEqual(stateOf(home), [false, "no_public_url"])
  })

  it("is looked at once: a start under the same address asks Graph nothing", async () => {
    const home = await restarted(addresses.notificationUrl)
    home.asked()
    await home.company.crash()
    home.company.begin((punctual) => punctual.runParts(["renew"]))
    await home.loop.advance(minute)
    assert.deepStrictEqual(home.asked(), [])
  })
})
