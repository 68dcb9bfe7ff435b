/**
 * The bytes of a calendar file as text.
 * Decides the encoding: what a byte order mark says, else UTF-8 where the bytes are, else Windows-1252. Writers fold lines
 * by bytes, so that a fold may stand within a character: it is then moved behind it, and every line keeps its number.
 */

export const decodeText = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes)
  return utf8(bytes) ?? utf8(mended(bytes)) ?? new TextDecoder("windows-1252").decode(bytes)
}

/** Null where the bytes are no UTF-8. */
const utf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    // A TypeError is the decoder's only way to say so.
    return null
  }
}

/** With each fold that parts a character behind that character. */
const mended = (bytes: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(bytes.length)
  let length = 0
  let missing = 0
  let held: ReadonlyArray<number> = []
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    const fold = missing > 0 && held.length === 0 ? foldAt(bytes, at) : 0
    if (fold > 0) {
      held = [...bytes.subarray(at, at + fold)]
      at += fold - 1
      continue
    }
    whole[length++] = byte
    missing = (byte & 0xc0) === 0x80 ? Math.max(0, missing - 1) : trailing(byte)
    if (missing === 0 && held.length > 0) {
      whole.set(held, length)
      length += held.length
      held = []
    }
  }
  return whole.subarray(0, length)
}

/** Bytes that follow the first one of a character. */
const trailing = (byte: number): number => (byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0)

/** The length of the fold that begins here; 0 for none. */
const foldAt = (bytes: Uint8Array, at: number): number => {
  const line = bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : bytes[at] === 0x0a ? 1 : 0
  const blank = bytes[at + line]
  return line > 0 && (blank === 0x20 || blank === 0x09) ? line + 1 : 0
}
