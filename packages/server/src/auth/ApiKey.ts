/**
 * API keys at rest: their digests alone.
 *
 * Decides how a key is recognised: by the SHA-256 of all of it, compared in constant time. A key is 256 bits of chance,
 * so nothing slower is needed; keys chosen by an operator are told apart in the same way.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import type { ApiKey } from "@punctual/core/accounts"
import type { Instant, UserId } from "@punctual/core"
import { randomApiKey, randomId } from "./RandomId.ts"

/** Hex. */
export const digestOf = (key: string): string => createHash("sha256").update(key, "utf8").digest("hex")

/** Whether two digests are the same, in a time that says nothing about where they differ. */
export const sameDigest = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one, "utf8"), Buffer.from(other, "utf8")]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Enough to know a key by in a list, too little to guess it from. */
const prefixLength = 7

export interface MadeKey {
  readonly key: ApiKey
  /** To be shown once. */
  readonly text: string
}

/** A new key, or the record of one that was chosen elsewhere. */
export const makeKey = (
  userId: UserId,
  now: Instant,
  given: { readonly text?: string; readonly id?: string } = {}
): MadeKey => {
  const text = given.text ?? randomApiKey()
  return {
    text,
    key: {
      id: given.id ?? randomId("key"),
      userId,
      digest: digestOf(text),
      prefix: text.slice(0, Math.min(prefixLength, Math.floor(text.length / 2))),
      createdAt: now,
      revokedAt: null
    }
  }
}
