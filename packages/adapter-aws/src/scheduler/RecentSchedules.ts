/**
 * The schedules that this process put or cancelled most recently, by group and name.
 *
 * Decides which message is stale. A message that lies in the queue can be neither changed nor taken back, so one is
 * dropped on arrival when something newer is known. The oldest are forgotten: what was forgotten, or what another
 * process did, is found stale by the store, at the cost of a read.
 */
import type { Schedule } from "@punctual/core"

type Key = Pick<Schedule, "name" | "group">

export interface RecentSchedules {
  /** False: something newer was put, and this changes nothing. */
  readonly put: (schedule: Schedule) => boolean
  /** The queue has it: put again as it is, it is not sent a second time. */
  readonly sent: (schedule: Schedule) => void
  readonly isSent: (schedule: Schedule) => boolean
  readonly cancel: (key: Key & Pick<Schedule, "revision">) => void
  readonly done: (schedule: Schedule) => void
  readonly isStale: (schedule: Schedule) => boolean
}

interface Known {
  readonly revision: number
  /** Null: cancelled, up to and with the revision. */
  readonly at: number | null
  readonly isSent: boolean
}

export const makeRecentSchedules = (keptMax: number): RecentSchedules => {
  const known = new Map<string, Known>()
  const note = (id: string, what: Known): void => {
    known.delete(id)
    known.set(id, what)
    const [oldest] = known.keys()
    if (known.size > keptMax && oldest !== undefined) known.delete(oldest)
  }
  return {
    put: (schedule) => {
      const before = known.get(idOf(schedule))
      if (before !== undefined && before.at !== null && before.revision > schedule.revision) return false
      const isSent = before?.revision === schedule.revision && before.at === schedule.at && before.isSent
      note(idOf(schedule), { revision: schedule.revision, at: schedule.at, isSent })
      return true
    },
    sent: (schedule) => {
      const before = known.get(idOf(schedule))
      if (before?.revision === schedule.revision && before.at === schedule.at)
        note(idOf(schedule), { ...before, isSent: true })
    },
    isSent: (schedule) => known.get(idOf(schedule))?.isSent ?? false,
    cancel: (key) => {
      const before = known.get(idOf(key))
      if (before === undefined || before.revision <= key.revision)
        note(idOf(key), { revision: key.revision, at: null, isSent: false })
    },
    done: (schedule) => {
      if (known.get(idOf(schedule))?.revision === schedule.revision) known.delete(idOf(schedule))
    },
    isStale: (schedule) => {
      const newest = known.get(idOf(schedule))
      if (newest === undefined || newest.revision < schedule.revision) return false
      return newest.revision > schedule.revision || newest.at !== schedule.at
    }
  }
}

const idOf = ({ group, name }: Key): string => JSON.stringify([group, name])
