/**
 * How long a value is as JSON in UTF-8, without writing it out as bytes.
 */

export const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value) ?? "")

/** Of a text, by what each of its code units takes. */
export const utf8Bytes = (text: string): number => {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Half of a pair takes two of the four bytes that the pair takes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
