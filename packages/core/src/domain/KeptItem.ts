/**
 * How much of a provider's own item is kept beside the mirror's rows. An adapter cuts an item to it before it hands it
 * over, since it alone knows which member is the body; links are found before the cut.
 */

/** The most that is kept of an item's body. */
export const rawBodyCharactersMax = 32 * 1024

/** The most people that are kept of an item's guest list. */
export const rawAttendeesMax = 100

/** A body's beginning. Never ends between the two halves of one character: half a one is no text, and databases refuse it. */
export const keptBody = (text: string): string => {
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(rawBodyCharactersMax - 1))
  return text.slice(0, isSplit && text.length > rawBodyCharactersMax ? rawBodyCharactersMax - 1 : rawBodyCharactersMax)
}
