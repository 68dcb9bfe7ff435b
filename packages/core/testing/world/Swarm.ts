/**
 * What kind of world a seed makes: how many of everything there are, and how often each thing goes wrong.
 * Decides every option from the seed alone, each fault also as "never", so that some worlds are calm in one respect and
 * wild in another. Never decides what happens in a step.
 */
import type { Chance } from "./Chance.ts"

/** Probabilities are for each opportunity; durations are milliseconds. */
export interface Swarm {
  readonly users: number
  /** Of people: how many have two connections. */
  readonly secondConnection: number
  /** Of people after the first: how many use the mailbox of another. */
  readonly sharedMailbox: number
  /** Of edits: how many turn a meeting into another thing: a series in place and back, two series of one, two of one UID. */
  readonly turns: number
  readonly calendarsMax: number
  readonly replicas: number
  /** Meetings ahead that a user keeps up, about. */
  readonly meetings: number
  readonly startAt: number
  readonly latencyMax: number
  readonly crash: number
  /** A process is told to stop: it is interrupted, answers what it was asked, and another one comes. */
  readonly stop: number
  /** A process stops for seconds or minutes and goes on with what it knew. */
  readonly stall: number
  /** Machines whose clocks are wrong are so by this, this way or that. */
  readonly clockSkewMillis: number
  /** Every port goes away, one after the other, and they come back in another order. */
  readonly swizzle: number
  /** A round tells nothing although something has changed; the next one tells it. */
  readonly staleDelta: number
  /** A round tells something twice. */
  readonly deltaReplayed: number
  /** What stores find by an index comes later than what they find by key: of such rows, how many are not found yet. */
  readonly indexBehind: number
  /** Of puts and cancels of the scheduler: how many take up to some minutes. */
  readonly schedulerSlow: number
  /** Of nights: how many pass without their job. */
  readonly nightMissed: number
  /** Of edits of series: how many change the pattern itself. */
  readonly patterns: number
  readonly storeError: number
  readonly schedulerError: number
  readonly calendarError: number
  readonly secretsError: number
  readonly throttled: number
  /** Of errors: how many come after the work was done. */
  readonly ambiguous: number
  readonly launcherRetry: number
  readonly launcherLost: number
  readonly launcherRejects: number
  readonly launcherSlow: number
  readonly fireDoubled: number
  readonly fireLate: number
  readonly fireLost: number
  readonly fireStale: number
  readonly notificationLost: number
  readonly notificationDoubled: number
  readonly notificationDelayMax: number
  readonly cursorForgotten: number
  readonly subscriptionForgotten: number
  readonly lifecycle: number
  readonly revoked: number
  readonly pageSize: number
  readonly commitOperationsMax: number
  /** How often a user asks Punctual for something, of all steps. */
  readonly calls: number
  /** What the bot service can do about a key that it was called with before. */
  readonly service: "replays" | "lookup" | "neither"
  /** Whether it takes bots back. */
  readonly withdraws: boolean
  /** Of look-ups and withdrawals: how many are not heard, or their answer is not. */
  readonly launcherUnheard: number
  /** Of answers of the bot service: how many find the store away for some seconds. */
  readonly storeAwayInHand: number
  /** How often people set rules, or answer invitations, of all steps. */
  readonly rules: number
}

const minute = 60_000
const day = 24 * 60 * minute

/** Whether it can be learnt at last what became of a call that was not answered. */
export const canBeKnown = ({ service, withdraws }: Pick<Swarm, "service" | "withdraws">): boolean =>
  service === "lookup" || (service === "replays" && withdraws)

/** A clock that is wrong by so much is not worked by. */
export const untrustedMillis = 90_000

/** Midnights (UTC) near which clocks change somewhere, and ordinary ones: 2026-03-28, 10-24, 03-07, 12-30, 05-12. */
const days: ReadonlyArray<number> = [20_540, 20_750, 20_519, 20_817, 20_585]

/** `whim`: what came to worlds later is drawn from it, so that seeds mean the worlds that they meant. */
export const drawSwarm = (chance: Chance, whim: Chance): Swarm => {
  const { int, pick } = chance
  return {
    users: pick([1, 1, 2, 2, 3]),
    secondConnection: pick([0, 0.3, 0.7]),
    sharedMailbox: pick([0, 0.3]),
    turns: pick([0, 0.08, 0.25]),
    calendarsMax: pick([1, 1, 2, 3]),
    replicas: pick([1, 2, 2, 3]),
    meetings: int(2, 8),
    startAt: pick(days) * day + int(0, 23) * 60 * minute + int(0, 59) * minute,
    latencyMax: pick([1, 50, 800, 4000]),
    crash: pick([0, 0, 0.0035, 0.0175]),
    stop: pick([0, 0, 0.0009, 0.0035]),
    stall: pick([0, 0, 0.0011, 0.006]),
    clockSkewMillis: pick([0, 0, 0, 1_500, 6_000, untrustedMillis]),
    swizzle: pick([0, 0, 0, 0.02]),
    staleDelta: pick([0, 0, 0.1, 0.5]),
    deltaReplayed: pick([0, 0, 0.1, 0.5]),
    indexBehind: pick([0, 0, 0.25, 0.8]),
    schedulerSlow: pick([0, 0.1, 0.4]),
    nightMissed: pick([0, 0, 0.5]),
    patterns: pick([0, 0, 0.2, 0.5]),
    storeError: pick([0, 0, 0.016, 0.08]),
    schedulerError: pick([0, 0.02, 0.1, 0.3]),
    calendarError: pick([0, 0, 0.02, 0.2]),
    secretsError: pick([0, 0, 0.02, 0.1]),
    throttled: pick([0, 0, 0, 0.02]),
    ambiguous: pick([0, 0.3, 0.8]),
    launcherRetry: pick([0, 0.3, 0.7]),
    launcherLost: pick([0, 0, 0.4]),
    launcherRejects: pick([0, 0, 0.1]),
    launcherSlow: pick([0, 0, 0.3]),
    fireDoubled: pick([0, 0.1, 0.5]),
    fireLate: pick([0, 0.1, 0.5]),
    fireLost: pick([0, 0, 0.3, 1]),
    fireStale: pick([0, 0.05, 0.3]),
    notificationLost: pick([0, 0.1, 0.5, 1]),
    notificationDoubled: pick([0, 0.2, 0.5]),
    notificationDelayMax: pick([2_000, 2 * minute, 4 * 60 * minute]),
    cursorForgotten: pick([0, 0, 0.02]),
    subscriptionForgotten: pick([0, 0, 0.02]),
    lifecycle: pick([0, 0, 0.03]),
    revoked: pick([0, 0, 0, 0.01]),
    pageSize: pick([2, 7, 50]),
    commitOperationsMax: pick([2, 25, 1000]),
    calls: pick([0.2, 0.4, 0.6]),
    service: pick(["replays", "replays", "lookup", "lookup", "neither"]),
    withdraws: pick([true, true, true, false]),
    launcherUnheard: pick([0, 0.2, 0.5]),
    storeAwayInHand: pick([0, 0, 0.3]),
    rules: whim.pick([0, 0, 0.1, 0.3])
  }
}
