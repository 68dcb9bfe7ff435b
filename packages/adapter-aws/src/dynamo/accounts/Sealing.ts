/**
 * Seals texts for rest in the table: AES-256-GCM under a key derived for each text from a master key and a fresh salt.
 * Decides the form of what rests: version (1 byte), master key's id (8), salt (32), IV (12), text, tag (16). What rests
 * opens in its own place alone. Never says why something did not open.
 */
import { Redacted } from "effect"
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

/** The first seals, all open. `id`: 16 hex digits; `key`: 32 bytes. */
export interface MasterKey {
  readonly id: string
  readonly key: Redacted.Redacted<Uint8Array>
}
export type MasterKeys = readonly [MasterKey, ...ReadonlyArray<MasterKey>]

/** Where a text rests: what it is and whose. */
export type Place = ReadonlyArray<string>

const algorithm = "aes-256-gcm"
const version = 1
const [idBytes, saltBytes, ivBytes, authTagLength, keyBytes] = [8, 32, 12, 16, 32]
const headerBytes = 1 + idBytes + saltBytes + ivBytes

export const seal = ([master]: MasterKeys, place: Place, text: string): Uint8Array => {
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(ivBytes)]
  const header = Buffer.concat([Buffer.of(version), Buffer.from(master.id, "hex"), salt, iv])
  const cipher = createCipheriv(algorithm, textKey(master, salt), iv, { authTagLength }).setAAD(boundTo(header, place))
  return Buffer.concat([header, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
}

/** Null: it does not open here with these keys. */
export const unseal = (keys: MasterKeys, place: Place, bytes: Uint8Array): string | null => {
  if (bytes.length < headerBytes + authTagLength || bytes[0] !== version) return null
  const sealed = Buffer.from(bytes)
  const header = sealed.subarray(0, headerBytes)
  const id = header.subarray(1, 1 + idBytes).toString("hex")
  const master = keys.find((key) => key.id === id)
  if (master === undefined) return null
  const salt = header.subarray(1 + idBytes, 1 + idBytes + saltBytes)
  const iv = header.subarray(1 + idBytes + saltBytes)
  const decipher = createDecipheriv(algorithm, textKey(master, salt), iv, { authTagLength })
    .setAAD(boundTo(header, place))
    .setAuthTag(sealed.subarray(-authTagLength))
  try {
    const text = decipher.update(sealed.subarray(headerBytes, -authTagLength))
    return Buffer.concat([text, decipher.final()]).toString("utf8")
  } catch {
    return null
  }
}

const textKey = (master: MasterKey, salt: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", Redacted.value(master.key), salt, "punctual accounts", keyBytes))

const boundTo = (header: Uint8Array, place: Place): Buffer =>
  Buffer.concat([header, Buffer.from(JSON.stringify(place), "utf8")])
