/**
 * "Launch nothing of mine until then", and the end of that.
 * Decides nothing about bots: they stay scheduled, and the launch protocol waits (`decide/launch/LaunchStep.ts`).
 */
import type { Instant } from "../../domain/Time.ts"
import type { Plan } from "./Change.ts"

/** Null: launches go on. Answers with it. */
export const pauseLaunches = (until: Instant | null): Plan<Instant | null> => ({
  change: { pausedUntil: until },
  answer: until
})

/** The later of a user's pause and their workspace's; null: neither is paused. */
export const pausedUntil = (user: Instant | null, workspace: Instant | null): Instant | null =>
  user === null || workspace === null ? (user ?? workspace) : Math.max(user, workspace)
