/**
 * What of a feed is told to a reader who was told of it before.
 * Decides what is left as it was told, because it can't be read as it stands, and what is said to be gone: nothing that the
 * reader was not told of.
 */
import type { ChangeItem } from "@punctual/core"
import { type FeedContent, isUnread } from "./FeedContent.ts"
import type { FeedState, Telling } from "./FeedMemory.ts"
import type { FeedCursor } from "./FeedCursor.ts"
import type { Listed, Listing } from "./Listing.ts"
import { type Marks, keyOf } from "./Marks.ts"
import { type Recollected, recollect } from "./MarkSums.ts"

/** What a reader with this cursor was told, as far as it is known. */
export const knownTo = (
  { marks, sum }: FeedCursor,
  { tellings }: FeedState,
  listing: Listing,
  content: FeedContent
): Recollected => {
  const known = tellings.get(sum)?.marks ?? marks
  return "shares" in known
    ? recollect(known, listing.told, [...content.unread].map(keyOf))
    : { marks: known, isAll: true }
}

/** What was told to a reader who came again with the same cursor: that pass was broken off somewhere on the way. */
export const unsettledSince = ({ tellings }: FeedState, since: string): ReadonlyArray<Telling> =>
  [...tellings].flatMap(([sum, telling]) => (telling.since === since && sum !== since ? [telling] : []))

export interface Compared {
  readonly all: ReadonlyArray<Listed>
  readonly changed: ReadonlyArray<Listed>
  /** Of what is told by the end of this pass. */
  readonly marks: Map<string, string>
  readonly names: ReadonlyMap<string, string>
}

export const compare = (listing: Listing, known: Marks | null, unsettled: ReadonlyArray<Telling>): Compared => {
  const all: Array<Listed> = []
  const changed: Array<Listed> = []
  const marks = new Map<string, string>()
  const names = new Map<string, string>()
  for (const [key, listed] of listing.told) {
    const { isDoubtful, mark, providerId } = listed
    const former = known?.get(key)
    names.set(key, providerId)
    // Of what was told before, and can't be read as it stands, what was told holds.
    const isLeft = isDoubtful && former !== undefined && former !== mark
    marks.set(key, isLeft ? former : mark)
    if (isLeft) continue
    all.push(listed)
    if (former !== mark || unsettled.some((telling) => telling.marks.has(key) && telling.marks.get(key) !== mark)) {
      changed.push(listed)
    }
  }
  return { all, changed, marks, names }
}

export interface Gone {
  /** Null: of some of it the id is not known. */
  readonly removed: ReadonlyArray<ChangeItem> | null
  /** Something is in the feed no more, not even at another time. */
  readonly isAnyAbsent: boolean
}

/** What was told and is not there now. What can't be read keeps its mark. */
export const goneFrom = (
  content: FeedContent,
  { isAll, marks: known }: Recollected,
  unsettled: ReadonlyArray<Telling>,
  marks: Map<string, string>,
  { tellings }: FeedState
): Gone => {
  let removed: Array<ChangeItem> | null = isAll ? [] : null
  let isAnyAbsent = !isAll
  let here: ReadonlyMap<string, string> | null = null
  const told = new Map([...unsettled.flatMap((telling) => [...telling.marks]), ...known])
  for (const [key, mark] of told) {
    if (marks.has(key)) continue
    here ??= namesIn(content)
    const isAbsent = !here.has(key)
    const providerId = here.get(key) ?? [...tellings.values()].map(({ names }) => names.get(key)).find(Boolean)
    if (providerId !== undefined && isUnread(content, providerId)) {
      if (known.has(key)) marks.set(key, mark)
      continue
    }
    isAnyAbsent ||= isAbsent && known.has(key)
    if (providerId === undefined) removed = null
    else removed?.push({ kind: "removed", providerId })
  }
  return { removed, isAnyAbsent }
}

/** What is there, at whatever time, and what stands there and can't be read. */
const namesIn = ({ file, hollow, others, unread }: FeedContent): ReadonlyMap<string, string> => {
  const ids = [...file.ids()].filter((id) => !hollow.has(id) || unread.has(id))
  return new Map([...ids, ...others].map((providerId) => [keyOf(providerId), providerId]))
}
