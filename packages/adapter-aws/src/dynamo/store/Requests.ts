/**
 * How much goes into one transaction.
 * Decides that both limits are kept, items and size, with room for what every transaction carries beside.
 */

/** Of DynamoDB's 100, with room for the user's state, a calendar, and notes. */
export const itemsMax = 90

/**
 * Write units of one transaction: a user's partition takes a thousand a second, and must serve others meanwhile. That is
 * also far below DynamoDB's 4 MB.
 */
export const unitsMax = 400

/** Of a row in a transaction, which counts twice: its kilobytes, and four keys of local indexes at most. */
export const unitsOf = (text: string): number => 2 * (Math.ceil(Buffer.byteLength(text) / unitBytes) + indexKeys)

const unitBytes = 1_024
const indexKeys = 4

interface Limits {
  readonly items: number
  /** Of all together, in what `sizeOf` counts. */
  readonly size: number
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
    if (part === undefined || part.length >= limits.items || size + own > limits.size) {
      parts.push([item])
      size = own
    } else {
      part.push(item)
      size += own
    }
  }
  return parts
}
