/**
 * One item of a delta round or a view → what it says.
 *
 * Decides which of the four kinds of change an item is. Never takes an absence or an `@removed` for a fact: both are
 * questions that whoever holds something asks by id.
 */
import { Result } from "effect"
import type { ChangeItem } from "@punctual/core"
import { eventOf, spanOf } from "./Event.ts"
import { type GraphItem, isRemoved, isThin, readGraphItem } from "./GraphItem.ts"
import type { Rejection } from "./Rejection.ts"
import { seriesOf } from "./Series.ts"

export const toChange = (json: unknown): Result.Result<ChangeItem, Rejection> =>
  Result.flatMap(readGraphItem(json), changeOf)

/** The items of a page in their order, and how many were not understood, by reason. */
export const toChanges = (
  page: ReadonlyArray<unknown>
): { readonly items: ReadonlyArray<ChangeItem>; readonly rejections: ReadonlyArray<Rejection> } => {
  const items: Array<ChangeItem> = []
  const rejections: Array<Rejection> = []
  for (const json of page) {
    const change = toChange(json)
    if (Result.isSuccess(change)) items.push(change.success)
    else rejections.push(change.failure)
  }
  return { items, rejections }
}

const changeOf = (item: GraphItem): Result.Result<ChangeItem, Rejection> => {
  if (isRemoved(item)) return Result.succeed({ kind: "removed", providerId: item.id })
  if (item.kind === "master") return Result.succeed({ kind: "series", series: seriesOf(item, null) })
  if (isThin(item)) {
    return Result.map(spanOf(item), ({ start, end }) => ({
      kind: "occurrence" as const,
      providerId: item.id,
      // `readGraphItem` lets no bare occurrence through that names no series.
      seriesProviderId: item.seriesId ?? "",
      start,
      end,
      raw: item.json
    }))
  }
  return Result.map(eventOf(item), (event) => ({ kind: "event" as const, event }))
}
