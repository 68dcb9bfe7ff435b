/**
 * Texts as rules compare them: folded, and found as whole words.
 *
 * Decides what of a text makes no difference (width, case, how much space), and where a word begins and ends. The case is
 * the root locale's simple one, letter by letter: what a language makes of its last letters or its dotted ones is not
 * looked at. Most rules miss, and each is asked of each event: so a miss is told by what takes least. Of a text that is asked
 * for little that is a look at it as it was given; of one that is asked for much, what is worked out once for it.
 */

/** NFKC, then lower case; a run of white space is one space. */
export const foldText = (text: string): string => folded(text, isPlain(text))

const folded = (text: string, plain: boolean): string => {
  if (plain) return text.includes("  ") ? text.toLowerCase().replaceAll(space, " ") : text.toLowerCase()
  return text
    .normalize("NFKC")
    .replaceAll(contextual, (letter) => (letter === "\u03a3" ? "\u03c3" : "i"))
    .toLowerCase()
    .replaceAll(space, " ")
}

/** Only the case is to be folded, and runs of spaces. */
export const isPlain = (text: string): boolean => !beyondCase.test(text)

/**
 * Whatever is not sure to stay as it is but for its case, beside whatever else of these: ASCII; Latin, Greek, Cyrillic, Hebrew and
 * Arabic letters; quotes, dashes and the euro; kana, ideographs, Hangul. One class of characters and no other
 * branch, which would make a look through a text twice as long.
 */
const beyondCase =
  /[^ -~\u00c0-\u012f\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u0391-\u03a1\u03a4-\u03ce\u0400-\u0482\u048a-\u04ff\u05d0-\u05ea\u0620-\u064a\u2013\u2014\u2018-\u201e\u2022\u20ac\u3001\u3002\u3005\u300a-\u3011\u3041-\u3096\u309d\u309e\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3]/

/** The letters whose full lower case is not the simple one: the capital sigma, and the capital i with a dot. */
const contextual = /[\u03a3\u0130]/g

/** Space that is not one space already. What `\s` lacks is the next-line character. */
const space = /[\s\u0085]{2,}|[^\S ]|\u0085/g

/**
 * A text in which words are looked for: as it was given, until that has been done a few times; then folded. Asked for many, it
 * notes which pairs of neighbours it holds: each is one of 128 bits, which it shares with others. A text that lacks a bit of
 * some words lacks the words, which is told at once.
 */
export class FoldedText {
  private readonly given: string
  private plain: boolean | null = null
  /** Or is to be, when it is asked for the next time. */
  isFolded = false
  private looks = 0
  private whole: string | null = null
  private asked = 0
  private pairs: Pairs | null = null

  constructor(given: string) {
    this.given = given
  }

  /** Folded. */
  get text(): string {
    if (this.whole === null) {
      this.whole = folded(this.given, this.isPlain)
      this.isFolded = true
    }
    return this.whole
  }

  private get isPlain(): boolean {
    return (this.plain ??= isPlain(this.given))
  }

  /** Told without folding it. False: it may have some. */
  surelyLacksAll({ glance }: AnyWords): boolean {
    if (glance === null) return false
    this.isFolded = ++this.looks === looksBeforeFolding
    return this.isPlain && !glance.test(this.given)
  }

  /** False: it may have them. */
  surelyLacks({ pairs: wanted }: FoldedWords): boolean {
    if (this.asked < askedBeforePairs) {
      this.asked++
      return false
    }
    const [first, second, third, fourth] = (this.pairs ??= pairsIn(this.text))
    return ((wanted[0] & ~first) | (wanted[1] & ~second) | (wanted[2] & ~third) | (wanted[3] & ~fourth)) !== 0
  }
}

/** To fold a text takes as long as to look through it for so many lists of words. */
const looksBeforeFolding = 2

/** To note the pairs of a text takes as long as to look for so many words in it. */
const askedBeforePairs = 8

type Pairs = readonly [number, number, number, number]

const pairsIn = (text: string): Pairs => {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  let before = text.charCodeAt(0)
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const pair = (Math.imul(before, 37) + unit) & 127
    // A shift goes by the lowest five bits alone.
    const bit = 1 << pair
    if (pair < 32) first |= bit
    else if (pair < 64) second |= bit
    else if (pair < 96) third |= bit
    else fourth |= bit
    before = unit
  }
  return [first, second, third, fourth]
}

/** Words to look for, folded once. */
export interface FoldedWords {
  readonly text: string
  readonly pairs: Pairs
  /** The edges that are letters or digits: no other may stand beside them. */
  readonly needsStart: boolean
  readonly needsEnd: boolean
}

export const foldWords = (words: string): FoldedWords => {
  const text = foldText(words)
  return { text, pairs: pairsIn(text), needsStart: startsInWord.test(text), needsEnd: endsInWord.test(text) }
}

/** Several words of which one is enough, read once. */
export interface AnyWords {
  readonly each: ReadonlyArray<FoldedWords>
  /** Finds where any of them may stand in a plain text that is not folded, edges or not; null: they are too many for that. */
  readonly glance: RegExp | null
}

export const anyWords = (texts: ReadonlyArray<string>): AnyWords => {
  const each = texts.map(foldWords)
  return { each, glance: each.length > glanceWordsMax ? null : glanceFor(each) }
}

/** Of more, each place in a text is compared with too many. */
const glanceWordsMax = 8

/**
 * The words by their letters, whatever the case, and any run of spaces for one between them. What no plain text is folded to is
 * left out; where nothing else is, it finds nothing.
 */
const glanceFor = (words: ReadonlyArray<FoldedWords>): RegExp => {
  const patterns = words
    .filter(({ text }) => isPlain(text))
    .map(({ text }) => text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, "\\$&").replaceAll(/(?<=.) (?=.)/g, " +"))
  return patterns.length === 0 ? /(?!)/ : new RegExp(patterns.join("|"), "i")
}

/** Whether a text has any of these words as whole ones. */
export const hasAnyOf = (text: FoldedText, words: AnyWords): boolean =>
  (text.isFolded || !text.surelyLacksAll(words)) && hasOneOf(text, words.each)

const hasOneOf = (text: FoldedText, words: ReadonlyArray<FoldedWords>): boolean => {
  for (const each of words) if (!text.surelyLacks(each) && hasWords(text.text, each)) return true
  return false
}

const hasWords = (text: string, { needsEnd, needsStart, text: words }: FoldedWords): boolean => {
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
