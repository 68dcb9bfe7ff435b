/**
 * Master keys for tests: the same ones each time, so that a failure can be repeated.
 */
import { type MasterKeys, keyOf } from "../src/sealing/MasterKey.ts"

/** A key for each letter, the first of which encrypts. */
export const keysOf = (first: string, ...rest: ReadonlyArray<string>): MasterKeys => [
  keyOf(bytesOf(first)),
  ...rest.map((letter) => keyOf(bytesOf(letter)))
]

const bytesOf = (letter: string): Uint8Array => Buffer.alloc(32, letter)
