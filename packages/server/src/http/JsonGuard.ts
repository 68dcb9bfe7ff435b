/**
 * Guards against request bodies that are no JSON, or JSON that this server does not take.
 *
 * Decides before anything is built from them: valid UTF-8, nested at most 32 deep, no character that storage can't keep.
 * `JSON.parse` accepts far deeper text than `JSON.stringify` can write again, so depth is judged on the text itself.
 */

/** Containers inside containers. */
export const jsonDepthMax = 32

export interface JsonFault {
  /** Members and positions from the outside in, joined by dots; empty: the text as a whole. */
  readonly path: string
  readonly message: string
}

export interface GuardedJson {
  readonly text: string
  readonly json: unknown
}

export type GuardResult = GuardedJson | { readonly fault: JsonFault }

/** Empty text is taken for an empty object: bodies may be left out. */
export const guardJson = (bytes: Uint8Array): GuardResult => {
  const text = decodeUtf8(bytes)
  if (text === null) return { fault: { path: "", message: "Expected text in UTF-8" } }
  if (text.trim() === "") return { text: "{}", json: {} }
  if (depthOf(text) > jsonDepthMax) {
    return { fault: { path: "", message: `Expected JSON nested at most ${jsonDepthMax} deep` } }
  }
  const value = parse(text)
  if (value === undefined) return { fault: { path: "", message: "Expected valid JSON" } }
  // Text that is JSON in UTF-8 holds NUL and half a character as escapes alone.
  const unstorable = text.includes("\\u") ? unstorableIn(value.json, "") : null
  return unstorable === null
    ? { text, json: value.json }
    : { fault: { path: unstorable, message: "Expected text without NUL or half a character" } }
}

/** Whether a text can be kept by every store: no NUL, no half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes("\u0000") && text.isWellFormed()

/** The greatest nesting of a JSON text, counted outside strings in one pass. */
export const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (isInString) {
      if (code === backslash) index++
      else if (code === quote) isInString = false
    } else if (code === quote) isInString = true
    else if (code === openBrace || code === openBracket) deepest = Math.max(deepest, ++depth)
    else if (code === closeBrace || code === closeBracket) depth--
  }
  return deepest
}

const quote = 34
const backslash = 92
const openBracket = 91
const closeBracket = 93
const openBrace = 123
const closeBrace = 125

const utf8 = new TextDecoder("utf-8", { fatal: true })

const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}

const parse = (text: string): { readonly json: unknown } | undefined => {
  try {
    return { json: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** The path of the first text that can't be kept. Recursion is bounded by the depth judged before. */
const unstorableIn = (value: unknown, path: string): string | null => {
  if (typeof value === "string") return isStorable(value) ? null : path
  if (typeof value !== "object" || value === null) return null
  for (const [member, inner] of Object.entries(value)) {
    const at = path === "" ? member : `${path}.${member}`
    const found = isStorable(member) ? unstorableIn(inner, at) : path
    if (found !== null) return found
  }
  return null
}
