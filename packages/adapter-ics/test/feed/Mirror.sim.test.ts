/**
 * The law of the mirror, over a published feed: whatever its owner does, whatever its server answers meanwhile, and whenever the
 * process dies, the mirror ends as the feed; and nothing is deleted on the way that was in it all the time.
 *
 * The production use cases (`@punctual/core`) over the production adapter, on a virtual clock.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  type CalendarEvent,
  CalendarProviders,
  CurrentPolicy,
  Punctual,
  type StoreError,
  type UserId,
  defaultPolicy
} from "@punctual/core"
import { LauncherMemory, SchedulerMemory, SecretsMemory, StoreMemory } from "@punctual/core/testing"
import { Context, Effect, Exit, Layer, Option, Redacted, Scope } from "effect"
import { TestClock } from "effect/testing"
import * as FastCheck from "fast-check"
import { createHash } from "node:crypto"
import { type Fetched, feedCredentials, layer, newFeed } from "../../src/feed/index.ts"
import { type Diary, halfHour, newDiary, written } from "./Diary.ts"
import { type Step, begin, isSpoil, perform, spoilt, start, steps } from "./History.ts"

/** With `PROVE=1` as many histories as the documentation claims. */
const runs = process.env["PROVE"] === "1" ? 2_000 : 60

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const user = "usr_adele" as UserId
const policy = { ...defaultPolicy, settleMillis: 0, windowPastMillis: 3 * day, windowAheadMillis: 14 * day }

interface Scene {
  readonly diary: Diary
  readonly storage: Context.Context<Storage>
  punctual: Punctual["Service"]
  /** As it is published: it changes with what its owner does. */
  text: string
  spoil: Step | null
  readonly hasEtag: boolean
  readonly wereAbsent: Set<string>
  fetches: number
}

type Storage = Layer.Success<typeof memory>

const memory = Layer.mergeAll(StoreMemory.layer, SchedulerMemory.layer, SecretsMemory.layer, LauncherMemory.layer)

const answer = (scene: Scene, etagHeld: string | null): Fetched => {
  scene.fetches += 1
  const { hasEtag, spoil, text } = scene
  const instead = spoil === null ? null : spoilt(text, spoil)
  if (instead !== null && typeof instead !== "string") return instead
  const body = instead ?? text
  const etag = hasEtag ? createHash("sha256").update(body).digest("hex") : null
  if (etag !== null && etag === etagHeld) return { kind: "unchanged" }
  return { kind: "whole", bytes: Buffer.from(body), validators: { etag, lastModified: null } }
}

/** A process: it remembers nothing of the one before. */
const boot = (storage: Scene["storage"], scene: () => Scene) =>
  Effect.map(
    Layer.buildWithScope(
      Punctual.layer.pipe(
        Layer.provide(
          Layer.merge(
            Layer.succeedContext(storage),
            CalendarProviders.layer(
              layer({
                fetch: (_, { held = null }) => Promise.resolve(answer(scene(), held?.etag ?? null)),
                limits: { backoffMaxMillis: minute, retryAfterMillisMax: minute, marksMax: 20 }
              })
            )
          )
        ),
        Layer.provideMerge(Layer.succeed(CurrentPolicy, policy))
      ),
      Scope.makeUnsafe()
    ),
    (built) => Context.get(built, Punctual)
  )

const open = Effect.fnUntraced(function* (count: number, hasEtag: boolean, isCovering: boolean) {
  const storage = yield* Layer.buildWithScope(memory, Scope.makeUnsafe())
  const cell: { scene: Scene | null } = { scene: null }
  const current = (): Scene => cell.scene ?? assert.fail("no scene")
  const punctual = yield* boot(storage, current)
  const diary = newDiary()
  begin(diary, count)
  const scene: Scene = {
    diary,
    storage,
    punctual,
    text: written(diary),
    spoil: null,
    hasEtag,
    wereAbsent: new Set(),
    fetches: 0
  }
  cell.scene = scene
  const feed = newFeed(Redacted.make("https://calendar.example/secret.ics"), { emails: ["me@example.com"] })
  yield* inPolicy(punctual.connect(user, feedCredentials([feed], 0)))
  if (isCovering) yield* inPolicy(punctual.enableAuto(user, {}))
  return { scene, reboot: Effect.map(boot(storage, current), (next) => void (scene.punctual = next)) }
})

const inPolicy = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.provideService(effect, CurrentPolicy, policy)

const rowsOf = ({ storage }: Scene): ReadonlyArray<CalendarEvent> => {
  const tenants = Effect.runSync(Context.get(storage, StoreMemory.StoreProbe).tenants)
  return [...(tenants.get(user)?.events.values() ?? [])].map(({ row }) => row)
}

const isThere = ({ diary }: Scene, row: CalendarEvent): boolean => {
  const [uid = "", original] = row.providerId.split("/")
  const entry = diary.entries.get(uid)
  if (entry === undefined || entry.isDaily !== (row.kind !== "single")) return false
  if (!entry.isDaily) return true
  const at = Date.parse(original ?? "")
  return at >= entry.start && (at - entry.start) % day === 0 && !entry.deleted.has(at)
}

const noteAbsent = (scene: Scene): void => {
  for (const row of rowsOf(scene)) if (!isThere(scene, row)) scene.wereAbsent.add(row.id)
}

const drain = (syncNext: Punctual["Service"]["syncNext"]): Effect.Effect<void, StoreError> =>
  Effect.flatMap(syncNext, (read) => (Option.isNone(read) ? Effect.void : drain(syncNext)))

const read = Effect.fnUntraced(function* (scene: Scene) {
  yield* inPolicy(drain(scene.punctual.syncNext))
  for (const row of rowsOf(scene)) {
    if (!row.isDeleted || scene.wereAbsent.has(row.id)) continue
    if (isThere(scene, row)) assert.fail(`deleted without proof: ${JSON.stringify([row.providerId, row.subject])}`)
  }
  noteAbsent(scene)
})

const live = Effect.fnUntraced(function* (scene: Scene, reboot: Effect.Effect<void>, step: Step) {
  switch (step.what) {
    case "read":
      return yield* read(scene)
    case "wait":
      yield* TestClock.adjust((1 + step.when) * minute)
      return yield* read(scene)
    case "night":
      yield* TestClock.adjust((20 + step.when) * hour)
      return yield* read(scene)
    case "crash":
      return yield* reboot
    case "asked":
      yield* TestClock.adjust(minute)
      yield* Effect.ignore(inPolicy(scene.punctual.syncUser(user)))
      return yield* read(scene)
    default:
  }
  if (isSpoil(step)) {
    // It begins some time after the last good answer, is read a few times within the hour, and ends.
    scene.spoil = step
    for (let times = 0; times <= step.when % 3; times++) {
      yield* TestClock.adjust(6 * minute)
      yield* read(scene)
    }
    scene.spoil = null
    yield* TestClock.adjust(16 * minute)
    return yield* read(scene)
  }
  perform(scene.diary, step)
  scene.text = written(scene.diary)
  noteAbsent(scene)
})

const heal = Effect.fnUntraced(function* (scene: Scene) {
  for (let poll = 0; poll < 4; poll++) {
    // The last one long after what was not believed at first.
    yield* TestClock.adjust(poll === 2 ? 70 * minute : 16 * minute)
    yield* read(scene)
  }
})

const truthOf = ({ diary }: Scene, from: number, to: number): ReadonlyArray<string> =>
  [...diary.entries.values()]
    .flatMap(({ deleted, isCancelled, isDaily, moved, start: first, subject, uid }) => {
      if (!isDaily) return [[uid, first, subject, isCancelled] as const]
      const found: Array<readonly [string, number, string, boolean]> = []
      for (let at = first; at < to + 500 * day; at += day) {
        const isOff = deleted.has(at)
        const id = `${uid}/${new Date(at).toISOString().replace(".000Z", "Z")}`
        if (!isOff) found.push([id, moved.get(at) ?? at, subject, isCancelled])
      }
      return found
    })
    .filter(([, at]) => at < to && at + halfHour > from)
    .map((each) => JSON.stringify(each))
    .toSorted()

const judge = (scene: Scene): void => {
  const tenants = Effect.runSync(Context.get(scene.storage, StoreMemory.StoreProbe).tenants)
  const [calendar] = [...(tenants.get(user)?.calendars.values() ?? [])]
  const window = calendar?.window ?? assert.fail("no window")
  assert.strictEqual(calendar?.syncStatus, "ok", calendar?.syncError ?? "")
  const mirrored = rowsOf(scene)
    .filter((row) => !row.isDeleted && !row.isVirtual && row.start < window.to && row.end > window.from)
    .map((row) => JSON.stringify([row.providerId, row.start, row.subject, row.isCancelled]))
    .toSorted()
  assert.deepStrictEqual(mirrored, truthOf(scene, window.from, window.to))
}

describe("any history of a feed, with faults", () => {
  it("ends with the mirror equal to the feed, and deletes nothing without proof", async () => {
    let fetches = 0
    await FastCheck.assert(
      FastCheck.asyncProperty(
        steps,
        FastCheck.constantFrom(0, 3, 14, 45),
        FastCheck.boolean(),
        FastCheck.boolean(),
        async (history, count, hasEtag, isCovering) => {
          const exit = await Effect.runPromiseExit(
            Effect.gen(function* () {
              yield* TestClock.setTime(start)
              const { reboot, scene } = yield* open(count, hasEtag, isCovering)
              for (const step of history) yield* live(scene, reboot, step)
              yield* heal(scene)
              judge(scene)
              fetches += scene.fetches
            }).pipe(Effect.provide(TestClock.layer()), Effect.scoped)
          )
          if (Exit.isFailure(exit)) throw new Error(JSON.stringify(exit.cause, null, 1).slice(0, 3_000))
        }
      ),
      { numRuns: runs, seed: Number(process.env["SEED"] ?? "1") }
    )
    assert.isAbove(fetches, 3 * runs)
    if (runs > 60) process.stdout.write(` ${runs} histories, ${fetches} fetches\n`)
  })

  it.effect("deletes nothing where a new process finds the feed emptied when all of it is read anew", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const { reboot, scene } = yield* open(14, false, true)
      yield* read(scene)
      const before = rowsOf(scene).filter((row) => !row.isDeleted).length
      assert.isAbove(before, 10)
      yield* reboot
      scene.spoil = { what: "emptied", which: 0, when: 0 }
      yield* TestClock.adjust(25 * hour)
      yield* read(scene)
      assert.strictEqual(rowsOf(scene).filter((row) => !row.isDeleted).length, before)
    }).pipe(Effect.scoped)
  )

  // Of a series whose UID can't be read its changed date alone is left, under the same UID: that is not what it has become.
  it.effect("leaves a series as it is while its UID can't be read and a changed date of it can", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(start)
      const { reboot, scene } = yield* open(0, false, true)
      for (const step of [
        { what: "series", which: 0, when: 0 },
        { what: "exception", which: 0, when: 3 }
      ] as const)
        yield* live(scene, reboot, step)
      yield* TestClock.adjust(6 * minute)
      yield* read(scene)
      const told = () =>
        rowsOf(scene).map(({ id, isDeleted, kind, start: begins }) => JSON.stringify([id, kind, begins, isDeleted]))
      const before = told()
      assert.isNotEmpty(before)
      scene.spoil = { what: "garbledUid", which: 0, when: 0 }
      yield* TestClock.adjust(6 * minute)
      yield* read(scene)
      assert.sameMembers(told(), before)
      scene.spoil = null
      yield* TestClock.adjust(16 * minute)
      yield* read(scene)
      judge(scene)
    }).pipe(Effect.scoped)
  )
})
