/**
 * The keys under which secrets rest.
 * Decides which texts are keys, and makes one where a host has none. Never prints a key, and never says of a bad one more
 * than which it was.
 */
import { Effect, Redacted, Schema } from "effect"
import { hash, randomBytes } from "node:crypto"
import { link, mkdir, open, readFile, stat, unlink } from "node:fs/promises"
import { dirname } from "node:path"

/** AES-256. */
const keyBytes = 32

export interface MasterKey {
  /** 16 hex digits of the key's own digest: the same key has the same id everywhere. */
  readonly id: string
  readonly key: Redacted.Redacted<Uint8Array>
}

/** The first encrypts, all decrypt. */
export type MasterKeys = readonly [MasterKey, ...ReadonlyArray<MasterKey>]

export class MasterKeyInvalid extends Schema.TaggedError<MasterKeyInvalid>()("MasterKeyInvalid", {
  message: Schema.String
}) {}

/** Keys of 32 bytes in base64, separated by commas. */
export const parseMasterKeys = Effect.fnUntraced(function* (
  text: Redacted.Redacted<string>
): Effect.fn.Return<MasterKeys, MasterKeyInvalid> {
  const keys: Array<MasterKey> = []
  for (const [index, part] of Redacted.value(text).split(",").entries()) {
    const bytes = decode(part.trim())
    if (bytes === null) return yield* invalid(`master key ${index + 1} is not ${keyBytes} bytes in base64`)
    const key = keyOf(bytes)
    if (keys.some(({ id }) => id === key.id)) return yield* invalid(`master key ${index + 1} stands there twice`)
    keys.push(key)
  }
  const [first, ...rest] = keys
  return first === undefined ? yield* invalid("there is no master key") : [first, ...rest]
})

export const keyOf = (bytes: Uint8Array): MasterKey => ({
  id: hash("sha256", Buffer.concat([Buffer.from("punctual master key id\n"), bytes]), "hex").slice(0, 16),
  key: Redacted.make(bytes, { label: "master key" })
})

/** The keys in a file that its owner alone can read; where there is none, one is made. */
export const masterKeysFromFile = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<MasterKeys, MasterKeyInvalid> {
  yield* asked(path, () => ensureFile(path))
  const { mode } = yield* asked(path, () => stat(path))
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    return yield* invalid(`${path} can be read by others than its owner; run: chmod 600 ${path}`)
  }
  const text = yield* asked(path, () => readFile(path, "utf8"))
  return yield* Effect.mapError(
    parseMasterKeys(Redacted.make(text.trim())),
    ({ message }) => new MasterKeyInvalid({ message: `${path}: ${message}` })
  )
})

/** Written whole under another name first: a process that dies in between leaves no half key. */
const ensureFile = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const exists = await stat(path).then(
    () => true,
    () => false
  )
  if (exists) return
  const draft = `${path}.${randomBytes(6).toString("hex")}`
  const file = await open(draft, "wx", 0o600)
  try {
    await file.writeFile(`${randomBytes(keyBytes).toString("base64")}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (cause) {
    // Somebody else was first: theirs is the key.
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause
  } finally {
    await unlink(draft)
  }
  const folder = await open(dirname(path), "r")
  await folder.sync().finally(() => folder.close())
}

const decode = (text: string): Uint8Array | null => {
  const bytes = Buffer.from(text, "base64")
  const isWhole =
    bytes.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/")
  return isWhole && bytes.length === keyBytes ? bytes : null
}

const asked = <A>(path: string, run: () => Promise<A>): Effect.Effect<A, MasterKeyInvalid> =>
  Effect.tryPromise({
    try: run,
    catch: (cause) => new MasterKeyInvalid({ message: `${path}: ${cause instanceof Error ? cause.message : "failed"}` })
  })

const invalid = (message: string): Effect.Effect<never, MasterKeyInvalid> =>
  Effect.fail(new MasterKeyInvalid({ message }))
