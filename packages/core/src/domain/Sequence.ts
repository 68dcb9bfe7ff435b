/**
 * The order among the requests of one user.
 */
/** The number that intents made now carry: greater than every earlier one of this user. */
export const nextSeq = (slice: { readonly version: number }): number => slice.version + 1

/**
 * Order among requests of one user: a later request has the greater number. An explicit request lifts an
 * exclusion with a smaller number, and makes a new bot where one with a smaller number failed.
 */
export type Sequence = number
