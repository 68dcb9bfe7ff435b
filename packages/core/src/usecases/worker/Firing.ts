/**
 * Who says that a bot is due: the scheduler, and the sweep where the scheduler did not.
 *
 * Decides when it is rung for a bot, and for how many at once. Every process rings for the same bots, while each fire comes to
 * one process: rings must not keep a process from its fires, nor take from another what that one has read already. So it is
 * rung a while after a bot was due, for those alone that still are, and for few while fires wait here; a process that has
 * nothing else to launch rings for many, since another may have died with them.
 */
import { Cause, Clock, Effect, Random, Stream } from "effect"
import type { BotId } from "../../domain/Ids.ts"
import { launchLimits } from "../../domain/Limits.ts"
import type { Instant } from "../../domain/Time.ts"
import { ForLaunch } from "../../ports/ForLaunch.ts"
import { Scheduler } from "../../ports/Scheduler.ts"
import { Store } from "../../ports/Store.ts"
import { ClockNotTrusted } from "../clock/ClockNotTrusted.ts"
import { CurrentPolicy } from "../contract/CurrentPolicy.ts"
import { LaunchPool } from "../launch/LaunchPool.ts"
import type { Due } from "../launch/ReadAhead.ts"
import { dueSoon } from "./Sweep.ts"

/** It is rung so long after the scheduler should have fired. */
const graceMillis = 2_000
/** While fires wait for a slot it is rung for so few bots, and only so often. */
const ringsWhileBusy = 4
const busyMillis = 1_000
const ringsMax = 100
/** Bots that are due, looked at to choose from: two processes seldom choose the same. */
const looksMax = 500

/** Fires come ahead of their instants, so that what they lead to is read by then. */
export const firing = Effect.gen(function* () {
  const scheduler = yield* Scheduler
  const { expect, ready } = yield* LaunchPool
  // What this process may not launch it leaves to those that may.
  yield* ready
  yield* scheduler
    .fires(launchLimits.readAheadMillis)
    .pipe(
      Stream.runForEach((fires) =>
        expect(fires).pipe(leftToOthers, passedOver("fires not handled; they come again"), Effect.andThen(ready))
      )
    )
}).pipe(Effect.provideService(ForLaunch, true))

/** Rings for whatever the scheduler should have rung for and did not. Waits for nothing else that is to be mended. */
export const ringing = Effect.gen(function* () {
  const policy = yield* CurrentPolicy
  // So that the first look finds what a former life of this process has left.
  yield* (yield* LaunchPool).ready
  return yield* Effect.forever(ringUntilNextLook(policy.sweepMillis))
})

interface Ring extends Due {
  readonly at: Instant
}

/** Once for each bot that is due by then: one for which nothing can be done is not asked about all the time. */
const ringUntilNextLook = Effect.fnUntraced(function* (sweepMillis: number) {
  const due = yield* dueSoon
  if (due.length === 0) return yield* Effect.sleep(sweepMillis)
  const rings = due
    .map(({ at, botId, userId }): Ring => ({ userId, botId, at: at + graceMillis }))
    .toSorted((a, b) => a.at - b.at)
  yield* Effect.raceFirst(Effect.andThen(ringForAll(rings), Effect.never), Effect.sleep(sweepMillis))
})

const ringForAll = Effect.fnUntraced(function* (rings: ReadonlyArray<Ring>) {
  const store = yield* Store
  const { launch, waiting } = yield* LaunchPool
  /** Whose time has come, and for whom it was not rung yet. */
  const open = new Map<BotId, Ring>()
  let next = 0
  while (next < rings.length || open.size > 0) {
    const wait = (rings[next]?.at ?? 0) - (yield* Clock.currentTimeMillis)
    if (open.size === 0 && wait > 0) yield* Effect.sleep(wait)
    const now = yield* Clock.currentTimeMillis
    for (let ring = rings[next]; ring !== undefined && ring.at <= now; ring = rings[++next]) open.set(ring.botId, ring)
    // Those for whom it was rung before may still be due, and stand before the others.
    const found = yield* store.dueBots(now - graceMillis + 1, looksMax + next - open.size)
    const due = found.flatMap(({ botId }) => open.get(botId) ?? [])
    if (due.length === 0) open.clear()
    const isBusy = (yield* waiting) > 0
    const chosen = yield* some(due, isBusy ? ringsWhileBusy : ringsMax)
    for (const { botId } of chosen) open.delete(botId)
    yield* Effect.forEach(
      chosen,
      (ring) => launch(ring).pipe(leftToOthers, passedOver("launch failed; the next sweep rings for it again")),
      { concurrency: "unbounded", discard: true }
    )
    if (isBusy && open.size > 0) yield* Effect.sleep(busyMillis)
  }
})

/** So many of them, by chance. */
const some = Effect.fnUntraced(function* (rings: ReadonlyArray<Ring>, count: number) {
  return rings.length <= count ? rings : (yield* Random.shuffle(rings)).slice(0, count)
})

/** A process whose clock is wrong has said so: what it does not launch others ring for. */
const leftToOthers = <E, R>(launch: Effect.Effect<void, E | ClockNotTrusted, R>) =>
  Effect.catchIf(
    launch,
    (error) => error instanceof ClockNotTrusted,
    () => Effect.void
  )

/** One bot's failure, a defect too, does not stop the others. */
const passedOver =
  (message: string) =>
  <E, R>(effect: Effect.Effect<void, E, R>): Effect.Effect<void, never, R> =>
    Effect.catchCause(effect, (cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.logWarning(message, cause)
    )
