/**
 * How long to wait between two questions to the bot service.
 * Decides from what was asked before, what the service asks for, and what is left of the meeting. Reads no clock; chance
 * is an argument.
 */
import type { Policy } from "../../domain/Policy.ts"
import type { Instant } from "../../domain/Time.ts"

/** 30 seconds: a service that asks for more is asked sooner, since a meeting does not wait. */
const askedForMillisMax = 30_000
/** Of what is left of the meeting, no pause that the service asks for takes more than this part. */
const askedForPartMax = 0.1
/** One second before the end the last attempt is made, whatever was asked for. */
const lastMillis = 1_000
/** Doublings beyond this are past any greatest pause, and past what a number holds exactly. */
const doublingsMax = 16

export interface PauseOptions {
  /** Questions put to the service so far, at least one. */
  readonly attempts: number
  /** What the service asked for; null: nothing. */
  readonly askedForMillis: number | null
  readonly now: Instant
  /** Of the meeting. */
  readonly end: Instant
  readonly policy: Pick<Policy, "launchRetryMinMillis" | "launchRetryMaxMillis">
  /** 0 to 1: spreads those who failed together. */
  readonly chance: number
}

/** Milliseconds until the next question. */
export const launchPause = ({ askedForMillis, attempts, chance, end, now, policy }: PauseOptions): number => {
  const left = Math.max(0, end - now)
  const doubled = policy.launchRetryMinMillis * 2 ** Math.min(attempts - 1, doublingsMax)
  const backoff = Math.ceil(Math.min(policy.launchRetryMaxMillis, doubled) * (0.5 + 0.5 * chance))
  const useful = Math.min(askedForMillisMax, Math.ceil(left * askedForPartMax))
  const pause = Math.max(backoff, Math.min(askedForMillis ?? 0, useful))
  return left <= lastMillis ? left : Math.min(pause, left - lastMillis)
}
