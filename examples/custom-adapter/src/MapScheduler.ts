/**
 * A scheduler of one's own, in about forty lines: schedules in a map, looked through at their time.
 * It holds what the port demands: replaces by name, ignores older revisions, tolerates absence, never fires early,
 * delivers again what nobody said was done. It forgets everything with its process; the core's sweep makes up for that.
 */
import { Clock, Effect, Layer, Queue, Stream } from "effect"
import { type Fire, type Schedule, Scheduler, sameForAll } from "@punctual/core"

/** A fire that nobody said was done is delivered again after this long. */
const againMillis = 30_000
const lookMillisMax = 1_000

interface Held extends Schedule {
  /** Not delivered before. */
  readonly due: number
}

export const layer: Layer.Layer<Scheduler> = Layer.effect(
  Scheduler,
  Effect.gen(function* () {
    const held = new Map<string, Held>()
    const changed = yield* Queue.sliding<void>(1)
    const key = ({ group, name }: Pick<Schedule, "name" | "group">): string => `${group}/${name}`
    const isNewer = (schedule: Pick<Schedule, "name" | "group" | "revision">): boolean =>
      (held.get(key(schedule))?.revision ?? 0) <= schedule.revision

    const due = Effect.gen(function* (): Effect.fn.Return<ReadonlyArray<Fire>> {
      for (;;) {
        const now = yield* Clock.currentTimeMillis
        const ready = [...held.values()].filter((one) => one.due <= now).toSorted((a, b) => a.at - b.at)
        for (const one of ready) held.set(key(one), { ...one, due: now + againMillis })
        if (ready.length > 0) return ready.map((one) => ({ ...one, done: finish(one) }))
        const next = Math.min(...[...held.values()].map((one) => one.due), now + lookMillisMax)
        yield* Effect.timeoutOption(Queue.take(changed), next - now)
      }
    })
    const finish = (one: Schedule): Effect.Effect<void> =>
      Effect.sync(() => {
        if (held.get(key(one))?.revision === one.revision) held.delete(key(one))
      })

    return Scheduler.of({
      capabilities: { precisionMillis: 1, putMax: 1_000 },
      put: (schedules) =>
        sameForAll(
          schedules,
          Effect.sync(() => {
            for (const one of schedules) if (isNewer(one)) held.set(key(one), { ...one, due: one.at })
          }).pipe(Effect.andThen(Queue.offer(changed, undefined)))
        ),
      cancel: (schedules) =>
        sameForAll(
          schedules,
          Effect.sync(() => {
            for (const one of schedules) if (isNewer(one)) held.delete(key(one))
          })
        ),
      list: Stream.suspend(() => Stream.fromIterable([...held.values()])),
      // Nothing is gained by delivering ahead: whoever asks for that has to wait as well.
      fires: () => Stream.fromEffectRepeat(due)
    })
  })
)
