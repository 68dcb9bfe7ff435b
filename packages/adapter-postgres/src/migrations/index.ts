/**
 * Every migration, in order. A migration that was published is never changed: the next one mends it. The older release
 * goes on running beside the newer schema for a while, so a migration adds and relaxes; what it takes away was out of use
 * one release before. Its file is named by its number and by what it adds. What may stand in it: CONTRIBUTING.
 */
import type { Migration } from "./Migration.ts"
import { initial } from "./M0001_Initial.ts"

export const migrations: ReadonlyArray<Migration> = [{ number: 1, name: "initial", statements: initial }]
