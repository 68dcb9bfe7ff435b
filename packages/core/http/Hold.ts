/**
 * Not before when a service may be asked, where it asked to wait.
 * Decides how long a wait is that is asked for without being named: each longer than the one before, until an answer comes.
 */
export interface Hold {
  readonly until: () => number
  /** Not before this instant. */
  readonly extend: (instant: number) => void
  /** Asked to wait at `now`; null: not told how long. */
  readonly throttle: (now: number, waitMillis: number | null) => void
  /** There was an answer: the next wait that is not named is a short one again. */
  readonly release: () => void
}

export interface HoldLimits {
  /** Asked to wait without a time: this at first, twice as long each time, up to that. */
  readonly throttledMinMillis: number
  readonly throttledMaxMillis: number
}

export const makeHold = ({ throttledMaxMillis, throttledMinMillis }: HoldLimits): Hold => {
  let until = 0
  let streak = 0
  const extend = (instant: number): void => {
    until = Math.max(until, instant)
  }
  return {
    until: () => until,
    extend,
    throttle: (now, waitMillis) => {
      const grown = Math.min(throttledMaxMillis, throttledMinMillis * 2 ** streak)
      streak = Math.min(streak + 1, streakMax)
      extend(now + (waitMillis ?? grown))
    },
    release: () => {
      streak = 0
    }
  }
}

/** Doubling ends where the longest wait is long reached. */
const streakMax = 20
