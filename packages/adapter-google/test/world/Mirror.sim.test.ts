/**
 * The law of the mirror: whatever people do to their calendars, however they are read in between, and whatever the road, the
 * sync token and the process do meanwhile, the mirror ends as the calendar. Nothing is deleted from it on the way that was
 * there all the time.
 *
 * The production use cases over the production adapter over the simulator's rules, on a virtual clock.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { EditRefused, type Options } from "@punctual/adapter-google/simulator"
import { type Followed, betweenRequests, noteAbsent, nothingYet, read } from "../../../core/test/provider/Followed.ts"
import { type Made, type Step, editOf, moods, steps } from "./History.ts"
import { type Home, ada, day, hour, minute, openHome, user } from "./Home.ts"
import { type Fault, isForbidding, roads } from "./Roads.ts"
import { isThere, mirrorOf, truthOf } from "./Truth.ts"

/** With `PROVE=1` 10,000 histories, in parts that tell how far they are and that a failure ends early. */
const isProving = process.env["PROVE"] === "1"
const runs = isProving ? 500 : 60
const parts = Array.from({ length: isProving ? 20 : 1 }, (_, part) => part)

interface Scene extends Home, Followed<Step> {
  /** The second calendar. */
  readonly other: string
  readonly made: Array<Made>
}

const open = async (seed: number, mood: Partial<Options>, road: ReadonlyArray<Fault>): Promise<Scene> => {
  const cell: { scene: Scene | null } = { scene: null }
  let other = ""
  const home = await openHome({
    seed,
    options: mood,
    lostOfTen: seed % 3 === 0 ? 5 : 0,
    policy: { windowAheadMillis: 14 * day },
    onRequest: () => {
      const { scene } = cell
      if (scene !== null) betweenRequests(scene, (step) => perform(scene, step))
    },
    prepare: (cloud) => {
      other = cloud.edit({ type: "addCalendar", email: ada, summary: "Other" })
    }
  })
  // With an intent for everything, series are asked for with their exceptions.
  if (seed % 2 === 0) await home.company.ask((punctual) => punctual.enableAuto(user, {}))
  home.cloud.setRoad(road)
  const there: Scene["isThere"] = (tenant, row) => isThere(home.cloud.world(), tenant, row)
  cell.scene = { ...home, ...nothingYet<Step>(), user, isThere: there, other, made: [] }
  return cell.scene
}

const perform = (scene: Scene, step: Step): void => {
  const { cloud, made, other } = scene
  const edit = editOf(step, made, other)
  if (edit === null) return
  try {
    const id = cloud.edit(edit)
    if (edit.type === "createEvent" || edit.type === "splitSeries") made.push({ calendar: edit.calendar, id })
    if (edit.type === "moveToCalendar") {
      const moved = made.find((each) => each.id === edit.id && each.calendar === edit.calendar)
      if (moved !== undefined) moved.calendar = edit.to
    }
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error
  }
  noteAbsent(scene)
}

const live = async (scene: Scene, step: Step): Promise<void> => {
  const { cloud, company, loop, other } = scene
  switch (step.what) {
    case "read":
      return read(scene)
    case "wait":
      await loop.advance((1 + step.which) * 4 * minute)
      return read(scene)
    case "night":
      await loop.advance((20 + step.which) * hour)
      return read(scene)
    case "expire":
      for (const calendar of [ada, other]) cloud.edit({ type: "expireSyncTokens", calendar })
      return
    case "forget":
      return void cloud.edit({ type: "forgetDeleted", calendar: ada })
    case "token":
      return void cloud.edit({ type: "expireAccessTokens", email: ada })
    case "crash":
      scene.diesAfter = 1 + step.which
      await loop.advance(16 * minute)
      await read(scene)
      scene.diesAfter = null
      if (!company.isUp()) await company.crash()
      return
    default:
      return perform(scene, step)
  }
}

/** The road is good again. A few polls later all must be well. */
const heal = async (scene: Scene, road: ReadonlyArray<Fault>): Promise<void> => {
  const { cloud, loop, meanwhile } = scene
  meanwhile.length = 0
  cloud.setRoad([])
  // What nobody was allowed to read is asked for again much later.
  if (isForbidding(road)) await loop.advance(25 * hour)
  for (let poll = 0; poll < 5; poll++) {
    await loop.advance(16 * minute)
    await read(scene)
  }
}

const judge = ({ cloud, company, loop }: Scene): number => {
  const tenant = company.tenant(user)
  let meetings = 0
  for (const { id, providerId, summary, syncError, syncStatus, window } of tenant.calendars.values()) {
    assert.strictEqual(syncStatus, "ok", `${summary}: ${syncError}`)
    if (window === null) return assert.fail("a calendar that was read has a window")
    assert.isAtLeast(window.to, loop.now() + 12 * day)
    const truth = truthOf(cloud.world(), providerId, window)
    assert.deepStrictEqual(mirrorOf(tenant, id, window), truth, summary)
    meetings += truth.length
  }
  return meetings
}

describe("any history, with faults", () => {
  it.each(parts)(
    "ends with the mirror equal to the calendar, and deletes nothing without proof (part %i)",
    async (part) => {
      let [meetings, requests] = [0, 0]
      await fc.assert(
        fc.asyncProperty(steps, moods, roads, fc.nat(), async (history, mood, road, seed) => {
          const scene = await open(seed, mood, road)
          for (const [index, step] of history.entries()) {
            // What comes next happens between the requests of what is read now.
            const next = history[index + 1]
            if (next !== undefined && editOf(next, [{ calendar: ada, id: "?" }], "?") !== null)
              scene.meanwhile.push(next)
            await live(scene, step)
          }
          await heal(scene, road)
          meetings += judge(scene)
          requests += scene.cloud.asked().length
        }),
        { numRuns: runs, seed: Number(process.env["SEED"] ?? "1") + part }
      )
      assert.isAbove(meetings, 2 * runs)
      assert.isAbove(requests, 10 * runs)
      if (isProving) process.stdout.write(` part ${part}: ${runs} histories, ${requests} requests\n`)
    }
  )
})
