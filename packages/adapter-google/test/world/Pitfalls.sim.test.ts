/**
 * Faults seen in open code, each by its number, through the whole stack: use cases, adapter and the simulator's rules on a
 * virtual clock. What the adapter can commit by itself is in the tests beside it.
 */
import { assert, describe, it } from "@effect/vitest"
import type { Calendar, Punctual, UserId } from "@punctual/core"
import { payload } from "../fakes/Payloads.ts"
import { type Home, ada, day, hour, meeting, minute, openHome, signedIn, start, user } from "./Home.ts"
import type { Fault } from "./Roads.ts"

const calendarsOf = (home: Home, userId: UserId = user): ReadonlyArray<Calendar> => [
  ...home.company.tenant(userId).calendars.values()
]

const renewed = (home: Home) => home.company.ask(({ renewUser }) => renewUser(user))

const live = (home: Home): ReadonlyArray<string> =>
  [...home.cloud.world().channels.values()].filter(({ isStopped }) => !isStopped).map(({ calendarId }) => calendarId)

const lists = (asked: ReadonlyArray<string>): number => asked.filter((each) => each.endsWith("/events")).length

const fails = (path: string): ReadonlyArray<Fault> => [
  { path, probability: 1, answer: { type: "answer", status: 503, body: payload("error.503.backendError") } }
]

const standing = ({ run }: Punctual["Service"]) => run

describe("faults seen in open code", () => {
  it("17: MUST notice renamed, added and removed calendars by the daily look", async () => {
    const calendars: Record<string, string> = {}
    const home = await openHome({
      prepare: (cloud) => {
        for (const summary of ["Team", "Side"]) {
          calendars[summary] = cloud.edit({ type: "addCalendar", email: ada, summary })
        }
      }
    })
    const { Side: side = "", Team: team = "" } = calendars
    home.cloud.edit({ ...meeting("Kept", 30), calendar: team })
    home.cloud.edit({ ...meeting("Left", 30), calendar: side })
    await home.read()
    const named = async () =>
      (await home.company.ask(({ calendars: listed }) => listed(user))).map(({ summary }) => summary)
    assert.sameMembers(await named(), [ada, "Team", "Side"])
    home.cloud.edit({ type: "renameCalendar", calendar: team, summary: "Crew" })
    home.cloud.edit({ type: "removeCalendar", email: ada, calendar: side })
    home.cloud.edit({ type: "addCalendar", email: ada, summary: "New" })
    home.company.begin(standing)
    await home.loop.advance(day)
    const known = calendarsOf(home).filter(({ syncStatus }) => syncStatus === "ok")
    assert.sameMembers(
      known.map(({ summary }) => summary),
      [ada, "Crew", "New"]
    )
    assert.deepStrictEqual(home.subjects(), ["Kept"])
    assert.sameMembers(await named(), [ada, "Crew", "New"])
  })

  it("25: MUST keep what it holds until the new full round is complete", async () => {
    const home = await openHome({ options: { pageSizeMax: 2 } })
    for (let index = 0; index < 9; index++) home.cloud.edit(meeting(`meeting ${index}`, 1 + index))
    await home.read()
    const held = home.subjects()
    assert.lengthOf(held, 9)
    home.cloud.edit({ type: "expireSyncTokens", calendar: ada })
    // The round breaks off before its end, wherever that is.
    for (const answered of [0, 1, 4, 9, 12]) {
      let left = answered
      home.cloud.setRoad([])
      const cut = (): void => {
        if (left-- === 0) home.cloud.setRoad(fails("/events$"))
      }
      await home.loop.advance(16 * minute)
      home.whileAsked(cut)
      await home.read()
      home.whileAsked(() => undefined)
      assert.sameMembers([...home.subjects()], [...held], `${answered} answers`)
      assert.strictEqual(calendarsOf(home)[0]?.syncStatus, "stale")
    }
    home.cloud.setRoad([])
    await home.loop.advance(hour)
    await home.read()
    assert.sameMembers([...home.subjects()], [...held])
    assert.strictEqual(calendarsOf(home)[0]?.syncStatus, "ok")
  })

  it("73: MUST keep the old channel when making the new one fails", async () => {
    const home = await openHome()
    const [before] = calendarsOf(home)
    await home.loop.advance(6 * day)
    home.cloud.setRoad(fails("/watch$"))
    assert.strictEqual((await renewed(home)).failed, 1)
    assert.deepStrictEqual(calendarsOf(home)[0]?.subscription, before?.subscription)
    assert.deepStrictEqual(live(home), [ada])
    home.cloud.setRoad([])
    assert.strictEqual((await renewed(home)).failed, 0)
    assert.notStrictEqual(calendarsOf(home)[0]?.subscription?.id, before?.subscription?.id)
    assert.deepStrictEqual(live(home), [ada], "the old one has ended")
  })

  it("78: MUST not lose a notification that comes while the calendar is being read", async () => {
    const home = await openHome({ options: { pageSizeMax: 1 } })
    const ids = [0, 1, 2, 3].map((index) => home.cloud.edit(meeting(`meeting ${index}`, 1 + index)))
    await home.read()
    home.cloud.edit(meeting("another", 8))
    home.cloud.edit({ type: "patchEvent", calendar: ada, id: ids[3] ?? "", members: { summary: "changed" } })
    let answered = 0
    home.whileAsked((path) => {
      // What is changed now stands on a page that was answered already.
      if (!path.endsWith("/events") || ++answered !== 2) return
      home.cloud.edit({ type: "patchEvent", calendar: ada, id: ids[0] ?? "", members: { summary: "moved on" } })
      home.company.begin(({ receive }) => receive(home.cloud.deliveries()))
    })
    await home.read()
    assert.isAtLeast(answered, 2)
    assert.sameMembers([...home.subjects()], ["moved on", "meeting 1", "meeting 2", "changed", "another"])
  })

  it("79: MUST find changes although the channel is silent", async () => {
    const home = await openHome({ lostOfTen: 10 })
    home.company.begin(standing)
    await home.loop.advance(minute)
    home.cloud.edit(meeting("Review", 2))
    assert.strictEqual(await home.company.receive(), 0)
    await home.loop.advance(16 * minute)
    assert.deepStrictEqual(home.subjects(), ["Review"])
  })

  it("80: MUST stop the channels before it forgets the grant", async () => {
    const home = await openHome({
      prepare: (cloud) => void cloud.edit({ type: "addCalendar", email: ada, summary: "Side" })
    })
    assert.lengthOf(live(home), 2)
    // Google is away for a while just then.
    home.cloud.setRoad(fails("/channels/stop$"))
    const { subscriptionsStopped } = await home.company.ask(({ disconnect }) => disconnect(user))
    assert.isFalse(subscriptionsStopped)
    assert.lengthOf(live(home), 2)
    home.cloud.setRoad([])
    await home.loop.advance(10 * minute)
    assert.lengthOf(live(home), 0)
  })

  it("81: MUST go on renewing the others when one channel fails", async () => {
    let side = ""
    const home = await openHome({
      prepare: (cloud) => {
        side = cloud.edit({ type: "addCalendar", email: ada, summary: "Side" })
        cloud.edit({ type: "addCalendar", email: ada, summary: "Team" })
      }
    })
    const ends = () => calendarsOf(home).map(({ subscription, summary }) => [summary, subscription?.expiresAt ?? 0])
    const before = Object.fromEntries(ends())
    await home.loop.advance(6 * day)
    home.cloud.setRoad(fails(`/${side}/events/watch$`))
    assert.deepInclude(await renewed(home), { renewed: 2, failed: 1 })
    for (const [summary, end] of ends()) {
      if (summary === "Side") assert.strictEqual(end, before["Side"])
      else assert.isAbove(Number(end), Number(before[summary ?? ""]), String(summary))
    }
  })

  it("83: MUST turn many notifications of one change into one look", async () => {
    const home = await openHome({ policy: { settleMillis: 500 } })
    home.company.begin(standing)
    await home.loop.advance(minute)
    home.asked()
    for (let index = 0; index < 30; index++) home.cloud.edit(meeting(`meeting ${index}`, 1 + index))
    assert.strictEqual(await home.company.receive(), 30)
    await home.loop.advance(minute)
    assert.lengthOf(home.subjects(), 30)
    assert.strictEqual(lists(home.asked()), 1)
  })

  it("88: MUST spread daily full rounds over the day", async () => {
    const home = await openHome()
    home.company.begin(standing)
    const colleagues = [5, 11].map((later) => ({ later, userId: `usr_${later}` as UserId }))
    for (const { later, userId } of colleagues) {
      await home.loop.advance(start + later * hour - home.loop.now())
      const email = `${userId}@example.com`
      home.cloud.edit({ type: "addPerson", email })
      await home.company.ask((punctual) => punctual.connect(userId, signedIn(home.cloud, email)))
    }
    await home.loop.advance(3 * day)
    const basedAt = [user, ...colleagues.map(({ userId }) => userId)].map(
      (userId) => calendarsOf(home, userId)[0]?.basedAt ?? 0
    )
    for (const at of basedAt) assert.isAtLeast(at, home.loop.now() - day - hour, "each has had its own of this day")
    const hours = basedAt.map((at) => Math.floor((at % day) / hour))
    assert.strictEqual(new Set(hours).size, 3, `at ${hours.join(", ")} o'clock`)
  })
})
