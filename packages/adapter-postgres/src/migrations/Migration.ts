/**
 * What a migration may consist of.
 * Decides its forms: what is instant under a lock, and what follows in the running system, which locks nobody out.
 */
import type { RawBuilder } from "kysely"
import type { Result } from "effect"

export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly number: number
  readonly name: string
  /** Instant, however many rows there are. Run in one transaction with all that are outstanding. */
  readonly statements: ReadonlyArray<string>
  /** What takes as long as there are rows. Done in this order while the system works, and gone on with after a restart. */
  readonly afterStart?: ReadonlyArray<AfterStart>
}

export type AfterStart = BuildIndex | Fill

/** An index that is built beside writes. */
export interface BuildIndex {
  readonly kind: "index"
  readonly name: string
  readonly isUnique?: boolean
  /** What follows `on`: `punctual.bots (user_id, join_at) where …`. */
  readonly on: string
}

/** Values for rows that were there before a column was. Readers take a row without one as the older release wrote it. */
export interface Fill {
  readonly kind: "fill"
  readonly name: string
  /** Rows beyond a key, in the key's order, locked (`for update`): only those that need a value. */
  readonly rows: (after: FillKey | null, limit: number) => RawBuilder<FillRow>
  readonly keyOf: (row: FillRow) => FillKey
  /** What one row is to hold. A failure says what is wrong with the row: it is counted, and left as it is. */
  readonly valueOf: (row: FillRow) => Result.Result<unknown, string>
  /** The statement that writes a batch. One that the database refuses is written row by row, without those it refuses. */
  readonly write: (rows: ReadonlyArray<Filling>) => RawBuilder<unknown>
}

export interface Filling {
  readonly row: FillRow
  readonly value: unknown
}

/** The values of a key's columns. */
export type FillKey = ReadonlyArray<string | number>

export type FillRow = Readonly<Record<string, unknown>>
