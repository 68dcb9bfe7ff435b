/**
 * Seals texts for rest: a fresh data key for each, wrapped by a master key (envelope encryption, AES-256-GCM twice).
 *
 * Decides the form of what rests: version (1 byte), master key's id (8), IV and wrapped data key with its tag (12 + 48),
 * IV and text with its tag (12 + n + 16). Both layers are bound to the place that the text rests in and to the key's id,
 * so that what is moved, swapped, cut or changed does not open. Never says why something did not open.
 */
import { DecryptFailed } from "@punctual/core"
import { Redacted, Result } from "effect"
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import type { MasterKey, MasterKeys } from "./MasterKey.ts"

/** Where a text rests: what it is and whose. Equal places only for the same row and column. */
export type Place = readonly [what: string, ...ReadonlyArray<string | number>]

export interface Sealed {
  readonly keyId: string
  readonly bytes: Uint8Array
}

const algorithm = "aes-256-gcm"
const version = 1
const keyIdBytes = 8
const keyBytes = 32
/** NIST SP 800-38D, 8.2: 96 bits. Random ones are safe for 2^32 texts a key, and each data key has one. */
const ivBytes = 12
/** Given to the decipher too: without it Node takes tags as short as four bytes. */
const authTagLength = 16

const wrappedBytes = ivBytes + keyBytes + authTagLength
const headerBytes = 1 + keyIdBytes

/** Under the first of the keys. */
export const seal = ([master]: MasterKeys, place: Place, text: string): Sealed => {
  const dataKey = randomBytes(keyBytes)
  const bytes = Buffer.concat([
    Buffer.of(version),
    Buffer.from(master.id, "hex"),
    encrypt(Redacted.value(master.key), boundTo(master, "key", place), dataKey),
    encrypt(dataKey, boundTo(master, "text", place), Buffer.from(text, "utf8"))
  ])
  dataKey.fill(0)
  return { keyId: master.id, bytes }
}

export const unseal = (
  keys: MasterKeys,
  place: Place,
  sealed: Uint8Array
): Result.Result<Redacted.Redacted<string>, DecryptFailed> => {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const keyId = bytes.subarray(1, headerBytes).toString("hex")
  const master = keys.find(({ id }) => id === keyId)
  if (master === undefined || bytes[0] !== version) return Result.fail(new DecryptFailed())
  const wrapped = bytes.subarray(headerBytes, headerBytes + wrappedBytes)
  const dataKey = decrypt(Redacted.value(master.key), boundTo(master, "key", place), wrapped)
  if (dataKey === null) return Result.fail(new DecryptFailed())
  const text = decrypt(dataKey, boundTo(master, "text", place), bytes.subarray(headerBytes + wrappedBytes))
  dataKey.fill(0)
  return text === null ? Result.fail(new DecryptFailed()) : Result.succeed(Redacted.make(text.toString("utf8")))
}

/** JSON, because no two lists of parts have the same. */
const boundTo = (master: MasterKey, layer: "key" | "text", place: Place): Buffer =>
  Buffer.from(JSON.stringify(["punctual", version, master.id, layer, ...place]))

/** IV, ciphertext, tag. */
const encrypt = (key: Uint8Array, aad: Buffer, plain: Buffer): Buffer => {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength }).setAAD(aad)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Null: too short, or the tag does not fit. */
const decrypt = (key: Uint8Array, aad: Buffer, bytes: Buffer): Buffer | null => {
  if (bytes.length < ivBytes + authTagLength) return null
  try {
    const tagStart = bytes.length - authTagLength
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength })
    decipher.setAAD(aad).setAuthTag(bytes.subarray(tagStart))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, tagStart)), decipher.final()])
  } catch {
    // `final` throws where the tag does not fit; what `update` gave is dropped unread.
    return null
  }
}
