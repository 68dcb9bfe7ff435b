/**
 * A part of a series with one rule and one content: all of it, but for changes that hold from some occurrence on.
 * Shapes alone.
 */
import type { FileEvent } from "./FileEvent.ts"
import type { Layout } from "./Layout.ts"

export interface Piece {
  readonly source: FileEvent
  readonly layout: Layout
  readonly providerId: string
  /** By original start. */
  readonly changes: ReadonlyMap<number, Change>
  /** Lengths by start. */
  readonly extras: ReadonlyMap<number, number>
  readonly takenOut: ReadonlySet<number>
}

/** What is changed at one original start: that occurrence, or all from it on. */
export interface Change {
  readonly single: FileEvent | null
  readonly onward: FileEvent | null
}
