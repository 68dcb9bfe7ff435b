/**
 * A host for tests over bot services that can do different things about a key, whose answers are lost.
 * Decides nothing; time is the test clock's.
 */
import { it } from "@effect/vitest"
import { Effect, Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { type Bot, CurrentPolicy, Punctual, type Store, defaultPolicy } from "../../../src/index.ts"
import * as CalendarMemory from "../../../testing/memory/CalendarMemory.ts"
import * as LauncherMemory from "../../../testing/memory/LauncherMemory.ts"
import * as SchedulerMemory from "../../../testing/memory/SchedulerMemory.ts"
import * as SecretsMemory from "../../../testing/memory/SecretsMemory.ts"
import * as StoreMemory from "../../../testing/memory/StoreMemory.ts"
import { botOf, minute, review, reviewScheduled, user } from "../Host.ts"

export const services = {
  replays: { replays: true, lookup: false, withdraw: true },
  "is looked up": { replays: false, lookup: true, withdraw: true },
  // A webhook of one's own.
  "replays and takes none back": { replays: true, lookup: false, withdraw: false },
  neither: { replays: false, lookup: false, withdraw: false }
} as const

type Host =
  | CalendarMemory.CalendarControl
  | LauncherMemory.LauncherProbe
  | Punctual
  | SchedulerMemory.SchedulerProbe
  | Scope.Scope
  | Store
  | StoreMemory.StoreProbe

export const test = (
  name: string,
  service: keyof typeof services,
  story: Effect.Effect<void, unknown, Host>,
  store: Layer.Layer<Store | StoreMemory.StoreProbe> = StoreMemory.layer
): void =>
  it.effect(name, () =>
    Effect.scoped(story).pipe(
      Effect.provide(
        Punctual.layer.pipe(
          Layer.provideMerge(
            Layer.mergeAll(
              store,
              SchedulerMemory.layer,
              SecretsMemory.layer,
              LauncherMemory.layerWith(services[service]),
              CalendarMemory.layer
            )
          ),
          Layer.provide(Layer.succeed(CurrentPolicy, { ...defaultPolicy, settleMillis: 0 }))
        )
      )
    )
  )

export const joinAt = review.start - minute

/** The review's bot is due: the service takes it, and what it says is lost so often. */
export const lost = (times: number) =>
  Effect.gen(function* () {
    const host = yield* reviewScheduled()
    const probe = yield* LauncherMemory.LauncherProbe
    yield* probe.script(Array.from({ length: times }, () => ({ kind: "lost" }) as const))
    yield* Effect.forkScoped(host.punctual.run)
    yield* TestClock.setTime(joinAt)
    const inMeeting = Effect.map(probe.launched, (all) => all.filter(({ isWithdrawn }) => !isWithdrawn))
    const keys = Effect.map(probe.calls, (all) => new Set(all.map(({ request }) => request.botId)))
    return { ...host, inMeeting, keys, probe, remove: host.punctual.unschedule(user, removal(host.event.id)) }
  })

const removal = (eventId: Bot["eventId"]) => ({ eventId, allOccurrences: false, fromDate: null })

export const standing = Effect.map(botOf(review.subject), (bot) => [bot?.status, bot?.statusReason])
