/**
 * Answers as pages show them, held to those that a server gives.
 * Decides what counts as held: an answer may have more members, never fewer or others; `…` stands for the rest of a text.
 */

/** Members of the example that the answer has not, or has otherwise. */
export const differing = (example: unknown, actual: unknown, at = "$"): ReadonlyArray<string> => {
  if (typeof example === "string" && example.endsWith("…")) {
    return String(actual).startsWith(example.slice(0, -1)) ? [] : [`${at}: ${String(actual)}`]
  }
  if (Array.isArray(example)) {
    if (!Array.isArray(actual) || actual.length !== example.length) return [`${at}: ${JSON.stringify(actual)}`]
    return example.flatMap((each, n) => differing(each, actual[n], `${at}.${n}`))
  }
  if (typeof example === "object" && example !== null) {
    return Object.entries(example).flatMap(([name, value]) =>
      differing(value, (actual as Readonly<Record<string, unknown>> | null)?.[name], `${at}.${name}`)
    )
  }
  return example === actual ? [] : [`${at}: ${JSON.stringify(actual)}`]
}
