/**
 * Which of several versions of an event counts.
 * Decides it by SEQUENCE, then DTSTAMP; of two that are equal a cancellation, then the later in the file.
 */
import type { Problems } from "../text/Problem.ts"
import type { FileEvent } from "./FileEvent.ts"

/** The later of two versions of what has one UID and RECURRENCE-ID. */
export const latest = (a: FileEvent | null, b: FileEvent, problems: Problems): FileEvent => {
  if (a === null) return b
  const order = a.sequence - b.sequence || a.stampedAt - b.stampedAt || Number(a.isCancelled) - Number(b.isCancelled)
  const [chosen, other] = order > 0 ? [a, b] : [b, a]
  if (order === 0 && a.start.instant !== b.start.instant) {
    problems.add(
      other.line,
      `This event has the same UID, SEQUENCE and DTSTAMP as the one at line ${chosen.line}, which was taken instead: give each a UID of its own.`
    )
  }
  return chosen
}

/**
 * The version that counts of a series or single event. A cancellation may say no more than what is cancelled: the rest is
 * then told by the version before it.
 */
export const latestMaster = (versions: ReadonlyArray<FileEvent>, problems: Problems): FileEvent | null => {
  let best: FileEvent | null = null
  for (const version of versions) best = latest(best, version, problems)
  if (best === null || !best.isCancelled || best.rules.length > 0) return best
  let before: FileEvent | null = null
  for (const version of versions) {
    if (!version.isCancelled && version.rules.length > 0) before = latest(before, version, problems)
  }
  return before === null ? best : { ...before, isCancelled: true, sequence: best.sequence }
}
