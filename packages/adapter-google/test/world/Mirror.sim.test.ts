/**
 * The law of the mirror: whatever people do to a calendar, and however it is read in between, the mirror ends as the
 * calendar. The production use cases over the production adapter over the simulator's rules, on a virtual clock.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { Clock, Effect, Exit, Layer, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { CalendarProviders, CurrentPolicy, Punctual, type UserId, defaultPolicy } from "@punctual/core"
import { LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { EditRefused, type Options, step } from "@punctual/adapter-google/simulator"
import { askedScopes, layerNoDeps, parseNotification } from "../../src/index.ts"
import { type Cloud, makeCloud } from "./Cloud.ts"
import { type Step, ada, editOf, moods, steps } from "./History.ts"

const runs = process.env["PROVE"] === "1" ? 10_000 : 60

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const user = "usr_ada" as UserId
const client = { clientId: "client", clientSecret: "secret" }

const layerOver = ({ http }: Cloud) =>
  Punctual.layer.pipe(
    Layer.provideMerge(
      Layer.mergeAll(
        StoreMemory.layer,
        SchedulerMemory.layer,
        SecretsMemory.layer,
        LauncherMemory.layer,
        CalendarProviders.layer(
          layerNoDeps({
            notificationUrl: "https://punctual.example/webhooks/google",
            // A night of a story takes no time here.
            limits: { burstMax: 100_000 }
          }).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, http)))
        )
      )
    ),
    Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0, windowAheadMillis: 14 * day }))
  )

interface Scene {
  readonly cloud: Cloud
  readonly today: number
  /** Ids of what people made. */
  readonly made: Array<string>
}

const perform = ({ cloud, made, today }: Scene, each: Step, now: number): void => {
  const edit = editOf(each, made, today)
  if (edit === null) return
  try {
    const id = cloud.edit(edit, now)
    if (edit.type === "createEvent" || edit.type === "splitSeries") made.push(id)
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error
  }
}

/** Delivers what Google has to say, and reads what is due until nothing is. */
const read = Effect.fnUntraced(function* ({ cloud }: Scene) {
  const punctual = yield* Punctual
  const notifications = cloud.takeParcels().flatMap(({ headers }) => {
    const told = parseNotification(headers)
    return told === null || told.kind === "sync" ? [] : [{ ...told, kind: "change" as const }]
  })
  yield* punctual.receive(notifications)
  while ((yield* punctual.syncNext)._tag === "Some");
})

const live = Effect.fnUntraced(function* (scene: Scene, each: Step) {
  switch (each.what) {
    case "read":
      return yield* read(scene)
    case "wait":
      yield* TestClock.adjust((1 + each.which) * 16 * minute)
      return yield* read(scene)
    case "night":
      yield* TestClock.adjust(25 * hour)
      return yield* read(scene)
    case "expire":
      return void scene.cloud.edit({ type: "expireSyncTokens", calendar: ada }, 0)
    case "forget":
      return void scene.cloud.edit({ type: "forgetDeleted", calendar: ada }, 0)
    default:
      return perform(scene, each, yield* Clock.currentTimeMillis)
  }
})

/** Everything that overlaps the window, from a list of the simulator's own. */
const truthOf = (cloud: Cloud, window: { readonly from: number; readonly to: number }, now: number) => {
  const [access] = [...cloud.world().accessTokens.values()].toReversed()
  const world = { ...cloud.world(), options: { ...cloud.world().options, pageSizeMax: 2_500, emptyFirstPage: false } }
  const query = new URLSearchParams({
    singleEvents: "true",
    maxResults: "2500",
    timeMin: new Date(window.from).toISOString(),
    timeMax: new Date(window.to).toISOString()
  })
  const { reply } = step(
    {
      ...world,
      accessTokens: new Map([
        ["truth", { token: "truth", refreshToken: access?.refreshToken ?? "", expiresAt: Infinity }]
      ])
    },
    {
      method: "GET",
      path: ["calendar", "v3", "calendars", ada, "events"],
      query,
      headers: { authorization: "Bearer truth" },
      body: ""
    },
    now
  )
  const { items } = reply.body as {
    readonly items: ReadonlyArray<Record<string, { readonly dateTime: string } & string>>
  }
  return items
    .map(({ end, id, location, start, summary }) => [id, start?.dateTime, end?.dateTime, summary, location])
    .toSorted()
}

const mirrorOf = Effect.fnUntraced(function* (window: { readonly from: number; readonly to: number }) {
  const punctual = yield* Punctual
  const { items } = yield* punctual.events(
    user,
    {
      calendarId: "all",
      span: window,
      includeDeleted: false,
      uniqueMeetings: false,
      limit: 1_000,
      place: null,
      backwards: false
    },
    "never"
  )
  const iso = (instant: number): string => new Date(instant).toISOString()
  return items
    .map(({ event }) => event)
    .filter(({ isVirtual }) => !isVirtual)
    .map(({ end, link, providerId, start, subject }) => [providerId, iso(start), iso(end), subject, link?.url])
    .toSorted()
})

const history = (mood: Partial<Options>, all: ReadonlyArray<Step>, chance: number) =>
  Effect.suspend(() => {
    const meanwhile: Array<Step> = []
    const cell: { scene: Scene | null } = { scene: null }
    let asked = chance
    const cloud = makeCloud(mood, (now) => {
      // Now and then somebody edits while the calendar is being read.
      if (++asked % 4 !== 0 || cell.scene === null) return
      const next = meanwhile.shift()
      if (next !== undefined) perform(cell.scene, next, now)
    })
    return Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      cloud.edit({ type: "addClient", ...client }, now)
      cloud.edit({ type: "addPerson", email: ada }, now)
      const refreshToken = cloud.edit(
        { type: "grant", email: ada, clientId: client.clientId, scopes: askedScopes },
        now
      )
      const scene: Scene = { cloud, today: Math.floor(now / day) * day, made: [] }
      cell.scene = scene
      const punctual = yield* Punctual
      yield* punctual.connect(user, Redacted.make({ ...client, refreshToken, obtainedAt: now }))
      // With an intent for everything, series are asked for with their exceptions.
      if (chance % 2 === 0) yield* punctual.enableAuto(user, {})
      for (const [index, each] of all.entries()) {
        const next = all[index + 1]
        if (next !== undefined) meanwhile.push(next)
        yield* live(scene, each)
      }
      meanwhile.length = 0
      for (let poll = 0; poll < 3; poll++) {
        yield* TestClock.adjust(16 * minute)
        yield* read(scene)
      }
      const { calendars } = yield* punctual.connections(user)
      const [calendar] = calendars
      const window = calendar?.window ?? assert.fail("a calendar that was read has a window")
      assert.strictEqual(calendar?.syncStatus, "ok", calendar?.syncError ?? "")
      const truth = truthOf(cloud, window, yield* Clock.currentTimeMillis)
      assert.deepStrictEqual(yield* mirrorOf(window), truth)
      return truth.length
    }).pipe(Effect.provide(layerOver(cloud)))
  })

describe("any history", () => {
  it.effect("ends with the mirror equal to the calendar", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 24, 12))
      const seed = Number(process.env["SEED"] ?? "1")
      const samples = fc.sample(fc.tuple(moods, steps, fc.nat(1_000)), { numRuns: runs, seed })
      let meetings = 0
      for (const [index, [mood, all, chance]] of samples.entries()) {
        const exit = yield* Effect.exit(history(mood, all, chance))
        if (Exit.isSuccess(exit)) {
          meetings += exit.value
          continue
        }
        assert.fail(`history ${index}: ${JSON.stringify({ mood, all, chance })}\n${String(exit.cause)}`)
      }
      assert.isAbove(meetings, 2 * runs)
    })
  )
})
