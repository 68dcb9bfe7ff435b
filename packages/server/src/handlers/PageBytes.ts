/**
 * A page that ends before it becomes too long.
 * Decides how many of the events found are shown: as many as the limit takes as they are written, one at least. What is
 * left out comes with the next page.
 */
import { utf8Bytes } from "@punctual/core"

interface FittedPage<Item> {
  /** Those given, where all of them fit. */
  readonly items: ReadonlyArray<Item>
  readonly texts: ReadonlyArray<string>
}

/** `backwards`: the page grows from its last event. Each is written once, and only one that is not shown. */
export const fitPage = <Item>(
  items: ReadonlyArray<Item>,
  backwards: boolean,
  bytesMax: number,
  write: (item: Item) => string
): FittedPage<Item> => {
  const inTurn = backwards ? items.toReversed() : items
  const texts: Array<string> = []
  let bytes = 0
  for (const item of inTurn) {
    const text = write(item)
    bytes += utf8Bytes(text)
    if (texts.length > 0 && bytes > bytesMax) break
    texts.push(text)
  }
  const kept = texts.length === items.length ? items : inTurn.slice(0, texts.length)
  return {
    items: backwards && kept !== items ? kept.toReversed() : kept,
    texts: backwards ? texts.toReversed() : texts
  }
}
