/**
 * How many there are of each name right now. Decides that a name of which there is none left is forgotten, so that memory
 * follows what is going on.
 */

export const raise = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1)

export const lower = (counts: Map<string, number>, name: string): void => {
  const left = (counts.get(name) ?? 1) - 1
  if (left === 0) counts.delete(name)
  else counts.set(name, left)
}
