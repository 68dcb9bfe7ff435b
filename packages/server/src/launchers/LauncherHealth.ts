/**
 * What a forecast is told of the bot service.
 *
 * Decides by the launcher's name whether there is one and which meeting platforms it joins (its public reference, September
 * 2026), and by the launches of this process whether it is failing.
 */
import { Clock, Effect, Option } from "effect"
import { Launcher, type LauncherState, type Platform } from "@punctual/core"
import { LaunchHours, isFailing } from "../metrics/LaunchHours.ts"

const usual: ReadonlyArray<Platform> = ["zoom", "google-meet", "teams"]

/** Any other launcher joins whatever is found: its host decides. */
const platformsOf: Readonly<Record<string, ReadonlySet<Platform>>> = {
  meetstream: new Set(usual),
  recall: new Set<Platform>([...usual, "webex", "gotomeeting"]),
  attendee: new Set(usual)
}

/** What is known at each moment. A process that launches nothing has seen nothing fail. */
export const makeLauncherHealth: Effect.Effect<Effect.Effect<LauncherState>, never, Launcher> = Effect.gen(
  function* () {
    const { name } = yield* Launcher
    const hours = Option.getOrNull(yield* Effect.serviceOption(LaunchHours))
    const platforms = Object.hasOwn(platformsOf, name) ? platformsOf[name] : undefined
    return Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      return {
        isConfigured: name !== "none",
        isFailing: hours !== null && isFailing(yield* hours.latest, now),
        supports: (platform) => platforms === undefined || platforms.has(platform)
      }
    })
  }
)
