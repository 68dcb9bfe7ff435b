/**
 * How much goes into one transaction.
 * Decides that both limits are kept, items and bytes, with room for what every transaction carries beside.
 */

/** Of DynamoDB's 100, with room for the user's state, a calendar, and notes. */
export const itemsMax = 90

/** Of DynamoDB's 4 MB. A character is three bytes at most. */
export const charactersMax = 1_200_000

interface Limits {
  readonly items: number
  readonly characters: number
}

/** In their order, each as large as it may be; what is too large by itself is alone, and refused by DynamoDB. */
export const inRequests = <A>(
  items: ReadonlyArray<A>,
  sizeOf: (item: A) => number,
  limits: Limits
): ReadonlyArray<ReadonlyArray<A>> => {
  const parts: Array<Array<A>> = []
  let size = Infinity
  for (const item of items) {
    const own = sizeOf(item)
    const part = parts.at(-1)
    if (part === undefined || part.length >= limits.items || size + own > limits.characters) {
      parts.push([item])
      size = own
    } else {
      part.push(item)
      size += own
    }
  }
  return parts
}
