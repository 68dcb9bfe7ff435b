/**
 * What there is to tell of a feed in a window: of each meeting and series a mark, and where it is read again.
 * Decides how much of one feed is told at all.
 */
import type { Span } from "@punctual/core"
import type { Slices } from "../text/Slices.ts"
import type { Family } from "../events/Family.ts"
import { keyOf } from "./Marks.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import { markOf, toldOf } from "./Telling.ts"

export interface Listing {
  readonly span: Span
  /** By their keys, in the order of the feed. */
  readonly told: Map<string, Listed>
  items: number
  /** More than one pass tells; what is listed is not all. */
  isTooMuch: boolean
}

export interface Listed {
  readonly providerId: string
  /** The id of its family. */
  readonly family: string
  /** Of what is told of it. */
  readonly mark: string
  /** Something of its family can't be read: what is told here may be less than there is. */
  readonly isDoubtful: boolean
}

export const newListing = (span: Span): Listing => ({ span, told: new Map(), items: 0, isTooMuch: false })

export function* listFamily(
  listing: Listing,
  id: string,
  family: Family,
  { itemsMax, occurrencesMax }: Pick<FeedLimits, "itemsMax" | "occurrencesMax">
): Slices<void> {
  if (listing.isTooMuch) return
  for (const told of toldOf(family, listing.span, occurrencesMax)) {
    const { items, providerId } = told
    listing.items += items.length
    listing.isTooMuch = listing.items > itemsMax
    if (listing.isTooMuch) return
    listing.told.set(keyOf(providerId), {
      providerId,
      family: id,
      mark: yield* markOf(told),
      isDoubtful: family.isUnread
    })
  }
}
