/**
 * The demo's story, told as it happens: connected, synced, scheduled, moved, followed, cancelled, launched.
 * Decides the plot and what counts as its coming true; every fact it prints was read from the running parts.
 */
import { rmSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { demand, until } from "./Client.ts"
import { type Published, googleMembers, googleTimes, publish, settleIn } from "./Calendars.ts"
import { type Person, people, plot, wholeHour } from "./Plot.ts"
import { type Running, start, stopAll } from "./Processes.ts"
import { type Stage, adminKey, setStage } from "./Stage.ts"
import { clock, tell } from "./Tell.ts"

const changeMillisMax = 120_000
/** The launch comes at start − 1 minute; nothing in the demo starts later than this. */
const launchMillisMax = 120_000

/** A process that was killed goes on writing for a moment; Node.js waits 0.1 s longer before each. */
const removalsMax = 10

/** Succeeds with the exit code. */
export const tellStory = async ({ stay }: { readonly stay: boolean }): Promise<number> => {
  const dataDir = await mkdtemp(join(tmpdir(), "punctual-demo-"))
  const running: Array<Running> = []
  process.once("exit", () => {
    // Also when whoever read the output stopped, and nobody is left to stop the parts in an orderly way. They go before
    // their folder: one that still writes there lets the removal fail, and a failure here would leave them running.
    for (const { child } of running) child.kill("SIGKILL")
    rmSync(dataDir, { recursive: true, force: true, maxRetries: removalsMax })
  })
  const clean = async (): Promise<void> => {
    await stopAll(running)
    await rm(dataDir, { recursive: true, force: true })
  }
  let isEnding = false
  const end = (code: number): void => {
    isEnding = true
    // What is being started meanwhile is refused; what was just started is among the running.
    void clean().then(() => process.exit(code))
  }
  for (const [signal, code] of signals) process.once(signal, () => end(code))
  const begin: typeof start = (...what) => {
    if (isEnding) throw new Error("the demo was asked to end")
    const begun = start(...what)
    running.push(begun)
    return begun
  }
  try {
    const stage = await setStage(begin, dataDir)
    const keys = await connectAll(stage, await publish(Date.now()))
    await perform(stage, keys)
    if (stay) return await stayUp(stage, keys)
    return 0
  } catch (error) {
    if (!isEnding) tell(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    // Asked to end, it ends with that signal's code, once all is cleaned up.
    if (!isEnding) await clean()
    else await new Promise(() => {})
  }
}

/** Each with the code that a process ends with by it: 128 and its number. */
const signals = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129]
] as const

/** Two people, each with a calendar full of meetings and an API key; one with a published calendar besides. */
const connectAll = async (stage: Stage, published: Published): Promise<ReadonlyMap<Person["id"], string>> => {
  const { api } = stage
  const keys = new Map<Person["id"], string>()
  for (const person of people(Date.now())) {
    const credentials = await settleIn(stage, person)
    const user = await demand("POST", `${api}/api/v1/admin/users`, { key: adminKey, body: { name: person.name } })
    keys.set(person.id, user.api_key)
    const connected = await demand("POST", `${api}/api/v1/calendar/create_calendar`, {
      key: user.api_key,
      body: credentials
    })
    tell(
      `connected: ${connected.user_name} <${connected.user_email}>, ${kinds[person.provider]}, ` +
        `${connected.calendars.length} calendar(s), ${connected.watch_setup.subscriptions_setup} change subscription(s)`
    )
    if (person.provider === "google") {
      const beside = await demand("POST", `${api}/api/v1/calendar/create_calendar`, {
        key: user.api_key,
        body: { ics_url: published.url }
      })
      tell(`connected beside it: "${beside.calendars[0].summary}", a published calendar, read at intervals`)
    }
    const events = await demand("GET", `${api}/api/v1/calendar/events?calendar_id=all&sync=true&limit=100`, {
      key: user.api_key
    })
    tell(`synced: ${events.results.length} meetings of ${person.name}`)
    for (const event of events.results.slice(0, shownMax)) {
      tell(
        `        ${event.start_time.slice(0, 16)}Z  ${event.subject.padEnd(18)} ${event.meeting_platform ?? "no link"}`
      )
    }
  }
  return keys
}

const kinds = { microsoft: "Outlook", google: "Google" } as const

const shownMax = 5

const perform = async (stage: Stage, keys: ReadonlyMap<Person["id"], string>): Promise<void> => {
  const { api, arrivals, google, microsoft } = stage
  const adele = keys.get("adele") ?? ""
  const miriam = keys.get("miriam") ?? ""
  const edit = (body: unknown): Promise<unknown> => demand("POST", `${microsoft}/_sim/edits`, { body })
  const bots = async (key: string): Promise<ReadonlyArray<Record<string, string>>> =>
    (await demand("GET", `${api}/api/v1/calendar/scheduled_bots`, { key })).scheduled_bots
  const events = (await demand("GET", `${api}/api/v1/calendar/get_events?limit=100`, { key: adele })).results
  const named = (subject: string): Record<string, string> =>
    events.find((event: { subject: string }) => event.subject === subject)

  const review = named(plot.moved)
  const booked = await demand("POST", `${api}/api/v1/calendar/schedule/${review["id"]}`, {
    key: adele,
    body: { bot_config: { bot_name: "Adele's notetaker" } }
  })
  tell(
    `scheduled by hand: "${plot.moved}" at ${clock(review["start_time"] ?? "")}, its bot joins at ${clock(booked.scheduled_time)}`
  )

  for (const [name, key] of [
    ["Adele", adele],
    ["Miriam", miriam]
  ] as const) {
    await demand("POST", `${api}/api/v1/calendar/auto-schedule/enable`, {
      key,
      body: { default_bot_config: { bot_name: `${name}'s auto bot` } }
    })
    const all = await bots(key)
    tell(`auto-scheduling on for ${name}: ${all.length} bots stand for the next 24 hours`)
    for (const bot of all.slice(0, shownMax))
      tell(
        `        joins ${clock(bot["scheduled_join_time"] ?? "")}  ${(bot["subject"] ?? "").padEnd(18)} ${bot["platform"]}`
      )
  }

  const movedTo = new Date(Date.parse(review["start_time"] ?? "") + 3_600_000).toISOString()
  await edit({ type: "moveEvent", mailbox: plot.adele, event: review["platform_id"], start: movedTo })
  tell(`moved in Outlook: "${plot.moved}" to ${clock(movedTo)}; no call to the API`)
  const joinsAt = Date.parse(movedTo) - 60_000
  const followed = await until("the bot to follow", changeMillisMax, async () => {
    const bot = (await bots(adele)).find((candidate) => candidate["bot_id"] === booked.bot_id)
    return bot !== undefined && Date.parse(bot["scheduled_join_time"] ?? "") === joinsAt ? bot : null
  })
  tell(`followed: the same bot joins at ${clock(joinsAt)} now, ${followed.millis} ms after the move`)

  await moveAtGoogle({ api, google, key: miriam })

  const standup = named(plot.cancelled)
  await edit({ type: "deleteEvent", mailbox: plot.adele, event: standup["platform_id"] })
  tell(`cancelled in Outlook: "${plot.cancelled}"`)
  const gone = await until("the bot to go", changeMillisMax, async () => {
    const listed = (
      await demand("GET", `${api}/api/v1/calendar/get_events?limit=100&include_deleted=true`, { key: adele })
    ).results
    const row = listed.find(({ id }: { id: string }) => id === standup["id"])
    const bot = row?.bots[0]
    return bot?.status === "Cancelled" ? bot : null
  })
  tell(`its bot is gone: ${gone.value.status} (${gone.value.status_reason}), ${gone.millis} ms later`)

  const soon = named(plot.launched)
  const due = Date.parse(soon["start_time"] ?? "") - 60_000
  tell(`waiting for "${plot.launched}": its bot is due at ${clock(due)}`)
  const arrival = await until(
    "the launch",
    launchMillisMax,
    async () => arrivals.find(({ bot }) => bot?.event.summary === plot.launched) ?? null
  )
  const late = arrival.value.arrivedAt - due
  if (!arrival.value.signed) throw new Error("the launch was not signed as it should be")
  if (late < 0) throw new Error(`the launch came ${-late} ms early`)
  // A second one would follow at once: the sink answered.
  await new Promise((resolve) => setTimeout(resolve, settleMillis))
  const times = arrivals.filter(({ bot }) => bot?.bot_id === arrival.value.bot.bot_id).length
  if (times !== 1) throw new Error(`the bot arrived ${times} times`)
  tell(
    `launched: the bot for "${plot.launched}" reached the sink ${late} ms after start − 1 minute, signature valid, once`
  )
  tell(
    "that is all: three calendars of three kinds connected, bots followed two moves and a cancellation, and one was handed over on time"
  )
}

/** The same once more, told by a channel of Google's. */
const moveAtGoogle = async ({
  api,
  google,
  key
}: {
  readonly api: string
  readonly google: string
  readonly key: string
}): Promise<void> => {
  const row = async (): Promise<Record<string, string>> =>
    (await demand("GET", `${api}/api/v1/calendar/get_events?limit=100`, { key })).results.find(
      ({ subject }: { readonly subject: string }) => subject === plot.movedAtGoogle
    )
  const interview = await row()
  const start = Date.parse(interview["start_time"] ?? "") + 1_800_000
  const bots = async (): Promise<ReadonlyArray<Record<string, string>>> =>
    (await demand("GET", `${api}/api/v1/calendar/scheduled_bots`, { key })).scheduled_bots
  const before = (await bots()).find(({ subject }) => subject === plot.movedAtGoogle)
  await demand("POST", `${google}/_sim/edits`, {
    body: { type: "patchEvent", calendar: plot.miriam, id: interview["platform_id"], members: googleTimes(start, 45) }
  })
  tell(`moved in Google: "${plot.movedAtGoogle}" to ${clock(start)}; no call to the API`)
  const followed = await until("the bot to follow", changeMillisMax, async () => {
    const bot = (await bots()).find((candidate) => candidate["bot_id"] === before?.["bot_id"])
    return bot !== undefined && Date.parse(bot["scheduled_join_time"] ?? "") === start - 60_000 ? bot : null
  })
  tell(`followed: the same bot joins at ${clock(start - 60_000)} now, ${followed.millis} ms after the move`)
}

const settleMillis = 1_500

const stayUp = async ({ api, google, microsoft }: Stage, keys: ReadonlyMap<Person["id"], string>): Promise<number> => {
  const key = keys.get("adele") ?? ""
  const byCurl = {
    subject: "Made by curl",
    start: wholeHour(Date.now(), 2),
    minutes: 30,
    link: "https://zoom.us/j/5551112222"
  }
  process.stdout.write(`
Still running; stop it with Ctrl-C. Try:

  curl -s ${api}/api/v1/calendar/events -H 'Authorization: Token ${key}'
  curl -s ${api}/api/v1/calendar/scheduled_bots -H 'Authorization: Token ${key}'
  curl -s ${api}/api/v1/calendar/connection -H 'Authorization: Token ${key}'
  curl -s ${microsoft}/_sim/edits -H 'Content-Type: application/json' -d '{"type": "createEvent", "mailbox": "${plot.adele}", "start": "${new Date(Date.now() + 7_200_000).toISOString()}", "end": "${new Date(Date.now() + 9_000_000).toISOString()}", "details": {"subject": "Made by curl", "link": "https://zoom.us/j/5551112222"}}'
  curl -s ${google}/_sim/edits -d '${JSON.stringify({ type: "createEvent", calendar: plot.miriam, members: googleMembers(byCurl) })}'
  open ${api}/docs

`)
  return new Promise(() => undefined)
}
