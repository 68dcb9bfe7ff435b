/**
 * Whether what a feed lacks is gone.
 * Decides that one which suddenly holds a fraction of what it held, or of which suddenly more can't be read, is not believed in
 * what it lacks, until it has been so for `shrinkMillis`. A small one that is whole is believed, an empty one too.
 */
import type { FeedContent } from "./FeedContent.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import type { FeedState, Held } from "./FeedMemory.ts"

/** `shrunk`: nothing of it is told. `garbled`: what is there is told, and nothing is said to be gone. */
export type Belief = "believed" | "shrunk" | "garbled"

export const heldOf = ({ count, problems }: FeedContent): Held => ({ count, problems })

/** Of a pass, which is what makes up the mind: what is believed is what the next answer is held against. */
export const believe = (
  state: FeedState,
  content: FeedContent,
  before: Held | null,
  now: number,
  limits: FeedLimits
): Belief => {
  const belief = judged(content, reference(state.held, before), limits)
  if (belief === "believed") state.suspectedAt = null
  else if (state.suspectedAt === null) state.suspectedAt = now
  if (belief !== "believed" && !hasLasted(state, now, limits)) return belief
  state.held = heldOf(content)
  return "believed"
}

/** Of a question by id, which settles nothing; null: nothing is known of what the feed held. */
export const isBelieved = (state: FeedState, content: FeedContent, now: number, limits: FeedLimits): boolean | null => {
  if (state.held === null) return null
  // What a pass did not believe, a pass has to clear.
  return state.suspectedAt === null ? judged(content, state.held, limits) === "believed" : hasLasted(state, now, limits)
}

const judged = (content: FeedContent, before: Held | null, limits: FeedLimits): Belief => {
  const { count, problems } = heldOf(content)
  if (before === null) return "believed"
  if (before.count >= limits.shrinkMeetingsMin && count * limits.shrinkFactor < before.count) return "shrunk"
  return problems > before.problems ? "garbled" : "believed"
}

const hasLasted = ({ suspectedAt }: FeedState, now: number, { shrinkMillis }: FeedLimits): boolean =>
  suspectedAt !== null && now - suspectedAt >= shrinkMillis

/** A process may have seen more of the feed than the cursor, or less; what its reader has put up with the cursor says. */
const reference = (held: Held | null, before: Held | null): Held | null =>
  held === null || before === null
    ? (before ?? held)
    : { count: Math.max(held.count, before.count), problems: before.problems }
