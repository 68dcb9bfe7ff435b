/** The life of subscriptions: made, prolonged, lost, told of, made again, and strays, through the whole stack. */
import { assert, describe, it } from "@effect/vitest"
import type { Calendar, CalendarId, UserId } from "@punctual/core"
import { pasted } from "../../../core/test/provider/Company.ts"
import { type Home, addresses, at, day, hour, meeting, minute, noticeOf, openHome, user } from "./Home.ts"

const calendarsOf = (home: Home): ReadonlyArray<Calendar> => [...home.company.tenant(user).calendars.values()]

const reasons = (home: Home): ReadonlyArray<readonly [string, boolean, string | null]> =>
  calendarsOf(home).map(({ pollingReason, subscription, summary }) => [summary, subscription !== null, pollingReason])

const renewals = (asked: ReadonlyArray<string>): number => asked.filter((each) => each.startsWith("PATCH 200")).length

describe("subscriptions", () => {
  it("are made with both addresses on every calendar that takes one; the others are polled, and why is known", async () => {
    const home = await openHome({
      mailbox: { calendars: ["Side"] },
      prepare: (cloud) => {
        cloud.addMailbox({ userPrincipalName: "alex@contoso.example" })
        cloud.edit({
          type: "shareCalendar",
          mailbox: "alex@contoso.example",
          with: "adele@contoso.example",
          canEdit: true
        })
      }
    })
    const shared = calendarsOf(home).find(({ accessRole }) => accessRole === "writer")
    assert.deepStrictEqual(reasons(home), [
      ["Calendar", true, null],
      ["Side", true, null],
      [shared?.summary ?? "", false, "access_denied"]
    ])
    for (const each of home.subscriptions()) {
      assert.deepStrictEqual(
        [each.notificationUrl, each.lifecycleNotificationUrl],
        [addresses.notificationUrl, addresses.lifecycleUrl]
      )
    }
    // Polled, it is as current as its polls.
    home.cloud.edit({ ...meeting("Alex's", 2), mailbox: "alex@contoso.example" })
    await home.loop.advance(6 * minute)
    await home.read()
    assert.strictEqual(home.row("Alex's").calendarId, shared?.id)
  })

  it("are not asked for again where the mailbox never supports them", async () => {
    const home = await openHome({ mailbox: { notifications: false } })
    assert.deepStrictEqual(reasons(home), [["Calendar", false, "mailbox_not_supported"]])
    await home.loop.advance(6 * minute)
    await home.read()
    assert.isFalse(home.asked().some((each) => each.startsWith("POST") && each.endsWith("/subscriptions")))
  })

  it("keep their secret: random each time, and at rest only as a digest", async () => {
    const home = await openHome({ mailbox: { calendars: ["Side"] } })
    const states = home.subscriptions().map(({ clientState }) => clientState ?? "")
    assert.strictEqual(new Set(states).size, 2)
    const atRest = JSON.stringify(calendarsOf(home))
    for (const state of states) {
      assert.isAtLeast(state.length, 32)
      assert.notInclude(atRest, state)
    }
  })

  it("are prolonged by the daily run within two days of their end, and not before", async () => {
    const home = await openHome()
    const renew = () => home.company.ask((punctual) => punctual.renewUser(user))
    await home.loop.advance(4 * day)
    assert.strictEqual((await renew()).renewed, 0)
    await home.loop.advance(1.5 * day)
    assert.strictEqual((await renew()).renewed, 1)
    const [granted] = home.subscriptions()
    assert.isAtLeast(granted?.expiresAt ?? 0, home.loop.now() + 6 * day)
    assert.strictEqual(calendarsOf(home)[0]?.subscription?.expiresAt, granted?.expiresAt)
  })

  it("that could not be prolonged are counted as failed, and kept", async () => {
    const home = await openHome()
    await home.loop.advance(5.5 * day)
    home.cloud.setFaults([{ method: "PATCH", answer: { type: "unavailable" } }])
    assert.deepInclude(await home.company.ask((punctual) => punctual.renewUser(user)), { renewed: 0, failed: 1 })
    assert.isNotNull(calendarsOf(home)[0]?.subscription)
    home.cloud.setFaults([])
    await home.loop.advance(hour)
    assert.deepInclude(await home.company.ask((punctual) => punctual.renewUser(user)), { renewed: 1, failed: 0 })
  })

  it("with little life left are prolonged when a notification arrives, whatever the daily run did", async () => {
    const home = await openHome()
    await home.loop.advance(6.5 * day)
    home.edit(meeting("Review", 24 * 7))
    await home.read()
    assert.strictEqual(renewals(home.asked()), 1)
    assert.isAtLeast(home.subscriptions()[0]?.expiresAt ?? 0, home.loop.now() + 6 * day)
    home.edit(meeting("Other", 24 * 7))
    await home.read()
    assert.strictEqual(renewals(home.asked()), 0)
  })

  it("that Graph has forgotten are made anew, and the calendar is read", async () => {
    const home = await openHome()
    const [old] = home.subscriptions()
    await home.loop.advance(6.95 * day)
    // Its end has passed: nothing was told of this.
    home.edit(meeting("Unheard", 24 * 7 + 2))
    home.cloud.deliveries()
    await home.company.ask((punctual) => punctual.renewUser(user))
    await home.read()
    const fresh = home.subscriptions().find(({ expiresAt }) => expiresAt > home.loop.now())
    assert.notStrictEqual(fresh?.id, old?.id)
    assert.strictEqual(calendarsOf(home)[0]?.subscription?.id, fresh?.id)
    assert.isFalse(home.row("Unheard").isDeleted)
  })
})

/** Whether the last round began from a window, not from a cursor. */
const wasFull = ({ cloud }: Home): boolean => {
  const rounds = cloud.traffic().recent.filter(({ path }) => path.endsWith("delta"))
  return rounds.at(-1)?.query.includes("startDateTime") === true
}

describe("lifecycle events", () => {
  it("missed: a full round, since what was lost is not known", async () => {
    const home = await openHome({ cloud: { notifications: { lost: 1 } } })
    home.edit(meeting("Unheard", 2))
    home.cloud.lifecycle({ event: "missed" })
    await home.read()
    assert.strictEqual(home.row("Unheard").start, Date.parse(at(2)))
    assert.isTrue(wasFull(home))
  })

  it("subscriptionRemoved: another is made, and a full round", async () => {
    const home = await openHome()
    const [old] = home.subscriptions()
    home.edit(meeting("Unheard", 2))
    home.cloud.deliveries()
    home.cloud.lifecycle({ event: "subscriptionRemoved" })
    assert.lengthOf(home.subscriptions(), 0)
    await home.read()
    assert.lengthOf(home.subscriptions(), 1)
    assert.notStrictEqual(home.subscriptions()[0]?.id, old?.id)
    assert.strictEqual(home.row("Unheard").start, Date.parse(at(2)))
    assert.isTrue(wasFull(home))
    assert.deepStrictEqual(reasons(home), [["Calendar", true, null]])
  })

  it("reauthorizationRequired: prolonged at once, and notifications come again", async () => {
    const home = await openHome()
    home.cloud.lifecycle({ event: "reauthorizationRequired" })
    assert.isTrue(home.subscriptions()[0]?.paused)
    await home.read()
    assert.strictEqual(renewals(home.asked()), 1)
    assert.isFalse(home.subscriptions()[0]?.paused)
    home.edit(meeting("Heard", 2))
    assert.strictEqual(await home.company.receive(), 2)
  })

  it("one that nobody knows yet: a look at the calendar, and no harm", async () => {
    const home = await openHome()
    home.cloud.lifecycle({ event: "somethingNew" })
    await home.read()
    assert.deepStrictEqual(reasons(home), [["Calendar", true, null]])
  })

  it("with another secret: ignored", async () => {
    const home = await openHome()
    const [held] = home.subscriptions()
    if (held === undefined) return assert.fail("a calendar is subscribed")
    await home.notify(noticeOf({ ...held, clientState: "guessed" }, "subscriptionRemoved"))
    await home.read()
    assert.strictEqual(home.subscriptions()[0]?.id, held.id)
  })
})

describe("strays", () => {
  const abandon = (home: Home, notificationUrl: string): string => {
    const [held] = home.subscriptions()
    if (held === undefined) throw new Error("a calendar is subscribed")
    const id = `abandoned ${home.subscriptions().length}`
    home.cloud.alter((world) => ({
      ...world,
      subscriptions: { ...world.subscriptions, [id]: { ...held, id, notificationUrl } }
    }))
    return id
  }

  it("are deleted once they were seen twice an hour apart; another server's never are", async () => {
    const home = await openHome()
    const stray = abandon(home, addresses.notificationUrl)
    const theirs = abandon(home, "https://other.example/hook")
    const counts = await home.company.ask((punctual) => punctual.renewUser(user))
    assert.strictEqual(counts.strays, 1)
    await home.loop.advance(59 * minute)
    assert.include(Object.keys(home.cloud.world().subscriptions), stray)
    await home.loop.advance(2 * minute)
    const left = Object.keys(home.cloud.world().subscriptions)
    assert.notInclude(left, stray)
    assert.include(left, theirs)
    assert.lengthOf(left, 2)
  })

  it("whose row is written within the hour are none", async () => {
    const home = await openHome()
    const late = abandon(home, addresses.notificationUrl)
    await home.company.ask((punctual) => punctual.renewUser(user))
    const [held] = home.company.tenant(user).calendars.values()
    const subscription = held?.subscription
    if (held === undefined || subscription == null) return assert.fail("a calendar is subscribed")
    home.company.tenant(user).calendars.set(held.id, { ...held, subscription: { ...subscription, id: late } })
    await home.loop.advance(61 * minute)
    assert.include(Object.keys(home.cloud.world().subscriptions), late)
  })
})

describe("V8: a second subscription that Graph answers with 409", () => {
  const other = "usr_other" as UserId
  const calendarOf = (home: Home, id: UserId) => [...home.company.tenant(id).calendars.values()][0]

  it("is another user's who lives by it: it stays, and the second calendar is polled", async () => {
    const home = await openHome({ cloud: { subscriptions: { duplicates: "conflict" } } })
    const [first] = home.subscriptions()
    await home.company.ask((punctual) => punctual.connect(other, pasted(home.given)))
    await home.read()
    assert.deepStrictEqual(
      home.subscriptions().map(({ id }) => id),
      [first?.id]
    )
    assert.strictEqual(calendarOf(home, user)?.subscription?.id, first?.id)
    assert.deepInclude(calendarOf(home, other), { subscription: null, pollingReason: "already_subscribed" })
    await home.loop.advance(day)
    await home.read()
    assert.strictEqual(calendarOf(home, user)?.subscription?.id, first?.id)
  })

  it("is one that nobody holds any more: it goes, and another is made", async () => {
    const home = await openHome({
      prepare: (cloud) => cloud.configure({ subscriptions: { duplicates: "conflict" } })
    })
    const [lost] = home.subscriptions()
    const held = calendarOf(home, user)
    await home.company.ask((punctual) => punctual.selectCalendar(user, held?.id ?? ("" as CalendarId), false))
    // As after a crash: the provider still has it, and no row does.
    home.cloud.alter((world) => ({ ...world, subscriptions: lost === undefined ? {} : { [lost.id]: lost } }))
    await home.company.ask((punctual) => punctual.selectCalendar(user, held?.id ?? ("" as CalendarId), true))
    const [made, ...more] = home.subscriptions()
    assert.deepStrictEqual(more, [])
    assert.notStrictEqual(made?.id, lost?.id)
    assert.strictEqual(calendarOf(home, user)?.subscription?.id, made?.id)
  })
})
