/**
 * The guide from its first section to its last, as one client lives it, on the real server in any place, with a simulated
 * calendar provider over HTTP and a bot service that verifies signatures.
 * Decides nothing about where that is, nor whose calendar it is.
 */
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import { complete, guide } from "../Guide.ts"
import { type Client, clientOf } from "./Client.ts"
import { type GuideMailbox, outlook } from "./GuideMailbox.ts"
import type { PlaceKind } from "./Place.ts"
import { until } from "./Processes.ts"
import { type Stage, adminKey, makeStage, secret } from "./Stage.ts"

const calendar = "/api/v1/calendar"
const hour = 3_600_000
const waitMillisMax = 60_000
const at = (millis: number) => new Date(millis).toISOString()

let stage: Stage
let adele: Client
let miriam: Client
let credentials: Record<string, string>

/** A sync that is asked for joins one that runs, which may have read before the event was there. */
const named = async (subject: string) => {
  const look = async () => {
    const { results } = await adele.ok("GET", `${calendar}/events?sync=true&limit=100`)
    return results.find((row: { subject: string }) => row.subject === subject) ?? null
  }
  return (await until(waitMillisMax, look)) ?? assert.fail(`no event "${subject}"`)
}

export const guideStory = (kind: PlaceKind, mailbox: GuideMailbox = outlook): void => {
  // Whole seconds: what travels by the provider and back is compared.
  const now = Math.floor(Date.now() / 1_000) * 1_000
  const { mail } = mailbox
  const create = (subject: string, start: number) => mailbox.create(stage, subject, start)
  beforeAll(async () => {
    stage = await makeStage({}, kind)
    adele = await stage.makeUser("Adele")
    miriam = await stage.makeUser("Miriam")
  })

  afterAll(() => stage.close())

  it("§2 connects, §3 lists calendars, and says no to credentials that are wrong", async () => {
    credentials = mailbox.credentialsOf(stage, mail)
    const wrong = await adele.any("POST", `${calendar}/create_calendar`, mailbox.wrong(credentials))
    assert.strictEqual(wrong.status, 422, wrong.text)
    assert.strictEqual(wrong.json.code, "invalid_credentials")
    mailbox.saidWhy(wrong.json)
    assert.strictEqual((await adele.any("GET", `${calendar}/calendars`)).json.code, "calendar_not_connected")

    const connected = await adele.ok("POST", `${calendar}/create_calendar`, credentials)
    complete("create_calendar", connected)
    assert.strictEqual(connected.user_email, mail)
    assert.strictEqual(connected.platform, mailbox.platform)
    assert.strictEqual(connected.watch_setup.subscriptions_setup, 2)
    assert.deepStrictEqual(connected.watch_setup.failed_calendars, [])
    const list = await adele.ok("GET", `${calendar}/calendars`)
    complete("calendars", list)
    assert.strictEqual(list.total, 2)
  })

  it("§4 syncs, lists, and turns pages", async () => {
    for (let index = 0; index < 7; index++) create(`Page ${index}`, now + (index + 2) * 24 * hour)
    const first = await adele.ok("GET", `${calendar}/events?sync=true&limit=3`)
    complete("events", first)
    const seen: Array<string> = first.results.map(({ subject }: { subject: string }) => subject)
    let next: string | null = first.next
    let previous: string | null = null
    while (next !== null) {
      const page = await adele.ok("GET", `${calendar}/events?cursor=${next}`)
      seen.push(...page.results.map(({ subject }: { subject: string }) => subject))
      next = page.next
      previous = page.previous
    }
    assert.deepStrictEqual(
      seen,
      Array.from({ length: 7 }, (_, index) => `Page ${index}`)
    )
    const back = await adele.ok("GET", `${calendar}/get_events?cursor=${previous}`)
    assert.deepStrictEqual(
      back.results.map(({ subject }: { subject: string }) => subject),
      ["Page 3", "Page 4", "Page 5"]
    )
    assert.strictEqual((await miriam.any("GET", `${calendar}/events?cursor=${first.next}`)).json.code, "invalid_cursor")
  })

  it("§5 schedules, refuses a second, §7 changes, §10 follows a move, §6 unschedules", async () => {
    create("Review", now + 5 * hour)
    const event = await named("Review")
    const booked = await adele.ok("POST", `${calendar}/schedule/${event.id}`, guide.schedule.request)
    complete("schedule", booked)
    assert.strictEqual(Date.parse(booked.scheduled_time), Date.parse(event.start_time) - 60_000)
    const second = await adele.any("POST", `${calendar}/schedule/${event.id}`)
    assert.strictEqual(second.status, 409)
    assert.strictEqual(second.json.bot_id, booked.bot_id)

    const bots = await adele.ok("GET", `${calendar}/scheduled_bots`)
    complete("scheduled_bots", bots)
    const patched = await adele.ok("PATCH", `${calendar}/scheduled_bots/${booked.bot_id}`, {
      bot_username: "Renamed",
      custom_attributes: { note: "VIP" },
      scheduled_join_time: at(Date.parse(event.start_time) - 300_000)
    })
    complete("update_scheduled_bot", patched)

    const moved = now + 8 * hour
    mailbox.move(stage, event.platform_id, moved)
    const followed = await until(waitMillisMax, async () => {
      const [bot] = (await adele.ok("GET", `${calendar}/scheduled_bots`)).scheduled_bots
      return bot !== undefined && Date.parse(bot.scheduled_join_time) === moved - 300_000 ? bot : null
    })
    assert.strictEqual(followed?.bot_id, booked.bot_id, "the same bot, with its offset")
    assert.strictEqual(followed?.bot_username, "Renamed")

    const gone = await adele.ok("DELETE", `${calendar}/schedule/${event.id}`)
    complete("unschedule", gone)
    assert.strictEqual(gone.bots_deleted, 1)
    assert.strictEqual((await adele.ok("DELETE", `${calendar}/schedule/${event.id}`)).bots_deleted, 0)
  })

  it("§8 auto-schedules at once and for what comes later, and lets go when told", async () => {
    create("Soon enough", now + 6 * hour)
    await named("Soon enough")
    const enabled = await adele.ok("POST", `${calendar}/auto-schedule/enable`, guide.enable_auto_schedule.request)
    complete("enable_auto_schedule", enabled)
    const settings = await adele.ok("GET", `${calendar}/auto-schedule/settings`)
    assert.deepStrictEqual(settings.default_bot_config, guide.enable_auto_schedule.request?.["default_bot_config"])
    const origins = async () =>
      (await adele.ok("GET", `${calendar}/scheduled_bots`)).scheduled_bots.map(
        ({ origin }: { origin: string }) => origin
      )
    assert.include(await origins(), "auto")
    const before = (await origins()).length
    create("Made at ten for eleven", now + 2 * hour)
    assert.isNotNull(await until(waitMillisMax, async () => ((await origins()).length > before ? true : null)))
    await adele.ok("POST", `${calendar}/auto-schedule/disable`, { cancel_scheduled: true })
    assert.notInclude(await origins(), "auto")
  })

  it("§9 covers a series, keeps its chain, and refuses both for a single event", async () => {
    mailbox.createDaily(stage, "Stand-up", now + 30 * hour, 60)
    const event = await named("Stand-up")
    const on = await adele.ok("POST", `${calendar}/toggle-recurrence`, {
      event_id: event.id,
      recurring_enabled: true
    })
    complete("toggle_recurrence", on)
    assert.match(on.recurrence_rule, /^FREQ=DAILY/)
    const off = await adele.ok("POST", `${calendar}/toggle-recurrence`, {
      event_id: event.id,
      recurring_enabled: false
    })
    assert.isFalse(off.recurring_enabled)
    const next = await adele.ok("POST", `${calendar}/auto-reschedule`, { event_id: event.id })
    complete("schedule", next)
    assert.strictEqual(next.origin, "recurring")

    const all = await adele.ok("POST", `${calendar}/schedule/${event.series_id}`, {
      schedule_all_occurrences: true,
      occurrence_limit: 52
    })
    // Two of the 52 had their bots already: the chain's, and the one just asked for.
    assert.deepStrictEqual([all.scheduled_count, all.skipped.length], [50, 2])
    const ended = await adele.ok("DELETE", `${calendar}/schedule/${event.series_id}`, {
      cancel_all_occurrences: true
    })
    assert.strictEqual(ended.bots_deleted, 52)
    assert.isTrue(ended.is_recurring_series)

    const single = await named("Review")
    for (const [path, body] of [
      [`${calendar}/toggle-recurrence`, { event_id: single.id, recurring_enabled: true }],
      [`${calendar}/schedule/${single.id}`, { recurring_event: true }]
    ] as const) {
      assert.strictEqual((await adele.any("POST", path, body)).json.code, "not_recurring")
    }
  })

  it("launches a bot at its time, once, signed", async () => {
    create("Now", Date.now() + 62_000)
    const event = await named("Now")
    const booked = await adele.ok("POST", `${calendar}/schedule/${event.id}`, { bot_config: { bot_name: "Scribe" } })
    const due = Date.parse(booked.scheduled_time)
    const arrival = await until(
      waitMillisMax,
      async () => stage.arrivals.find(({ id }) => id === booked.bot_id) ?? null
    )
    assert.isNotNull(arrival)
    assert.isAtLeast(Date.now(), due)
    assert.strictEqual(arrival?.body["bot_name"], "Scribe")
    const launched = await until(waitMillisMax, async () => {
      const [bot] = (await named("Now")).bots
      return bot.status === "Launched" ? bot : null
    })
    assert.strictEqual(launched?.external_id, "theirs")
    assert.lengthOf(
      stage.arrivals.filter(({ id }) => id === booked.bot_id),
      1
    )
    const late = await adele.any("PATCH", `${calendar}/scheduled_bots/${booked.bot_id}`, { bot_username: "Late" })
    assert.strictEqual(late.json.code, "bot_not_scheduled")
    assert.strictEqual(late.json.bot_status, "Launched")
  })

  it("another user's ids are nobody's ids, on every route and verb", async () => {
    await miriam.ok("POST", `${calendar}/create_calendar`, mailbox.credentialsOf(stage, mailbox.otherMail))
    create("Secret", now + 4 * hour)
    const event = await named("Secret")
    const { bot_id: bot } = await adele.ok("POST", `${calendar}/schedule/${event.id}`)
    const hers = encodeURIComponent(event.calendar_id)
    const requests: ReadonlyArray<readonly [string, string, string, unknown?]> = [
      ["POST", `${calendar}/schedule/${event.id}`, "event_not_found"],
      ["DELETE", `${calendar}/schedule/${event.id}`, "event_not_found"],
      ["POST", `${calendar}/toggle-recurrence`, "event_not_found", { event_id: event.id, recurring_enabled: true }],
      ["POST", `${calendar}/auto-reschedule`, "event_not_found", { event_id: event.id }],
      ["PATCH", `${calendar}/scheduled_bots/${bot}`, "bot_not_found", { bot_username: "Mine" }],
      ["DELETE", `${calendar}/scheduled_bots/${bot}`, "bot_not_found"],
      ["PATCH", `${calendar}/calendars/${hers}`, "calendar_not_found", { selected: false }],
      ["GET", `${calendar}/events?calendar_id=${hers}`, "calendar_not_found"]
    ]
    const unknown = (path: string) => path.replaceAll(event.id, "evt_unknown").replaceAll(bot, "bot_unknown")
    for (const [method, path, code, body] of requests) {
      const theirs = await miriam.any(method, path, body)
      assert.strictEqual(theirs.status, 404, `${method} ${path}: ${theirs.text}`)
      assert.strictEqual(theirs.json.code, code)
      const nobodys = await miriam.any(
        method,
        unknown(path),
        body === undefined ? undefined : JSON.parse(unknown(JSON.stringify(body)))
      )
      assert.strictEqual(theirs.text, nobodys.text, "nothing tells one from the other")
    }
    assert.include((await adele.any("GET", `${calendar}/scheduled_bots`)).text, bot, "and nothing happened to it")
  })

  it("the admin's jobs answer what they did", async () => {
    const admin = clientOf(stage.url(), adminKey)
    for (const job of ["auto-schedule", "renew-subscriptions", "sync", "sweep"]) {
      const { counts } = await admin.ok("POST", `/api/v1/admin/jobs/${job}/run`)
      assert.isTrue(Object.values<number>(counts).every(Number.isInteger), JSON.stringify(counts))
      assert.strictEqual(counts.users_failed ?? 0, 0, job)
    }
  })

  it("§11 disconnects: the provider forgets, and so does Punctual", async () => {
    const ended = await adele.ok("DELETE", `${calendar}/disconnect`)
    complete("disconnect", ended)
    assert.isTrue(ended.subscription_stopped)
    assert.isAbove(ended.events_deleted, 0)
    assert.isAbove(ended.schedules_cancelled, 0)
    for (const [method, path] of [
      ["DELETE", `${calendar}/disconnect`],
      ["GET", `${calendar}/connection`],
      ["GET", `${calendar}/events`],
      ["GET", `${calendar}/scheduled_bots`]
    ] as const) {
      assert.strictEqual((await adele.any(method, path)).json.code, "calendar_not_connected", path)
    }
    const again = await adele.ok("POST", `${calendar}/create_calendar`, credentials)
    assert.strictEqual(again.user_email, mail)
    assert.lengthOf((await adele.ok("GET", `${calendar}/scheduled_bots`)).scheduled_bots, 0)
  })

  it("logs no key, no secret and no token", () => {
    const output = stage.output()
    for (const word of [secret, adminKey, ...mailbox.secretsOf(credentials)]) assert.notInclude(output, word)
    assert.notMatch(output, /pk_[A-Za-z0-9_-]{43}/)
    assert.notInclude(output, "level=ERROR")
  })
}
