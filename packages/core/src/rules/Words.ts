/**
 * Texts as rules compare them: folded, and found as whole words.
 *
 * Decides what of a text makes no difference (width, case, how much space), and where a word begins and ends. The case is
 * the root locale's simple one, letter by letter: what a language makes of its last letters or its dotted ones is not
 * looked at.
 */

/** NFKC, then lower case; a run of white space is one space. */
export const foldText = (text: string): string =>
  text
    .normalize("NFKC")
    .replaceAll(contextual, (letter) => (letter === "\u03a3" ? "\u03c3" : "i"))
    .toLowerCase()
    .replaceAll(space, " ")

/** The letters whose full lower case is not the simple one: the capital sigma, and the capital i with a dot. */
const contextual = /[\u03a3\u0130]/g

/** Space that is not one space already. What `\s` lacks is the next-line character. */
const space = /[\s\u0085]{2,}|[^\S ]|\u0085/g

/** Words to look for, folded once. */
export interface FoldedWords {
  readonly text: string
  /** The edges that are letters or digits: no other may stand beside them. */
  readonly needsStart: boolean
  readonly needsEnd: boolean
}

export const foldWords = (words: string): FoldedWords => {
  const text = foldText(words)
  return { text, needsStart: startsInWord.test(text), needsEnd: endsInWord.test(text) }
}

/** Whether a folded text has the words as whole ones. */
export const hasWords = (text: string, { needsEnd, needsStart, text: words }: FoldedWords): boolean => {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const isWhole = !(needsStart && isWordBefore(text, at)) && !(needsEnd && isWordAt(text, at + words.length))
    if (isWhole) return true
  }
  return false
}

const wordCharacter = /[\p{L}\p{N}\p{M}_]/u
const startsInWord = /^[\p{L}\p{N}\p{M}_]/u
const endsInWord = /[\p{L}\p{N}\p{M}_]$/u

const isWordAt = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at)
  return unit < 0x80 ? isAsciiWord(unit) : at < text.length && wordCharacter.test(characterAt(text, at))
}

const isWordBefore = (text: string, at: number): boolean => {
  if (at === 0) return false
  const unit = text.charCodeAt(at - 1)
  if (unit < 0x80) return isAsciiWord(unit)
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff && at > 1
  return wordCharacter.test(isSecondHalf ? characterAt(text, at - 2) : text.charAt(at - 1))
}

/** The character, which may be two units long. */
const characterAt = (text: string, at: number): string => String.fromCodePoint(text.codePointAt(at) ?? 0)

/** `0-9`, `A-Z`, `_`, `a-z`. */
const isAsciiWord = (unit: number): boolean =>
  (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95
