/**
 * Why a sign-in by code failed: in our words, and in the provider's.
 * Decides how much of the provider's text is passed on: its first line.
 */

export interface SignInRefusal {
  /** What to do, in one or two sentences of ours. */
  readonly message: string
  /** The provider's first line; null where it said nothing. Text from outside: whoever shows it escapes it. */
  readonly said: string | null
}

const lineLengthMax = 400

/** Trace ids and timestamps follow on lines of their own. */
export const firstLine = (text: string): string | null => {
  const line = (text.split(/[\r\n]/, 1)[0] ?? "").replaceAll(/\p{Cc}/gu, "").trim()
  return line === "" ? null : line.slice(0, lineLengthMax)
}
