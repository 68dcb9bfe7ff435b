/** What pages of a round tell, in words, and the cursor that they end with. */
import { assert } from "@effect/vitest"
import type { ChangeItem, ChangePage } from "@punctual/core"

export const told = (pages: ReadonlyArray<ChangePage>): ReadonlyArray<string> =>
  pages.flatMap(({ items }) => items).map(wordsOf)

const wordsOf = (item: ChangeItem): string => {
  switch (item.kind) {
    case "event":
      return `${item.event.kind} ${item.event.providerId}`
    case "series":
      return `series ${item.series.providerId}`
    default:
      return `${item.kind} ${item.providerId}`
  }
}

export const cursorOf = (pages: ReadonlyArray<ChangePage>): string => pages.at(-1)?.cursor ?? assert.fail("no cursor")
