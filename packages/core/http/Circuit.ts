/**
 * A circuit breaker: what failed several times in a row is left alone; after a pause one attempt at a time tries it, and each
 * that fails makes the next pause twice as long. One answer, and it is as it was.
 */
export interface CircuitLimits {
  /** Failures in a row after which it is left alone. */
  readonly failuresMax: number
  /** For how long: this at first, twice as long after each try that fails, up to that. */
  readonly pauseMinMillis: number
  readonly pauseMaxMillis: number
  /** Somebody who waits has it tried sooner, but no oftener than this. */
  readonly askedMillis: number
}

export interface Circuit {
  /** `isAsked`: somebody waits for the answer. */
  readonly isPassable: (now: number, isAsked: boolean) => boolean
  /** True: whoever enters is the one that tries, until they leave. */
  readonly enter: (now: number) => boolean
  readonly leave: () => void
  readonly close: () => void
  readonly fail: (now: number) => void
  /** Whether nobody is kept from it. */
  readonly isAtRest: (now: number) => boolean
}

export const makeCircuit = ({ askedMillis, failuresMax, pauseMaxMillis, pauseMinMillis }: CircuitLimits): Circuit => {
  let failures = 0
  let pauseMillis = pauseMinMillis
  let pausedUntil = 0
  let triedAt = -Infinity
  let isTrying = false
  return {
    isPassable: (now, isAsked) =>
      failures < failuresMax || (!isTrying && (now >= pausedUntil || (isAsked && now - triedAt >= askedMillis))),
    enter: (now) => {
      if (failures < failuresMax) return false
      isTrying = true
      triedAt = now
      return true
    },
    leave: () => {
      isTrying = false
    },
    close: () => {
      failures = 0
      pauseMillis = pauseMinMillis
    },
    fail: (now) => {
      failures = Math.min(failures + 1, failuresMax)
      if (failures < failuresMax) return
      pausedUntil = now + pauseMillis
      triedAt = now
      pauseMillis = Math.min(pauseMaxMillis, pauseMillis * 2)
    },
    isAtRest: (now) => pausedUntil <= now && !isTrying
  }
}
