/**
 * Takes off what clings to an address: the sentence's punctuation, quotes, brackets that were opened before it, and
 * ampersands that were escaped once too often. Never touches the inside of an address, so `pwd=abc.1.` loses one dot.
 */

/** Layers of `&amp;amp;…` seen in real mail: two. */
const escapeLayersMax = 3

/** The address itself. Time is linear in its length: brackets are counted once, before any is taken off. */
export const trimAddress = (text: string): string => {
  const address = text.includes("&") ? cutAtEscape(unescapeAmpersands(text)) : text
  let surplus: Map<string, number> | undefined
  let end = address.length
  for (;;) {
    const last = address.charAt(end - 1)
    if (last !== "" && punctuation.includes(last)) end -= 1
    else if (isEscapedBracket(address, end)) end -= 3
    else if (openerOf.has(last)) {
      surplus ??= surplusClosers(address)
      const extra = surplus.get(last) ?? 0
      if (extra <= 0) return address.slice(0, end)
      surplus.set(last, extra - 1)
      end -= 1
    } else return address.slice(0, end)
  }
}

const punctuation = ".,;:!?'\"*>"

/** "%3E": the ">" of `<https://…>`, escaped by whoever made a link of too much. */
const isEscapedBracket = (address: string, end: number): boolean =>
  address.startsWith("%3", end - 3) && /e/i.test(address.charAt(end - 1))

const unescapeAmpersands = (text: string): string => {
  let plain = text
  for (let layer = 0; layer < escapeLayersMax && /&amp;/i.test(plain); layer++) plain = plain.replace(/&amp;/gi, "&")
  return plain
}

/** An escaped bracket, quote or space was markup around the address once, and ends it. */
const cutAtEscape = (text: string): string => {
  const at = text.search(/&(?:gt|lt|quot|nbsp);/i)
  return at < 0 ? text : text.slice(0, at)
}

const openerOf = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"]
])

/** How many closing brackets of each kind have no opening one inside the address. */
const surplusClosers = (text: string): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const bracket of text.match(/[()[\]{}]/g) ?? []) counts.set(bracket, (counts.get(bracket) ?? 0) + 1)
  return new Map(
    [...openerOf].map(([closer, opener]) => [closer, (counts.get(closer) ?? 0) - (counts.get(opener) ?? 0)])
  )
}
