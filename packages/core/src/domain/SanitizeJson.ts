/**
 * Makes a provider's item fit to be stored.
 *
 * Decides that an item nested too deeply is refused. Takes out what JSON can spell and a database can't store: the
 * character U+0000 and halves of surrogate pairs. Real items have neither, and pass through without a copy.
 */

/** Providers' own items nest to eight levels. */
const depthMax = 64

export type SanitizedJson = { readonly kind: "clean"; readonly json: unknown } | { readonly kind: "tooDeep" }

export const sanitizeJson = (json: unknown): SanitizedJson => {
  const found = inspect(json)
  if (found === "tooDeep") return { kind: "tooDeep" }
  return { kind: "clean", json: found === "dirty" ? copyClean(json) : json }
}

/** Walks with a list of its own: the call stack would be the first to give in. */
const inspect = (json: unknown): "clean" | "dirty" | "tooDeep" => {
  let verdict: "clean" | "dirty" = "clean"
  let level: Array<unknown> = [json]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) return "tooDeep"
    const below: Array<unknown> = []
    for (const value of level) {
      if (typeof value === "string") {
        if (isDirty(value)) verdict = "dirty"
      } else if (typeof value === "object" && value !== null) {
        for (const [member, inner] of Object.entries(value)) {
          if (isDirty(member)) verdict = "dirty"
          below.push(inner)
        }
      }
    }
    level = below
  }
  return verdict
}

const isDirty = (text: string): boolean => text.includes("\u0000") || !text.isWellFormed()

const cleanText = (text: string): string => text.replaceAll("\u0000", "").toWellFormed()

/** At most `depthMax` calls deep: `inspect` has looked. */
const copyClean = (json: unknown): unknown => {
  if (typeof json === "string") return cleanText(json)
  if (typeof json !== "object" || json === null) return json
  if (Array.isArray(json)) return json.map(copyClean)
  return Object.fromEntries(Object.entries(json).map(([member, value]) => [cleanText(member), copyClean(value)]))
}
