/**
 * What a scheduler has refused, for as long as it and this process live.
 *
 * Decides when a refused schedule is worth another try: a minute later, then two, up to an hour, so that those which are
 * never taken stand in nobody's way. A bot that changes since calls for another revision, which nobody has refused yet.
 * Forgets the oldest: they are tried again like any other. Never decides what becomes of the bot, which is launched by
 * the sweep if no schedule holds it.
 */
import type { Instant } from "../domain/Time.ts"
import type { Schedule, Scheduler } from "./Scheduler.ts"

export interface RefusedSchedules {
  readonly size: number
  readonly note: (schedule: Schedule, now: Instant) => void
  /** Whether it was refused so lately that it is not tried again. */
  readonly waits: (schedule: Schedule, now: Instant) => boolean
}

const waitMillisMin = 60_000
const waitMillisMax = 3_600_000
/** Remembered at once; as many more bots are looked through by each sweep. */
const rememberedMax = 2_000

export const makeRefusedSchedules = (): RefusedSchedules => {
  const refused = new Map<string, { readonly waitMillis: number; readonly until: Instant }>()
  return {
    get size() {
      return refused.size
    },
    note: (schedule, now) => {
      const id = idOf(schedule)
      const before = refused.get(id)
      const waitMillis = before === undefined ? waitMillisMin : Math.min(waitMillisMax, before.waitMillis * 2)
      refused.delete(id)
      refused.set(id, { waitMillis, until: now + waitMillis })
      const [oldest] = refused.keys()
      if (refused.size > rememberedMax && oldest !== undefined) refused.delete(oldest)
    },
    waits: (schedule, now) => {
      const known = refused.get(idOf(schedule))
      return known !== undefined && now < known.until
    }
  }
}

/** Of this very scheduler: another, in another host of the same process, has refused nothing. */
export const refusedBy = (scheduler: Scheduler["Service"]): RefusedSchedules => {
  const known = all.get(scheduler) ?? makeRefusedSchedules()
  all.set(scheduler, known)
  return known
}

/** Goes with the scheduler that it is about. */
const all = new WeakMap<Scheduler["Service"], RefusedSchedules>()

const idOf = ({ group, name, revision }: Schedule): string => JSON.stringify([group, name, revision])
