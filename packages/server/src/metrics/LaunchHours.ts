/**
 * What became of this process's launches, hour by hour, for the operator's page: the last two days.
 * Decides what is kept of them. Another process tells of its own, and a restart begins anew: `since` says from when on.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { LaunchOutcome } from "@punctual/core"

const hourMillis = 3_600_000
const hoursMax = 48

export interface LaunchHour {
  /** When it began. */
  readonly hour: number
  readonly outcomes: Readonly<Record<LaunchOutcome["kind"], number>>
  /** Of those accepted: from the join time to the moment at which the bot service had the bot. */
  readonly lateMillisMax: number
  readonly lateMillisSum: number
}

const emptyHour = (hour: number): LaunchHour => ({
  hour,
  outcomes: { accepted: 0, rejected: 0, retry: 0, unconfigured: 0 },
  lateMillisMax: 0,
  lateMillisSum: 0
})

/** `hours` with one more call, the newest last. */
export const withCall = (
  hours: ReadonlyArray<LaunchHour>,
  call: { readonly now: number; readonly kind: LaunchOutcome["kind"]; readonly lateMillis: number }
): ReadonlyArray<LaunchHour> => {
  const hour = Math.floor(call.now / hourMillis) * hourMillis
  const last = hours.at(-1)
  const before = last?.hour === hour ? last : emptyHour(hour)
  const late = call.kind === "accepted" ? Math.max(0, call.lateMillis) : 0
  const after: LaunchHour = {
    hour,
    outcomes: { ...before.outcomes, [call.kind]: before.outcomes[call.kind] + 1 },
    lateMillisMax: Math.max(before.lateMillisMax, late),
    lateMillisSum: before.lateMillisSum + late
  }
  return [...(last?.hour === hour ? hours.slice(0, -1) : hours), after].slice(-hoursMax)
}

/** One call to the bot service. */
interface LatestCall {
  readonly at: number
  readonly kind: LaunchOutcome["kind"]
}

/** So many failed in a row, all within the hour: the bot service is failing. */
const failuresMin = 3

/** Whether the latest calls, the newest last, all failed. A launcher that is not there has not been called. */
export const isFailing = (latest: ReadonlyArray<LatestCall>, now: number): boolean =>
  latest.length >= failuresMin &&
  latest.slice(-failuresMin).every(({ at, kind }) => now - at <= hourMillis && kind !== "accepted")

export class LaunchHours extends Context.Service<
  LaunchHours,
  {
    readonly since: number
    readonly note: (kind: LaunchOutcome["kind"], joinAt: number) => Effect.Effect<void>
    readonly hours: Effect.Effect<ReadonlyArray<LaunchHour>>
    /** The latest calls, the newest last. */
    readonly latest: Effect.Effect<ReadonlyArray<LatestCall>>
  }
>()("@punctual/server/metrics/LaunchHours") {
  static readonly layer: Layer.Layer<LaunchHours> = Layer.effect(
    LaunchHours,
    Effect.map(Clock.currentTimeMillis, (since) => {
      let hours: ReadonlyArray<LaunchHour> = []
      let latest: ReadonlyArray<LatestCall> = []
      return LaunchHours.of({
        since,
        note: (kind, joinAt) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            hours = withCall(hours, { now, kind, lateMillis: now - joinAt })
            if (kind !== "unconfigured") latest = [...latest, { at: now, kind }].slice(-failuresMin)
          }),
        hours: Effect.sync(() => hours),
        latest: Effect.sync(() => latest)
      })
    })
  )
}
