/**
 * Every migration, in order. A migration that was published is never changed: the next one mends it. The older release
 * goes on running beside the newer schema for a while, so a migration adds and relaxes; what it takes away was out of use
 * one release before. Its file is named by its number and by what it adds.
 */
import { initial } from "./M0001_Initial.ts"

export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly number: number
  readonly name: string
  /** Run one after the other, in one transaction with all that are outstanding. */
  readonly statements: ReadonlyArray<string>
}

export const migrations: ReadonlyArray<Migration> = [{ number: 1, name: "initial", statements: initial }]
