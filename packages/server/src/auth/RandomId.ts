/**
 * Names that nobody can guess and that sort by nothing.
 * Decides their alphabet: lower-case letters and digits, never a `-`, which parts the name of a schedule.
 */
import { createHash, randomBytes, randomFillSync } from "node:crypto"

type Kind = "usr" | "key" | "wsp" | "req" | "rule"

/** 80 bits: no two of a billion meet by chance. */
const idBytes = 10

/** 256 bits: no guess succeeds, so no slow hash is needed (OWASP ASVS 5.0, 6.5.2). */
const secretBytes = 32

/** `usr_4f1c0a9be2d75a3c6e8f` */
export const randomId = (kind: Kind): string => {
  if (used === chance.length) {
    randomFillSync(chance)
    used = 0
  }
  used += idBytes
  return `${kind}_${chance.toString("hex", used - idBytes, used)}`
}

/** Every request has an id: chance is taken from the system for many of them at once. */
const chance = Buffer.alloc(idBytes * 256)
let used = chance.length

/** The same name from the same content. */
export const nameFrom = (kind: Kind, content: string): string =>
  `${kind}_${createHash("sha256")
    .update(`${kind}\n${content}`)
    .digest("hex")
    .slice(0, idBytes * 2)}`

/** `pk_…`, 256 bits of chance. */
export const randomApiKey = (): string => `pk_${randomSecret()}`

/** For keys, and for states and verifiers of a sign-in. */
export const randomSecret = (): string => randomBytes(secretBytes).toString("base64url")
