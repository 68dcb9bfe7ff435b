/**
 * The part of a provider's item that is kept in the mirror: body and attendees are cut to a limit.
 */

/** What is kept of a provider's item. */
export const rawBodyCharactersMax = 32 * 1024

export const rawAttendeesMax = 100

/** Body and attendees cut to what is kept. Total on any JSON. */
export const trimRaw = (raw: unknown): { readonly raw: unknown; readonly isTruncated: boolean } => {
  if (!isMembers(raw)) return { raw, isTruncated: false }
  const body = raw["body"]
  const content = isMembers(body) ? body["content"] : undefined
  const isLongBody = typeof content === "string" && content.length > rawBodyCharactersMax
  const attendees = raw["attendees"]
  const isCrowded = Array.isArray(attendees) && attendees.length > rawAttendeesMax
  if (!isLongBody && !isCrowded) return { raw, isTruncated: false }
  return {
    raw: {
      ...raw,
      ...(isLongBody && isMembers(body) ? { body: { ...body, content: cut(content) } } : {}),
      ...(isCrowded ? { attendees: attendees.slice(0, rawAttendeesMax) } : {})
    },
    isTruncated: true
  }
}

/** Never between the two halves of one character: half a one is no text, and databases refuse it. */
const cut = (text: string): string => {
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(rawBodyCharactersMax - 1))
  return text.slice(0, isSplit ? rawBodyCharactersMax - 1 : rawBodyCharactersMax)
}

export const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
