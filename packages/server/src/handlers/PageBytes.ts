/**
 * A page that ends before it becomes too long.
 * Decides how many of the events found are shown: as many as the limit takes, one at least. What is left out comes with
 * the next page.
 */
import { type EventsPage, jsonBytes, utf8Bytes } from "@punctual/core"

type Found = Pick<EventsPage, "items" | "hasMore">

/** `backwards`: the page grows from its last event. */
export const fitPage = <Page extends Found>(page: Page, backwards: boolean, bytesMax: number): Page => {
  const inTurn = backwards ? page.items.toReversed() : page.items
  let bytes = 0
  const count = inTurn.findIndex((item, index) => {
    bytes += bytesOf(item)
    return index > 0 && bytes > bytesMax
  })
  if (count === -1) return page
  const kept = inTurn.slice(0, count)
  return { ...page, items: backwards ? kept.toReversed() : kept, hasMore: true }
}

/** The provider's item and bots are what makes an event long; the rest of it is measured as it is kept. */
const bytesOf = ({ bots, event, rawText }: Found["items"][number]): number =>
  utf8Bytes(rawText) + jsonBytes(bots) + jsonBytes(event)
