/**
 * The zone of a calendar whose provider tells none of its own: that takes a permission of the account's in some.
 * Decides that it is the one that most of the events are in; of two that are used as often, the one that comes first.
 */

/** Null: none is. */
export const mostUsedZone = (zones: ReadonlyArray<string>): string | null => {
  const counts = new Map<string, number>()
  for (const zone of zones) if (zone !== "") counts.set(zone, (counts.get(zone) ?? 0) + 1)
  let most: string | null = null
  for (const [zone, count] of counts) if (most === null || count > (counts.get(most) ?? 0)) most = zone
  return most
}
