/**
 * What rounds of changes leave out, tell wrongly or tell twice, and what becomes of the mirror: single stories beside the
 * law of `Mirror.sim.test.ts`, each of which that law or somebody's production has told.
 */
import { assert, describe, it } from "@effect/vitest"
import { type Home, at, day, hour, meeting, minute, openHome, user } from "./Home.ts"

const denied = {
  type: "answer" as const,
  status: 403,
  body: { error: { code: "ErrorAccessDenied", message: "Access is denied." } }
}

const statuses = (home: Home): ReadonlyArray<string> =>
  [...home.company.tenant(user).calendars.values()].map(({ syncStatus }) => syncStatus)

const standup = { ...meeting("Standup", 3), type: "createSeries" as const, pattern: { type: "daily" as const } }

const subjects = (home: Home): ReadonlySet<string> =>
  new Set(
    home
      .rows()
      .filter(({ isDeleted }) => !isDeleted)
      .map(({ subject }) => subject)
  )

/** A poll interval later. */
const poll = async (home: Home): Promise<ReadonlyArray<string>> => {
  await home.loop.advance(16 * minute)
  await home.read()
  return home.asked()
}

describe("series", () => {
  it("that come without their master are fetched: what is stored of them is old", async () => {
    const home = await openHome({ cloud: { delta: { masterMissing: 1 } } })
    const event = home.edit(standup)
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Standup"]))
    home.edit({ type: "changeEvent", event, details: { subject: "Retro" } })
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Retro"]))
  })

  it.each([1, 3, 5])(
    "B8: whose master is not found %i times while its occurrences are listed are there in the end",
    async (times) => {
      const home = await openHome({ cloud: { delta: { masterMissing: 1 } } })
      home.cloud.setFaults([{ method: "GET", path: "/events/", times, answer: { type: "notFound" } }])
      home.edit(standup)
      await home.read()
      if (times === 1) assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(["Standup"]), ["ok"]])
      else assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(), ["stale"]])
      for (let rounds = 0; rounds < 3; rounds++) {
        await home.loop.advance(minute)
        await home.read()
      }
      assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(["Standup"]), ["ok"]])
      assert.isTrue(home.rows().every(({ seriesId }) => seriesId !== null))
    }
  )

  it("told anew without an occurrence have lost it, also without their master", async () => {
    for (const masterMissing of [0, 1]) {
      const home = await openHome({ cloud: { delta: { masterMissing } } })
      const series = home.edit(standup)
      await home.read()
      home.edit({ type: "deleteOccurrence", series, date: at(24 * 3).slice(0, 10) })
      await home.read()
      const gone = home.rows().filter(({ isDeleted }) => isDeleted)
      assert.deepStrictEqual(
        gone.map(({ originalDate }) => originalDate),
        [at(24 * 3).slice(0, 10)]
      )
    }
  })

  it("that may be listed and not read are taken from what was listed", async () => {
    const home = await openHome()
    home.cloud.setFaults([{ method: "GET", path: "/events/", answer: denied }])
    await home.company.ask((punctual) => punctual.enableAuto(user, {}))
    home.edit(standup)
    await home.read()
    assert.deepStrictEqual(statuses(home), ["ok"])
    assert.deepStrictEqual(subjects(home), new Set(["Standup"]))
  })
})

describe("absence", () => {
  it("an event moved out of the window is said to be removed, and is not", async () => {
    const home = await openHome()
    const event = home.edit(meeting("Review", 2))
    await home.read()
    home.edit({ type: "moveEvent", event, start: at(24 * 300) })
    await home.read()
    assert.deepInclude(home.row("Review"), { isDeleted: false, start: Date.parse(at(24 * 300)) })
  })

  it.each([
    ["answers nothing", { type: "reset" as const }],
    ["answers with a proxy's page", { type: "answer" as const, status: 404, body: { message: "no such page" } }],
    ["is not allowed to say", denied]
  ])("an event is not gone while Graph %s", async (_, answer) => {
    const home = await openHome()
    const event = home.edit(meeting("Review", 2))
    await home.read()
    home.cloud.setFaults([{ method: "GET", path: "/events/", answer }])
    home.edit({ type: "deleteEvent", event })
    home.edit(meeting("Other", 4))
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Review", "Other"]), "and the round goes on")
    home.cloud.setFaults([])
    await home.loop.advance(25 * hour)
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Other"]))
  })

  it("a calendar is not gone for one answer that says so", async () => {
    const home = await openHome()
    home.edit(meeting("Review", 2))
    await home.read()
    const body = { error: { code: "ErrorItemNotFound", message: "The specified object was not found in the store." } }
    home.cloud.setFaults([{ path: "delta$", times: 3, answer: { type: "answer", status: 404, body } }])
    await poll(home)
    assert.deepStrictEqual([statuses(home), subjects(home)], [["stale"], new Set(["Review"])])
    await poll(home)
    await poll(home)
    await poll(home)
    assert.deepStrictEqual(statuses(home), ["ok"])
  })

  it("a meeting moved to another calendar is there, whichever of the two is read first", async () => {
    for (const [from, to] of [
      ["Calendar", "Side"],
      ["Side", "Calendar"]
    ] as const) {
      const home = await openHome({ mailbox: { calendars: ["Side"] } })
      const ids = [home.edit({ ...meeting("Review", 2), calendar: from }), home.edit({ ...standup, calendar: from })]
      await home.read()
      for (const event of ids) home.edit({ type: "moveToCalendar", event, calendar: to })
      await home.read()
      assert.deepStrictEqual(subjects(home), new Set(["Review", "Standup"]))
      const names = [...home.company.tenant(user).calendars.values()]
      const there = names.find(({ summary }) => summary === to)?.id
      assert.isTrue(home.rows().every(({ calendarId, isDeleted }) => calendarId === there && !isDeleted))
    }
  })
})

describe("oddities", () => {
  it("an item that makes no sense keeps what was known of it, and costs no further round", async () => {
    const home = await openHome()
    const event = home.edit(meeting("Review", 2))
    await home.read()
    const wire = { start: { dateTime: "0001-01-01T00:00:00.0000000Z", timeZone: "tzone://Microsoft/Utc" } }
    home.edit({ type: "changeEvent", event, details: { subject: "Odd", wire } })
    await home.read()
    assert.deepInclude(home.row("Review"), { isDeleted: false, start: Date.parse(at(2)) })
    await home.loop.advance(25 * hour)
    await home.read()
    home.asked()
    assert.lengthOf(await poll(home), 1)
    home.edit({ type: "changeEvent", event, details: { wire: {} } })
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Odd"]))
  })

  it("a calendar that may not be read for a while is read again within the hour", async () => {
    const home = await openHome()
    home.cloud.setFaults([{ path: "delta$", answer: denied }])
    await poll(home)
    assert.deepStrictEqual(statuses(home), ["failed"])
    home.cloud.setFaults([])
    home.cloud.configure({ notifications: { lost: 1 } })
    home.edit(meeting("Review", 48))
    await home.loop.advance(61 * minute)
    await home.read()
    assert.deepStrictEqual([statuses(home), subjects(home)], [["ok"], new Set(["Review"])])
  })

  it("a cursor that Graph cannot read begins a new round", async () => {
    const home = await openHome()
    home.edit(meeting("Review", 2))
    const body = { error: { code: "ErrorInvalidUrlQuery", message: "The sync token is malformed." } }
    home.cloud.setFaults([{ path: "delta$", times: 1, answer: { type: "answer", status: 400, body } }])
    await home.read()
    assert.deepStrictEqual([statuses(home), subjects(home)], [["ok"], new Set(["Review"])])
  })

  it("the window moves on each day", async () => {
    const home = await openHome()
    home.edit(meeting("Far", 24 * 32))
    await home.read()
    assert.lengthOf(home.rows(), 0)
    await home.loop.advance(3 * day)
    await home.read()
    assert.deepStrictEqual(subjects(home), new Set(["Far"]))
  })
})

describe("C: delta that answers 504 three times in a row", () => {
  const late = { type: "unavailable" as const, status: 504 as const }
  const views = (home: Home) => home.asked().filter((each) => each.endsWith("/calendarView") && each.includes(" 200 "))

  it("falls back to a plain view of the calendar, in the first round and later, and goes back when it can", async () => {
    const home = await openHome()
    home.cloud.setFaults([{ path: "calendarView/delta$", answer: late }])
    home.edit(meeting("Review", 2))
    const series = home.edit(standup)
    await home.read()
    assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(["Review", "Standup"]), ["ok"]])
    assert.isNotEmpty(views(home))
    home.edit({ type: "deleteSeries", series })
    await poll(home)
    assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(["Review"]), ["ok"]])
    home.cloud.setFaults([])
    home.edit(meeting("Retro", 4))
    await poll(home)
    home.edit(meeting("Demo", 5))
    home.asked()
    await poll(home)
    assert.deepStrictEqual([subjects(home), statuses(home)], [new Set(["Review", "Retro", "Demo"]), ["ok"]])
    assert.deepStrictEqual(views(home), [])
  })

  it("twice in a row is only a slow day", async () => {
    const home = await openHome()
    home.cloud.setFaults([{ path: "calendarView/delta$", times: 2, answer: late }])
    home.edit(meeting("Review", 2))
    await home.read()
    assert.deepStrictEqual([subjects(home), views(home)], [new Set(["Review"]), []])
  })
})
