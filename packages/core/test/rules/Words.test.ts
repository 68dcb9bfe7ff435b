/**
 * Words in texts that are asked for many of them: however many were asked before, each answer is the second reading's. And
 * that a text which takes the short way of folding is folded as by the long one.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { FoldedText, anyWords, foldText, foldWords, hasAnyOf, isPlain } from "../../src/rules/Words.ts"
import { hasWholeWords } from "./NaiveReading.ts"

const runs = process.env["PROVE"] === "1" ? 50_000 : 500

const piece = fc.oneof(
  fc.constantFrom(
    "sync",
    "1:1",
    "Café",
    "CAFE\u0301",
    "Straße",
    "c++",
    "会議",
    "𐐷",
    "🚀",
    "_",
    "-",
    " ",
    "  ",
    "\u00a0",
    "a"
  ),
  fc.string({ maxLength: 3, unit: "grapheme" })
)

const subject = fc
  .array(piece, { minLength: 4, maxLength: 12 })
  .chain((pieces) =>
    fc.record({
      text: fc.constant(pieces.join(" ")),
      words: fc.array(
        // Of the text itself, so that they are found; and others.
        fc.oneof(
          fc
            .tuple(fc.nat(8), fc.integer({ min: 1, max: 3 }))
            .map(([at, length]) => pieces.slice(at, at + length).join(" ")),
          fc.array(piece, { minLength: 1, maxLength: 2 }).map((each) => each.join(""))
        ),
        { minLength: 10, maxLength: 40 }
      )
    })
  )
  .map(({ text, words }) => ({ text, words: words.filter((each) => each.trim() !== "") }))

/** Mostly of Western letters, in which a glance may tell a miss; with signs that mean something elsewhere, and runs of spaces. */
const plainPiece = fc.oneof(
  {
    arbitrary: fc.constantFrom("Sync", "1:1", "C++", "a.b", "(x)", "[y]", "Zoë", "ÀÉ", "a", "b", "$1", "x|y", "^"),
    weight: 12
  },
  {
    arbitrary: fc.constantFrom(
      "ﬁ",
      "１:１",
      "Straße",
      "Σ",
      "ς",
      "İ",
      "ẞ",
      "K",
      "\u00a0",
      "e\u0301",
      "会議",
      "Встреча",
      "か\u3099"
    ),
    weight: 1
  },
  { arbitrary: fc.string({ maxLength: 2 }), weight: 3 }
)

const plainSubject = fc
  .array(fc.tuple(plainPiece, fc.constantFrom(" ", " ", "  ", "   ", "")), { minLength: 2, maxLength: 8 })
  .chain((pieces) => {
    const text = pieces.map(([each, gap]) => each + gap).join("")
    const part = fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 3 })).map(([at, length]) =>
      pieces
        .slice(at, at + length)
        .map(([each, gap], place) => each + (place === length - 1 ? "" : gap))
        .join("")
    )
    const cased = fc
      .tuple(part, fc.constantFrom(0, 1, 2))
      .map(([each, way]) => (way === 0 ? each : way === 1 ? each.toUpperCase() : each.replaceAll(/ +/g, " ")))
    const other = fc.array(plainPiece, { minLength: 1, maxLength: 2 }).map((each) => each.join(" "))
    return fc.record({
      text: fc.constant(text),
      words: fc.array(fc.oneof(cased, other), { minLength: 8, maxLength: 20 })
    })
  })
  .map(({ text, words }) => ({ text, words: words.filter((each) => each.trim() !== "") }))

/** Folded behind a character that takes the long way, and stays as it is. */
const long = (text: string): string => {
  assert.isFalse(isPlain("\u16a0"))
  return foldText(`${text}\u16a0`).slice(0, -1)
}

const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))
const plainUnits = units.filter(isPlain)

describe("words in a text", () => {
  it("are found however many were asked for before", () => {
    let [found, missed] = [0, 0]
    fc.assert(
      fc.property(subject, ({ text, words }) => {
        const folded = new FoldedText(text)
        for (const each of words) {
          const expected = hasWholeWords(text, each)
          assert.strictEqual(hasAnyOf(folded, anyWords([each])), expected, each)
          if (expected) found++
          else missed++
        }
      }),
      { numRuns: runs }
    )
    assert.isAbove(found, runs)
    assert.isAbove(missed, runs)
  })

  it("are told at a glance as by reading: of a text that nobody has asked for any", () => {
    let [found, missed] = [0, 0]
    fc.assert(
      fc.property(plainSubject, fc.integer({ min: 1, max: 10 }), ({ text, words }, size) => {
        for (let at = 0; at < words.length; at += size) {
          const list = words.slice(at, at + size)
          const expected = list.some((each) => hasWholeWords(text, each))
          assert.strictEqual(hasAnyOf(new FoldedText(text), anyWords(list)), expected, `${list.join(", ")} in ${text}`)
          if (expected) found++
          else missed++
        }
      }),
      { numRuns: runs }
    )
    assert.isAbove(found, runs / 5)
    assert.isAbove(missed, runs / 5)
  })

  it("are told at a glance for each Western letter and sign, in a text of any other", () => {
    const western = units.slice(0, 0x100)
    const words = western.filter((each) => each.trim() !== "").map((each) => ({ each, any: anyWords([each]) }))
    for (const unit of western) {
      const text = `x ${unit} y`
      for (const { any, each } of words) {
        const read = hasAnyOf(new FoldedText(text), { ...any, glance: null })
        if (hasAnyOf(new FoldedText(text), any) !== read) assert.fail(`${each} in ${text}`)
      }
    }
  })

  it("are not looked for where a pair of their letters is missing", () => {
    const text = new FoldedText("Weekly planning of project 7")
    const words = Array.from({ length: 20 }, () => foldWords("interview"))
    assert.isFalse(words.some((each) => hasAnyOf(text, { each: [each], glance: null })))
    assert.isTrue(words.every((each) => text.surelyLacks(each)))
    assert.isFalse(text.surelyLacks(foldWords("planning of")))
  })

  it("are folded alike by the short way and the long one", () => {
    for (const each of units) {
      const text = `x${each}y`
      if (foldText(text) !== long(text)) assert.fail(`${each} in a text`)
    }
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...plainUnits), fc.constantFrom(" ", "  ")), { maxLength: 20 }),
        (parts) => {
          const text = parts.join("")
          assert.isTrue(isPlain(text))
          assert.strictEqual(foldText(text), long(text))
        }
      ),
      { numRuns: runs }
    )
    assert.strictEqual(foldText("A  B"), "a b")
  })

  it("are never folded by the short way where one character goes into the one before it", () => {
    const joining = units.flatMap((each) => [...each.normalize("NFD")].slice(1))
    assert.isAbove(joining.length, 10_000)
    assert.isEmpty(joining.filter(isPlain))
  })

  it("are found at a glance whatever the case, and folded to what the short way takes", () => {
    for (const each of plainUnits) {
      const folded = foldText(each)
      if (!isPlain(folded)) assert.fail(`${each} is folded to what is not plain`)
      const text = new FoldedText(`x ${each} y`)
      if (each !== " " && text.surelyLacksAll(anyWords([each]))) assert.fail(`${each} is not seen`)
    }
  })
})
