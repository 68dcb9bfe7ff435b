/**
 * What everything in one simulated world shares: time, chance, options, marks, the trace, and where failures are told.
 * Decides how a trace becomes a hash. Never decides what happens.
 */
import { DateTime } from "effect"
import type { Instant } from "../../src/domain/Time.ts"
import type { Chance } from "./Chance.ts"
import type { Loop } from "./Loop.ts"
import type { Mark, Marks } from "./Marks.ts"
import type { Tri } from "./Model.ts"
import type { Swarm } from "./Swarm.ts"

export interface Stage {
  readonly chance: Chance
  readonly swarm: Swarm
  readonly loop: Loop
  readonly marks: Marks
  readonly trace: Trace
  /** While healed nothing goes wrong and nobody edits. */
  isHealed: boolean
  /** Ports that are away altogether, by the mark of their failures. */
  readonly away: Set<Mark>
  /** Since when it is as it is. */
  phaseSince: Instant
  readonly note: (line: string) => void
  /** What the administrator has decreed, by their own account. */
  readonly decree: Decree
  /** An invariant was found broken; `law` is its name in the plan (S1…, L1…). */
  readonly fail: (law: string, what: string) => void
  readonly failures: Array<string>
}

export interface Decree {
  locked: Tri
  /** As it was written last, whether or not that is known to have come to anything. */
  wanted: boolean
  pausedUntil: Instant | null | "unknown"
  since: Instant
}

export const noDecree = (): Decree => ({ locked: "no", wanted: false, pausedUntil: null, since: 0 })

export interface Trace {
  readonly add: (line: string) => void
  readonly hash: () => number
  /** The last lines, oldest first. */
  readonly tail: () => ReadonlyArray<string>
}

/** Lines kept of a trace. */
const tailMax = 400

/** FNV-1a over everything noted. */
export const makeTrace = (print: (line: string) => void): Trace => {
  const kept: Array<string> = []
  let hash = 0x811c9dc5
  return {
    add: (line) => {
      for (let index = 0; index < line.length; index++) hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193)
      if (kept.length >= 2 * tailMax) kept.splice(0, tailMax)
      kept.push(line)
      print(line)
    },
    hash: () => hash >>> 0,
    tail: () => kept.slice(-tailMax)
  }
}

/** As ISO has it. A dozen lines of a trace are of one instant, and to write it takes longer than the rest of the line. */
export const timeText = (() => {
  let known = { instant: Number.NaN, text: "" }
  return (instant: Instant): string => {
    if (known.instant !== instant) known = { instant, text: DateTime.formatIso(DateTime.makeUnsafe(instant)) }
    return known.text
  }
})()
