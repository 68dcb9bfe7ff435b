/**
 * A host with two kinds of provider, for stories of who is who.
 * Decides what such a story runs on, and which bots it looks at.
 */
import { it } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { Punctual } from "../../src/index.ts"
import * as CalendarMemory from "../../testing/memory/CalendarMemory.ts"
import * as StoreMemory from "../../testing/memory/StoreMemory.ts"
import { layerOver, user } from "./Host.ts"

const layer = layerOver(
  StoreMemory.layer,
  {},
  CalendarMemory.layerWith({ platforms: ["memory_calendar", "other_calendar"] })
)

export const test = (name: string, story: () => Effect.Effect<void, unknown, Layer.Success<typeof layer>>): void =>
  it.effect(name, () => Effect.suspend(story).pipe(Effect.provide(layer)))

/** Bots that are `Scheduled`, by join time. */
export const standing = Effect.gen(function* () {
  const punctual = yield* Punctual
  return (yield* punctual.bots(user, { limit: 100, place: null, backwards: false })).items
})

export const starts = Effect.map(standing, (bots) => bots.map(({ start }) => start))
