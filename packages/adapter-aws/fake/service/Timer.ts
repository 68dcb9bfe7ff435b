/**
 * The fake's time: the machine's, the machine's made faster, or a test's own.
 * Decides when something runs. Never decides what.
 */

export interface Timer {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Runs once the instant has come, never at once; the answer takes it back. */
  readonly at: (instant: number, run: () => void) => () => void
}

/** Node's timers take no longer wait than 2^31 − 1 ms: they are set again. */
const waitMillisMax = 2 ** 31 - 1

/** The machine's clock; `speed` 60 lets an hour pass in a minute, from the moment of the call on. */
export const wallTimer = (speed = 1): Timer => {
  const start = Date.now()
  const now = (): number => start + (Date.now() - start) * speed
  return {
    now,
    at: (instant, run) => {
      let timeout: NodeJS.Timeout
      const arm = (): void => {
        const wait = Math.max(0, Math.ceil((instant - now()) / speed))
        timeout = setTimeout(() => (now() >= instant ? run() : arm()), Math.min(wait, waitMillisMax)).unref()
      }
      arm()
      return () => clearTimeout(timeout)
    }
  }
}

export interface HandTimer extends Timer {
  /** Lets everything happen that is due until then, in the order of time. */
  readonly advanceTo: (instant: number) => void
}

/** Stands still until it is moved. */
export const handTimer = (start: number): HandTimer => {
  let now = start
  let waiting: ReadonlyArray<{ readonly instant: number; readonly run: () => void }> = []
  return {
    now: () => now,
    at: (instant, run) => {
      const entry = { instant, run }
      waiting = [...waiting, entry].toSorted((a, b) => a.instant - b.instant)
      return () => void (waiting = waiting.filter((other) => other !== entry))
    },
    advanceTo: (instant) => {
      for (;;) {
        const [first, ...rest] = waiting
        if (first === undefined || first.instant > instant) break
        waiting = rest
        now = Math.max(now, first.instant)
        first.run()
      }
      now = Math.max(now, instant)
    }
  }
}
