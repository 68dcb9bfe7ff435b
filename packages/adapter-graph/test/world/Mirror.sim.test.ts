/**
 * The law of the mirror: whatever people do to a calendar, however rounds of changes are read in between, and whatever
 * the road, the sync state and the process do meanwhile, the mirror ends as the calendar. Nothing is deleted from it on
 * the way that was there all the time.
 *
 * The production use cases (`@punctual/core`) over the production adapter over the simulator's rules, on a virtual clock.
 */
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import type { UserId } from "@punctual/core"
import { type Credentials, EditRefused, type Fault, type OptionsChange } from "@punctual/adapter-graph/simulator"
import { type Cloud, makeCloud } from "./Cloud.ts"
import { pasted } from "../../../core/test/provider/Company.ts"
import { type Followed, betweenRequests, noteAbsent, nothingYet, read } from "../../../core/test/provider/Followed.ts"
import { openCompany } from "./Company.ts"
import { type Step, adele, editOf, moods, roads, start, steps } from "./History.ts"
import { makeLoop } from "../../../core/test/provider/Loop.ts"
import { isThere, mirrorOf, truthOf } from "./Truth.ts"

/** With `PROVE=1` 10,000 histories, in parts that tell how far they are and that a failure ends early. */
const isProving = process.env["PROVE"] === "1"
const runs = isProving ? 500 : 60
const parts = Array.from({ length: isProving ? 20 : 1 }, (_, part) => part)
const minute = 60_000
const hour = 60 * minute
const user = "usr_adele" as UserId

interface Scene extends Followed<Step> {
  readonly cloud: Cloud
  readonly given: Credentials
  /** Ids of what people made. */
  readonly known: Array<string>
  /** The road says now and then that something may not be read. */
  readonly isForbidding: boolean
}

const open = async (seed: number, mood: OptionsChange, road: ReadonlyArray<Fault>): Promise<Scene> => {
  const loop = makeLoop(seed, start)
  const cell: { scene: Scene | null } = { scene: null }
  const cloud = makeCloud({
    seed,
    now: loop.now,
    options: mood,
    latencyMillis: () => Math.floor(loop.chance() * 200),
    onRequest: () => {
      const { scene } = cell
      if (scene !== null) betweenRequests(scene, (step) => perform(scene, step))
    }
  })
  const given = cloud.addMailbox({ userPrincipalName: adele, calendars: ["Other"] })
  const company = await openCompany(loop, cloud, {
    policy: { windowAheadMillis: 14 * 24 * hour },
    graph: { notificationUrl: "https://punctual.example/webhooks/microsoft" }
  })
  await company.ask((punctual) => punctual.connect(user, pasted(given)))
  // With an intent for everything, series are asked for with their exceptions.
  if (seed % 2 === 0) await company.ask((punctual) => punctual.enableAuto(user, {}))
  cloud.setFaults(road)
  const scene: Scene = {
    loop,
    cloud,
    company,
    given,
    known: [],
    isForbidding: road.some(({ answer }) => answer.type === "answer" && answer.status === 403),
    ...nothingYet<Step>(),
    user,
    isThere: (tenant, row) => isThere(cloud.world(), tenant, row)
  }
  cell.scene = scene
  return scene
}

const perform = (scene: Scene, step: Step): void => {
  const edit = editOf(step, scene.known)
  if (edit === null) return
  try {
    const { immutableId } = scene.cloud.edit(edit)
    if (immutableId !== undefined && !scene.known.includes(immutableId)) scene.known.push(immutableId)
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error
  }
  noteAbsent(scene)
}

const live = async (scene: Scene, step: Step): Promise<void> => {
  const { cloud, loop } = scene
  switch (step.what) {
    case "round":
      return read(scene)
    case "wait":
      await loop.advance((1 + step.when) * 2 * minute)
      return read(scene)
    case "night":
      await loop.advance((20 + step.when) * hour)
      return read(scene)
    case "forget":
      cloud.edit({ type: "loseSyncState", mailbox: adele })
      return read(scene)
    case "expire":
      return void cloud.edit({ type: "expireAccessTokens", mailbox: adele })
    case "crash":
      scene.diesAfter = 1 + step.when
      await loop.advance(16 * minute)
      await read(scene)
      scene.diesAfter = null
      return
    default:
      return perform(scene, step)
  }
}

/** The road is good again, and what was odd is mended. A few polls later all must be well. */
const heal = async (scene: Scene): Promise<void> => {
  const { cloud, loop, meanwhile } = scene
  meanwhile.length = 0
  cloud.setFaults([])
  cloud.configure({ delta: { late: 0 }, notifications: { lost: 0 } })
  for (const event of scene.known) {
    perform(scene, { what: "sound", which: scene.known.indexOf(event), when: 0 })
  }
  // What rounds were silent about, the next full one tells; and asks again for what nobody was allowed to say.
  if (!cloud.world().options.delta.removedOutsideWindow || scene.isForbidding) await loop.advance(25 * hour)
  for (let poll = 0; poll < 5; poll++) {
    await loop.advance(16 * minute)
    await read(scene)
  }
}

const judge = ({ cloud, company, given, loop }: Scene): void => {
  const tenant = company.tenant(user)
  for (const calendar of tenant.calendars.values()) {
    const { id, providerId, summary, window } = calendar
    assert.strictEqual(calendar.syncStatus, "ok", `${summary}: ${calendar.syncError}`)
    if (window === null) return assert.fail("a calendar that was read has a window")
    assert.isAtLeast(window.to, loop.now() + 12 * 24 * hour)
    assert.deepStrictEqual(
      mirrorOf(tenant, id, window),
      truthOf(cloud.world(), given.accessToken, providerId, window),
      summary
    )
  }
}

describe("any history, with faults", () => {
  it.each(parts)(
    "ends with the mirror equal to the calendar, and deletes nothing without proof (part %i)",
    async (part) => {
      let requests = 0
      await FastCheck.assert(
        FastCheck.asyncProperty(steps, moods, roads, FastCheck.nat(), async (history, mood, road, seed) => {
          const scene = await open(seed, mood, road)
          for (const [index, step] of history.entries()) {
            // What comes next happens between the pages of what is read now.
            const next = history[index + 1]
            if (next !== undefined && editOf(next, ["?"]) !== null) scene.meanwhile.push(next)
            await live(scene, step)
          }
          await heal(scene)
          judge(scene)
          requests += scene.cloud.traffic().requests
        }),
        { numRuns: runs, seed: Number(process.env["SEED"] ?? "1") + part }
      )
      assert.isAbove(requests, 10 * runs)
      if (isProving) process.stdout.write(` part ${part}: ${runs} histories, ${requests} requests\n`)
    }
  )
})
