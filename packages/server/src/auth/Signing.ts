/**
 * Signatures over what the server hands out and wants back unchanged.
 *
 * Decides the algorithm: HMAC-SHA-256, with a key for each purpose drawn from the master key by HKDF (RFC 5869). The
 * first master key signs; all of them are taken when verifying, so that keys can be changed.
 */
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto"
import { Redacted } from "effect"

/** 32 bytes each; the first signs. */
export type SigningKeys = readonly [Redacted.Redacted<Uint8Array>, ...ReadonlyArray<Redacted.Redacted<Uint8Array>>]

export interface Signing {
  /** A signature over `content`, base64url. */
  readonly sign: (purpose: string, content: string) => string
  readonly isSigned: (purpose: string, content: string, signature: string) => boolean
}

const keyBytes = 32

export const makeSigning = ([first, ...rest]: SigningKeys): Signing => {
  const signing = derive(first)
  const all = [signing, ...rest.map(derive)]
  return {
    sign: (purpose, content) => mac(signing, purpose, content).toString("base64url"),
    isSigned: (purpose, content, signature) => {
      const given = Buffer.from(signature, "base64url")
      // Another spelling of the same bytes is another text.
      if (given.toString("base64url") !== signature) return false
      return all.some((key) => equal(mac(key, purpose, content), given))
    }
  }
}

const derive = (master: Redacted.Redacted<Uint8Array>): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync("sha256", Redacted.value(master), "punctual", "server signing", keyBytes)))

/** The length of the purpose stands first, so that no purpose can run into the content. */
const mac = (key: KeyObject, purpose: string, content: string): Buffer =>
  createHmac("sha256", key).update(`${purpose.length}\n${purpose}\n${content}`, "utf8").digest()

const equal = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other)
