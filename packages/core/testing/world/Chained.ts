/**
 * Which occurrences "always the next one" wants, by the people's own account: the first that has not ended, and the one
 * after each that has had its bot.
 * Decides nothing where it depends on what a lost answer left open.
 */
import type { Case } from "./Case.ts"
import { dateOfKey, intentOf } from "./Model.ts"

/** An occurrence that ends this near to now may count or not. */
const marginMillis = 4 * 60_000

export interface ChainedKeys {
  readonly required: ReadonlySet<string>
  /** May be wanted by a chain or not. */
  readonly excused: ReadonlySet<string>
}

export const chained = ({ bots, now, person, standing }: Case): ChainedKeys => {
  const required = new Set<string>()
  const excused = new Set<string>()
  for (const series of person.series.values()) {
    const occurrences = [...standing.values()].filter(({ seriesId }) => seriesId === series.providerId)
    const from = series.chainFrom
    // Bots that a chain has made stay while it stands, whatever changes before them.
    if (series.chain !== "no" || series.wasShifted) for (const { key } of occurrences) excused.add(key)
    if (series.chain !== "yes" || series.wasShifted) continue
    const upcoming = occurrences
      .filter(({ end, isCancelled, key }) => !isCancelled && end > now - marginMillis && dateOfKey(key) >= from)
      .toSorted((a, b) => a.start - b.start)
    for (const { end, key, start, url } of upcoming) {
      const intent = intentOf(person, key)
      if (Math.abs(end - now) <= marginMillis || intent.excluded === "unknown") break
      if (url === null || intent.excluded === "yes") continue
      required.add(key)
      const isDone = (bots.get(key) ?? []).some(
        (bot) => (bot.status === "Launched" || bot.status === "Failed") && start < bot.end
      )
      if (!isDone) break
    }
  }
  return { required, excused }
}
