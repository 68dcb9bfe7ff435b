/**
 * The top of the hour: three servers on one database, and bots of many users that are due in the same second. All are launched,
 * each once and none early; also where a server dies in the midst of it. Whoever has one bot is not delayed by who has
 * hundreds. How fast it goes is for the bench to say.
 */
import {
  type BotId,
  type CalendarId,
  type EventId,
  type Instant,
  CurrentInstance,
  CurrentPolicy,
  Launcher,
  Punctual,
  Store,
  type UserId,
  defaultPolicy
} from "@punctual/core"
import { CalendarMemory, Rows, SecretsMemory } from "@punctual/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Context, Effect, Exit, Layer, Option, Scope } from "effect"
import type { Database } from "../src/database/Database.ts"
import * as SchedulerPort from "../src/Scheduler.ts"
import * as StorePort from "../src/Store.ts"
import { type Engine, pgliteInMemory, postgres } from "./Engines.ts"

const servers = ["a", "b", "c"] as const
const leadMillis = 1_000
/** Short, so that a test can wait for the lease of a server that died. */
const policy = {
  ...defaultPolicy,
  leadMillis,
  leaseMillis: 8_000,
  launchTimeoutMillis: 4_000,
  sweepMillis: 1_000,
  // Nothing is to be read here.
  idleMillis: 60_000,
  withdrawMillis: 60_000
}

interface Call {
  readonly botId: BotId
  readonly userId: UserId
  readonly server: string
  readonly at: Instant
  readonly joinAt: Instant
}

/** The bot service, and which servers live. A dead one waits for ever for whatever it asks. */
const makeStage = () => {
  const calls: Array<Call> = []
  const dead = new Set<string>()
  const whileAlive = <A, E, R>(server: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => (dead.has(server) ? Effect.never : effect)).pipe(
      Effect.tap(() => (dead.has(server) ? Effect.never : Effect.void))
    )
  const launcher = (server: string, onCall: (count: number) => void) =>
    Launcher.of({
      name: "burst",
      capabilities: { replays: true, lookup: false, withdraw: false },
      launch: ({ botId, joinAt, userId }) =>
        whileAlive(
          server,
          Effect.map(Clock.currentTimeMillis, (at) => {
            const isReplay = calls.some((call) => call.botId === botId)
            calls.push({ botId, userId, server, at, joinAt })
            onCall(calls.length)
            return { kind: "accepted", externalId: `theirs ${botId}`, isReplay } as const
          })
        ),
      lookUp: () => Effect.succeed({ kind: "absent" }),
      withdraw: () => Effect.succeed("unsupported")
    })
  return { calls, dead, launcher, whileAlive }
}

type Stage = ReturnType<typeof makeStage>

/** What one server asks of the store goes nowhere once it is dead. */
const mortal = (stage: Stage, server: string, store: Store["Service"]): Store["Service"] =>
  Store.of(
    Object.fromEntries(
      Object.entries(store).map(([name, member]) => [
        name,
        typeof member === "function"
          ? (...args: ReadonlyArray<never>) =>
              stage.whileAlive(server, (member as (...all: ReadonlyArray<never>) => Effect.Effect<unknown>)(...args))
          : member
      ])
    ) as unknown as Store["Service"]
  )

/** In a scope that is never closed: whoever is killed lets go of nothing. */
const start = Effect.fnUntraced(function* (stage: Stage, server: string, onCall: (count: number) => void) {
  const scope = yield* Scope.make()
  const ports = Layer.mergeAll(
    Layer.effect(
      Store,
      Effect.map(Store, (store) => mortal(stage, server, store))
    ).pipe(Layer.provide(StorePort.layer)),
    SchedulerPort.layer(),
    SecretsMemory.layer,
    CalendarMemory.layer,
    Layer.succeed(Launcher, stage.launcher(server, onCall))
  )
  const layer = Punctual.layer.pipe(
    Layer.provide(ports),
    Layer.provide(Layer.succeed(CurrentInstance, server)),
    Layer.provideMerge(Layer.succeed(CurrentPolicy, policy))
  )
  const punctual = Context.get(yield* Layer.buildWithScope(Layer.fresh(layer), scope), Punctual)
  yield* Effect.forkIn(
    Effect.provideService(punctual.runParts(["launch", "ring", "sweep"]), CurrentPolicy, policy),
    scope
  )
  return { punctual, stop: Scope.close(scope, Exit.void) }
})

/** Meetings of one user, each with a bot asked for by hand. */
const fill = Effect.fnUntraced(function* (userId: UserId, count: number, startAt: Instant) {
  const store = yield* Store
  const now = yield* Clock.currentTimeMillis
  const connection = Rows.connection({ userId, createdAt: now, updatedAt: now })
  yield* store.saveConnection(connection, null)
  const listing = Rows.listing({ connectionId: connection.id, isPrimary: true })
  yield* store.listCalendars(connection, [listing], now)
  const claim = Option.getOrThrow(yield* store.claimCalendar(userId, listing.id, now, now + 60_000))
  const events = Array.from({ length: count }, (_, at) => eventOf(userId, listing.id, at, startAt))
  yield* store.putMirror(claim, { events, series: [] })
  yield* store.finishPass(claim, {
    cursor: "cursor",
    window: { from: now - 3_600_000, to: now + 86_400_000 },
    basedAt: now,
    syncedAt: now,
    endedAt: now,
    againAt: now,
    dueAt: now + 86_400_000
  })
  const { version } = yield* store.slice(userId, { kind: "meetings", meetings: [], series: [] }, now)
  yield* store.commit({
    userId,
    version,
    decided: null,
    decideAt: null,
    putIntents: events.map(({ meeting }) => Rows.eventIntent(meeting))
  })
})

const eventOf = (userId: UserId, calendarId: CalendarId, at: number, startAt: Instant) =>
  Rows.event(`${userId} ${at}`, {
    id: `evt_${userId}_${at}` as EventId,
    calendarId,
    start: startAt,
    end: startAt + 3_600_000,
    createdAt: startAt - 86_400_000,
    updatedAt: startAt - 86_400_000
  })

const userOf = (at: number): UserId => `usr_${String(at).padStart(3, "0")}` as UserId

interface Story {
  /** Of each user. */
  readonly bots: ReadonlyArray<number>
  /** Whichever server makes this call dies at it. */
  readonly diesAtCall?: number
}

/** Everything launched: each bot's first call, and all there were. */
const burst = Effect.fnUntraced(function* ({ bots, diesAtCall }: Story) {
  const stage = makeStage()
  const store = yield* Store
  const onCall = (server: string) => (count: number) => {
    if (count === diesAtCall) stage.dead.add(server)
  }
  // As long as making the bots may take.
  const joinAt = Math.ceil(((yield* Clock.currentTimeMillis) + 6_000) / 1_000) * 1_000
  for (const [at, count] of bots.entries()) yield* fill(userOf(at), count, joinAt + leadMillis)
  const running = yield* Effect.forEach(servers, (server) => start(stage, server, onCall(server)))
  const expected = bots.reduce((all, each) => all + each, 0)
  const isOver = Effect.gen(function* () {
    if (new Set(stage.calls.map(({ botId }) => botId)).size < expected) return false
    for (const at of bots.keys()) if ((yield* store.liveBots(userOf(at))) > 0) return false
    return true
  })
  yield* Effect.repeat(Effect.andThen(Effect.sleep(50), isOver), { until: (over) => over })
  for (const [at, server] of servers.entries()) if (!stage.dead.has(server)) yield* running[at]?.stop ?? Effect.void
  return { calls: stage.calls, dead: [...stage.dead], expected }
})

const storeOver = (engine: Engine): Layer.Layer<Database | Store> =>
  Layer.provideMerge(StorePort.layer, engine.database)

const early = (calls: ReadonlyArray<Call>): ReadonlyArray<Call> => calls.filter(({ at, joinAt }) => at < joinAt)
const botsIn = (calls: ReadonlyArray<Call>): number => new Set(calls.map(({ botId }) => botId)).size

for (const engine of [pgliteInMemory, postgres]) {
  describe(`bots due in one second, on ${engine.name}`, () => {
    it.live("are all launched, each once and none early", () =>
      Effect.gen(function* () {
        const { calls, expected } = yield* burst({ bots: Array.from({ length: 30 }, () => 5) })
        assert.deepStrictEqual([botsIn(calls), calls.length, early(calls)], [expected, expected, []])
      }).pipe(Effect.provide(storeOver(engine)))
    )

    it.live("are all launched where one of three servers dies, and called again under their keys alone", () =>
      Effect.gen(function* () {
        const { calls, dead, expected } = yield* burst({ bots: Array.from({ length: 30 }, () => 5), diesAtCall: 40 })
        assert.deepStrictEqual([botsIn(calls), dead.length, early(calls)], [expected, 1, []])
        const ofDead = new Set(calls.flatMap(({ botId, server }) => (dead.includes(server) ? [botId] : [])))
        const again = calls.filter(({ botId }, at) => calls.findIndex((call) => call.botId === botId) < at)
        assert.isTrue(
          again.every(({ botId }) => ofDead.has(botId)),
          "only what the dead one may have called is called again"
        )
        const living = calls.filter(({ server }) => !dead.includes(server))
        assert.strictEqual(botsIn(living), living.length, "and by those that live once")
      }).pipe(Effect.provide(storeOver(engine)))
    )
  })
}

describe("a user with one bot", () => {
  it.live("is not delayed by one with five hundred that are due in the same second", () =>
    Effect.gen(function* () {
      const { calls } = yield* burst({ bots: [500, 1, 1, 1] })
      const places = [1, 2, 3].map((at) => calls.findIndex(({ userId }) => userId === userOf(at)))
      // A group of each server may be on its way when the others' turn comes; by number they would be the last of all.
      assert.isBelow(Math.max(...places), 300)
    }).pipe(Effect.provide(storeOver(postgres)))
  )
})
