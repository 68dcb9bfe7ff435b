/**
 * Faults seen in open calendar code, each as a test with its name and number, through the whole stack: use cases,
 * adapter and the simulator's rules. What the adapter can commit by itself is in `test/Pitfalls.test.ts` as well. One is
 * not here: network calls inside a database transaction (8); the port of the store has no transaction to hold open.
 */
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { type Home, at, day, hour, meeting, minute, noticeOf, openHome, user, zoom } from "./Home.ts"

const statuses = (home: Home): ReadonlyArray<string> => home.bots().map((bot) => bot.status)

const attendAll = async (home: Home): Promise<void> => {
  await home.company.ask((punctual) => punctual.enableAuto(user, {}))
}

describe("faults seen in open code", () => {
  it("1: clientState is not compared, or one unknown subscription drops the batch", async () => {
    const home = await openHome()
    const [known] = home.subscriptions()
    if (known === undefined) return assert.fail("a calendar is subscribed")
    home.edit(meeting("Review", 2))
    home.cloud.deliveries()
    await home.notify({ ...noticeOf(known), clientState: Redacted.make("guessed") })
    await home.read()
    assert.lengthOf(home.rows(), 0, "a forged notification does nothing")
    await home.notify(
      { subscriptionId: "unknown", clientState: Redacted.make(""), kind: "change" },
      { ...noticeOf(known), clientState: Redacted.make("guessed") },
      noticeOf(known)
    )
    await home.read()
    assert.lengthOf(home.rows(), 1)
  })

  it("2: one page, or one notification of a batch, is read", async () => {
    const home = await openHome({ mailbox: { calendars: ["Side"] }, cloud: { delta: { pageSize: 2 } } })
    for (let index = 0; index < 60; index++) {
      home.edit({ ...meeting(`meeting ${index}`, 1 + index / 10), calendar: index % 2 === 0 ? "Side" : "Calendar" })
    }
    await home.read()
    assert.lengthOf(home.rows(), 60)
  })

  it("3: a removed item is taken for a meeting that starts now", async () => {
    const home = await openHome({ cloud: { delta: { unknownRemoved: 1 } } })
    await attendAll(home)
    const event = home.edit(meeting("Review", 2))
    await home.read()
    home.edit({ type: "deleteEvent", event })
    await home.read()
    assert.deepStrictEqual(
      home.rows().map(({ isDeleted, start }) => [isDeleted, start]),
      [[true, Date.parse(at(2))]]
    )
    assert.deepStrictEqual(statuses(home), ["Cancelled"])
  })

  it("5: a rotated refresh token is not saved", async () => {
    const home = await openHome()
    await home.loop.advance(2 * hour)
    await home.read()
    // All but the newest are worthless from now on, and so is what this process remembers.
    home.cloud.alter((world) => {
      const all = Object.entries(world.refreshTokens)
      const newest = Math.max(...all.map(([, { issuedAt }]) => issuedAt))
      return { ...world, refreshTokens: Object.fromEntries(all.filter(([, { issuedAt }]) => issuedAt === newest)) }
    })
    await home.company.crash()
    home.edit(meeting("Review", 4))
    await home.read()
    assert.strictEqual([...home.company.tenant(user).connections.values()][0]?.status, "active")
    assert.isFalse(home.row("Review").isDeleted)
  })

  it("6: the cursor of an empty round is not kept", async () => {
    const home = await openHome()
    const cursorOf = () => [...home.company.tenant(user).calendars.values()][0]?.cursor
    const before = cursorOf()
    await home.loop.advance(16 * minute)
    await home.read()
    assert.notStrictEqual(cursorOf(), before)
  })

  it("7: the life asked for is taken for the life granted", async () => {
    const home = await openHome({ cloud: { subscriptions: { minutesMax: 4_230 } } })
    const [granted] = home.subscriptions()
    const [held] = home.company.tenant(user).calendars.values()
    assert.strictEqual(held?.subscription?.expiresAt, granted?.expiresAt)
    assert.isAtMost(granted?.expiresAt ?? 0, home.loop.now() + 4_230 * minute)
  })

  it("9: a link that was removed or changed is kept", async () => {
    const home = await openHome()
    await attendAll(home)
    const event = home.edit(meeting("Review", 2))
    await home.read()
    home.edit({ type: "changeLink", event, link: zoom(2) })
    await home.read()
    assert.deepStrictEqual(
      home.bots().map(({ link, status }) => [status, link.url]),
      [["Scheduled", zoom(2)]]
    )
    home.edit({ type: "removeLink", event })
    await home.read()
    assert.deepStrictEqual(
      home.bots().map(({ status, statusReason }) => [status, statusReason]),
      [["Cancelled", "link_removed"]]
    )
  })

  it("10: a meeting moved from the past to the future gets no bot", async () => {
    const home = await openHome()
    await attendAll(home)
    const event = home.edit(meeting("Review", 2))
    await home.read()
    home.edit({ type: "moveEvent", event, start: at(-3) })
    await home.read()
    assert.deepStrictEqual(statuses(home), ["Cancelled"])
    home.edit({ type: "moveEvent", event, start: at(5) })
    await home.read()
    const alive = home.bots().filter(({ status }) => status === "Scheduled")
    assert.deepStrictEqual(
      alive.map(({ joinAt }) => joinAt),
      [Date.parse(at(5)) - minute]
    )
  })

  it("11: a disconnect leaves the subscription alive, and its notifications do harm", async () => {
    const home = await openHome({ mailbox: { calendars: ["Side"] } })
    const before = home.subscriptions()
    assert.lengthOf(before, 2)
    const { subscriptionsStopped } = await home.company.ask((punctual) => punctual.disconnect(user))
    assert.isTrue(subscriptionsStopped)
    assert.lengthOf(home.subscriptions(), 0)
    await home.notify(...before.map((each) => noticeOf(each)))
    assert.lengthOf(home.bots(), 0)
  })

  it("12: an occurrence that is told anew after the user's stop gets its bot again", async () => {
    const home = await openHome()
    await attendAll(home)
    const series = home.edit({ ...meeting("Standup", 3), type: "createSeries", pattern: { type: "daily" } })
    await home.read()
    const [bot] = home.bots()
    if (bot === undefined) return assert.fail("the first occurrence has a bot")
    await home.company.ask((punctual) => punctual.removeBot(user, bot.id))
    home.edit({ type: "changeEvent", event: series, details: { subject: "Standup, renamed" } })
    await home.read()
    await home.loop.advance(hour)
    await home.read()
    assert.deepStrictEqual(
      home
        .bots()
        .filter(({ meeting }) => meeting === bot.meeting)
        .map(({ status }) => status),
      ["Cancelled"]
    )
  })

  it("13: of two meetings with one link the second is dropped", async () => {
    const home = await openHome()
    await attendAll(home)
    home.edit(meeting("First", 2, zoom(7)))
    home.edit(meeting("Second", 4, zoom(7)))
    home.edit(meeting("At the same time as the first", 2, zoom(7)))
    await home.read()
    assert.deepStrictEqual(statuses(home), ["Scheduled", "Scheduled", "Scheduled"])
  })

  it("14: meetings whose Teams id cannot be told are taken for one", async () => {
    const home = await openHome()
    await attendAll(home)
    const short = (id: string): string => `https://teams.microsoft.com/meet/${id}`
    home.edit(meeting("One", 2, short("2345678901234?p=abcdefgh")))
    home.edit(meeting("Other", 2, short("3456789012345?p=abcdefgh")))
    home.edit(meeting("Third", 3, "https://teams.live.com/meet/9876543210123?p=x1"))
    await home.read()
    assert.deepStrictEqual(statuses(home), ["Scheduled", "Scheduled", "Scheduled"])
    assert.strictEqual(new Set(home.bots().map(({ meeting: key }) => key)).size, 3)
  })

  it("15: one subscription that is gone ends the renewal of all", async () => {
    const home = await openHome({ mailbox: { calendars: ["Side", "Other"] } })
    const [gone] = home.subscriptions()
    await home.loop.advance(5.5 * day)
    home.cloud.configure({ subscriptions: { duplicates: "conflict" } })
    home.cloud.setFaults([
      { method: "PATCH", path: `/subscriptions/${gone?.id ?? "?"}$`, answer: { type: "answer", status: 404, body: {} } }
    ])
    const counts = await home.company.ask((punctual) => punctual.renewUser(user))
    assert.deepStrictEqual({ ...counts, strays: 0 }, { renewed: 2, recreated: 1, failed: 0, strays: 0 })
  })
})
