/**
 * Pages of a pass over a feed, each made when it is asked for: of a large feed never more than one stands in memory.
 * Decides how large a page is: a family stands whole on one.
 */
import type { ChangeItem, ChangePage, Span, Unavailable } from "@punctual/core"
import { Effect, Option, Stream } from "effect"
import type { Slices } from "../text/Slices.ts"
import type { FeedContent } from "./FeedContent.ts"
import type { FeedLimits } from "./FeedLimits.ts"
import type { Listed } from "./Listing.ts"
import type { FeedReader } from "./ReadFeed.ts"
import { toldOf, viewedOf } from "./Telling.ts"

export interface PassTold {
  readonly span: Span
  /** In the order of the feed. */
  readonly told: ReadonlyArray<Listed>
  readonly removed: ReadonlyArray<ChangeItem>
  readonly cursor: string
}

/** The last may be empty; the cursor is on it alone. */
export const pagesOf = (
  { limits, turns }: Pick<FeedReader, "limits" | "turns">,
  content: FeedContent,
  { cursor, removed, span, told }: PassTold
): Stream.Stream<ChangePage> => {
  const ids = new Set(told.map(({ providerId }) => providerId))
  const families = [...new Set(told.map(({ family }) => family))]
  return Stream.paginate(0, (from) =>
    Effect.map(turns.take(pageFrom(content, families, from, { span, ids, limits })), ({ items, next }) => {
      const isLast = next >= families.length
      const page: ChangePage = isLast
        ? { items: [...items, ...removed], rejected: 0, cursor }
        : { items, rejected: 0, cursor: null }
      return [[page], isLast ? Option.none() : Option.some(next)] as const
    })
  )
}

interface Page {
  readonly items: ReadonlyArray<ChangeItem>
  readonly next: number
}

function* pageFrom(
  { file }: FeedContent,
  families: ReadonlyArray<string>,
  from: number,
  { ids, limits, span }: { readonly ids: ReadonlySet<string>; readonly limits: FeedLimits; readonly span: Span }
): Slices<Page> {
  const items: Array<ChangeItem> = []
  let next = from
  for (const id of families.slice(from, from + limits.pageSize)) {
    if (items.length >= limits.pageSize) break
    const family = yield* file.family(id)
    for (const told of toldOf(family, span, limits.occurrencesMax)) {
      if (ids.has(told.providerId)) for (const item of copyOf(told.items)) items.push(item)
    }
    next++
  }
  return { items, next }
}

/** Everything in a span, page by page, until it is too much. */
export const viewOf = (
  { limits, turns }: Pick<FeedReader, "limits" | "turns">,
  content: FeedContent,
  span: Span,
  tooMuch: Unavailable
): Stream.Stream<ChangePage, Unavailable> => {
  const families = [...content.file.ids()]
  return Stream.paginate({ from: 0, told: 0 }, ({ from, told }) =>
    Effect.flatMap(turns.take(viewFrom(content, families, from, span, limits)), ({ items, next }) => {
      const all = told + items.length
      if (all > limits.itemsMax) return Effect.fail(tooMuch)
      const page: ChangePage = { items, rejected: 0, cursor: null }
      return Effect.succeed([
        [page],
        next < families.length ? Option.some({ from: next, told: all }) : Option.none()
      ] as const)
    })
  )
}

function* viewFrom(
  { file }: FeedContent,
  families: ReadonlyArray<string>,
  from: number,
  span: Span,
  { occurrencesMax, pageSize }: FeedLimits
): Slices<Page> {
  const items: Array<ChangeItem> = []
  let next = from
  while (next < families.length && items.length < pageSize) {
    const family = yield* file.family(families[next] ?? "")
    for (const item of copyOf([...viewedOf(family, span, occurrencesMax)])) items.push(item)
    next++
  }
  return { items, next }
}

/**
 * What a page holds lives on, and what reading makes dies at once. Were they made in the same places of the code, V8 would take
 * what is made there for long-lived once it met a page, and put all that is read from then on where it seldom collects.
 */
const copyOf = (items: ReadonlyArray<ChangeItem>): ReadonlyArray<ChangeItem> => structuredClone(items)
