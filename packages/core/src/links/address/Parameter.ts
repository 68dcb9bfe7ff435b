/**
 * Reads single parameters out of a query without touching the rest. Nothing is decoded unless asked, and then once:
 * "+" stays "+", since the addresses inside queries use it literally.
 */

/** The raw value of the first parameter of that name; null where there is none. */
export const parameter = (query: string, name: string): string | null => {
  const prefix = `${name}=`
  const pair = query.split("&").find((pair) => pair.startsWith(prefix))
  return pair === undefined ? null : pair.slice(prefix.length)
}

/** Whether the parameter is there and says something. */
export const hasParameter = (query: string, name: string): boolean => (parameter(query, name) ?? "") !== ""

/** The parameter's value where it could be an identifier: no empty text, no separators. */
export const idParameter = (query: string, name: string): string | null => {
  const value = parameter(query, name)
  return value !== null && /^[\w.~%+=-]+$/.test(value) ? value : null
}

/** The parameters of these names in the order and spelling in which they stand, with "?" before them if there are any. */
export const onlyParameters = (query: string, names: readonly string[]): string => {
  const kept = query.split("&").filter((pair) => names.some((name) => pair.startsWith(`${name}=`)))
  return kept.length === 0 ? "" : `?${kept.join("&")}`
}

/** Percent-decoded once; null for a missing or malformed text. */
export const decodeOnce = (text: string | null): string | null => {
  if (text === null) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** One character per byte, from base64 in either alphabet, padded or not; null for a missing or malformed text. */
export const decodeBase64 = (text: string | null): string | null => {
  if (text === null) return null
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  } catch {
    return null
  }
}

/** The object that a text spells in JSON; null for anything else. */
export const decodeJsonObject = (text: string | null): Readonly<Record<string, unknown>> | null => {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
