/**
 * Character references of HTML: every numeric one, and the named ones that can spell a part of an address. Others stay as
 * they are; they stand for characters that end an address anyway.
 */

/** The text with its references replaced by what they stand for, once: `&amp;amp;` becomes `&amp;`. */
export const decodeEntities = (text: string): string =>
  text.includes("&")
    ? text.replace(
        reference,
        (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
          if (decimal !== undefined) return character(Number(decimal))
          if (hex !== undefined) return character(Number.parseInt(hex, 16))
          return named.get(name ?? "") ?? whole
        }
      )
    : text

/** Browsers do without the semicolon after a number; named references without one are left to a human's eye. */
const reference = /&(?:#(\d+);?|#x([\da-f]+);?|([a-z]+);)/gi

const named = new Map([
  ["amp", "&"],
  ["AMP", "&"],
  ["lt", "<"],
  ["LT", "<"],
  ["gt", ">"],
  ["GT", ">"],
  ["quot", '"'],
  ["QUOT", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["Tab", "\t"],
  ["NewLine", "\n"],
  ["colon", ":"],
  ["sol", "/"],
  ["bsol", "\\"],
  ["period", "."],
  ["comma", ","],
  ["semi", ";"],
  ["quest", "?"],
  ["excl", "!"],
  ["num", "#"],
  ["equals", "="],
  ["percnt", "%"],
  ["plus", "+"],
  ["commat", "@"],
  ["lowbar", "_"],
  ["dollar", "$"],
  ["ast", "*"],
  ["lpar", "("],
  ["rpar", ")"],
  ["lbrack", "["],
  ["lsqb", "["],
  ["rbrack", "]"],
  ["rsqb", "]"],
  ["lbrace", "{"],
  ["lcub", "{"],
  ["rbrace", "}"],
  ["rcub", "}"]
])

const codePointMax = 0x10ffff

/** What no character can be shown for becomes the replacement character, as in browsers. */
const character = (code: number): string => {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  return code === 0 || code > codePointMax || isSurrogate ? "\ufffd" : String.fromCodePoint(code)
}
